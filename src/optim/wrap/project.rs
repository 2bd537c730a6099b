use serde::{Deserialize, Serialize};

use super::forward;
use crate::optim::UpdateRule;
use crate::{Error, Result, Scalar};

/// A convex set with a simple nearest point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Region {
    /// Every coordinate in [low, high].
    Box {
        /// The lower bound of every coordinate; may be −∞.
        low: f64,
        /// The upper bound of every coordinate; may be ∞.
        high: f64,
    },
    /// ‖x‖ ≤ radius.
    Ball {
        /// The radius, ≥ 0.
        radius: f64,
    },
}

impl Region {
    /// Moves `x` to the nearest point of the set.
    ///
    /// ```
    /// use gradus::optim::Region;
    ///
    /// let mut x = [3.0, -4.0];
    /// Region::Ball { radius: 1.0 }.project(&mut x)?;
    /// assert!((x[0] - 0.6_f64).abs() < 1e-15 && (x[1] + 0.8).abs() < 1e-15);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the bounds are upside down, or the radius is negative, or one is NaN.
    pub fn project<T: Scalar>(&self, x: &mut [T]) -> Result<()> {
        self.check()?;
        match *self {
            Self::Box { low, high } => {
                let (low, high) = (T::of(low), T::of(high));
                for x in x {
                    let above = if *x < low { low } else { *x };
                    *x = if above > high { high } else { above };
                }
            }
            Self::Ball { radius } => {
                let radius = T::of(radius);
                let norm = x.iter().map(|&v| v * v).sum::<T>().sqrt();
                if norm > radius {
                    let factor = radius / norm;
                    x.iter_mut().for_each(|x| *x *= factor);
                }
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        match *self {
            Self::Box { low, high } => {
                Error::check(low <= high, "region", format!("[{low}, {high}]"), "low <= high")
            }
            Self::Ball { radius } => Error::check(radius >= 0.0, "radius", radius, "a number >= 0"),
        }
    }
}

/// A rule whose every step ends in a set: projected gradient descent and its kin; made by
/// [`project`](crate::optim::Rule::project).
///
/// x ← P(step of the rule), with P the nearest point of the [`Region`].
///
/// ```
/// use gradus::optim::Region;
/// use gradus::prelude::*;
///
/// // The point of the unit disc with the smallest w₀ is (−1, 0).
/// let f = |w: ArrayView1<f64>| (w[0], array![1.0, 0.0]);
/// let mut rule = GradientDescent::new(0.5).project(Region::Ball { radius: 1.0 });
/// let trace = Minimize::steps(100).run(&f, &array![0.0, 1.0], &mut rule)?;
/// assert!((trace.x[0] + 1.0).abs() < 1e-6);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Project<R> {
    /// The rule that steps.
    pub rule: R,
    /// The set to return to.
    pub region: Region,
}

impl<R> Project<R> {
    /// `rule` with its steps projected onto `region`.
    pub fn new(rule: R, region: Region) -> Self {
        Self { rule, region }
    }
}

forward!(Project);

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for Project<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        self.region.check()?;
        self.rule.update(x, gradient)?;
        self.region.project(x)
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        self.rule.probe(x, scratch)
    }
}
