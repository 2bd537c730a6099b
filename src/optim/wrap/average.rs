use ndarray::Array1;
use serde::{Deserialize, Serialize};

use crate::optim::{Rule, State, UpdateRule, check_decay};
use crate::{Result, Scalar};

/// Which mean of the points [`Average`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Averaging {
    /// The mean of all points after this many steps (Polyak and Ruppert).
    From(u64),
    /// a ← d a + (1 − d) x with this d in [0, 1), from the first point on: recent points count most.
    Exponential(f64),
}

/// A rule that also keeps the mean of its points; made by [`averaged`](Rule::averaged).
///
/// The rule goes its way undisturbed; [`mean`](Average::mean) is what to use in the end: under noise it is
/// nearer to the minimum than the last point. Source: B. T. Polyak and A. B. Juditsky (1992).
///
/// ```
/// use gradus::optim::Averaging;
/// use gradus::prelude::*;
///
/// // At rate 1 the point jumps between 1 and −1; their mean is the minimum.
/// let f = |w: ArrayView1<f64>| (w.dot(&w), 2.0 * &w);
/// let mut rule = GradientDescent::new(1.0).averaged(Averaging::From(0));
/// Minimize::steps(10).run(&f, &array![1.0], &mut rule)?;
/// assert!(rule.mean()[0].abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Average<R> {
    /// The rule that steps.
    pub rule: R,
    /// Which mean is kept.
    pub averaging: Averaging,
    steps: u64,
    means: State,
}

impl<R> Average<R> {
    /// `rule` with a mean of its points.
    pub fn new(rule: R, averaging: Averaging) -> Self {
        Self { rule, averaging, steps: 0, means: State::new() }
    }

    /// The mean of the points so far; empty before the first that counts.
    pub fn mean(&self) -> Array1<f64> {
        self.means.slot(0)
    }
}

impl<R: Rule> Rule for Average<R> {
    fn name(&self) -> &'static str {
        self.rule.name()
    }

    fn learning_rate(&self) -> f64 {
        self.rule.learning_rate()
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.rule.set_learning_rate(learning_rate);
    }

    fn reset(&mut self) {
        self.rule.reset();
        self.steps = 0;
        self.means.reset();
    }
}

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for Average<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        if let Averaging::Exponential(decay) = self.averaging {
            check_decay("decay", decay)?;
        }
        self.rule.update(x, gradient)?;
        self.steps += 1;
        let points = self.means.steps() as f64 + 1.0;
        let add = match self.averaging {
            Averaging::From(start) if self.steps <= start => return Ok(()),
            Averaging::From(_) => 1.0 / points,
            Averaging::Exponential(_) if points == 1.0 => 1.0,
            Averaging::Exponential(decay) => 1.0 - decay,
        };
        let add = T::of(add);
        self.means.observe(x, move |mean, x| *mean += add * (x - *mean))
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        self.rule.probe(x, scratch)
    }
}
