use serde::{Deserialize, Serialize};

use super::{State, UpdateRule, check_decay, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// Lion: steps of one size, along the sign of a mean of gradients.
///
/// x ← (1 − η λ) x − η sign(β₁ m + (1 − β₁) g),  m ← β₂ m + (1 − β₂) g
///
/// with sign(0) = 0. Defaults: β₁ = 0.9, β₂ = 0.99, λ = 0. Its η should be three to ten times smaller than
/// Adam's. Source: X. Chen et al. (2023), algorithm 2.
///
/// ```
/// use gradus::optim::Lion;
/// use gradus::prelude::*;
///
/// let mut rule = Lion::new(0.1);
/// let mut w = array![1.0, 1.0, 1.0];
/// rule.step(&mut w, &array![1e-9, -5.0, 0.0])?;
/// assert_eq!(w, array![0.9, 1.1, 1.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lion {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// β₁, the weight of m in the step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of m that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// λ, the decoupled weight decay; finite and not negative.
    pub weight_decay: f64,
    state: State,
}

impl Lion {
    /// Lion with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, beta1: 0.9, beta2: 0.99, weight_decay: 0.0, state: State::new() }
    }
}

rule!(Lion, "Lion", beta1: f64, beta2: f64, weight_decay: f64);

impl<T: Scalar> UpdateRule<T> for Lion {
    #[allow(clippy::eq_op, reason = "mean - mean is zero or NaN, and both are meant")]
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_decay("beta1", self.beta1)?;
        check_decay("beta2", self.beta2)?;
        check_not_negative("weight_decay", self.weight_decay)?;
        let eta = T::of(self.learning_rate);
        let shrink = T::of(1.0 - self.learning_rate * self.weight_decay);
        let (keep1, add1) = (T::of(self.beta1), T::of(1.0 - self.beta1));
        let (keep2, add2) = (T::of(self.beta2), T::of(1.0 - self.beta2));
        self.state.each(x, gradient, move |x, g, [m]| {
            let old = *m;
            *m = keep2 * old + add2 * g;
            let mean = keep1 * old + add1 * g;
            let step = eta.copysign(mean);
            let step = if mean == T::zero() { T::zero() } else { step };
            // The last difference is zero, or NaN where the mean is not finite: that must show.
            *x = shrink * *x - step + (mean - mean);
        })
    }
}
