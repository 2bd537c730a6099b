use super::{LineSearch, Slice, Trial};
use crate::{Error, Objective, Result};

/// Backtracking until f falls enough: φ(t) ≤ φ(0) + c t φ′(0).
///
/// A length that fails is replaced by the minimum of the parabola through φ(0), φ′(0) and φ(t), held between a
/// tenth and a half of it. Default: c = 10⁻⁴. Source: L. Armijo (1966); J. Nocedal and S. Wright, algorithm 3.1.
///
/// ```
/// use gradus::second_order::Armijo;
/// assert_eq!(Armijo::default(), Armijo::new(1e-4)?);
/// assert!(Armijo::new(1.0).is_err());
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Armijo {
    decrease: f64,
}

impl Armijo {
    /// Backtracking with the constant c.
    ///
    /// # Errors
    /// If c is not in (0, 1).
    pub fn new(decrease: f64) -> Result<Self> {
        let valid = decrease > 0.0 && decrease < 1.0;
        Error::check(valid, "decrease", decrease, "a number in (0, 1)")?;
        Ok(Self { decrease })
    }
}

impl Default for Armijo {
    fn default() -> Self {
        Self { decrease: 1e-4 }
    }
}

impl LineSearch for Armijo {
    fn search<O: Objective + ?Sized>(&self, slice: &mut Slice<'_, O>, first: f64) -> Option<Trial> {
        let start = slice.start();
        let mut t = first;
        while slice.moves(t) {
            let trial = slice.at(t);
            if trial.is_finite() && trial.value <= start.value + self.decrease * t * start.slope {
                return Some(slice.accept(t));
            }
            let above = trial.value - start.value - start.slope * t;
            let parabola = -start.slope * t * t / (2.0 * above);
            t = if parabola.is_finite() { parabola.clamp(0.1 * t, 0.5 * t) } else { 0.1 * t };
        }
        None
    }
}
