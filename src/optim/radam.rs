use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{State, UpdateRule, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// RAdam: Adam that steps without v until the variance of 1/√v̂ is tractable.
///
/// m, v as in [`Adam`](super::Adam), ρ∞ = 2 / (1 − β₂) − 1, ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ);
/// if ρₜ > 5, x ← x − η rₜ m̂ √(1 − β₂ᵗ) / (√v + ε) with
/// rₜ = √((ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ)); else x ← x − η m̂
///
/// Defaults: β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. The threshold 5 is that of the authors' code, PyTorch and optax;
/// the paper's is 4 (`threshold(4.0)`) and it has no ε. Here ε stands beside the uncorrected root, as in
/// PyTorch. Source: L. Liu et al. (2020), algorithm 2.
///
/// ```
/// use gradus::optim::RAdam;
/// use gradus::prelude::*;
///
/// // The first steps are momentum's: x − η g.
/// let mut rule = RAdam::new(0.1);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![2.0])?;
/// assert!((w[0] - 0.8).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RAdam {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of v that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: f64,
    /// The ρₜ above which v is used; ≥ 4.
    pub threshold: f64,
    state: State,
}

impl RAdam {
    /// RAdam with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            threshold: 5.0,
            state: State::new(),
        }
    }

    /// rₜ √(1 − β₂ᵗ) if ρₜ is above the threshold.
    fn rectification(&self, bias2: f64) -> Option<f64> {
        let t = self.state.steps() as f64 + 1.0;
        let limit = 2.0 / (1.0 - self.beta2) - 1.0;
        let rho = limit - 2.0 * t * self.beta2.powf(t) / bias2;
        (rho > self.threshold).then(|| {
            let above = (rho - 4.0) * (rho - 2.0) * limit;
            let below = (limit - 4.0) * (limit - 2.0) * rho;
            (above / below * bias2).sqrt()
        })
    }
}

rule!(RAdam, "RAdam", beta1: f64, beta2: f64, epsilon: f64, threshold: f64);

impl<T: Scalar> UpdateRule<T> for RAdam {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("epsilon", self.epsilon)?;
        crate::Error::check(self.threshold >= 4.0, "threshold", self.threshold, "at least 4")?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let eta = self.learning_rate / moments.bias.0;
        let epsilon = T::of(self.epsilon);
        if let Some(factor) = self.rectification(moments.bias.1) {
            let eta = T::of(eta * factor);
            self.state.each(x, gradient, move |x, g, [m, v]| {
                *m = moments.first(*m, g);
                *v = moments.second(*v, g);
                *x -= eta * *m / (v.sqrt() + epsilon);
            })
        } else {
            let eta = T::of(eta);
            self.state.each(x, gradient, move |x, g, [m, v]| {
                *m = moments.first(*m, g);
                *v = moments.second(*v, g);
                *x -= eta * *m;
            })
        }
    }
}
