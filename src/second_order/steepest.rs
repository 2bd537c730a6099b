use ndarray::Array1;

use super::descent::{Direction, Progress, cautious_first_step};
use crate::{Objective, Result};

/// d = −g: gradient descent, when a line search says how far.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{Armijo, Descent, Steepest};
///
/// let f = gradus::problems::ellipse(10.0, 0.0)?;
/// let mut method = Descent::new(Steepest, Armijo::default());
/// let trace = Minimize::steps(200).stop(Stop::GradientNorm(1e-6)).solve(&f, &f.start, &mut method)?;
/// assert!(trace.value() < 1e-12);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Steepest;

impl Direction for Steepest {
    fn name(&self) -> &'static str {
        "gradient descent"
    }

    fn direction<O: Objective + ?Sized>(
        &mut self,
        _: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()> {
        direction.zip_mut_with(at.gradient, |d, g| *d = -g);
        Ok(())
    }

    fn first_step(&self, at: Progress<'_>, slope: f64) -> f64 {
        step_of_equal_gain(at, slope)
    }
}

/// The step that would gain as much as the last one did, by a parabola: 2 Δf / |gᵀd|, a little more.
pub(super) fn step_of_equal_gain(at: Progress<'_>, slope: f64) -> f64 {
    match at.last {
        Some((_, _, gain)) if gain > 0.0 => 1.01 * 2.0 * gain / -slope,
        _ => cautious_first_step(at.gradient.view()),
    }
}
