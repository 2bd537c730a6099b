use ndarray::{Array1, Array2};

use super::{check_finite, check_symmetric, rates};
use crate::Result;
use crate::linalg::{self, Eigen};

/// The eigenvalues and eigenvectors of a symmetric matrix, usually a Hessian.
///
/// The eigenvectors are the axes of its level ellipses, the eigenvalues the curvatures along them.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// λ₁ ≤ … ≤ λₙ.
    pub values: Array1<f64>,
    /// The unit eigenvectors as columns, in the order of the values.
    pub vectors: Array2<f64>,
}

/// What a stationary point is, by the signs of its Hessian's eigenvalues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Critical {
    /// All eigenvalues positive: a strict local minimum.
    Minimum,
    /// All eigenvalues negative: a strict local maximum.
    Maximum,
    /// Eigenvalues of both signs: a saddle, whatever else there is.
    Saddle {
        /// The number of negative eigenvalues, the index.
        down: usize,
    },
    /// One sign only, and some are zero within the tolerance: the Hessian does not decide.
    Degenerate {
        /// The number of eigenvalues that are zero within the tolerance.
        flat: usize,
    },
}

impl std::fmt::Display for Critical {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Minimum => write!(f, "minimum"),
            Self::Maximum => write!(f, "maximum"),
            Self::Saddle { down } => write!(f, "saddle with {down} ways down"),
            Self::Degenerate { flat } => write!(f, "degenerate: {flat} flat directions"),
        }
    }
}

/// The spectrum of a symmetric `matrix` of shape n × n, by Householder reduction and implicit QR.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::curvature::{Critical, spectrum};
///
/// // x² − y² has the Hessian diag(2, −2).
/// let spectrum = spectrum(&array![[2.0, 0.0], [0.0, -2.0]])?;
/// assert_eq!(spectrum.values, array![-2.0, 2.0]);
/// assert_eq!(spectrum.classify(1e-8), Critical::Saddle { down: 1 });
/// assert_eq!(spectrum.condition_number(), 1.0);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `matrix` is empty, not square, not finite, or asymmetric by more than 1e-8 of its largest entry.
pub fn spectrum(matrix: &Array2<f64>) -> Result<Spectrum> {
    check_symmetric("matrix", matrix)?;
    let Eigen { values, vectors } = linalg::symmetric_eigen(matrix);
    Ok(Spectrum { values, vectors })
}

impl Spectrum {
    /// λ₁, the smallest eigenvalue.
    pub fn min(&self) -> f64 {
        self.values[0]
    }

    /// λₙ, the largest eigenvalue.
    pub fn max(&self) -> f64 {
        self.values[self.values.len() - 1]
    }

    /// κ = max |λ| / min |λ|; infinite for a singular matrix.
    pub fn condition_number(&self) -> f64 {
        let size = |pick: fn(f64, f64) -> f64| self.values.iter().map(|v| v.abs()).reduce(pick);
        size(f64::max).unwrap_or(f64::NAN) / size(f64::min).unwrap_or(f64::NAN)
    }

    /// The best constant learning rate of gradient descent, 2 / (λ₁ + λₙ), on a quadratic with this
    /// spectrum; [`optimal_step`](rates::optimal_step).
    ///
    /// # Errors
    /// If not all eigenvalues are positive.
    pub fn optimal_step(&self) -> Result<f64> {
        rates::optimal_step(self.min(), self.max())
    }

    /// The kind of a stationary point. Eigenvalues of at most `tolerance` · max |λ| in size count as
    /// zero.
    ///
    /// The caller sees to it that the point is stationary.
    pub fn classify(&self, tolerance: f64) -> Critical {
        let limit = tolerance * self.min().abs().max(self.max().abs());
        let up = self.values.iter().filter(|&&v| v > limit).count();
        let down = self.values.iter().filter(|&&v| v < -limit).count();
        match (up, down, self.values.len() - up - down) {
            (1.., 1.., _) => Critical::Saddle { down },
            (_, 0, 0) => Critical::Minimum,
            (0, _, 0) => Critical::Maximum,
            (_, _, flat) => Critical::Degenerate { flat },
        }
    }
}

/// σ₁ ≥ σ₂ ≥ … ≥ 0, the singular values of any `matrix`.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::curvature::singular_values;
///
/// let sigma = singular_values(&array![[0.0, 3.0], [-2.0, 0.0]])?;
/// assert!((sigma[0] - 3.0).abs() < 1e-15 && (sigma[1] - 2.0).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `matrix` is empty or not finite.
pub fn singular_values(matrix: &Array2<f64>) -> Result<Array1<f64>> {
    check_finite("matrix", matrix)?;
    Ok(linalg::svd(matrix).sigma)
}

/// κ = σ₁ / σₙ of any `matrix`; for a symmetric one the ratio of absolute eigenvalues.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::curvature::condition_number;
///
/// assert_eq!(condition_number(&array![[1.0, 0.0], [0.0, -4.0]])?, 4.0);
/// assert_eq!(condition_number(&array![[1.0, 0.0], [0.0, 0.0]])?, f64::INFINITY);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `matrix` is empty or not finite.
pub fn condition_number(matrix: &Array2<f64>) -> Result<f64> {
    let sigma = singular_values(matrix)?;
    Ok(sigma[0] / sigma[sigma.len() - 1])
}
