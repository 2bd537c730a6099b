use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{Epsilon, Rule, State, UpdateRule, check_learning_rate, check_not_negative};
use crate::{Result, Scalar};

/// NAdam: Adam with Nesterov's look-ahead in its momentum.
///
/// m, v as in [`Adam`](super::Adam), μₜ = β₁ (1 − ½ · 0.96^(t ψ)),
/// x ← x − η / (√v̂ + ε) · (μₜ₊₁ m / (1 − ∏ᵢ₌₁ᵗ⁺¹ μᵢ) + (1 − μₜ) g / (1 − ∏ᵢ₌₁ᵗ μᵢ))
///
/// Defaults: β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ outside the root, ψ = 0.004, as in PyTorch. With
/// `momentum_decay(None)` μ is the constant β₁: optax's `nadam`. Source: T. Dozat (2016).
///
/// ```
/// use gradus::optim::NAdam;
/// use gradus::prelude::*;
///
/// // With constant μ the first step is longer than Adam's: β₁ · 0.1 / (1 − β₁²) + 1 times η.
/// let mut rule = NAdam::new(0.1).momentum_decay(None);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![2.0])?;
/// assert!((w[0] - (1.0 - 0.1 * (0.09 / 0.19 + 1.0))).abs() < 1e-8);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NAdam {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of v that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    /// ψ, how quickly μ warms up from β₁/2 to β₁; `None` for μ = β₁.
    pub momentum_decay: Option<f64>,
    /// ∏ μᵢ over the steps taken.
    product: f64,
    state: State,
}

impl NAdam {
    /// NAdam with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: Epsilon::Outside(1e-8),
            momentum_decay: Some(0.004),
            product: 1.0,
            state: State::new(),
        }
    }

    /// The same rule with this β₁.
    pub fn beta1(self, beta1: f64) -> Self {
        Self { beta1, ..self }
    }

    /// The same rule with this β₂.
    pub fn beta2(self, beta2: f64) -> Self {
        Self { beta2, ..self }
    }

    /// The same rule with this ε.
    pub fn epsilon(self, epsilon: Epsilon) -> Self {
        Self { epsilon, ..self }
    }

    /// The same rule with this ψ, or with constant μ.
    pub fn momentum_decay(self, momentum_decay: Option<f64>) -> Self {
        Self { momentum_decay, ..self }
    }

    /// μₜ.
    fn mu(&self, t: f64) -> f64 {
        self.momentum_decay
            .map_or(self.beta1, |psi| self.beta1 * (1.0 - 0.5 * 0.96_f64.powf(t * psi)))
    }
}

impl Rule for NAdam {
    fn name(&self) -> &'static str {
        "NAdam"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    fn reset(&mut self) {
        self.state.reset();
        self.product = 1.0;
    }
}

impl<T: Scalar> UpdateRule<T> for NAdam {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("momentum_decay", self.momentum_decay.unwrap_or(0.0))?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let (_, second) = moments.corrections(self.learning_rate, true);
        let (inside, outside) = self.epsilon.terms::<T>()?;
        let t = self.state.steps() as f64 + 1.0;
        let (now, next) = (self.mu(t), self.mu(t + 1.0));
        let product = self.product * now;
        let of_mean = T::of(self.learning_rate * next / (1.0 - product * next));
        let of_gradient = T::of(self.learning_rate * (1.0 - now) / (1.0 - product));
        self.state.each(x, gradient, move |x, g, [m, v]| {
            *m = moments.first(*m, g);
            *v = moments.second(*v, g);
            *x -= (of_mean * *m + of_gradient * g) / ((*v * second + inside).sqrt() + outside);
        })?;
        self.product = product;
        Ok(())
    }
}
