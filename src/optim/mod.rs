//! Update rules: what to do with a gradient, one rule a file.
//!
//! A rule is plain data: its hyperparameters are public fields, its state is what it remembers.
//! Cloning it is the checkpoint; [`save`] and [`load`] write it down. Wrappers compose:
//!
//! ```
//! use gradus::optim::{Adam, Sgd};
//! use gradus::prelude::*;
//!
//! let rule = Adam::new(0.001).decoupled_decay(0.01).clip_norm(1.0).then(1000, Sgd::new(0.01));
//! assert_eq!(rule.name(), "Adam");
//! ```

mod adabound;
mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod adamw;
mod amsgrad;
mod catalogue;
mod checkpoint;
mod epsilon;
mod gradient_descent;
mod lion;
mod moments;
mod momentum;
mod nadam;
mod named;
mod nesterov;
mod pass;
mod radam;
mod rmsprop;
mod sgd;
pub(crate) mod state;
mod wrap;
mod yogi;

use ndarray::Array1;

use crate::models::Regularizer;
use crate::{Error, Result, Scalar};

pub use adabound::AdaBound;
pub use adadelta::AdaDelta;
pub use adagrad::AdaGrad;
pub use adam::Adam;
pub use adamax::AdaMax;
pub use adamw::AdamW;
pub use amsgrad::AmsGrad;
pub use catalogue::{Entry, catalogue};
pub use checkpoint::{load, save};
pub use epsilon::Epsilon;
pub use gradient_descent::GradientDescent;
pub use lion::Lion;
pub use momentum::{Momentum, MomentumForm};
pub use nadam::NAdam;
pub use named::named;
pub use nesterov::{Nesterov, NesterovForm};
pub use radam::RAdam;
pub use rmsprop::RmsProp;
pub use sgd::Sgd;
pub use state::State;
pub use wrap::{
    Average, Averaging, Clip, Clipping, CoupledL2, DecayForm, DecoupledDecay, Group, Groups,
    Project, Proximal, Region, Then,
};
pub use yogi::Yogi;

/// What every optimizer has, whatever its numbers are: a name, a learning rate, a memory.
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = Momentum::new(0.1, 0.9);
/// assert_eq!(rule.name(), "momentum");
/// rule.set_learning_rate(0.05);
/// assert_eq!(rule.learning_rate(), 0.05);
/// ```
pub trait Rule {
    /// The rule's name for legends and messages; figures choose colour and dash by it.
    fn name(&self) -> &'static str;

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f64;

    /// Sets the learning rate of the next step; schedules call this before every step.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// Forgets the state and keeps the hyperparameters, as at the start of a new run.
    fn reset(&mut self);

    /// This rule with gradients shortened to at most this length.
    fn clip_norm(self, limit: f64) -> Clip<Self>
    where
        Self: Sized,
    {
        Clip::new(self, Clipping::Norm(limit))
    }

    /// This rule with each gradient component held in [−limit, limit].
    fn clip_value(self, limit: f64) -> Clip<Self>
    where
        Self: Sized,
    {
        Clip::new(self, Clipping::Value(limit))
    }

    /// This rule on f(x) + λ/2 ‖x‖²: coupled weight decay.
    fn l2(self, lambda: f64) -> CoupledL2<Self>
    where
        Self: Sized,
    {
        CoupledL2::new(self, lambda)
    }

    /// This rule with weight decay λ that its scaling does not touch.
    fn decoupled_decay(self, lambda: f64) -> DecoupledDecay<Self>
    where
        Self: Sized,
    {
        DecoupledDecay::new(self, lambda)
    }

    /// This rule with every step projected onto `region`.
    fn project(self, region: Region) -> Project<Self>
    where
        Self: Sized,
    {
        Project::new(self, region)
    }

    /// This rule with a proximal step of a penalty after each of its own: weights become exactly 0 under L1.
    fn proximal(self, regularizer: Regularizer) -> Proximal<Self>
    where
        Self: Sized,
    {
        Proximal::new(self, regularizer)
    }

