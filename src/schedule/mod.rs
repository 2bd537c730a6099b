//! Learning-rate schedules: the rate as a function of the step, counted from 0.
//!
//! A [`Schedule`] is plain data, so a plot of it is a map over a range. [`ReduceOnPlateau`] is the one kind
//! that looks at the loss, and a type of its own.

mod catalogue;
mod plateau;
mod range_test;

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

pub use catalogue::{Entry, catalogue};
pub use plateau::ReduceOnPlateau;
pub use range_test::{RangeTest, range_test};

/// A learning rate for every step t = 0, 1, 2, …
///
/// What happens at a boundary is that of the TensorFlow (Keras) or PyTorch schedule that the constructor
/// names. Combinators: [`warm_up`](Schedule::warm_up), [`then`](Schedule::then), [`scaled`](Schedule::scaled).
///
/// ```
/// use gradus::prelude::*;
///
/// let schedule = Schedule::cosine(0.1, 0.0, 100)?.warm_up(10, 0.0)?;
/// assert_eq!(schedule.at(5), 0.05);
/// assert_eq!(schedule.at(10), 0.1);
/// assert!((schedule.at(60) - 0.05).abs() < 1e-15);
/// let curve: Vec<f64> = (0..120).map(|t| schedule.at(t)).collect();
/// assert_eq!(curve[110..], [0.0; 10]);
///
/// let f = |w: ArrayView1<f64>| (w.dot(&w), 2.0 * &w);
/// let mut rule = GradientDescent::new(1.0); // the schedule sets the rate
/// let trace = Minimize::steps(120).schedule(schedule).run(&f, &array![1.0], &mut rule)?;
/// assert_eq!(trace.learning_rates, curve);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule(Kind);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Kind {
    Constant { rate: f64 },
    InverseSqrt { rate: f64 },
    InverseTime { rate: f64, decay: f64, every: usize, staircase: bool },
    MultiStep { rate: f64, milestones: Vec<usize>, factor: f64 },
    Piecewise { boundaries: Vec<usize>, values: Vec<f64> },
    Exponential { rate: f64, factor: f64, every: usize, staircase: bool },
    Polynomial { rate: f64, end: f64, steps: usize, power: f64, cycle: bool },
    Cosine { rate: f64, end: f64, steps: usize },
    Restarts { rate: f64, end: f64, first: usize, longer: f64, lower: f64 },
    Cyclic { low: f64, high: f64, up: usize, down: usize, shrink: f64 },
    OneCycle { peak: f64, steps: usize, rise: f64, divisor: f64, final_divisor: f64 },
    WarmUp { steps: usize, from: f64, schedule: Box<Schedule> },
    Then { first: Box<Schedule>, steps: usize, second: Box<Schedule> },
    Scaled { schedule: Box<Schedule>, factor: f64 },
}

fn check_rate(argument: &'static str, rate: f64) -> Result<()> {
    Error::check(rate >= 0.0 && rate.is_finite(), argument, rate, "a finite number >= 0")
}

fn check_positive(argument: &'static str, value: f64) -> Result<()> {
    Error::check(value > 0.0 && value.is_finite(), argument, value, "a finite number > 0")
}

fn check_steps(argument: &'static str, steps: usize) -> Result<()> {
    Error::check(steps > 0, argument, steps, "at least 1")
}

fn check_rising(argument: &'static str, steps: &[usize]) -> Result<()> {
    Error::check(
        steps.is_sorted_by(|a, b| a < b),
        argument,
        format!("{steps:?}"),
        "steps in rising order, each once",
    )
}

/// From `a` at 0 to `b` at 1 along half a cosine.
fn cosine(a: f64, b: f64, fraction: f64) -> f64 {
    b + (a - b) * 0.5 * (1.0 + (PI * fraction).cos())
}

impl Schedule {
    /// η at every step.
    ///
    /// # Errors
    /// If η is negative or not finite.
    pub fn constant(rate: f64) -> Result<Self> {
        check_rate("rate", rate)?;
        Ok(Self(Kind::Constant { rate }))
    }

