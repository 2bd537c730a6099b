//! How far to go along a direction.

mod armijo;
mod hager_zhang;
mod strong_wolfe;

use ndarray::{Array1, Zip};

use crate::Objective;

pub use armijo::Armijo;
pub use hager_zhang::HagerZhang;
pub use strong_wolfe::StrongWolfe;

/// f along a direction: φ(t) = f(x + t d), with φ′(t) = ∇f(x + t d)ᵀ d.
pub struct Slice<'a, O: ?Sized> {
    pub(super) objective: &'a O,
    pub(super) from: &'a Array1<f64>,
    pub(super) direction: &'a Array1<f64>,
    /// φ(0).
    pub value: f64,
    /// φ′(0).
    pub slope: f64,
    pub(super) point: &'a mut Array1<f64>,
    pub(super) gradient: &'a mut Array1<f64>,
    pub(super) evaluations: usize,
    pub(super) last: Option<Trial>,
}

/// A length with what was found there: t, φ(t), φ′(t).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// t.
    pub length: f64,
    /// φ(t).
    pub value: f64,
    /// φ′(t).
    pub slope: f64,
}

impl Trial {
    /// The trial for φ(t) − c t.
    fn tilted(self, c: f64) -> Self {
        Self { value: self.value - self.length * c, slope: self.slope - c, ..self }
    }

    fn is_finite(self) -> bool {
        self.value.is_finite() && self.slope.is_finite()
    }
}

impl<O: Objective + ?Sized> Slice<'_, O> {
    /// φ and φ′ at t, from one evaluation of f and ∇f.
    pub fn at(&mut self, t: f64) -> Trial {
        Zip::from(&mut *self.point)
            .and(self.from)
            .and(self.direction)
            .for_each(|p, &x, &d| *p = x + t * d);
        let value = self.objective.value_and_gradient(self.point.view(), self.gradient.view_mut());
        self.evaluations += 1;
        let trial = Trial { length: t, value, slope: self.gradient.dot(self.direction) };
        self.last = Some(trial);
        trial
    }

    /// The trial at t = 0, which is known.
    pub fn start(&self) -> Trial {
        Trial { length: 0.0, value: self.value, slope: self.slope }
    }

    /// Ends a search at t, evaluating it once more if it was not the last one.
    pub fn accept(&mut self, t: f64) -> Trial {
        match self.last {
            Some(last) if last.length == t => last,
            _ => self.at(t),
        }
    }

    /// Whether x + t d differs from x, in any coordinate.
    pub fn moves(&self, t: f64) -> bool {
        self.from.iter().zip(self.direction).any(|(&x, &d)| x + t * d != x)
    }
}

/// How far to go: finds a step length from values and slopes along the direction.
pub trait LineSearch {
    /// Looks for a step length, beginning with `first`; `None` if none is found that lowers f. It ends with
    /// [`Slice::accept`].
    ///
    /// Values that are not finite count as too high.
    fn search<O: Objective + ?Sized>(&self, slice: &mut Slice<'_, O>, first: f64) -> Option<Trial>;
}

/// t = 1 always, uphill too: the pure Newton method.
///
/// ```
/// use gradus::second_order::{Descent, FullStep, Newton};
/// let method = Descent::new(Newton::pure(), FullStep);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FullStep;

impl LineSearch for FullStep {
    fn search<O: Objective + ?Sized>(&self, slice: &mut Slice<'_, O>, _: f64) -> Option<Trial> {
        Some(slice.accept(1.0))
    }
}
