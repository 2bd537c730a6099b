use serde::{Deserialize, Serialize};

use super::{Epsilon, State, UpdateRule, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// AdaGrad: each parameter's step is divided by the root of the sum of its squared gradients.
///
/// r ← r + g²,  x ← x − η g / (√r + ε)
///
/// With σₜ = √(r / (t + 1)), the root mean square of the gradients so far, this is the decks'
/// η/√(t+1) · g/σₜ. Defaults: ε = 10⁻⁷ outside the root (PyTorch: 10⁻¹⁰), r starts at 0 (PyTorch too;
/// optax: 0.1). Source: J. Duchi, E. Hazan and Y. Singer (2011); algorithm 8.4 of *Deep Learning* (2016).
///
/// ```
/// use gradus::optim::AdaGrad;
/// use gradus::prelude::*;
///
/// // The first step is η long in every coordinate, whatever the gradient's size.
/// let mut rule = AdaGrad::new(0.5);
/// let mut w = array![1.0_f64, 1.0];
/// rule.step(&mut w, &array![100.0, -1.0])?;
/// assert!((w[0] - 0.5).abs() < 1e-6 && (w[1] - 1.5).abs() < 1e-6);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdaGrad {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    /// What r starts at; ≥ 0.
    pub initial: f64,
    state: State,
}

impl AdaGrad {
    /// AdaGrad with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        let epsilon = Epsilon::Outside(1e-7);
        Self { learning_rate, epsilon, initial: 0.0, state: State::new() }
    }

    /// r, the sum of squared gradients; empty before the first step.
    pub fn sum_of_squares(&self) -> ndarray::Array1<f64> {
        self.state.slot(0)
    }
}

rule!(AdaGrad, "AdaGrad", epsilon: Epsilon, initial: f64);

impl<T: Scalar> UpdateRule<T> for AdaGrad {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("initial", self.initial)?;
        let eta = T::of(self.learning_rate);
        let (inside, outside) = self.epsilon.terms::<T>()?;
        self.state.each_from([self.initial], x, gradient, move |x, g, [r]| {
            *r += g * g;
            *x -= eta * g / ((*r + inside).sqrt() + outside);
        })
    }
}
