use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::forward;
use crate::models::Regularizer;
use crate::optim::UpdateRule;
use crate::{Result, Scalar};

/// A rule whose every step ends in the proximal step of a penalty; made by
/// [`proximal`](crate::optim::Rule::proximal).
///
/// x ← argmin_u λ R(u) + ‖u − y‖² / 2η, where y is where the rule went and η its learning rate. The
/// objective leaves the penalty out. Around gradient descent with L1 this is iterative soft thresholding
/// (ISTA), whose weights become exactly 0. Source: I. Daubechies, M. Defrise and C. De Mol (2004); A. Beck and
/// M. Teboulle (2009).
///
/// ```
/// use gradus::prelude::*;
///
/// // (w₀ − 1)² / 2 + (w₁ − 0.1)² / 2 + 0.3 ‖w‖₁ is least at (0.7, 0).
/// let f = |w: ArrayView1<f64>| {
///     let r = &w - &array![1.0, 0.1];
///     (r.dot(&r) / 2.0, r)
/// };
/// let mut rule = GradientDescent::new(0.5).proximal(Regularizer::L1(0.3));
/// let trace = Minimize::steps(100).run(&f, &array![5.0, 5.0], &mut rule)?;
/// assert!((trace.x[0] - 0.7).abs() < 1e-12);
/// assert_eq!(trace.x[1], 0.0);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proximal<R> {
    /// The rule that steps.
    pub rule: R,
    /// λ R.
    pub regularizer: Regularizer,
    ranges: Option<Vec<Range<usize>>>,
}

impl<R> Proximal<R> {
    /// `rule` with a proximal step on all parameters after each of its own.
    pub fn new(rule: R, regularizer: Regularizer) -> Self {
        Self { rule, regularizer, ranges: None }
    }

    /// With the proximal step within this range of the parameters only, and others that are given so.
    pub fn within(mut self, range: Range<usize>) -> Self {
        self.ranges.get_or_insert_default().push(range);
        self
    }
}

forward!(Proximal);

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for Proximal<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        self.regularizer.check()?;
        self.rule.update(x, gradient)?;
        let (n, eta) = (x.len(), self.rule.learning_rate());
        match &self.ranges {
            None => self.regularizer.shrink(x, eta),
            Some(ranges) => {
                for range in ranges {
                    let range = range.start.min(n)..range.end.min(n);
                    self.regularizer.shrink(&mut x[range], eta);
                }
            }
        }
        Ok(())
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        self.rule.probe(x, scratch)
    }
}
