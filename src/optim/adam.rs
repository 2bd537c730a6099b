use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{Epsilon, State, UpdateRule, check_learning_rate, rule};
use crate::{Result, Scalar};

/// Adam: momentum over RMSProp, both corrected for starting at zero.
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// x ← x − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
///
/// Defaults: β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ outside the root, as in the paper and in PyTorch; algorithm 8.7
/// as the decks print it has it inside. Without [`bias_correction`](field@Adam::bias_correction), m̂ = m and v̂ = v:
/// the decks' simplified version. Source: D. P. Kingma and J. Ba (2015), algorithm 1; algorithm 8.7 of
/// *Deep Learning* (2016).
///
/// ```
/// use gradus::optim::Adam;
/// use gradus::prelude::*;
///
/// // The first step is η long: m̂ = g, √v̂ = |g|.
/// let mut rule = Adam::new(0.1);
/// let mut w = array![1.0_f64, 1.0];
/// rule.step(&mut w, &array![1e-3, -50.0])?;
/// assert!((w[0] - 0.9).abs() < 1e-5 && (w[1] - 1.1).abs() < 1e-9);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adam {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of v that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    /// Whether to undo the bias of the means towards their start at zero.
    pub bias_correction: bool,
    state: State,
}

impl Adam {
    /// Adam with the learning rate η, often 0.001.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: Epsilon::Outside(1e-8),
            bias_correction: true,
            state: State::new(),
        }
    }

    /// m, the mean of gradients; empty before the first step.
    pub fn first_moment(&self) -> Array1<f64> {
        self.state.slot(0)
    }

    /// v, the mean of squared gradients; empty before the first step.
    pub fn second_moment(&self) -> Array1<f64> {
        self.state.slot(1)
    }
}

rule!(Adam, "Adam", beta1: f64, beta2: f64, epsilon: Epsilon, bias_correction: bool);

impl<T: Scalar> UpdateRule<T> for Adam {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let (eta, second) = moments.corrections(self.learning_rate, self.bias_correction);
        let (inside, outside) = self.epsilon.terms::<T>()?;
        self.state.each(x, gradient, move |x, g, [m, v]| {
            *m = moments.first(*m, g);
            *v = moments.second(*v, g);
            *x -= eta * *m / ((*v * second + inside).sqrt() + outside);
        })
    }
}
