use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{Epsilon, State, UpdateRule, check_learning_rate, check_not_negative, rule};
use crate::{Error, Result, Scalar};

/// AdaBound: Adam whose rates are held between bounds that close in on one rate: Adam first, SGD later.
///
/// m, v as in [`Adam`](super::Adam),
/// x ← x − clip(η √(1 − β₂ᵗ) / (1 − β₁ᵗ) / (√v + ε), l(t), u(t)) · m with
/// l(t) = η* (1 − 1 / (γ t + 1)) and u(t) = η* (1 + 1 / (γ t))
///
/// with the final rate η*, which goes with η when a schedule changes η from the rate η₀ it began with:
/// η* η/η₀. Defaults: η* = 0.1, γ = 10⁻³, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸, as in the authors' code. Their
/// algorithm 1 has neither correction nor ε, and divides the clipped rate by √t. Source: L. Luo,
/// Y. Xiong, Y. Liu and X. Sun (2019).
///
/// ```
/// use gradus::optim::AdaBound;
/// use gradus::prelude::*;
///
/// // At t = 1 the bounds are about 10⁻⁴ and 100: Adam's step.
/// let mut rule = AdaBound::new(0.001);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![2.0])?;
/// assert!((w[0] - 0.999).abs() < 1e-9);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdaBound {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// η*, the rate of SGD in the end; finite and not negative.
    pub final_rate: f64,
    /// γ, how quickly the bounds close in; > 0.
    pub gamma: f64,
    /// η₀, the rate for which η* is meant; > 0.
    pub base_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of v that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    state: State,
}

impl AdaBound {
    /// AdaBound with the learning rate η, often 0.001.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            final_rate: 0.1,
            gamma: 1e-3,
            base_rate: learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: Epsilon::Outside(1e-8),
            state: State::new(),
        }
    }
}

rule!(
    AdaBound,
    "AdaBound",
    final_rate: f64,
    gamma: f64,
    base_rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: Epsilon,
);

impl<T: Scalar> UpdateRule<T> for AdaBound {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("final_rate", self.final_rate)?;
        let positive = "a finite number > 0";
        let valid = |v: f64| v > 0.0 && v.is_finite();
        Error::check(valid(self.gamma), "gamma", self.gamma, positive)?;
        Error::check(valid(self.base_rate), "base_rate", self.base_rate, positive)?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let (inside, outside) = self.epsilon.terms::<T>()?;
        let t = self.state.steps() as f64 + 1.0;
        let last = self.final_rate * self.learning_rate / self.base_rate;
        let low = T::of(last * (1.0 - 1.0 / (self.gamma * t + 1.0)));
        let high = T::of(last * (1.0 + 1.0 / (self.gamma * t)));
        let eta = T::of(self.learning_rate * moments.bias.1.sqrt() / moments.bias.0);
        self.state.each(x, gradient, move |x, g, [m, v]| {
            *m = moments.first(*m, g);
            *v = moments.second(*v, g);
            let rate = eta / ((*v + inside).sqrt() + outside);
            let rate = if rate < low { low } else { rate };
            let rate = if rate > high { high } else { rate };
            *x -= rate * *m;
        })
    }
}
