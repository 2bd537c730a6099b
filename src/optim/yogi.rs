use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{Epsilon, State, UpdateRule, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// Yogi: Adam whose v moves by at most (1 − β₂) g², so that it cannot collapse quickly.
///
/// m ← β₁ m + (1 − β₁) g,  v ← v − (1 − β₂) sign(v − g²) g²,  x ← x − η m̂ / (√v̂ + ε)
///
/// Defaults: β₁ = 0.9, β₂ = 0.999, ε = 10⁻³ outside the root, m and v start at 10⁻⁶, corrected for bias: optax's
/// `yogi`. The paper has no correction (`bias_correction(false)`). Source: M. Zaheer, S. Reddi, D. Sachan, S. Kale and S. Kumar (2018).
///
/// ```
/// use gradus::optim::{Epsilon, Yogi};
/// use gradus::prelude::*;
///
/// let mut rule = Yogi::new(0.1).initial(0.0).epsilon(Epsilon::Outside(0.0));
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![4.0])?; // from v = 0 the first step is Adam's
/// assert!((w[0] - 0.9).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Yogi {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, 1 minus the part of g² by which v moves; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    /// What m and v start at; ≥ 0.
    pub initial: f64,
    /// Whether to undo the bias of the means towards their start.
    pub bias_correction: bool,
    state: State,
}

impl Yogi {
    /// Yogi with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: Epsilon::Outside(1e-3),
            initial: 1e-6,
            bias_correction: true,
            state: State::new(),
        }
    }
}

rule!(
    Yogi,
    "Yogi",
    beta1: f64,
    beta2: f64,
    epsilon: Epsilon,
    initial: f64,
    bias_correction: bool,
);

impl<T: Scalar> UpdateRule<T> for Yogi {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("initial", self.initial)?;
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let (eta, second) = moments.corrections(self.learning_rate, self.bias_correction);
        let (inside, outside) = self.epsilon.terms::<T>()?;
        self.state.each_from([self.initial; 2], x, gradient, move |x, g, [m, v]| {
            *m = moments.first(*m, g);
            let square = g * g;
            let change = moments.add_second(square);
            let falls = if *v > square { change } else { T::zero() };
            let rises = if *v < square { change } else { T::zero() };
            *v = *v - falls + rises;
            *x -= eta * *m / ((*v * second + inside).sqrt() + outside);
        })
    }
}
