use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, array};

use crate::{Error, Objective, Result};

/// f(x) = ½ xᵀ A x − bᵀ x with a symmetric A of shape n × n and b of length n.
///
/// ∇f = A x − b,  H = A
///
/// ```
/// use gradus::prelude::*;
/// use gradus::problems::Quadratic;
///
/// let f = Quadratic::new(array![[2.0, 0.0], [0.0, 8.0]], array![2.0, 0.0])?;
/// assert_eq!(f.value(array![1.0, 0.0].view()), -1.0);
/// assert_eq!(f.gradient(array![1.0, 0.0].view()), array![0.0, 0.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Quadratic {
    matrix: Array2<f64>,
    linear: Array1<f64>,
}

impl Quadratic {
    /// ½ xᵀ A x − bᵀ x.
    ///
    /// # Errors
    /// If `matrix` is not square and symmetric, if `linear` has another length, or if anything is not
    /// finite.
    pub fn new(matrix: Array2<f64>, linear: Array1<f64>) -> Result<Self> {
        crate::curvature::check_symmetric("matrix", &matrix)?;
        Error::check_len("linear", linear.len(), matrix.nrows())?;
        if let Some(bad) = linear.iter().find(|v| !v.is_finite()) {
            Error::check(false, "linear", bad, "finite numbers")?;
        }
        Ok(Self { matrix, linear })
    }

    /// The ellipse with curvatures 1 and κ, the flat axis turned by `angle` (radians) from the first
    /// coordinate axis; its minimum is 0 at the origin.
    ///
    /// # Errors
    /// If κ is not a finite number ≥ 1 or the angle is not finite.
    pub fn ellipse(kappa: f64, angle: f64) -> Result<Self> {
        Error::check(kappa >= 1.0 && kappa.is_finite(), "kappa", kappa, "a finite number >= 1")?;
        Error::check(angle.is_finite(), "angle", angle, "a finite number")?;
        let (s, c) = angle.sin_cos();
        let off = (1.0 - kappa) * s * c;
        let matrix = array![[c * c + kappa * s * s, off], [off, s * s + kappa * c * c]];
        Self::new(matrix, array![0.0, 0.0])
    }

    /// A, the Hessian.
    pub fn matrix(&self) -> &Array2<f64> {
        &self.matrix
    }

    /// b, minus the gradient at the origin.
    pub fn linear(&self) -> &Array1<f64> {
        &self.linear
    }
}

impl Objective for Quadratic {
    fn value_and_gradient(
        &self,
        x: ArrayView1<'_, f64>,
        mut gradient: ArrayViewMut1<'_, f64>,
    ) -> f64 {
        let ax = self.matrix.dot(&x);
        gradient.assign(&(&ax - &self.linear));
        0.5 * x.dot(&ax) - self.linear.dot(&x)
    }

    fn hessian_vector_product(
        &self,
        _: ArrayView1<'_, f64>,
        direction: ArrayView1<'_, f64>,
    ) -> Array1<f64> {
        self.matrix.dot(&direction)
    }

    fn hessian(&self, _: ArrayView1<'_, f64>) -> Array2<f64> {
        self.matrix.clone()
    }
}
