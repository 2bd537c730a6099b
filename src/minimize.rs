//! The loop: objective + rule + schedule + stopping + observers → [`Trace`].

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ndarray::{Array1, ArrayView1};

use crate::compiled::{Steps, Values};
use crate::optim::UpdateRule;
use crate::schedule::LearningRate;
use crate::second_order::{Descent, Direction, LineSearch, Outcome, State};
use crate::{Error, Objective, Result, Scalar};

/// A criterion that ends a run before its last step.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Stop {
    /// ‖∇f(x)‖ ≤ this.
    GradientNorm(f64),
    /// max |∂f/∂xᵢ| ≤ this.
    GradientMax(f64),
    /// ‖xₖ₊₁ − xₖ‖ ≤ this.
    StepNorm(f64),
    /// |f(xₖ₊₁) − f(xₖ)| ≤ this.
    ValueChange(f64),
    /// f(x) ≤ this.
    Target(f64),
    /// No new lowest value in this many steps.
    Patience(usize),
    /// This much time has passed.
    Time(Duration),
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum StopReason {
    /// All steps that were asked for were taken.
    Steps,
    /// One of the criteria held.
    Criterion(Stop),
    /// The loss on validation data, or else in training, had no new lowest value in this many epochs.
    EarlyStopping {
        /// The patience that ran out.
        epochs: usize,
    },
    /// An observer asked for the end.
    Observer,
    /// No step lowers the value by more than rounding: the point is as good as it gets.
    NoProgress,
    /// The value or the gradient was NaN or infinite at this step; the trace ends before it.
    NotFinite {
        /// The number of the step whose result was not finite.
        step: usize,
    },
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Steps => write!(f, "all steps taken"),
            Self::Criterion(Stop::GradientNorm(limit)) => {
                write!(f, "gradient norm at most {limit}")
            }
            Self::Criterion(Stop::GradientMax(limit)) => {
                write!(f, "largest gradient component at most {limit}")
            }
            Self::Criterion(Stop::StepNorm(limit)) => write!(f, "step at most {limit} long"),
            Self::Criterion(Stop::ValueChange(limit)) => {
                write!(f, "value changed by at most {limit}")
            }
            Self::Criterion(Stop::Target(limit)) => write!(f, "value at most {limit}"),
            Self::Criterion(Stop::Patience(steps)) => write!(f, "no better value in {steps} steps"),
            Self::Criterion(Stop::Time(limit)) => write!(f, "{limit:?} passed"),
            Self::NoProgress => write!(f, "no step lowers the value any more"),
            Self::EarlyStopping { epochs } => write!(f, "no better loss in {epochs} epochs"),
            Self::Observer => write!(f, "ended by an observer"),
            Self::NotFinite { step } => write!(f, "not finite at step {step}"),
        }
    }
}

/// What an observer sees after each evaluation; step 0 is the start.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a, T: Scalar> {
    /// The number of steps taken.
    pub step: usize,
    /// The current point.
    pub x: ArrayView1<'a, T>,
    /// f at that point.
    pub value: T,
    /// ‖∇f‖ where the rule takes its gradient.
    pub gradient_norm: T,
    /// The learning rate of the step to come.
    pub learning_rate: f64,
}

/// The record of a run. It owns all that it holds: nothing aliases the loop's buffers.
///
/// Index k is the point after k steps, so `values[0]` belongs to the start and
/// `values.len()` is one more than the number of steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace<T: Scalar = f64> {
    /// f(xₖ).
    pub values: Vec<T>,
    /// ‖∇f‖ where the rule took its gradient at step k: at xₖ, unless the rule looks ahead.
    pub gradient_norms: Vec<T>,
    /// The learning rate that step k used, one a step.
    pub learning_rates: Vec<f64>,
    /// xₖ, if asked for with [`Minimize::record_points`]; else empty.
    pub points: Vec<Array1<T>>,
    /// The last point.
    pub x: Array1<T>,
    /// The point with the lowest value.
    pub best: Array1<T>,
    /// The number of calls of f, value and gradient counting as one.
    pub evaluations: usize,
    /// Why the run ended.
    pub stop: StopReason,
}

