use ndarray::{Array1, Array2, Axis, Zip};

use super::descent::{Direction, Progress, Step, cautious_first_step};
use crate::{Objective, Result};

/// BFGS: the inverse Hessian H, learnt from the steps.
///
/// d = −H g;  H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ with s = x′ − x, y = g′ − g, ρ = 1 / sᵀy
///
/// The update has rank two and makes the secant condition H y = s hold. H begins as I, or with
/// [`scaled`](Bfgs::scaled) as sᵀy / yᵀy · I from the first step, which is along −g. A pair with sᵀy ≤ ε ‖s‖ ‖y‖ would spoil H and is
/// skipped. n² numbers of memory. Source: C. G. Broyden, R. Fletcher, D. Goldfarb, D. F. Shanno (1970).
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{Bfgs, Descent, StrongWolfe};
///
/// let f = gradus::problems::ellipse(100.0, 0.5)?;
/// let mut method = Descent::new(Bfgs::new(), StrongWolfe::default());
/// let trace = Minimize::steps(50).stop(Stop::GradientNorm(1e-9)).solve(&f, &f.start, &mut method)?;
/// let product = method.direction.inverse_hessian().unwrap().dot(&f.hessian(trace.x.view()));
/// assert!((product - Array2::<f64>::eye(2)).iter().all(|d| d.abs() < 0.05));
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bfgs {
    inverse: Option<Array2<f64>>,
    scaled: bool,
}

impl Bfgs {
    /// BFGS that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// BFGS that takes the size of its first H from the first step (J. Nocedal and S. Wright, 6.20): it is then
    /// indifferent to the units of f and x.
    ///
    /// ```
    /// let bfgs = gradus::second_order::Bfgs::scaled();
    /// assert!(bfgs.inverse_hessian().is_none());
    /// ```
    pub fn scaled() -> Self {
        Self { scaled: true, ..Self::default() }
    }

    /// H, the approximation of the inverse Hessian; `None` before the first step.
    pub fn inverse_hessian(&self) -> Option<&Array2<f64>> {
        self.inverse.as_ref()
    }
}

impl Direction for Bfgs {
    fn name(&self) -> &'static str {
        "BFGS"
    }

    fn direction<O: Objective + ?Sized>(
        &mut self,
        _: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()> {
        match &self.inverse {
            Some(inverse) => direction.assign(&-inverse.dot(at.gradient)),
            None => direction.zip_mut_with(at.gradient, |d, g| *d = -g),
        }
        Ok(())
    }

    fn first_step(&self, at: Progress<'_>, _: f64) -> f64 {
        if self.inverse.is_some() { 1.0 } else { cautious_first_step(at.gradient.view()) }
    }

    fn learn(&mut self, step: Step<'_>) {
        let s = step.to - step.from;
        let y = step.to_gradient - step.from_gradient;
        let (sy, yy) = (s.dot(&y), y.dot(&y));
        if !is_curved(sy, s.dot(&s), yy) {
            return;
        }
        let first = if self.scaled { sy / yy } else { 1.0 };
        let inverse = self
            .inverse
            .get_or_insert_with(|| Array2::from_diag(&Array1::from_elem(s.len(), first)));
        // H + (1 + ρ yᵀHy) ρ s sᵀ − ρ (s (Hy)ᵀ + (Hy) sᵀ)
        let hy = inverse.dot(&y);
        let rho = 1.0 / sy;
        let scale = (1.0 + rho * y.dot(&hy)) * rho;
        for ((mut row, &si), &hyi) in inverse.axis_iter_mut(Axis(0)).zip(&s).zip(&hy) {
            Zip::from(&mut row).and(&s).and(&hy).for_each(|h, &sj, &hyj| {
                *h += scale * si * sj - rho * (si * hyj + hyi * sj);
            });
        }
    }

    fn reset(&mut self) {
        self.inverse = None;
    }
}

/// Whether a pair shows positive curvature beyond rounding: sᵀy > ε ‖s‖ ‖y‖.
pub(super) fn is_curved(sy: f64, ss: f64, yy: f64) -> bool {
    sy.is_finite() && sy > f64::EPSILON * (ss * yy).sqrt() && yy.is_finite()
}