    /// η / √(t + 1).
    ///
    /// # Errors
    /// If η is negative or not finite.
    pub fn inverse_sqrt(rate: f64) -> Result<Self> {
        check_rate("rate", rate)?;
        Ok(Self(Kind::InverseSqrt { rate }))
    }

    /// η / (1 + d t/k), or with `staircase` η / (1 + d ⌊t/k⌋): Keras' `InverseTimeDecay`. With d = k = 1
    /// it is η / (t + 1).
    ///
    /// # Errors
    /// If η or d is negative or not finite, or k is 0.
    pub fn inverse_time(rate: f64, decay: f64, every: usize, staircase: bool) -> Result<Self> {
        check_rate("rate", rate)?;
        check_rate("decay", decay)?;
        check_steps("every", every)?;
        Ok(Self(Kind::InverseTime { rate, decay, every, staircase }))
    }

    /// η γ^⌊t/k⌋: PyTorch's `StepLR`.
    ///
    /// # Errors
    /// If η or γ is negative or not finite, or k is 0.
    pub fn step(rate: f64, every: usize, factor: f64) -> Result<Self> {
        Self::exponential(rate, factor, every, true)
    }

    /// η γⁱ with the number i of milestones ≤ t: PyTorch's `MultiStepLR`. The milestones 30, 60, 90 with
    /// γ = 0.1 are the usual ones for residual nets.
    ///
    /// # Errors
    /// If η or γ is negative or not finite, or the milestones do not rise.
    pub fn multi_step(rate: f64, milestones: &[usize], factor: f64) -> Result<Self> {
        check_rate("rate", rate)?;
        check_rate("factor", factor)?;
        check_rising("milestones", milestones)?;
        Ok(Self(Kind::MultiStep { rate, milestones: milestones.to_vec(), factor }))
    }

    /// The first value for t ≤ b₁, the second for b₁ < t ≤ b₂, …, the last for t beyond all boundaries:
    /// TensorFlow's `piecewise_constant` (Keras' `PiecewiseConstantDecay`). Unlike
    /// [`multi_step`](Schedule::multi_step), a boundary itself still belongs to what is before it.
    ///
    /// ```
    /// use gradus::prelude::*;
    ///
    /// let schedule = Schedule::piecewise_constant(&[10], &[1.0, 0.5])?;
    /// assert_eq!((schedule.at(10), schedule.at(11)), (1.0, 0.5));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is not one value more than boundaries, a value is negative or not finite, or the
    /// boundaries do not rise.
    pub fn piecewise_constant(boundaries: &[usize], values: &[f64]) -> Result<Self> {
        Error::check_len("values", values.len(), boundaries.len() + 1)?;
        check_rising("boundaries", boundaries)?;
        values.iter().try_for_each(|&value| check_rate("values", value))?;
        let (boundaries, values) = (boundaries.to_vec(), values.to_vec());
        Ok(Self(Kind::Piecewise { boundaries, values }))
    }

    /// η γ^(t/k), or with `staircase` η γ^⌊t/k⌋: TensorFlow's `exponential_decay`; with k = 1 PyTorch's
    /// `ExponentialLR`.
    ///
    /// # Errors
    /// If η or γ is negative or not finite, or k is 0.
    pub fn exponential(rate: f64, factor: f64, every: usize, staircase: bool) -> Result<Self> {
        check_rate("rate", rate)?;
        check_rate("factor", factor)?;
        check_steps("every", every)?;
        Ok(Self(Kind::Exponential { rate, factor, every, staircase }))
    }

    /// (η − end) (1 − t/n)^power + end, and `end` from t = n on: TensorFlow's `polynomial_decay`. With `cycle` n is
    /// replaced by its first multiple ≥ t, so that the rate springs up again and falls more and more slowly.
    ///
    /// # Errors
    /// If a rate or the power is negative or not finite, or n is 0.
    pub fn polynomial(rate: f64, end: f64, steps: usize, power: f64, cycle: bool) -> Result<Self> {
        check_rate("rate", rate)?;
        check_rate("end", end)?;
        check_rate("power", power)?;
        check_steps("steps", steps)?;
        Ok(Self(Kind::Polynomial { rate, end, steps, power, cycle }))
    }

