use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{State, UpdateRule, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// AdaMax: Adam with the largest recent gradient in place of the root mean square.
///
/// m ← β₁ m + (1 − β₁) g,  u ← max(β₂ u, |g| + ε),  x ← x − η / (1 − β₁ᵗ) · m / u
///
/// Defaults: β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ as in PyTorch; the paper has no ε, and divides by zero where
/// the first gradient is zero. The paper's η is 0.002. Source: D. P. Kingma and J. Ba (2015), algorithm 2.
///
/// ```
/// use gradus::optim::AdaMax;
/// use gradus::prelude::*;
///
/// let mut rule = AdaMax::new(0.1);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![-3.0])?;
/// assert!((w[0] - 1.1).abs() < 1e-9);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdaMax {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of u that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, added to |g|.
    pub epsilon: f64,
    state: State,
}

impl AdaMax {
    /// AdaMax with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, state: State::new() }
    }
}

rule!(AdaMax, "AdaMax", beta1: f64, beta2: f64, epsilon: f64);

impl<T: Scalar> UpdateRule<T> for AdaMax {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("epsilon", self.epsilon)?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let eta = T::of(self.learning_rate / moments.bias.0);
        let (beta2, epsilon) = (T::of(self.beta2), T::of(self.epsilon));
        self.state.each(x, gradient, move |x, g, [m, u]| {
            *m = moments.first(*m, g);
            let (old, new) = (beta2 * *u, g.abs() + epsilon);
            *u = if old > new { old } else { new };
            *x -= eta * *m / *u;
        })
    }
}
