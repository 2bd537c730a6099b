use ndarray::Array1;

use super::descent::{Direction, Progress};
use crate::curvature::spectrum;
use crate::linalg::solve;
use crate::{Error, Objective, Result};

/// Which Hessian [`Newton`] divides by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Curvature {
    /// The Hessian as it is: drawn to saddles and maxima as to minima. A singular one is an error.
    Pure,
    /// The Hessian with its eigenvalues λ replaced by max(|λ|, δ · max |λ|): always downhill, and away from
    /// saddles. δ > 0, often 10⁻⁸.
    Absolute {
        /// δ, the smallest eigenvalue over the largest.
        floor: f64,
    },
}

/// Newton's method: d = −H⁻¹ g, the way to the minimum of the second-order model.
///
/// With [`Curvature::Absolute`], the default (δ = 10⁻⁸), H is made positive definite, so that d leads downhill
/// and leaves saddles; with a line search that is the damped, regularised method. [`Newton::pure`] with
/// [`FullStep`](super::FullStep) is the textbook's. O(n²) memory, O(n³) time a step. Source:
/// Y. Dauphin et al. (2014) for the absolute values.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{Armijo, Descent, FullStep, Newton};
///
/// // x² − y²/2 + y⁴/4: a saddle at the origin, minima at (0, ±1).
/// let f = |w: ArrayView1<f64>| {
///     let (x, y) = (w[0], w[1]);
///     (x * x - y * y / 2.0 + y.powi(4) / 4.0, array![2.0 * x, y.powi(3) - y])
/// };
/// let start = array![1.0, 0.1];
/// let run = Minimize::steps(50).stop(Stop::GradientNorm(1e-8));
/// let saddle = run.solve(&f, &start, &mut Descent::new(Newton::pure(), FullStep))?;
/// assert!(saddle.x.dot(&saddle.x) < 1e-12);
/// let run = Minimize::steps(50).stop(Stop::GradientNorm(1e-8));
/// let minimum = run.solve(&f, &start, &mut Descent::new(Newton::default(), Armijo::default()))?;
/// assert!((minimum.x[1] - 1.0).abs() < 1e-6);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Newton {
    /// Which Hessian to divide by.
    pub curvature: Curvature,
}

impl Newton {
    /// Newton's method with the Hessian as it is.
    pub fn pure() -> Self {
        Self { curvature: Curvature::Pure }
    }
}

impl Default for Newton {
    fn default() -> Self {
        Self { curvature: Curvature::Absolute { floor: 1e-8 } }
    }
}

impl Direction for Newton {
    fn name(&self) -> &'static str {
        "Newton"
    }

    fn direction<O: Objective + ?Sized>(
        &mut self,
        objective: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()> {
        let hessian = objective.hessian(at.x.view());
        match self.curvature {
            Curvature::Pure => {
                crate::curvature::check_finite("hessian", &hessian)?;
                let solution = solve(&hessian, at.gradient.view()).ok_or(Error::Argument {
                    argument: "hessian",
                    value: "singular".into(),
                    expected: "an invertible Hessian; Curvature::Absolute needs none",
                })?;
                direction.zip_mut_with(&solution, |d, s| *d = -s);
            }
            Curvature::Absolute { floor } => {
                Error::check(floor > 0.0 && floor < 1.0, "floor", floor, "a number in (0, 1)")?;
                let spectrum = spectrum(&hessian)?;
                let largest = spectrum.min().abs().max(spectrum.max().abs());
                // A Hessian of zero says nothing: then H = I.
                let least = if largest > 0.0 { floor * largest } else { 1.0 };
                let mut along = spectrum.vectors.t().dot(at.gradient);
                along.zip_mut_with(&spectrum.values, |c, v| *c /= -v.abs().max(least));
                direction.assign(&spectrum.vectors.dot(&along));
            }
        }
        Ok(())
    }

    fn may_climb(&self) -> bool {
        self.curvature == Curvature::Pure
    }
}
