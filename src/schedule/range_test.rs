use ndarray::Array1;

use super::{Schedule, check_positive};
use crate::minimize::{Minimize, Progress};
use crate::optim::UpdateRule;
use crate::{Error, Objective, Result, Scalar};

/// The losses of a run whose rate grows from step to step.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeTest {
    /// The rates tried, growing by a constant factor.
    pub rates: Vec<f64>,
    /// The loss after a step at each of them; shorter than planned if the run diverged.
    pub losses: Vec<f64>,
}

impl RangeTest {
    /// The rate at which the loss fell most steeply against ln η, from the centred differences; `None` if it
    /// never fell.
    pub fn steepest(&self) -> Option<f64> {
        let slopes = self.losses.windows(3).map(|w| w[2] - w[0]).enumerate();
        let (i, slope) = slopes.min_by(|a, b| a.1.total_cmp(&b.1))?;
        (slope < 0.0).then(|| self.rates[i + 1])
    }
}

/// Runs `rule` from `start` for `steps` steps with rates that grow geometrically from `low` to `high`, and
/// stops when the loss exceeds four times its lowest or is no longer finite.
///
/// Where the loss begins to fall is the least useful rate, where it turns up the largest. Source:
/// L. N. Smith (2017).
///
/// ```
/// use gradus::prelude::*;
/// use gradus::schedule::range_test;
///
/// let f = |w: ArrayView1<f64>| (w.dot(&w), 2.0 * &w);
/// let test = range_test(&f, &array![1.0], &mut GradientDescent::new(0.1), (1e-4, 10.0), 100)?;
/// let best = test.steepest().unwrap();
/// assert!(best > 0.01 && best < 1.0); // the curvature is 2: rates above 1 diverge
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If not 0 < `low` < `high` < ∞, there are fewer than two steps, or the run cannot start.
pub fn range_test<T, O, R>(
    objective: &O,
    start: &Array1<T>,
    rule: &mut R,
    (low, high): (f64, f64),
    steps: usize,
) -> Result<RangeTest>
where
    T: Scalar,
    O: Objective<T> + ?Sized,
    R: UpdateRule<T> + ?Sized,
{
    check_positive("low", low)?;
    check_positive("high", high)?;
    Error::check(high > low, "high", high, "a rate above `low`")?;
    Error::check(steps >= 2, "steps", steps, "at least 2")?;
    let growth = Schedule::exponential(low, high / low, steps - 1, false)?;
    let mut lowest = f64::INFINITY;
    let trace = Minimize::steps(steps)
        .schedule(growth)
        .observe(move |progress: &Progress<'_, T>| {
            let loss = progress.value.wide();
            lowest = lowest.min(loss);
            if progress.step > 0 && loss > 4.0 * lowest.max(0.0) && lowest > 0.0 {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        })
        .run(objective, start, rule)?;
    let losses: Vec<f64> = trace.values[1..].iter().map(|v| v.wide()).collect();
    Ok(RangeTest { rates: trace.learning_rates[..losses.len()].to_vec(), losses })
}
