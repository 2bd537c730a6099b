use ndarray::{Array1, ArrayView1, ArrayViewMut1};

use crate::{Error, Objective, Result};

/// f(x) = ½ (x₁² + Σ (xᵢ − xᵢ₊₁)² + xₙ²) − x₁, Nesterov's chain.
///
/// Its Hessian is the tridiagonal (−1, 2, −1) with the eigenvalues 2 − 2 cos(iπ / (n + 1)). A first-order
/// method that starts from 0 moves at most one more coordinate away from 0 at each gradient: that bounds
/// them all from below. Source: Y. Nesterov, *Introductory Lectures on Convex Optimization* (2004),
/// section 2.1.2.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::problems::Chain;
///
/// let f = Chain::new(3)?;
/// assert_eq!(f.gradient(array![0.0, 0.0, 0.0].view()), array![-1.0, 0.0, 0.0]);
/// assert_eq!(f.value(array![0.75, 0.5, 0.25].view()), -0.375);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    n: usize,
}

impl Chain {
    /// The chain of n ≥ 1 coordinates.
    ///
    /// # Errors
    /// If n is 0.
    pub fn new(n: usize) -> Result<Self> {
        Error::check(n > 0, "n", n, "at least 1")?;
        Ok(Self { n })
    }

    /// λᵢ = 2 − 2 cos(iπ / (n + 1)) for i = 1 … n, from the smallest.
    pub fn eigenvalue(&self, i: usize) -> f64 {
        // As 4 sin² of half the angle, which does not cancel.
        4.0 * (std::f64::consts::FRAC_PI_2 * i as f64 / (self.n + 1) as f64).sin().powi(2)
    }

    /// A v.
    fn product(&self, v: ArrayView1<'_, f64>) -> impl Iterator<Item = f64> {
        let n = v.len();
        (0..n).map(move |i| {
            let before = if i > 0 { v[i - 1] } else { 0.0 };
            let after = if i + 1 < n { v[i + 1] } else { 0.0 };
            2.0 * v[i] - before - after
        })
    }
}

impl Objective for Chain {
    fn value_and_gradient(
        &self,
        x: ArrayView1<'_, f64>,
        mut gradient: ArrayViewMut1<'_, f64>,
    ) -> f64 {
        let mut quadratic = 0.0;
        for ((g, ax), x) in gradient.iter_mut().zip(self.product(x)).zip(x) {
            *g = ax;
            quadratic += ax * x;
        }
        gradient[0] -= 1.0;
        0.5 * quadratic - x[0]
    }

    fn hessian_vector_product(
        &self,
        _: ArrayView1<'_, f64>,
        direction: ArrayView1<'_, f64>,
    ) -> Array1<f64> {
        self.product(direction).collect()
    }
}
