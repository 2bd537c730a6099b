use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

use crate::{Error, Objective, Result};

/// Σ 100 (x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)² over i = 1 … n/2: Rosenbrock's function again and again, for any even
/// n, in one pass.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::problems::ExtendedRosenbrock;
///
/// let f = ExtendedRosenbrock::new(4)?;
/// assert_eq!(f.value(array![-1.0, 1.0, 1.0, 1.0].view()), 4.0);
/// assert_eq!(f.gradient(array![-1.0, 1.0, 1.0, 1.0].view()), array![-4.0, 0.0, 0.0, 0.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ExtendedRosenbrock {
    n: usize,
}

impl ExtendedRosenbrock {
    /// The function of n coordinates.
    ///
    /// # Errors
    /// If n is 0 or odd.
    pub fn new(n: usize) -> Result<Self> {
        Error::check(n > 0 && n.is_multiple_of(2), "n", n, "an even number > 0")?;
        Ok(Self { n })
    }

    /// (−1.2, 1, −1.2, 1, …), the usual start.
    pub fn start(&self) -> Array1<f64> {
        (0..self.n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect()
    }
}

impl Objective for ExtendedRosenbrock {
    fn value_and_gradient(
        &self,
        x: ArrayView1<'_, f64>,
        mut gradient: ArrayViewMut1<'_, f64>,
    ) -> f64 {
        let mut value = 0.0;
        for i in (0..x.len()).step_by(2) {
            let bend = x[i + 1] - x[i] * x[i];
            let rest = 1.0 - x[i];
            value += 100.0 * bend * bend + rest * rest;
            gradient[i] = -400.0 * x[i] * bend - 2.0 * rest;
            gradient[i + 1] = 200.0 * bend;
        }
        value
    }

    fn hessian_vector_product(
        &self,
        x: ArrayView1<'_, f64>,
        direction: ArrayView1<'_, f64>,
    ) -> Array1<f64> {
        let mut product = Array1::zeros(x.len());
        for i in (0..x.len()).step_by(2) {
            let (u, v) = (direction[i], direction[i + 1]);
            product[i] = (1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0) * u - 400.0 * x[i] * v;
            product[i + 1] = -400.0 * x[i] * u + 200.0 * v;
        }
        product
    }

    fn hessian(&self, x: ArrayView1<'_, f64>) -> Array2<f64> {
        let mut hessian = Array2::zeros((x.len(), x.len()));
        for i in (0..x.len()).step_by(2) {
            hessian[[i, i]] = 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0;
            hessian[[i, i + 1]] = -400.0 * x[i];
            hessian[[i + 1, i]] = -400.0 * x[i];
            hessian[[i + 1, i + 1]] = 200.0;
        }
        hessian
    }
}