impl<T: Scalar> Trace<T> {
    /// The number of steps taken.
    pub fn steps(&self) -> usize {
        self.values.len() - 1
    }

    /// f at the last point.
    pub fn value(&self) -> T {
        self.values[self.values.len() - 1]
    }

    /// The coordinate `axis` of every recorded point.
    ///
    /// Empty if the points were not recorded.
    ///
    /// # Errors
    /// If the points have no such coordinate.
    pub fn coordinate(&self, axis: usize) -> Result<Vec<T>> {
        Error::check(axis < self.x.len(), "axis", axis, "less than the number of coordinates")?;
        Ok(self.points.iter().map(|x| x[axis]).collect())
    }
}

type Schedule<'a> = Box<dyn LearningRate + 'a>;
type Observer<'a, T> = Box<dyn FnMut(&Progress<'_, T>) -> ControlFlow<()> + 'a>;

/// A run to be: how many steps, when to stop earlier, what to record.
///
/// Each step evaluates f and ∇f once, at the point that the rule asks for
/// ([`UpdateRule::probe`]); a rule that looks ahead costs one more value a step, for the trace.
///
/// ```
/// use gradus::prelude::*;
///
/// let f = |w: ArrayView1<f64>| (w.dot(&w), 2.0 * &w);
/// let trace = Minimize::steps(100)
///     .stop(Stop::Target(1e-6))
///     .record_points()
///     .run(&f, &array![1.0], &mut GradientDescent::new(0.25))?;
/// assert_eq!(trace.steps(), 10); // w halves with every step
/// assert_eq!(trace.points[1], array![0.5]);
/// assert_eq!(trace.stop, StopReason::Criterion(Stop::Target(1e-6)));
/// # Ok::<(), gradus::Error>(())
/// ```
pub struct Minimize<'a, T: Scalar = f64> {
    steps: usize,
    stops: Vec<Stop>,
    schedule: Option<Schedule<'a>>,
    observers: Vec<Observer<'a, T>>,
    record_points: bool,
}

impl<'a, T: Scalar> Minimize<'a, T> {
    /// At most this many steps.
    pub fn steps(steps: usize) -> Self {
        Self {
            steps,
            stops: Vec::new(),
            schedule: None,
            observers: Vec::new(),
            record_points: false,
        }
    }

    /// Stops as soon as `criterion` holds; several may be given.
    pub fn stop(mut self, criterion: Stop) -> Self {
        self.stops.push(criterion);
        self
    }

