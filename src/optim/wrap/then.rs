use serde::{Deserialize, Serialize};

use crate::optim::{Rule, UpdateRule};
use crate::{Result, Scalar};

/// One rule for the first steps, then another; made by [`then`](Rule::then).
///
/// The second starts afresh, with its own learning rate. Adam first, SGD later: N. S. Keskar and R. Socher
/// (2017).
///
/// ```
/// use gradus::optim::{Adam, Sgd};
/// use gradus::prelude::*;
///
/// let mut rule = Adam::new(0.1).then(1, Sgd::new(0.5));
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![8.0])?; // Adam: 0.1 long
/// rule.step(&mut w, &array![1.0])?; // SGD: 0.5 · 1
/// assert!((w[0] - 0.4).abs() < 1e-9);
/// assert_eq!(rule.name(), "SGD");
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Then<A, B> {
    /// The rule of the first steps.
    pub first: A,
    /// The rule of the rest.
    pub second: B,
    /// The number of steps of the first rule.
    pub after: u64,
    steps: u64,
}

impl<A, B> Then<A, B> {
    /// `first` for `after` steps, then `second`.
    pub fn new(first: A, after: u64, second: B) -> Self {
        Self { first, second, after, steps: 0 }
    }

    fn is_first(&self) -> bool {
        self.steps < self.after
    }
}

impl<A: Rule, B: Rule> Rule for Then<A, B> {
    fn name(&self) -> &'static str {
        if self.is_first() { self.first.name() } else { self.second.name() }
    }

    fn learning_rate(&self) -> f64 {
        if self.is_first() { self.first.learning_rate() } else { self.second.learning_rate() }
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        if self.is_first() {
            self.first.set_learning_rate(learning_rate);
        } else {
            self.second.set_learning_rate(learning_rate);
        }
    }

    fn reset(&mut self) {
        self.first.reset();
        self.second.reset();
        self.steps = 0;
    }
}

impl<T: Scalar, A: UpdateRule<T>, B: UpdateRule<T>> UpdateRule<T> for Then<A, B> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        if self.is_first() {
            self.first.update(x, gradient)?;
        } else {
            self.second.update(x, gradient)?;
        }
        self.steps += 1;
        Ok(())
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        if self.is_first() { self.first.probe(x, scratch) } else { self.second.probe(x, scratch) }
    }
}
