use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::{DecayForm, Epsilon, State, UpdateRule, check_learning_rate, check_not_negative, rule};
use crate::{Result, Scalar};

/// AdamW: Adam with weight decay that does not pass through the gradient's scaling.
///
/// x ← (1 − d) x − η m̂ / (√v̂ + ε), with d = η λ ([`DecayForm::TimesRate`], PyTorch's and the default) or
/// d = λ η/η₀ ([`DecayForm::Alone`], the paper's: λ is scaled by the schedule, not by the rate η₀ that it
/// starts from)
///
/// Defaults: λ = 0.01, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ outside the root, as in PyTorch. Source: I. Loshchilov and
/// F. Hutter (2019), algorithm 2.
///
/// ```
/// use gradus::optim::AdamW;
/// use gradus::prelude::*;
///
/// // Without a gradient only the decay is left.
/// let mut rule = AdamW::new(0.1).weight_decay(0.5);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![0.0])?;
/// assert_eq!(w[0], 0.95);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdamW {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// λ, finite and not negative.
    pub weight_decay: f64,
    /// How the decay goes with the learning rate.
    pub decay_form: DecayForm,
    /// η₀, the rate to which a schedule's rates are compared in [`DecayForm::Alone`]; > 0.
    pub base_rate: f64,
    /// β₁, the part of m that survives a step; 0 ≤ β₁ < 1.
    pub beta1: f64,
    /// β₂, the part of v that survives a step; 0 ≤ β₂ < 1.
    pub beta2: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    state: State,
}

impl AdamW {
    /// AdamW with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            weight_decay: 0.01,
            decay_form: DecayForm::TimesRate,
            base_rate: learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: Epsilon::Outside(1e-8),
            state: State::new(),
        }
    }
}

rule!(
    AdamW,
    "AdamW",
    weight_decay: f64,
    decay_form: DecayForm,
    base_rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: Epsilon,
);

impl<T: Scalar> UpdateRule<T> for AdamW {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_not_negative("weight_decay", self.weight_decay)?;
        let shrink =
            T::of(self.decay_form.factor(self.weight_decay, self.learning_rate, self.base_rate)?);
        let moments = Moments::new(self.beta1, self.beta2, self.state.steps())?;
        let (eta, second) = moments.corrections(self.learning_rate, true);
        let (inside, outside) = self.epsilon.terms::<T>()?;
        self.state.each(x, gradient, move |x, g, [m, v]| {
            *m = moments.first(*m, g);
            *v = moments.second(*v, g);
            *x = shrink * *x - eta * *m / ((*v * second + inside).sqrt() + outside);
        })
    }
}