    /// This rule, keeping a mean of its points.
    fn averaged(self, averaging: Averaging) -> Average<Self>
    where
        Self: Sized,
    {
        Average::new(self, averaging)
    }

    /// This rule for `after` steps, then `second`.
    fn then<R: Rule>(self, after: u64, second: R) -> Then<Self, R>
    where
        Self: Sized,
    {
        Then::new(self, after, second)
    }
}

impl<R: Rule + ?Sized> Rule for Box<R> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn learning_rate(&self) -> f64 {
        (**self).learning_rate()
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        (**self).set_learning_rate(learning_rate);
    }

    fn reset(&mut self) {
        (**self).reset();
    }
}

impl<T: Scalar, R: UpdateRule<T> + ?Sized> UpdateRule<T> for Box<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        (**self).update(x, gradient)
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        (**self).probe(x, scratch)
    }
}

/// One step of an optimizer: parameters and gradient in, parameters changed in place.
///
/// A rule sees only slices and numbers, never the function: the caller computes the gradient at
/// [`probe`](UpdateRule::probe), which for nearly every rule is the current point.
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = GradientDescent::new(0.1);
/// let mut w = array![1.0, 2.0];
/// let gradient = array![10.0, 0.0];
/// rule.step(&mut w, &gradient)?;
/// assert_eq!(w, array![0.0, 2.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
pub trait UpdateRule<T: Scalar = f64>: Rule {
    /// Moves `x` by one step, given the gradient at [`probe`](UpdateRule::probe), in one fused pass.
    ///
    /// # Errors
    /// If the lengths of `x`, `gradient` and the rule's state differ, or a hyperparameter is out of
    /// its range. Values are not scanned: a NaN in `gradient` goes into `x`.
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()>;

    /// Where the gradient of the next step is to be taken: `x` itself, unless the rule looks ahead.
    ///
    /// A rule that looks ahead fills `scratch` with the point and returns it.
    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        let _ = scratch;
        x
    }

    /// [`update`](UpdateRule::update) for arrays.
    ///
    /// # Errors
    /// As [`update`](UpdateRule::update).
    fn step(&mut self, x: &mut Array1<T>, gradient: &Array1<T>) -> Result<()> {
        // Array1 owns its memory but may be strided after slicing: make it contiguous once.
        if x.as_slice().is_none() {
            *x = x.iter().copied().collect();
        }
        let gradient = gradient.as_standard_layout();
        match (x.as_slice_mut(), gradient.as_slice()) {
            (Some(x), Some(gradient)) => self.update(x, gradient),
            _ => unreachable!("both arrays were just made contiguous"),
        }
    }
}

/// Implements [`Rule`] for a rule with the fields `learning_rate` and `state`, and for each further
/// hyperparameter the method that sets it in a chain.
macro_rules! rule {
    ($type:ident, $name:literal $(, $field:ident: $kind:ty)* $(,)?) => {
        impl $crate::optim::Rule for $type {
            fn name(&self) -> &'static str {
                $name
            }

            fn learning_rate(&self) -> f64 {
                self.learning_rate
            }

            fn set_learning_rate(&mut self, learning_rate: f64) {
                self.learning_rate = learning_rate;
            }

            fn reset(&mut self) {
                self.state.reset();
            }
        }

        impl $type {
            $(
                #[doc = concat!("The same rule with this [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
                pub fn $field(mut self, $field: $kind) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}
pub(crate) use rule;

/// Refuses a learning rate that is not a positive, finite number (zero is allowed: a pause).
fn check_learning_rate(learning_rate: f64) -> Result<()> {
    check_not_negative("learning_rate", learning_rate)
}

/// Refuses what is not a finite number ≥ 0.
fn check_not_negative(argument: &'static str, value: f64) -> Result<()> {
    Error::check(value >= 0.0 && value.is_finite(), argument, value, "a finite number >= 0")
}

/// Refuses a decay rate outside [0, 1).
fn check_decay(argument: &'static str, value: f64) -> Result<()> {
    Error::check((0.0..1.0).contains(&value), argument, value, "a number in [0, 1)")
}

#[cfg(test)]
mod tests;
