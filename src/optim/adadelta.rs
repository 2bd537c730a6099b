use serde::{Deserialize, Serialize};

use super::{State, UpdateRule, check_decay, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// AdaDelta: RMSProp with the root mean square of its own updates in place of a learning rate.
///
/// r ← ρ r + (1 − ρ) g²,  Δ = √(s + ε) / √(r + ε) · g,  s ← ρ s + (1 − ρ) Δ²,  x ← x − η Δ
///
/// Here ε stands inside both roots, in the paper and in PyTorch: the first steps are about √(ε / (1 − ρ)) long, so
/// it matters. Defaults: ρ = 0.95 and ε = 10⁻⁶, the paper's (PyTorch: ρ = 0.9); η = 1, which the paper does
/// not have. Source: M. D. Zeiler (2012).
///
/// ```
/// use gradus::optim::AdaDelta;
/// use gradus::prelude::*;
///
/// let mut rule = AdaDelta::new();
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![3.0])?; // Δ = √10⁻⁶ · 3 / √(0.05 · 9 + 10⁻⁶)
/// assert!((w[0] - (1.0 - 3e-3 / 0.450001_f64.sqrt())).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdaDelta {
    /// η, a factor of the update, 1 in the paper; finite and not negative.
    pub learning_rate: f64,
    /// ρ, the part of both means that survives a step; 0 ≤ ρ < 1.
    pub decay: f64,
    /// ε, inside both roots.
    pub epsilon: f64,
    state: State,
}

impl AdaDelta {
    /// AdaDelta as in its paper.
    pub fn new() -> Self {
        Self { learning_rate: 1.0, decay: 0.95, epsilon: 1e-6, state: State::new() }
    }
}

impl Default for AdaDelta {
    fn default() -> Self {
        Self::new()
    }
}

rule!(AdaDelta, "AdaDelta", learning_rate: f64, decay: f64, epsilon: f64);

impl<T: Scalar> UpdateRule<T> for AdaDelta {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_decay("decay", self.decay)?;
        check_not_negative("epsilon", self.epsilon)?;
        let (eta, epsilon) = (T::of(self.learning_rate), T::of(self.epsilon));
        let (keep, add) = (T::of(self.decay), T::of(1.0 - self.decay));
        self.state.each(x, gradient, move |x, g, [r, s]| {
            *r = keep * *r + add * g * g;
            let delta = ((*s + epsilon) / (*r + epsilon)).sqrt() * g;
            *s = keep * *s + add * delta * delta;
            *x -= eta * delta;
        })
    }
}
