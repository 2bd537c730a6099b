//! Update rules: what to do with a gradient, one rule a file.
//!
//! A rule is plain data: its hyperparameters are public fields, its state is what it remembers.
//! Cloning it, or writing it down with serde, is the checkpoint.

mod gradient_descent;
mod momentum;

use ndarray::Array1;

use crate::{Error, Result, Scalar};

pub use gradient_descent::GradientDescent;
pub use momentum::{Momentum, MomentumForm};

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
pub trait UpdateRule<T: Scalar = f64> {
    /// Moves `x` by one step, given the gradient at [`probe`](UpdateRule::probe), in one fused pass.
    ///
    /// # Errors
    /// If the lengths of `x`, `gradient` and the rule's state differ, or a hyperparameter is out of
    /// its range. Values are not scanned: a NaN in `gradient` goes into `x`.
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()>;

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f64;

    /// Sets the learning rate of the next step; schedules call this before every step.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// The rule's name for legends and messages; figures choose colour and dash by it.
    fn name(&self) -> &'static str;

    /// Forgets the state and keeps the hyperparameters, as at the start of a new run.
    fn reset(&mut self);

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
            *x = x.to_owned();
        }
        let gradient = gradient.as_standard_layout();
        match (x.as_slice_mut(), gradient.as_slice()) {
            (Some(x), Some(gradient)) => self.update(x, gradient),
            _ => unreachable!("both arrays were just made contiguous"),
        }
    }
}

/// Refuses a learning rate that is not a positive, finite number (zero is allowed: a pause).
fn check_learning_rate(learning_rate: f64) -> Result<()> {
    Error::check(
        learning_rate >= 0.0 && learning_rate.is_finite(),
        "learning_rate",
        learning_rate,
        "a finite number >= 0",
    )
}

/// Makes `state` as long as the parameters at the first step, and refuses another length later.
fn fit_state<T: Scalar>(state: &mut Vec<T>, len: usize) -> Result<()> {
    if state.is_empty() {
        state.resize(len, T::zero());
    }
    Error::check_len("x", len, state.len())
}