    /// Sets the learning rate of step t, counted from 0: a [`Schedule`](crate::schedule::Schedule) or a
    /// closure.
    pub fn schedule(mut self, schedule: impl LearningRate + 'a) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Shows every point to `observer`, which may end the run with `ControlFlow::Break(())`.
    pub fn observe(
        mut self,
        observer: impl FnMut(&Progress<'_, T>) -> ControlFlow<()> + 'a,
    ) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Shows how far the run is: a line on standard error, rewritten up to ten times a second, and nothing
    /// where standard error is not a terminal.
    pub fn progress_bar(self) -> Self {
        let (steps, began) = (self.steps, Instant::now());
        let mut shown = None;
        let visible = std::io::stderr().is_terminal();
        self.observe(move |progress| {
            let now = began.elapsed();
            let due = shown.is_none_or(|last| now - last >= Duration::from_millis(100));
            if visible && (due || progress.step == steps) {
                shown = Some(now);
                eprint!("\r{}", bar_line(progress, steps));
                if progress.step == steps {
                    eprintln!();
                }
            }
            ControlFlow::Continue(())
        })
    }

    /// Keeps every point in [`Trace::points`].
    pub fn record_points(mut self) -> Self {
        self.record_points = true;
        self
    }

    /// Runs `rule` on `objective` from `start`.
    ///
    /// A value or gradient that is not finite ends the run with [`StopReason::NotFinite`]; the trace
    /// then ends with the last finite point.
    ///
    /// # Errors
    /// If `start` is empty or not finite, f is not finite there, or the rule refuses its
    /// hyperparameters or shapes.
    pub fn run<O, R>(self, objective: &O, start: &Array1<T>, rule: &mut R) -> Result<Trace<T>>
    where
        O: Objective<T> + ?Sized,
        R: UpdateRule<T> + ?Sized,
    {
        let mut rule = rule;
        T::minimize(self, &objective, start, &mut rule)
    }

    /// [`run`](Minimize::run), for objectives and rules behind references.
    pub(crate) fn run_steps(
        self,
        objective: &dyn Values<T>,
        start: &Array1<T>,
        rule: &mut dyn Steps<T>,
    ) -> Result<Trace<T>> {
        check_start(start)?;
        let steps = self.steps;
        let mut recorder = Recorder::new(self, start);
        let mut x = start.to_vec();
        let mut scratch = Vec::new();
        let mut gradient = Array1::zeros(x.len());
        for step in 0..=steps {
            if let Some(schedule) = &recorder.run.schedule {
                rule.set_learning_rate(schedule.rate(step));
            }
            let probe = rule.probe(&x, &mut scratch);
            let looks_ahead = !std::ptr::eq(probe, x.as_slice());
            let mut value =
                objective.value_and_gradient(ArrayView1::from(probe), gradient.view_mut());
            recorder.trace.evaluations += 1;
            if looks_ahead {
                value = objective.value(ArrayView1::from(&x));
                recorder.trace.evaluations += 1;
            }
            let here = ArrayView1::from(&x);
            if recorder.record(here, value, gradient.view(), rule.learning_rate()).is_break() {
                break;
            }
            if step < steps {
                recorder.trace.learning_rates.push(rule.learning_rate());
                if let Some(gradient) = gradient.as_slice() {
                    rule.update(&mut x, gradient)?;
                }
            }
        }
        recorder.finish()
    }

    fn is_met(&self, stop: Stop, now: &Measures) -> bool {
        match stop {
            Stop::GradientNorm(limit) => now.gradient_norm <= limit,
            Stop::GradientMax(limit) => now.gradient_max <= limit,
            Stop::StepNorm(limit) => now.step > 0 && now.step_norm <= limit,
            Stop::ValueChange(limit) => now.change <= limit,
            Stop::Target(limit) => now.value <= limit,
            Stop::Patience(steps) => now.since_lowest >= steps,
            Stop::Time(limit) => now.elapsed >= limit,
        }
    }
}

impl Minimize<'_, f64> {
    /// Runs a second-order method on `objective` from `start`; a schedule has no part in it.
    ///
    /// [`Trace::learning_rates`] holds the step lengths that the line search found, and
    /// [`Trace::evaluations`] counts every call of f, those of the line search too. If no step lowers f any
    /// more, the run ends with [`StopReason::NoProgress`].
    ///
    /// # Errors
    /// If `start` is empty or not finite, f is not finite there, or the method cannot use the Hessian.
    pub fn solve<O, D, L>(
        self,
        objective: &O,
        start: &Array1<f64>,
        method: &mut Descent<D, L>,
    ) -> Result<Trace>
    where
        O: Objective + ?Sized,
        D: Direction,
        L: LineSearch,
    {
        check_start(start)?;
        let steps = self.steps;
        let mut recorder = Recorder::new(self, start);
        let mut state = State::new(objective, start);
        let mut length = 0.0;
        for step in 0..=steps {
            recorder.trace.evaluations = state.evaluations;
            let (x, gradient) = (state.x.view(), state.gradient.view());
            if recorder.record(x, state.value, gradient, length).is_break() || step == steps {
                break;
            }
            match method.step(objective, &mut state)? {
                Outcome::Stepped(taken) => {
                    length = taken;
                    recorder.trace.learning_rates.push(taken);
                }
                Outcome::NoProgress => {
                    recorder.trace.evaluations = state.evaluations;
                    recorder.trace.stop = StopReason::NoProgress;
                    break;
                }
                Outcome::NotFinite => {
                    recorder.trace.stop = StopReason::NotFinite { step: step + 1 };
                    break;
                }
            }
        }
        recorder.finish()
    }
}

/// One line of [`Minimize::progress_bar`].
fn bar_line<T: Scalar>(progress: &Progress<'_, T>, steps: usize) -> String {
    const WIDTH: usize = 30;
    let (step, value, gradient) =
        (progress.step, progress.value.wide(), progress.gradient_norm.wide());
    let done = (WIDTH * step).checked_div(steps).unwrap_or(WIDTH);
    let bar = "#".repeat(done) + &".".repeat(WIDTH - done);
    format!("[{bar}] {step}/{steps}  f = {value:.6e}  |g| = {gradient:.2e}")
}

fn check_start<T: Scalar>(start: &Array1<T>) -> Result<()> {
    Error::check(!start.is_empty(), "start", "empty", "at least one coordinate")?;
    match start.iter().find(|x| !x.is_finite()) {
        Some(bad) => Error::check(false, "start", bad, "finite coordinates"),
        None => Ok(()),
    }
}

/// What the stopping criteria look at.
struct Measures {
    step: usize,
    value: f64,
    change: f64,
    gradient_norm: f64,
    gradient_max: f64,
    step_norm: f64,
    since_lowest: usize,
    elapsed: Duration,
}

/// Writes the trace and decides when to stop.
struct Recorder<'a, T: Scalar> {
    run: Minimize<'a, T>,
    trace: Trace<T>,
    began: Instant,
    lowest: T,
    since_lowest: usize,
}

