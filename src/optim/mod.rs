//! Update rules: what to do with a gradient, one rule a file.
//!
//! A rule is plain data: its hyperparameters are public fields, its state is what it remembers.
//! Cloning it, or writing it down with serde, is the checkpoint.

mod gradient_descent;
mod momentum;
pub(crate) mod state;

use ndarray::Array1;

use crate::{Error, Result, Scalar};

pub use gradient_descent::GradientDescent;
pub use momentum::{Momentum, MomentumForm};
pub use state::{State, set_threads};

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

/// Implements [`Rule`] for a rule with the fields `learning_rate` and `state`.
macro_rules! rule {
    ($type:ty, $name:literal) => {
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