    /// A straight line from η at t = 0 to `end` at t = n, and `end` from there on: PyTorch's `LinearLR`.
    ///
    /// # Errors
    /// If a rate is negative or not finite, or n is 0.
    pub fn linear(rate: f64, end: f64, steps: usize) -> Result<Self> {
        Self::polynomial(rate, end, steps, 1.0, false)
    }

    /// Half a cosine from η at t = 0 to `end` at t = n, and `end` from there on: Keras' `CosineDecay`,
    /// PyTorch's `CosineAnnealingLR` up to t = n, from where PyTorch's rises again. Source: I. Loshchilov and
    /// F. Hutter (2017).
    ///
    /// # Errors
    /// If a rate is negative or not finite, or n is 0.
    pub fn cosine(rate: f64, end: f64, steps: usize) -> Result<Self> {
        check_rate("rate", rate)?;
        check_rate("end", end)?;
        check_steps("steps", steps)?;
        Ok(Self(Kind::Cosine { rate, end, steps }))
    }

    /// [`cosine`](Schedule::cosine) over `first` steps, and again, each time over `longer` times as many
    /// steps and from a height over `end` that is `lower` times that before: Keras' `CosineDecayRestarts`,
    /// and with `lower` = 1 PyTorch's `CosineAnnealingWarmRestarts`.
    ///
    /// # Errors
    /// If a rate or `lower` is negative or not finite, `first` is 0, or `longer` is below 1.
    pub fn warm_restarts(
        rate: f64,
        end: f64,
        first: usize,
        longer: f64,
        lower: f64,
    ) -> Result<Self> {
        check_rate("rate", rate)?;
        check_rate("end", end)?;
        check_rate("lower", lower)?;
        check_steps("first", first)?;
        Error::check(
            longer >= 1.0 && longer.is_finite(),
            "longer",
            longer,
            "a finite number >= 1",
        )?;
        Ok(Self(Kind::Restarts { rate, end, first, longer, lower }))
    }

    /// A zigzag: from `low` to `high` in `up` steps, back in `down` steps, and again; each peak's height over
    /// `low` is `shrink` times that of the one before. PyTorch's `CyclicLR` in the modes "triangular"
    /// (`shrink` = 1) and "triangular2" (½). Source: L. N. Smith (2017).
    ///
    /// # Errors
    /// If a rate or `shrink` is negative or not finite, `high` < `low`, or `up` or `down` is 0.
    pub fn cyclic(low: f64, high: f64, up: usize, down: usize, shrink: f64) -> Result<Self> {
        check_rate("low", low)?;
        check_rate("high", high)?;
        check_rate("shrink", shrink)?;
        Error::check(high >= low, "high", high, "a rate that is not below `low`")?;
        check_steps("up", up)?;
        check_steps("down", down)?;
        Ok(Self(Kind::Cyclic { low, high, up, down, shrink }))
    }

    /// One cycle over n steps: along half a cosine from peak/25 up to the peak in the first 30 %, then down to
    /// peak/(25 · 10⁴) at t = n − 1, and that from there on. PyTorch's `OneCycleLR` with its defaults. Source:
    /// L. N. Smith and N. Topin (2018).
    ///
    /// # Errors
    /// As [`one_cycle_with`](Schedule::one_cycle_with).
    pub fn one_cycle(peak: f64, steps: usize) -> Result<Self> {
        Self::one_cycle_with(peak, steps, 0.3, 25.0, 1e4)
    }

    /// [`one_cycle`](Schedule::one_cycle) with other proportions: the part of the steps that rise, the
    /// peak over the first rate, and the first rate over the last.
    ///
    /// # Errors
    /// If `peak` is negative or not finite, n is below 2, `rise` · n is not between 1 and n, or a divisor is
    /// not positive and finite.
    pub fn one_cycle_with(
        peak: f64,
        steps: usize,
        rise: f64,
        divisor: f64,
        final_divisor: f64,
    ) -> Result<Self> {
        check_rate("peak", peak)?;
        Error::check(steps >= 2, "steps", steps, "at least 2")?;
        let rising = rise * steps as f64;
        Error::check(
            rising > 1.0 && rising < steps as f64,
            "rise",
            rise,
            "a part of the steps with more than one step in it",
        )?;
        check_positive("divisor", divisor)?;
        check_positive("final_divisor", final_divisor)?;
        Ok(Self(Kind::OneCycle { peak, steps, rise, divisor, final_divisor }))
    }

