//! A rule on its way down a problem, by the crate's own loop.
//!
//! `Minimize` asks for the time, and WebAssembly has no clock that the standard library knows. `Fit` does
//! not, and is as good: it takes a problem as a mean over one example. A test holds the two together.

use std::ops::ControlFlow;

use gradus::data;
use gradus::fit::Fit;
use gradus::minimize::StopReason;
use gradus::ndarray::{Array1, ArrayView1, ArrayViewMut1};
use gradus::optim::UpdateRule;
use gradus::problems::Problem;
use gradus::schedule::Schedule;
use gradus::{FiniteSum, Objective, Result};

/// Where a rule went.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// The points, the start first.
    pub points: Vec<[f64; 2]>,
    /// The value at each.
    pub values: Vec<f64>,
    /// The length of the gradient at each.
    pub gradient_norms: Vec<f64>,
    /// Whether it went out of sight or to where nothing is finite, so that it ends early.
    pub lost: bool,
}

/// A problem whose gradient is seen with normal noise of this standard deviation in each coordinate.
struct Noisy<'a> {
    problem: &'a Problem,
    noise: f64,
}

impl Objective for Noisy<'_> {
    fn value_and_gradient(&self, x: ArrayView1<'_, f64>, gradient: ArrayViewMut1<'_, f64>) -> f64 {
        self.problem.value_and_gradient(x, gradient)
    }
}

impl FiniteSum for Noisy<'_> {
    fn terms(&self) -> usize {
        1
    }

    fn on_batch(
        &self,
        _: &[usize],
        seed: u64,
        x: ArrayView1<'_, f64>,
        mut gradient: ArrayViewMut1<'_, f64>,
    ) -> Result<f64> {
        let value = self.problem.value_and_gradient(x, gradient.view_mut());
        if self.noise > 0.0 {
            gradient.scaled_add(self.noise, &data::normal(x.len(), seed));
        }
        Ok(value)
    }
}

/// How far from the domain's middle, in its widths, a walk is out of sight.
const SIGHT: f64 = 50.0;

/// The way of `rule` from `start`, with gradients that have noise of this deviation, drawn with this seed.
///
/// # Errors
/// If the rule refuses its hyperparameters, or the problem is not one of the plane.
pub fn walk(
    problem: &Problem,
    start: [f64; 2],
    rule: &mut dyn UpdateRule,
    schedule: Option<Schedule>,
    steps: usize,
    (noise, seed): (f64, u64),
) -> Result<Walk> {
    let mut points = Vec::with_capacity(steps + 1);
    let mut lost = false;
    let seen = |w: ArrayView1<'_, f64>| {
        w.iter()
            .zip(&problem.domain)
            .all(|(w, (low, high))| (w - (low + high) / 2.0).abs() < SIGHT * (high - low))
    };
    let mut fit = Fit::epochs(steps).batch_size(1).seed(seed);
    if let Some(schedule) = schedule {
        fit = fit.schedule(schedule);
    }
    let fit = fit.observe(|progress| {
        if !seen(progress.w) {
            lost = true;
            return ControlFlow::Break(());
        }
        points.push([progress.w[0], progress.w[1]]);
        ControlFlow::Continue(())
    });
    let noisy = Noisy { problem, noise };
    let history = fit.run::<dyn FiniteSum, _>(&noisy, &Array1::from(start.to_vec()), rule)?;
    match history.stop {
        StopReason::NotFinite { .. } => lost = true,
        _ if !lost && seen(history.x.view()) => points.push([history.x[0], history.x[1]]),
        _ => lost = true,
    }
    let mut gradient = Array1::zeros(2);
    let (mut values, mut gradient_norms) = (Vec::new(), Vec::new());
    for point in &points {
        values.push(problem.value_and_gradient(ArrayView1::from(point), gradient.view_mut()));
        gradient_norms.push(gradient.dot(&gradient).sqrt());
    }
    Ok(Walk { points, values, gradient_norms, lost })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus::minimize::Minimize;
    use gradus::optim::{catalogue, named};
    use gradus::problems;

    /// Point by point the way of `Minimize`, for every rule, with a schedule and without.
    #[test]
    fn it_is_the_way_of_minimize() {
        let problem = problems::himmelblau();
        for entry in catalogue() {
            for schedule in [None, Some(Schedule::cosine(0.004, 0.0, 40).unwrap())] {
                let name = entry.rule.name();
                let rule = || named::<f64>(name, 0.002, &Default::default()).unwrap();
                let way = walk(&problem, [1.0, -2.0], &mut *rule(), schedule.clone(), 40, (0.0, 1))
                    .unwrap();
                let mut run = Minimize::steps(40).record_points();
                if let Some(schedule) = schedule {
                    run = run.schedule(schedule);
                }
                let trace =
                    run.run(&problem, &Array1::from(vec![1.0, -2.0]), &mut *rule()).unwrap();
                let points: Vec<[f64; 2]> = trace.points.iter().map(|p| [p[0], p[1]]).collect();
                assert_eq!(way.points, points, "{name}");
                assert_eq!(way.values, trace.values, "{name}");
            }
        }
    }

    #[test]
    fn a_walk_that_leaves_the_picture_ends_early_and_says_so() {
        let mut rule = gradus::optim::GradientDescent::new(1.5);
        let way = walk(&problems::bowl(), [1.0, 1.0], &mut rule, None, 200, (0.0, 1)).unwrap();
        assert!(way.lost && way.points.len() < 20);
    }

    #[test]
    fn noise_is_the_same_each_time() {
        let go = |noise| {
            let mut rule = gradus::optim::GradientDescent::new(0.1);
            walk(&problems::bowl(), [1.0, 1.0], &mut rule, None, 30, (noise, 1)).unwrap()
        };
        assert_eq!(go(0.5), go(0.5));
        assert_ne!(go(0.5), go(0.0));
    }
}
