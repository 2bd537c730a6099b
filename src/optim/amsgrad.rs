use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{Epsilon, State, UpdateRule, check_learning_rate, rule};
use crate::{Result, Scalar};

/// AMSGrad: Adam whose v never comes down, so that it converges where Adam need not.
///
/// m, v as in [`Adam`](super::Adam),  u ← max(u, v),  x ← x − η m̂ / (√û + ε)
///
/// Defaults: as Adam's, with m̂ and û corrected for bias as in PyTorch; the paper has no correction
/// (`bias_correction(false)`). optax takes the maximum of the corrected v, which differs in the first steps.
/// Source: S. J. Reddi, S. Kale and S. Kumar (2018), algorithm 2.
///
/// ```
/// use gradus::optim::AmsGrad;
/// use gradus::prelude::*;
///
/// let mut rule = AmsGrad::new(0.1).bias_correction(false);
/// let mut w = array![0.0_f64];
/// rule.step(&mut w, &array![100.0])?; // a rare large gradient …
/// let before = w[0];
/// rule.step(&mut w, &array![-1.0])?;
/// assert!((w[0] - before).abs() < 0.4); // … keeps the later steps short
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmsGrad {
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

impl AmsGrad {
    /// AMSGrad with the learning rate η.
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
}

rule!(AmsGrad, "AMSGrad", beta1: f64, beta2: f64, epsilon: Epsilon, bias_correction: bool);

impl<T: Scalar> UpdateRule<T> for AmsGrad {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let (eta, second) = moments.corrections(self.learning_rate, self.bias_correction);
        let (inside, outside) = self.epsilon.terms::<T>()?;
        self.state.each(x, gradient, move |x, g, [m, v, u]| {
            *m = moments.first(*m, g);
            *v = moments.second(*v, g);
            *u = if *v > *u { *v } else { *u };
            *x -= eta * *m / ((*u * second + inside).sqrt() + outside);
        })
    }
}