    /// This schedule after a linear rise: in the first `steps` steps a straight line from `from` to the
    /// schedule's first rate, then the schedule from its beginning. As Keras' `CosineDecay` with
    /// `warmup_steps`.
    ///
    /// # Errors
    /// If `from` is negative or not finite.
    pub fn warm_up(self, steps: usize, from: f64) -> Result<Self> {
        check_rate("from", from)?;
        Ok(Self(Kind::WarmUp { steps, from, schedule: Box::new(self) }))
    }

    /// This schedule for `steps` steps, then `next` from its beginning: PyTorch's `SequentialLR`.
    pub fn then(self, steps: usize, next: Self) -> Self {
        Self(Kind::Then { first: Box::new(self), steps, second: Box::new(next) })
    }

    /// This schedule with every rate multiplied by `factor`, for example by the ratio of batch sizes:
    /// [`linear_scaling`].
    ///
    /// # Errors
    /// If `factor` is negative or not finite.
    pub fn scaled(self, factor: f64) -> Result<Self> {
        check_rate("factor", factor)?;
        Ok(Self(Kind::Scaled { schedule: Box::new(self), factor }))
    }

    /// The rate at step t, counted from 0.
    pub fn at(&self, t: usize) -> f64 {
        let time = t as f64;
        let periods = |every: usize, staircase: bool| {
            if staircase { (t / every) as f64 } else { time / every as f64 }
        };
        match &self.0 {
            Kind::Constant { rate } => *rate,
            Kind::InverseSqrt { rate } => rate / (time + 1.0).sqrt(),
            Kind::InverseTime { rate, decay, every, staircase } => {
                rate / (1.0 + decay * periods(*every, *staircase))
            }
            Kind::MultiStep { rate, milestones, factor } => {
                rate * factor.powi(milestones.partition_point(|&m| m <= t) as i32)
            }
            Kind::Piecewise { boundaries, values } => {
                values[boundaries.partition_point(|&b| b < t)]
            }
            Kind::Exponential { rate, factor, every, staircase } => {
                rate * factor.powf(periods(*every, *staircase))
            }
            Kind::Polynomial { rate, end, steps, power, cycle } => {
                let cycles = if *cycle { t.div_ceil(*steps).max(1) } else { 1 };
                let fraction = time / (cycles * steps) as f64;
                (rate - end) * (1.0 - fraction.min(1.0)).powf(*power) + end
            }
            Kind::Cosine { rate, end, steps } => {
                cosine(*rate, *end, (time / *steps as f64).min(1.0))
            }
            Kind::Restarts { rate, end, first, longer, lower } => {
                let (mut start, mut length, mut height) = (0.0, *first as f64, rate - end);
                if *longer == 1.0 {
                    let cycles = (time / length).floor();
                    start = cycles * length;
                    height *= lower.powf(cycles);
                } else {
                    while time >= start + length {
                        start += length;
                        length *= longer;
                        height *= lower;
                    }
                }
                cosine(end + height, *end, (time - start) / length)
            }
            Kind::Cyclic { low, high, up, down, shrink } => {
                let cycle = up + down;
                let place = t % cycle;
                let height = if place <= *up {
                    place as f64 / *up as f64
                } else {
                    (cycle - place) as f64 / *down as f64
                };
                low + (high - low) * height * shrink.powi((t / cycle) as i32)
            }
            Kind::OneCycle { peak, steps, rise, divisor, final_divisor } => {
                let first = peak / divisor;
                let top = rise * *steps as f64 - 1.0;
                let last = *steps as f64 - 1.0;
                if time <= top {
                    cosine(first, *peak, time / top)
                } else {
                    cosine(*peak, first / final_divisor, ((time - top) / (last - top)).min(1.0))
                }
            }
            Kind::WarmUp { steps, from, schedule } => {
                if t < *steps {
                    from + (schedule.at(0) - from) * (time / *steps as f64)
                } else {
                    schedule.at(t - steps)
                }
            }
            Kind::Then { first, steps, second } => {
                if t < *steps {
                    first.at(t)
                } else {
                    second.at(t - steps)
                }
            }
            Kind::Scaled { schedule, factor } => schedule.at(t) * factor,
        }
    }
}

