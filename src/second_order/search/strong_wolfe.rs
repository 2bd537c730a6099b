use super::{LineSearch, Slice, Trial};
use crate::{Error, Objective, Result};

/// Moré and Thuente's search for the strong Wolfe conditions:
/// φ(t) ≤ φ(0) + c₁ t φ′(0) and |φ′(t)| ≤ c₂ |φ′(0)|.
///
/// It keeps an interval that holds such a point and narrows it by cubic and quadratic interpolation. Defaults:
/// c₁ = 10⁻⁴, c₂ = 0.9, right for quasi-Newton methods; conjugate gradients want c₂ = 0.1 to 0.4. Source:
/// J. J. Moré and D. J. Thuente (1994), as in MINPACK-2's `dcsrch`.
///
/// ```
/// use gradus::second_order::StrongWolfe;
/// assert_eq!(StrongWolfe::default(), StrongWolfe::new(1e-4, 0.9)?);
/// assert!(StrongWolfe::new(0.5, 0.1).is_err());
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StrongWolfe {
    decrease: f64,
    curvature: f64,
}

impl StrongWolfe {
    /// The search with the constants c₁ and c₂.
    ///
    /// # Errors
    /// If not 0 < c₁ < c₂ < 1.
    pub fn new(decrease: f64, curvature: f64) -> Result<Self> {
        Error::check(decrease > 0.0, "decrease", decrease, "a number > 0")?;
        let valid = curvature > decrease && curvature < 1.0;
        Error::check(valid, "curvature", curvature, "a number between `decrease` and 1")?;
        Ok(Self { decrease, curvature })
    }
}

impl Default for StrongWolfe {
    fn default() -> Self {
        Self { decrease: 1e-4, curvature: 0.9 }
    }
}

/// The evaluations that a search may cost.
const TRIALS: usize = 20;
/// The interval's smallest relative width.
const WIDTH: f64 = 1e-14;

impl LineSearch for StrongWolfe {
    fn search<O: Objective + ?Sized>(&self, slice: &mut Slice<'_, O>, first: f64) -> Option<Trial> {
        let start = slice.start();
        if !(start.slope < 0.0 && first > 0.0) {
            return None;
        }
        let enough = self.decrease * start.slope;
        // Near a minimum the decrease is lost in the rounding of f while slopes still tell.
        let rounding = 2.0 * f64::EPSILON * start.value.abs();
        let mut interval = Interval { best: start, other: start, bracketed: false };
        // Until φ has fallen enough, the search looks for a minimum of φ(t) − φ(0) − c₁ t φ′(0).
        let mut auxiliary = true;
        let mut outside = f64::INFINITY;
        let (mut width, mut width_before) = (f64::INFINITY, f64::INFINITY);
        let (mut low, mut high) = (0.0, 5.0 * first);
        let mut t = first;
        for _ in 0..TRIALS {
            if !(t.is_finite() && slice.moves(t)) {
                break;
            }
            let trial = slice.at(t);
            let best = interval.best;
            if !trial.is_finite() {
                // Beyond the function's domain: never go there again.
                outside = t;
                t = best.length + 0.1 * (t - best.length);
                continue;
            }
            let fallen = trial.value <= start.value + t * enough + rounding;
            if fallen && trial.slope.abs() <= self.curvature * -start.slope {
                return Some(slice.accept(t));
            }
            let exhausted = |t: f64| t <= low || t >= high || high - low <= WIDTH * high;
            if interval.bracketed && exhausted(t) {
                break;
            }
            auxiliary &= !(fallen && trial.slope >= 0.0);
            t = if auxiliary && trial.value <= best.value && !fallen {
                interval.tilt(enough);
                let next = interval.update(trial.tilted(enough), low, high);
                interval.tilt(-enough);
                next
            } else {
                interval.update(trial, low, high)
            };
            let (best, other) = (interval.best.length, interval.other.length);
            if interval.bracketed {
                let now = (other - best).abs();
                if now >= 0.66 * width_before {
                    t = best + 0.5 * (other - best);
                }
                (width_before, width) = (width, now);
                (low, high) = (best.min(other), best.max(other));
                if t <= low || t >= high || high - low <= WIDTH * high {
                    t = best;
                }
            } else {
                low = t + 1.1 * (t - best);
                high = t + 4.0 * (t - best);
            }
            if t >= outside {
                t = best + 0.5 * (outside - best);
            }
        }
        // No point fulfils both conditions to rounding: the best will do if it is lower.
        let best = interval.best;
        (best.length > 0.0 && best.value < start.value).then(|| slice.accept(best.length))
    }
}

/// The best trial and one on the other side; φ falls from `best` towards `other`.
struct Interval {
    best: Trial,
    other: Trial,
    bracketed: bool,
}

impl Interval {
    fn tilt(&mut self, c: f64) {
        self.best = self.best.tilted(c);
        self.other = self.other.tilted(c);
    }

    /// MINPACK-2's `dcstep`: takes `trial` in and gives the next length to try.
    fn update(&mut self, trial: Trial, low: f64, high: f64) -> f64 {
        let Trial { length: tx, value: fx, slope: dx } = self.best;
        let Trial { length: t, value: f, slope: d } = trial;
        let higher = f > fx;
        let turned = d * dx.signum() < 0.0;
        // The secant of the slopes.
        let secant = t + d / (d - dx) * (tx - t);
        let next = if higher {
            // The minimum lies between. The cubic's, or halfway to the parabola's.
            let c = tx + cubic(self.best, trial) * (t - tx);
            let q = tx + dx / ((fx - f) / (t - tx) + dx) / 2.0 * (t - tx);
            self.bracketed = true;
            if (c - tx).abs() < (q - tx).abs() { c } else { c + (q - c) / 2.0 }
        } else if turned {
            // Lower, and the slope has turned: between again. The farther one.
            let c = t + cubic(trial, self.best) * (tx - t);
            self.bracketed = true;
            if (c - t).abs() > (secant - t).abs() { c } else { secant }
        } else if d.abs() < dx.abs() {
            // Lower, the slope flattens: the cubic's minimum may lie beyond, or not exist.
            let r = cubic(trial, self.best);
            let c = if r < 0.0 {
                t + r * (tx - t)
            } else if t > tx {
                high
            } else {
                low
            };
            let cubic_is_nearer = (c - t).abs() < (secant - t).abs();
            if self.bracketed {
                let nearer = if cubic_is_nearer { c } else { secant };
                let bound = t + 0.66 * (self.other.length - t);
                if t > tx { nearer.min(bound) } else { nearer.max(bound) }
            } else {
                let farther = if cubic_is_nearer { secant } else { c };
                farther.min(high).max(low)
            }
        } else if self.bracketed {
            // Lower, and as steep as before: towards the other end.
            t + cubic(trial, self.other) * (self.other.length - t)
        } else if t > tx {
            high
        } else {
            low
        };
        if higher {
            self.other = trial;
        } else {
            if turned {
                self.other = self.best;
            }
            self.best = trial;
        }
        next
    }
}

/// The minimum of the cubic through two trials, as a part of the way from `a` to `b`.
fn cubic(a: Trial, b: Trial) -> f64 {
    let theta = 3.0 * (a.value - b.value) / (b.length - a.length) + a.slope + b.slope;
    let scale = theta.abs().max(a.slope.abs()).max(b.slope.abs());
    let root = (theta / scale).powi(2) - (a.slope / scale) * (b.slope / scale);
    let gamma = scale * root.max(0.0).sqrt() * if b.length < a.length { -1.0 } else { 1.0 };
    ((gamma - a.slope) + theta) / (((gamma - a.slope) + gamma) + b.slope)
}
