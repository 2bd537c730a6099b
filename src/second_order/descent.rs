use ndarray::{Array1, ArrayView1};

use super::search::{LineSearch, Slice};
use crate::{Objective, Result};

/// Where a run stands when a direction is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The current point.
    pub x: &'a Array1<f64>,
    /// f there.
    pub value: f64,
    /// ∇f there.
    pub gradient: &'a Array1<f64>,
    /// The last step's length t, its slope gᵀd at the beginning, and by how much it lowered f; `None` before the first
    /// step and after a restart.
    pub last: Option<(f64, f64, f64)>,
}

/// Which way to go: the part of a method that knows curvature.
pub trait Direction {
    /// The method's name for legends; figures choose colour and dash by it.
    fn name(&self) -> &'static str;

    /// Writes the direction d at the current point into `direction`.
    ///
    /// A direction that does not lead downhill, gᵀd ≥ 0, or is not finite makes the run restart once from
    /// steepest descent; [`Newton`](super::Newton) with the pure curvature is the exception.
    ///
    /// # Errors
    /// If the objective's Hessian cannot be used.
    fn direction<O: Objective + ?Sized>(
        &mut self,
        objective: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()>;

    /// The step length to try first, given the slope gᵀd < 0.
    fn first_step(&self, at: Progress<'_>, slope: f64) -> f64 {
        let _ = (at, slope);
        1.0
    }

    /// Learns from a step s = x′ − x and y = ∇f(x′) − ∇f(x), given as pairs of points and gradients.
    fn learn(&mut self, step: Step<'_>) {
        let _ = step;
    }

    /// Forgets what was learnt.
    fn reset(&mut self) {}

    /// Whether the direction is taken as it is, uphill too.
    fn may_climb(&self) -> bool {
        false
    }
}

/// A step that was taken: both ends, with their gradients.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Where the step began.
    pub from: &'a Array1<f64>,
    /// The gradient there.
    pub from_gradient: &'a Array1<f64>,
    /// Where it ended.
    pub to: &'a Array1<f64>,
    /// The gradient there.
    pub to_gradient: &'a Array1<f64>,
}

/// A method: which way and how far.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{Armijo, Descent, Newton};
///
/// // One Newton step solves a quadratic.
/// let bowl = |w: ArrayView1<f64>| (2.0 * w.dot(&w), 4.0 * &w);
/// let mut newton = Descent::new(Newton::default(), Armijo::default());
/// let trace = Minimize::steps(1).solve(&bowl, &array![3.0, -1.0], &mut newton)?;
/// assert!(trace.value() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Descent<D, L> {
    /// Which way.
    pub direction: D,
    /// How far.
    pub search: L,
}

/// What one iteration of a method led to.
pub(crate) enum Outcome {
    /// A step of this length was taken.
    Stepped(f64),
    /// No step in any direction lowers f by more than rounding.
    NoProgress,
    /// The direction was not finite.
    NotFinite,
}

/// The current point of a method with the buffers that one iteration needs: five vectors in all.
pub(crate) struct State {
    pub x: Array1<f64>,
    pub value: f64,
    pub gradient: Array1<f64>,
    pub evaluations: usize,
    direction: Array1<f64>,
    next: Array1<f64>,
    next_gradient: Array1<f64>,
    last: Option<(f64, f64, f64)>,
}

impl State {
    pub fn new<O: Objective + ?Sized>(objective: &O, start: &Array1<f64>) -> Self {
        let mut gradient = Array1::zeros(start.len());
        let value = objective.value_and_gradient(start.view(), gradient.view_mut());
        let zeros = || Array1::zeros(start.len());
        Self {
            x: start.iter().copied().collect(),
            value,
            gradient,
            evaluations: 1,
            direction: zeros(),
            next: zeros(),
            next_gradient: zeros(),
            last: None,
        }
    }
}

impl<D: Direction, L: LineSearch> Descent<D, L> {
    /// Goes the way of `direction` as far as `search` says.
    pub fn new(direction: D, search: L) -> Self {
        Self { direction, search }
    }

    /// The direction's name.
    pub fn name(&self) -> &'static str {
        self.direction.name()
    }

    /// Forgets what was learnt.
    pub fn reset(&mut self) {
        self.direction.reset();
    }

    /// One step. Where the search fails, the method forgets its curvature and tries once more.
    pub(crate) fn step<O: Objective + ?Sized>(
        &mut self,
        objective: &O,
        state: &mut State,
    ) -> Result<Outcome> {
        for attempt in 0..2 {
            if attempt > 0 {
                self.direction.reset();
                state.last = None;
            }
            let at = Progress {
                x: &state.x,
                value: state.value,
                gradient: &state.gradient,
                last: state.last,
            };
            self.direction.direction(objective, at, &mut state.direction)?;
            let mut slope = state.gradient.dot(&state.direction);
            if !slope.is_finite() || (slope >= 0.0 && !self.direction.may_climb()) {
                if self.direction.may_climb() {
                    return Ok(Outcome::NotFinite);
                }
                self.direction.reset();
                state.direction.zip_mut_with(&state.gradient, |d, g| *d = -g);
                slope = state.gradient.dot(&state.direction);
            }
            if slope == 0.0 {
                return Ok(Outcome::NoProgress);
            }
            let first = self.direction.first_step(at, slope);
            let mut slice = Slice {
                objective,
                from: &state.x,
                direction: &state.direction,
                value: state.value,
                slope,
                point: &mut state.next,
                gradient: &mut state.next_gradient,
                evaluations: 0,
                last: None,
            };
            let accepted = self.search.search(&mut slice, first);
            state.evaluations += slice.evaluations;
            let Some(accepted) = accepted else { continue };
            self.direction.learn(Step {
                from: &state.x,
                from_gradient: &state.gradient,
                to: &state.next,
                to_gradient: &state.next_gradient,
            });
            state.last = Some((accepted.length, slope, state.value - accepted.value));
            state.value = accepted.value;
            std::mem::swap(&mut state.x, &mut state.next);
            std::mem::swap(&mut state.gradient, &mut state.next_gradient);
            return Ok(Outcome::Stepped(accepted.length));
        }
        Ok(Outcome::NoProgress)
    }
}

/// −g, scaled to a first step of length at most 1: before anything is known of curvature.
pub(super) fn cautious_first_step(gradient: ArrayView1<'_, f64>) -> f64 {
    (1.0 / gradient.dot(&gradient).sqrt()).min(1.0)
}
