use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::optim::{Rule, UpdateRule};
use crate::{Error, Result, Scalar};

/// A run of parameters with its own rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group<R> {
    /// The parameters' indices.
    pub range: Range<usize>,
    /// Their rule, with its own rate and decay.
    pub rule: R,
    /// The rule's rate over the first group's, as it was at the beginning.
    ratio: f64,
}

/// Different rules, rates and decays for different parameters, such as the layers of a net.
///
/// The groups follow each other without gaps. The learning rate is the first group's; setting it, as a
/// schedule does, scales the others with it. Rules of several types are put in boxes:
/// `Groups::<Box<dyn UpdateRule>>`.
///
/// ```
/// use gradus::optim::Groups;
/// use gradus::prelude::*;
///
/// // One weight at rate 0.1, then two at a hundredth of that.
/// let mut rule = Groups::new()
///     .group(1, GradientDescent::new(0.1))
///     .group(2, GradientDescent::new(0.001));
/// let mut w = array![1.0, 1.0, 1.0];
/// rule.step(&mut w, &array![1.0, 1.0, 1.0])?;
/// assert_eq!(w, array![0.9, 0.999, 0.999]);
/// rule.set_learning_rate(0.2);
/// assert_eq!(rule.groups()[1].rule.learning_rate(), 0.002);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Groups<R> {
    groups: Vec<Group<R>>,
}

impl<R> Default for Groups<R> {
    fn default() -> Self {
        Self { groups: Vec::new() }
    }
}

impl<R: Rule> Groups<R> {
    /// No groups yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a group: the next `len` parameters follow `rule`.
    pub fn group(mut self, len: usize, rule: R) -> Self {
        let start = self.len();
        let rate = rule.learning_rate();
        let first = self.groups.first().map_or(rate, |group| group.rule.learning_rate());
        // 0/0, for two groups at rest, means that they go together.
        let ratio = if rate == first { 1.0 } else { rate / first };
        self.groups.push(Group { range: start..start + len, rule, ratio });
        self
    }

    /// The groups in order.
    pub fn groups(&self) -> &[Group<R>] {
        &self.groups
    }

    /// The number of parameters in all groups.
    pub fn len(&self) -> usize {
        self.groups.last().map_or(0, |group| group.range.end)
    }

    /// Whether there are no parameters yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<R: Rule> Rule for Groups<R> {
    fn name(&self) -> &'static str {
        self.groups.first().map_or("groups", |group| group.rule.name())
    }

    fn learning_rate(&self) -> f64 {
        self.groups.first().map_or(0.0, |group| group.rule.learning_rate())
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        for group in &mut self.groups {
            group.rule.set_learning_rate(learning_rate * group.ratio);
        }
    }

    fn reset(&mut self) {
        self.groups.iter_mut().for_each(|group| group.rule.reset());
    }
}

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for Groups<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        Error::check_len("x", x.len(), self.len())?;
        Error::check_len("gradient", gradient.len(), x.len())?;
        for Group { range, rule, .. } in &mut self.groups {
            rule.update(&mut x[range.clone()], &gradient[range.clone()])?;
        }
        Ok(())
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        if x.len() != self.len() {
            return x; // `update` will say so
        }
        scratch.clear();
        let mut inner = Vec::new();
        let mut looks_ahead = false;
        for Group { range, rule, .. } in &self.groups {
            let part = &x[range.clone()];
            let probe = rule.probe(part, &mut inner);
            looks_ahead |= !std::ptr::eq(probe, part);
            scratch.extend_from_slice(probe);
        }
        if looks_ahead { scratch } else { x }
    }
}