/// What gives a rate for each step: a [`Schedule`], or a closure from the step (from 0) to the rate.
pub trait LearningRate {
    /// The rate at step t, counted from 0.
    fn rate(&self, t: usize) -> f64;
}

impl LearningRate for Schedule {
    fn rate(&self, t: usize) -> f64 {
        self.at(t)
    }
}

impl<F: Fn(usize) -> f64> LearningRate for F {
    fn rate(&self, t: usize) -> f64 {
        self(t)
    }
}

/// η B/B₀: the rate for batches of B examples when η was right for B₀. Source: P. Goyal et al. (2017).
///
/// ```
/// assert_eq!(gradus::schedule::linear_scaling(0.1, 256, 1024)?, 0.4);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If η is negative or not finite, or a batch is empty.
pub fn linear_scaling(rate: f64, from_batch: usize, to_batch: usize) -> Result<f64> {
    check_rate("rate", rate)?;
    check_steps("from_batch", from_batch)?;
    check_steps("to_batch", to_batch)?;
    Ok(rate * to_batch as f64 / from_batch as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_arguments_are_refused_by_name() {
        let refused = |result: Result<Schedule>, start: &str| {
            let error = result.unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        };
        refused(Schedule::constant(-1.0), "`rate` is -1");
        refused(Schedule::cosine(f64::NAN, 0.0, 10), "`rate` is NaN");
        refused(Schedule::cosine(0.1, 0.0, 0), "`steps` is 0");
        refused(Schedule::multi_step(0.1, &[30, 30], 0.1), "`milestones` is [30, 30]");
        refused(Schedule::piecewise_constant(&[1, 2], &[1.0, 2.0]), "`values` has shape [2]");
        refused(Schedule::cyclic(0.2, 0.1, 5, 5, 1.0), "`high` is 0.1");
        refused(Schedule::one_cycle(0.1, 3), "`rise` is 0.3");
        refused(Schedule::warm_restarts(0.1, 0.0, 10, 0.5, 1.0), "`longer` is 0.5");
        refused(Schedule::constant(0.1).unwrap().warm_up(3, -1.0), "`from` is -1");
    }

    proptest! {
        /// No schedule leaves the interval between its lowest and highest rate, however late.
        #[test]
        fn rates_stay_in_their_interval(t in 0..100_000_usize, steps in 2..1000_usize) {
            let n = steps.max(8);
            let all = [
                Schedule::inverse_sqrt(1.0),
                Schedule::inverse_time(1.0, 0.5, steps, true),
                Schedule::step(1.0, steps, 0.1),
                Schedule::multi_step(1.0, &[steps, 2 * steps], 0.1),
                Schedule::exponential(1.0, 0.9, steps, false),
                Schedule::polynomial(1.0, 0.1, steps, 2.0, true),
                Schedule::linear(1.0, 0.1, steps),
                Schedule::cosine(1.0, 0.1, steps),
                Schedule::warm_restarts(1.0, 0.1, steps, 2.0, 0.5),
                Schedule::cyclic(0.1, 1.0, steps, steps / 2, 0.5),
                Schedule::one_cycle(1.0, n),
                Schedule::cosine(1.0, 0.0, steps).and_then(|s| s.warm_up(steps, 0.0)),
            ];
            for schedule in all {
                let schedule = schedule.unwrap();
                let rate = schedule.at(t);
                prop_assert!((0.0..=1.0 + 1e-15).contains(&rate), "{:?}: {}", schedule, rate);
            }
        }

        /// A schedule written down is the same schedule.
        #[test]
        fn schedules_survive_json(rate in 0.0..10.0_f64, steps in 1..1000_usize) {
            let schedule = Schedule::cosine(rate, 0.0, steps).unwrap().warm_up(3, 0.0).unwrap();
            let text = serde_json::to_string(&schedule).unwrap();
            prop_assert_eq!(serde_json::from_str::<Schedule>(&text).unwrap(), schedule);
        }
    }
}