impl<'a, T: Scalar> Recorder<'a, T> {
    fn new(run: Minimize<'a, T>, start: &Array1<T>) -> Self {
        let trace = Trace {
            values: Vec::new(),
            gradient_norms: Vec::new(),
            learning_rates: Vec::new(),
            points: Vec::new(),
            x: start.clone(),
            best: start.clone(),
            evaluations: 0,
            stop: StopReason::Steps,
        };
        Self { run, trace, began: Instant::now(), lowest: T::infinity(), since_lowest: 0 }
    }

    /// Takes note of a point; breaks if the run is to end here.
    fn record(
        &mut self,
        x: ArrayView1<'_, T>,
        value: T,
        gradient: ArrayView1<'_, T>,
        learning_rate: f64,
    ) -> ControlFlow<()> {
        let trace = &mut self.trace;
        let step = trace.values.len();
        let gradient_norm = gradient.dot(&gradient).sqrt();
        if !value.is_finite() || !gradient_norm.is_finite() {
            trace.stop = StopReason::NotFinite { step };
            trace.learning_rates.truncate(step.saturating_sub(1));
            return ControlFlow::Break(());
        }
        let moved = x.iter().zip(&trace.x).map(|(&a, &b)| (a - b) * (a - b)).sum::<T>();
        let last = trace.values.last();
        let change = last.map_or(f64::INFINITY, |&last| (value - last).abs().wide());
        trace.x.assign(&x);
        trace.values.push(value);
        trace.gradient_norms.push(gradient_norm);
        if self.run.record_points {
            trace.points.push(x.to_owned());
        }
        if value < self.lowest {
            self.lowest = value;
            self.since_lowest = 0;
            trace.best.assign(&x);
        } else {
            self.since_lowest += 1;
        }

        let progress = Progress { step, x, value, gradient_norm, learning_rate };
        let mut broken = false;
        for observer in &mut self.run.observers {
            broken |= observer(&progress).is_break();
        }
        if broken {
            trace.stop = StopReason::Observer;
            return ControlFlow::Break(());
        }
        let now = Measures {
            step,
            value: value.wide(),
            change,
            gradient_norm: gradient_norm.wide(),
            gradient_max: gradient.iter().fold(0.0, |max: f64, g| max.max(g.abs().wide())),
            step_norm: moved.sqrt().wide(),
            since_lowest: self.since_lowest,
            elapsed: self.began.elapsed(),
        };
        match self.run.stops.iter().find(|&&stop| self.run.is_met(stop, &now)) {
            Some(&criterion) => {
                trace.stop = StopReason::Criterion(criterion);
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    }

    fn finish(self) -> Result<Trace<T>> {
        let started = !self.trace.values.is_empty();
        let expected = "a point where the value and the gradient are finite";
        Error::check(started, "start", &self.trace.x, expected)?;
        Ok(self.trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{GradientDescent, Momentum};
    use ndarray::array;

    fn square(w: ArrayView1<f64>) -> (f64, Array1<f64>) {
        (w.dot(&w), 2.0 * &w)
    }

    #[test]
    fn a_run_that_diverges_ends_at_the_last_finite_point() {
        let trace = Minimize::steps(10_000)
            .run(&square, &array![1.0], &mut GradientDescent::new(10.0))
            .unwrap();
        let StopReason::NotFinite { step } = trace.stop else {
            panic!("stopped with {:?}", trace.stop)
        };
        assert_eq!(step, trace.values.len());
        assert_eq!(trace.learning_rates.len(), trace.steps());
        assert!(trace.values.iter().all(|v| v.is_finite()));
        assert_eq!(trace.best, array![1.0]);
    }

    #[test]
    fn a_start_where_f_is_not_finite_is_refused() {
        let log = |w: ArrayView1<f64>| (w[0].ln(), array![1.0 / w[0]]);
        let error = Minimize::steps(1)
            .run(&log, &array![-1.0], &mut GradientDescent::new(0.1))
            .unwrap_err();
        assert!(matches!(error, Error::Argument { argument: "start", .. }), "{error}");
        let error = Minimize::steps(1)
            .run(&square, &array![f64::NAN], &mut GradientDescent::new(0.1))
            .unwrap_err();
        assert_eq!(error.to_string(), "`start` is NaN, expected finite coordinates");
    }

    #[test]
    fn schedules_count_from_zero() {
        let trace = Minimize::steps(3)
            .schedule(|t| 0.1 / (t + 1) as f64)
            .run(&square, &array![1.0], &mut GradientDescent::new(9.0))
            .unwrap();
        assert_eq!(trace.learning_rates, [0.1, 0.05, 0.1 / 3.0]);
    }

    #[test]
    fn patience_counts_steps_without_a_new_lowest_value() {
        // At rate 1 the point jumps between 1 and −1: the value never changes.
        let trace = Minimize::steps(100)
            .stop(Stop::Patience(5))
            .run(&square, &array![1.0], &mut GradientDescent::new(1.0))
            .unwrap();
        assert_eq!(trace.steps(), 5);
    }

    #[test]
    fn an_observer_can_end_the_run() {
        let mut seen = Vec::new();
        let trace = Minimize::steps(100)
            .observe(|p: &Progress<'_, f64>| {
                seen.push(p.step);
                if p.step == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .run(&square, &array![1.0], &mut Momentum::new(0.1, 0.9))
            .unwrap();
        assert_eq!(trace.stop, StopReason::Observer);
        assert_eq!(seen, [0, 1, 2, 3]);
    }

    #[test]
    fn the_progress_bar_grows_with_the_steps() {
        let x = array![1.0];
        let at = |step| Progress {
            step,
            x: x.view(),
            value: 2.0,
            gradient_norm: 0.5,
            learning_rate: 0.1,
        };
        let line = bar_line(&at(50), 100);
        assert!(line.starts_with("[###############...............] 50/100"), "{line}");
        assert!(line.ends_with("f = 2.000000e0  |g| = 5.00e-1"), "{line}");
        assert!(bar_line(&at(0), 0).starts_with("[##############################] 0/0"));
    }

    /// Both kinds of run stop for the same reasons and never alias: the trace owns its points.
    #[test]
    fn second_order_methods_leave_the_same_trace() {
        use crate::second_order::{Descent, Lbfgs, StrongWolfe};
        let mut method = Descent::new(Lbfgs::new(3), StrongWolfe::default());
        let run = Minimize::steps(50).stop(Stop::GradientMax(1e-9)).record_points();
        let trace = run.solve(&square, &array![3.0, -1.0], &mut method).unwrap();
        assert_eq!(trace.stop, StopReason::Criterion(Stop::GradientMax(1e-9)));
        assert_eq!(trace.points.len(), trace.values.len());
        assert_eq!(trace.learning_rates.len(), trace.steps());
        assert_eq!(trace.points[0], array![3.0, -1.0]);
        for (x, value) in trace.points.iter().zip(&trace.values) {
            assert_eq!(x.dot(x), *value);
        }
        assert!(Minimize::steps(1).solve(&square, &array![f64::NAN], &mut method).is_err());
        assert!(Minimize::steps(1).solve(&square, &Array1::zeros(0), &mut method).is_err());
    }
}
