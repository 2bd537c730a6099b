use super::{LineSearch, Slice, Trial};
use crate::Objective;

/// Hager and Zhang's search for the Wolfe conditions, or near a minimum, where φ(t) − φ(0) is lost in
/// rounding, for the approximate ones: (2 δ − 1) φ′(0) ≥ φ′(t) ≥ σ φ′(0) with φ(t) ≤ φ(0) + ε |φ(0)|.
///
/// It brackets by growing the step five times, then narrows by the double secant step. Defaults: δ = 0.1, σ = 0.9, ε = 10⁻⁶,
/// the authors'. It finds more exact minima than [`StrongWolfe`](super::StrongWolfe), which compares values. Source: W. W. Hager and
/// H. Zhang (2005), CG_DESCENT.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{ConjugateGradients, Descent, HagerZhang};
///
/// let f = gradus::problems::nesterov_chain(30)?;
/// let mut method = Descent::new(ConjugateGradients::new(), HagerZhang::default());
/// let trace = Minimize::steps(1000).stop(Stop::GradientNorm(1e-10)).solve(&f, &f.start, &mut method)?;
/// assert!((trace.value() - f.lowest().unwrap()).abs() < 1e-14);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HagerZhang {
    /// δ, in (0, ½).
    pub decrease: f64,
    /// σ, in [δ, 1).
    pub curvature: f64,
    /// ε, how much of |φ(0)| is taken for rounding.
    pub rounding: f64,
}

impl Default for HagerZhang {
    fn default() -> Self {
        Self { decrease: 0.1, curvature: 0.9, rounding: 1e-6 }
    }
}

/// The evaluations that a search may cost.
const TRIALS: usize = 60;

/// An interval with φ′(low) < 0 ≤ φ′(high) and φ(low) not above φ(0).
type Bracket = (Trial, Trial);

struct Search<'a, 'b, O: ?Sized> {
    slice: &'a mut Slice<'b, O>,
    limits: HagerZhang,
    start: Trial,
    left: usize,
}

/// The search has found a length, or may not go on.
struct Done(Option<f64>);

impl<O: Objective + ?Sized> Search<'_, '_, O> {
    /// φ at t; ends the search if t is acceptable.
    fn trial(&mut self, t: f64) -> Result<Trial, Done> {
        if self.left == 0 || !self.slice.moves(t) {
            return Err(Done(None));
        }
        self.left -= 1;
        let trial = self.slice.at(t);
        let HagerZhang { decrease, curvature, .. } = self.limits;
        let Trial { value, slope, .. } = self.start;
        let flat = trial.slope >= curvature * slope;
        let wolfe = trial.value - value <= decrease * t * slope;
        let approximate = (2.0 * decrease - 1.0) * slope >= trial.slope && self.is_low(trial);
        if trial.is_finite() && flat && (wolfe || approximate) {
            return Err(Done(Some(t)));
        }
        Ok(trial)
    }

    fn is_low(&self, trial: Trial) -> bool {
        trial.value <= self.start.value + self.limits.rounding * self.start.value.abs()
    }

    /// Halves an interval whose upper end is too high until it is a bracket.
    fn halve(&mut self, mut low: Trial, mut high: f64) -> Result<Bracket, Done> {
        loop {
            let middle = self.trial(0.5 * (low.length + high))?;
            if !middle.is_finite() || (middle.slope < 0.0 && !self.is_low(middle)) {
                high = middle.length;
            } else if middle.slope < 0.0 {
                low = middle;
            } else {
                return Ok((low, middle));
            }
        }
    }

    fn bracket(&mut self, first: f64) -> Result<Bracket, Done> {
        let mut low = self.start;
        let mut t = first;
        let mut trial = self.trial(t)?;
        while !trial.is_finite() {
            t *= 0.1;
            trial = self.trial(t)?;
        }
        loop {
            if !trial.is_finite() || (trial.slope < 0.0 && !self.is_low(trial)) {
                return self.halve(low, t);
            }
            if trial.slope >= 0.0 {
                return Ok((low, trial));
            }
            low = trial;
            t *= 5.0;
            trial = self.trial(t)?;
        }
    }

    /// The bracket with `t` taken in.
    fn narrow(&mut self, (low, high): Bracket, t: f64) -> Result<Bracket, Done> {
        if !(t > low.length && t < high.length) {
            return Ok((low, high));
        }
        let trial = self.trial(t)?;
        if trial.slope >= 0.0 {
            Ok((low, trial))
        } else if self.is_low(trial) {
            Ok((trial, high))
        } else {
            self.halve(low, t)
        }
    }

    /// The double secant step.
    fn secant(&mut self, bracket: Bracket) -> Result<Bracket, Done> {
        let (low, high) = bracket;
        let c = secant(low, high);
        let (new_low, new_high) = self.narrow(bracket, c)?;
        if c == new_high.length {
            self.narrow((new_low, new_high), secant(high, new_high))
        } else if c == new_low.length {
            self.narrow((new_low, new_high), secant(low, new_low))
        } else {
            Ok((new_low, new_high))
        }
    }

    fn run(&mut self, first: f64) -> Result<(), Done> {
        let mut bracket = self.bracket(first)?;
        loop {
            let width = bracket.1.length - bracket.0.length;
            bracket = self.secant(bracket)?;
            if bracket.1.length - bracket.0.length > 0.66 * width {
                bracket = self.narrow(bracket, 0.5 * (bracket.0.length + bracket.1.length))?;
            }
        }
    }
}

/// Where the line through both slopes is zero.
fn secant(a: Trial, b: Trial) -> f64 {
    (a.length * b.slope - b.length * a.slope) / (b.slope - a.slope)
}

impl LineSearch for HagerZhang {
    fn search<O: Objective + ?Sized>(&self, slice: &mut Slice<'_, O>, first: f64) -> Option<Trial> {
        let start = slice.start();
        if !(start.slope < 0.0 && first > 0.0) {
            return None;
        }
        let mut search = Search { slice, limits: *self, start, left: TRIALS };
        match search.run(first) {
            Err(Done(Some(t))) => Some(slice.accept(t)),
            _ => {
                // Out of trials: the last one will do if it is lower.
                let last =
                    slice.last.filter(|last| last.is_finite() && last.value < start.value)?;
                Some(slice.accept(last.length))
            }
        }
    }
}
