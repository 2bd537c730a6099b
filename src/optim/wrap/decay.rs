use serde::{Deserialize, Serialize};

use super::{Scratch, forward};
use crate::optim::{UpdateRule, check_not_negative};
use crate::{Error, Result, Scalar};

/// A rule whose gradient is that of f(x) + λ/2 ‖x‖²; made by [`l2`](crate::optim::Rule::l2).
///
/// g + λ x goes *through* the rule: an adaptive rule divides it by the root of squared gradients, so that
/// parameters with large gradients decay less. That is PyTorch's `weight_decay` for all rules but AdamW.
/// The decks' λ R(W) with R = Σ W² has twice this λ.
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = GradientDescent::new(0.1).l2(0.5);
/// let mut w = array![2.0];
/// rule.step(&mut w, &array![1.0])?; // 2 − 0.1 (1 + 0.5 · 2)
/// assert_eq!(w, array![1.8]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoupledL2<R> {
    /// The rule that sees g + λ x.
    pub rule: R,
    /// λ, finite and not negative.
    pub lambda: f64,
    #[serde(skip)]
    scratch: Scratch,
    #[serde(skip)]
    ahead: Scratch,
}

impl<R> CoupledL2<R> {
    /// `rule` with the penalty λ/2 ‖x‖².
    pub fn new(rule: R, lambda: f64) -> Self {
        Self { rule, lambda, scratch: Scratch::default(), ahead: Scratch::default() }
    }
}

forward!(CoupledL2);

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for CoupledL2<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_not_negative("lambda", self.lambda)?;
        Error::check_len("gradient", gradient.len(), x.len())?;
        let lambda = T::of(self.lambda);
        // The penalty's gradient belongs to the point where f's was taken.
        let probe = self.rule.probe(x, self.ahead.empty());
        let sum = gradient.iter().zip(probe).map(|(&g, &x)| g + lambda * x);
        self.rule.update(x, self.scratch.fill(sum))
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        self.rule.probe(x, scratch)
    }
}

/// How decoupled decay goes with the learning rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DecayForm {
    /// x shrinks by η λ at each step: PyTorch's `AdamW`.
    #[default]
    TimesRate,
    /// x shrinks by λ η/η₀: by λ, scaled by the schedule but not by the rate η₀ that the rule began with.
    /// The paper's parametrisation, in which the best λ does not depend on the best η.
    Alone,
}

impl DecayForm {
    /// What x is multiplied by at a step.
    pub(in crate::optim) fn factor(self, lambda: f64, rate: f64, base_rate: f64) -> Result<f64> {
        match self {
            Self::TimesRate => Ok(1.0 - rate * lambda),
            Self::Alone => {
                let positive = base_rate > 0.0 && base_rate.is_finite();
                Error::check(positive, "base_rate", base_rate, "a finite number > 0")?;
                Ok(1.0 - lambda * (rate / base_rate))
            }
        }
    }
}

/// A rule after whose step, gradient apart, x shrinks towards 0; made by
/// [`decoupled_decay`](crate::optim::Rule::decoupled_decay).
///
/// x ← x − d x beside the rule's own step, both from the x of before; d = η λ, or λ η/η₀ in
/// [`DecayForm::Alone`]. Around [`Adam`](crate::optim::Adam) this is [`AdamW`](crate::optim::AdamW). Source:
/// I. Loshchilov and F. Hutter (2019).
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = GradientDescent::new(0.1).decoupled_decay(0.5);
/// let mut w = array![2.0_f64];
/// rule.step(&mut w, &array![1.0])?; // 2 (1 − 0.05) − 0.1
/// assert!((w[0] - 1.8).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecoupledDecay<R> {
    /// The rule that makes the rest of the step.
    pub rule: R,
    /// λ, finite and not negative.
    pub lambda: f64,
    /// How the decay goes with the learning rate.
    pub form: DecayForm,
    /// η₀, the rate to which later rates are compared in [`DecayForm::Alone`]; > 0.
    pub base_rate: f64,
    #[serde(skip)]
    scratch: Scratch,
}

impl<R: crate::optim::Rule> DecoupledDecay<R> {
    /// `rule` with decoupled decay λ; η₀ is the rule's present rate.
    pub fn new(rule: R, lambda: f64) -> Self {
        let base_rate = rule.learning_rate();
        Self { rule, lambda, form: DecayForm::default(), base_rate, scratch: Scratch::default() }
    }

    /// The same decay in another parametrisation.
    pub fn form(self, form: DecayForm) -> Self {
        Self { form, ..self }
    }
}

forward!(DecoupledDecay);

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for DecoupledDecay<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_not_negative("lambda", self.lambda)?;
        let rate = self.rule.learning_rate();
        let keep = T::of(self.form.factor(self.lambda, rate, self.base_rate)?);
        // The rule goes first, because it may refuse and x must then be as it was.
        let before = self.scratch.fill(x.iter().copied());
        self.rule.update(x, gradient)?;
        for (x, &before) in x.iter_mut().zip(before) {
            *x += keep * before - before;
        }
        Ok(())
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        self.rule.probe(x, scratch)
    }
}
