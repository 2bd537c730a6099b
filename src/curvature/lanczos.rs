use ndarray::{Array1, Array2, ArrayView1};
use rand::Rng;

use crate::{Error, Objective, Result, data, linalg};

/// The two ends of a Hessian's spectrum, as Lanczos' method finds them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// The smallest eigenvalue, approached from above.
    pub min: f64,
    /// The largest eigenvalue, approached from below.
    pub max: f64,
    /// A true eigenvalue is at most this far from `min`.
    pub min_residual: f64,
    /// A true eigenvalue is at most this far from `max`.
    pub max_residual: f64,
    /// The number of Hessian-vector products.
    pub products: usize,
}

/// The smallest and the largest eigenvalue of the Hessian at `x` from at most `products` Hessian-vector
/// products, without the Hessian.
///
/// Lanczos' three-term recurrence from a random vector. It keeps three vectors, so n may be large; without
/// reorthogonalisation it may find an extreme eigenvalue twice, which does no harm here. The residuals
/// bound the distance to the nearest eigenvalue. Source: C. Lanczos (1950); C. C. Paige (1972).
///
/// ```
/// use gradus::prelude::*;
/// use gradus::{curvature::extremes, problems::Chain};
///
/// let f = Chain::new(50)?;
/// let ends = extremes(&f, Array1::zeros(50).view(), 50, 0)?;
/// assert!((ends.max - f.eigenvalue(50)).abs() < 1e-9);
/// assert!((ends.min - f.eigenvalue(1)).abs() < 1e-9);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `x` is empty, `products` is 0, or a product is not finite.
pub fn extremes<O: Objective + ?Sized>(
    objective: &O,
    x: ArrayView1<'_, f64>,
    products: usize,
    seed: u64,
) -> Result<Extremes> {
    let n = x.len();
    Error::check(n > 0, "x", "empty", "at least one coordinate")?;
    Error::check(products > 0, "products", products, "at least 1")?;
    let mut rng = data::rng(seed);
    let mut v: Array1<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
    v /= v.dot(&v).sqrt();
    let mut before = Array1::zeros(n);
    let (mut diagonal, mut off) = (Vec::new(), Vec::new());
    let mut beta = 0.0;
    for _ in 0..products.min(n) {
        let mut w = objective.hessian_vector_product(x, v.view());
        let alpha = v.dot(&w);
        Error::check(alpha.is_finite(), "Hessian-vector product", alpha, "finite numbers")?;
        w.scaled_add(-alpha, &v);
        w.scaled_add(-beta, &before);
        beta = w.dot(&w).sqrt();
        diagonal.push(alpha);
        off.push(beta);
        // The Krylov space is exhausted: its eigenvalues are exact.
        let scale = diagonal.iter().chain(&off).fold(0.0_f64, |m, a| m.max(a.abs()));
        if beta <= f64::EPSILON * scale {
            break;
        }
        w /= beta;
        before = std::mem::replace(&mut v, w);
    }
    let k = diagonal.len();
    let tridiagonal = Array2::from_shape_fn((k, k), |(i, j)| match i.abs_diff(j) {
        0 => diagonal[i],
        1 => off[i.min(j)],
        _ => 0.0,
    });
    let eigen = linalg::symmetric_eigen(&tridiagonal);
    let end = |i: usize| (eigen.values[i], (beta * eigen.vectors[(k - 1, i)]).abs());
    let (min, min_residual) = end(0);
    let (max, max_residual) = end(k - 1);
    Ok(Extremes { min, max, min_residual, max_residual, products: k })
}
