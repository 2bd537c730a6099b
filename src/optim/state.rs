//! What a rule remembers.

use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::pass::each;
use crate::{Error, Result, Scalar};

/// The memory of a rule: the number of its steps, and for each coordinate a few numbers ("slots") of
/// the parameters' own type.
///
/// The slots are made, filled with zeros, at the first step, and from then on hold the rule to
/// parameters of that length and type. A rule of one's own is its hyperparameters, a `State`, and a
/// kernel: what happens to one coordinate.
///
/// ```
/// use gradus::optim::{Rule, State, UpdateRule};
/// use gradus::prelude::*;
///
/// /// x ← x − η sign(v) with v ← 0.9 v + 0.1 g.
/// struct SignOfMean {
///     learning_rate: f64,
///     state: State,
/// }
///
/// impl Rule for SignOfMean {
///     fn name(&self) -> &'static str {
///         "sign of the mean"
///     }
///     fn learning_rate(&self) -> f64 {
///         self.learning_rate
///     }
///     fn set_learning_rate(&mut self, learning_rate: f64) {
///         self.learning_rate = learning_rate;
///     }
///     fn reset(&mut self) {
///         self.state.reset();
///     }
/// }
///
/// impl<T: Scalar> UpdateRule<T> for SignOfMean {
///     fn update(&mut self, x: &mut [T], gradient: &[T]) -> gradus::Result<()> {
///         let (eta, keep, add) = (T::of(self.learning_rate), T::of(0.9), T::of(0.1));
///         self.state.each(x, gradient, move |x, g, [v]| {
///             *v = keep * *v + add * g;
///             *x -= eta * v.signum();
///         })
///     }
/// }
///
/// let mut rule = SignOfMean { learning_rate: 0.1, state: State::new() };
/// let mut w = array![1.0, 1.0];
/// rule.step(&mut w, &array![3.0, -0.2])?;
/// assert_eq!(w, array![0.9, 1.1]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    steps: u64,
    slots: Slots,
}

/// Slots of the type of the parameters, which the first step decides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[doc(hidden)]
pub enum Slots {
    #[default]
    Empty,
    F32(Vec<Vec<f32>>),
    F64(Vec<Vec<f64>>),
}

impl State {
    /// The memory of a rule that has not yet taken a step.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The slot with this index, as `f64`; empty before the first step.
    pub fn slot(&self, index: usize) -> Array1<f64> {
        match (self.slot_of::<f32>(index), self.slot_of::<f64>(index)) {
            (Some(slot), _) => slot.iter().map(|v| v.wide()).collect(),
            (_, Some(slot)) => slot.iter().copied().collect(),
            _ => Array1::default(0),
        }
    }

    /// The slot with this index, if there are slots of the type `T`.
    pub fn slot_of<T: Scalar>(&self, index: usize) -> Option<&[T]> {
        T::slots_ref(&self.slots)?.get(index).map(Vec::as_slice)
    }

    /// Counts a step and applies `kernel` to every coordinate: `x`, its gradient, its slots.
    ///
    /// The number of slots is that of the kernel's last argument. The kernel owns its constants (`move`):
    /// borrowed ones might be what it writes to, for all the compiler knows, and the loop would stay
    /// scalar.
    ///
    /// # Errors
    /// If the lengths of `x`, `gradient` and the slots differ, or the slots are of another type. The
    /// state and `x` are then as before.
    #[inline]
    pub fn each<T: Scalar, const K: usize>(
        &mut self,
        x: &mut [T],
        gradient: &[T],
        kernel: impl Fn(&mut T, T, [&mut T; K]) + Copy + Send,
    ) -> Result<()> {
        self.each_from([0.0; K], x, gradient, kernel)
    }

    /// As [`each`](State::each), with slots that begin at `initial` in place of zero.
    ///
    /// # Errors
    /// As [`each`](State::each).
    #[inline]
    pub fn each_from<T: Scalar, const K: usize>(
        &mut self,
        initial: [f64; K],
        x: &mut [T],
        gradient: &[T],
        kernel: impl Fn(&mut T, T, [&mut T; K]) + Copy + Send,
    ) -> Result<()> {
        Error::check_len("gradient", gradient.len(), x.len())?;
        let slots = self.slots(initial, x.len())?;
        each(x, gradient, slots, kernel);
        self.steps += 1;
        Ok(())
    }

    /// Counts a step and applies `kernel` to every number of a single slot and of `x`, which is only read.
    pub(super) fn observe<T: Scalar>(
        &mut self,
        x: &[T],
        kernel: impl Fn(&mut T, T) + Copy + Send,
    ) -> Result<()> {
        let [slot] = self.slots([0.0], x.len())?;
        each(slot, x, [], move |slot, x, []| kernel(slot, x));
        self.steps += 1;
        Ok(())
    }

    /// The slots for `len` parameters, made at the first step.
    fn slots<T: Scalar, const K: usize>(
        &mut self,
        initial: [f64; K],
        len: usize,
    ) -> Result<[&mut [T]; K]> {
        if matches!(self.slots, Slots::Empty) {
            self.slots = T::into_slots(initial.iter().map(|&v| vec![T::of(v); len]).collect());
        }
        let Some(slots) = T::slots_mut(&mut self.slots) else {
            return Err(Error::Argument {
                argument: "x",
                value: std::any::type_name::<T>().into(),
                expected: "the number type of the steps before",
            });
        };
        let count = slots.len();
        let slots: &mut [Vec<T>; K] = slots.as_mut_slice().try_into().map_err(|_| {
            Error::Shape { argument: "state", found: vec![count], expected: vec![K] }
        })?;
        for slot in slots.iter() {
            Error::check_len("x", len, slot.len())?;
        }
        Ok(slots.each_mut().map(Vec::as_mut_slice))
    }
}
