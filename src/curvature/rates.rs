//! Steps and rates on quadratics, by their extreme curvatures 0 < λ₁ ≤ λₙ.
//!
//! A rate r says that the error shrinks by the factor r at each step, in the long run.

use ndarray::ArrayView1;

use crate::{Error, Objective, Result};

fn check_extremes(smallest: f64, largest: f64) -> Result<()> {
    Error::check(smallest > 0.0, "smallest", smallest, "a positive eigenvalue")?;
    Error::check(
        largest >= smallest && largest.is_finite(),
        "largest",
        largest,
        "a finite eigenvalue, at least the smallest",
    )
}

/// 2 / (λ₁ + λₙ), the learning rate with which gradient descent converges fastest in the worst case.
///
/// ```
/// use gradus::curvature::{descent_rate, optimal_step};
///
/// let eta = optimal_step(1.0, 9.0)?;
/// assert_eq!(eta, 0.2);
/// assert!((descent_rate(eta, 1.0, 9.0) - (9.0 - 1.0) / (9.0 + 1.0)).abs() < 1e-15); // (κ−1)/(κ+1)
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If not 0 < `smallest` ≤ `largest` < ∞.
pub fn optimal_step(smallest: f64, largest: f64) -> Result<f64> {
    check_extremes(smallest, largest)?;
    Ok(2.0 / (smallest + largest))
}

/// max |1 − η λ| over both ends of the spectrum: the rate of gradient descent; below 1 it converges.
///
/// ```
/// // Divergence begins at η = 2 / λₙ.
/// assert_eq!(gradus::curvature::descent_rate(0.5, 1.0, 4.0), 1.0);
/// ```
pub fn descent_rate(learning_rate: f64, smallest: f64, largest: f64) -> f64 {
    (1.0 - learning_rate * smallest).abs().max((1.0 - learning_rate * largest).abs())
}

/// The rate of the heavy ball x ← x − α g + β (x − xₖ₋₁) along one eigenvector with curvature λ: the
/// largest absolute eigenvalue of [[1 + β − αλ, −β], [1, 0]].
///
/// It is √β where the motion oscillates, (1 + β − αλ)² < 4 β, and more elsewhere.
///
/// ```
/// use gradus::curvature::momentum_rate;
/// assert!((momentum_rate(1.0, 0.25, 1.0) - 0.5).abs() < 1e-15);
/// assert_eq!(momentum_rate(0.1, 0.0, 1.0), 0.9); // without momentum: gradient descent
/// ```
pub fn momentum_rate(alpha: f64, beta: f64, lambda: f64) -> f64 {
    let half = (1.0 + beta - alpha * lambda) / 2.0;
    let discriminant = half * half - beta;
    if discriminant < 0.0 { beta.sqrt() } else { half.abs() + discriminant.sqrt() }
}

/// The best (α, β) of the heavy ball on a quadratic with curvatures from λ₁ to λₙ:
///
/// α = (2 / (√λ₁ + √λₙ))²,  β = ((√λₙ − √λ₁) / (√λₙ + √λ₁))², with the rate √β = (√κ − 1) / (√κ + 1).
///
/// Source: B. T. Polyak (1964).
///
/// ```
/// use gradus::curvature::{momentum_rate, optimal_momentum};
///
/// let (alpha, beta) = optimal_momentum(1.0, 9.0)?;
/// assert_eq!((alpha, beta), (0.25, 0.25));
/// assert_eq!(momentum_rate(alpha, beta, 1.0), 0.5);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If not 0 < `smallest` ≤ `largest` < ∞.
pub fn optimal_momentum(smallest: f64, largest: f64) -> Result<(f64, f64)> {
    check_extremes(smallest, largest)?;
    let (low, high) = (smallest.sqrt(), largest.sqrt());
    Ok(((2.0 / (low + high)).powi(2), ((high - low) / (high + low)).powi(2)))
}

/// The momentum at which the motion along curvature λ just does not oscillate: β = (1 − √(αλ))².
///
/// ```
/// assert_eq!(gradus::curvature::critical_damping(0.25, 1.0)?, 0.25);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If αλ is negative or not finite.
pub fn critical_damping(alpha: f64, lambda: f64) -> Result<f64> {
    let product = alpha * lambda;
    Error::check(
        product >= 0.0 && product.is_finite(),
        "alpha * lambda",
        product,
        "a finite number >= 0",
    )?;
    Ok((1.0 - product.sqrt()).powi(2))
}

/// gᵀg / gᵀHg, the learning rate that goes to the minimum along −g of the second-order model at `x`.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::curvature::steepest_step;
///
/// let f = |w: ArrayView1<f64>| (w.dot(&w), 2.0 * &w);
/// assert!((steepest_step(&f, array![3.0, 1.0].view())? - 0.5).abs() < 1e-9);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If gᵀHg is not positive: the model has no minimum in that direction.
pub fn steepest_step<O: Objective + ?Sized>(objective: &O, x: ArrayView1<'_, f64>) -> Result<f64> {
    let g = objective.gradient(x);
    let curvature = g.dot(&objective.hessian_vector_product(x, g.view()));
    Error::check(
        curvature > 0.0 && curvature.is_finite(),
        "curvature along the gradient",
        curvature,
        "a positive, finite number",
    )?;
    Ok(g.dot(&g) / curvature)
}

/// The rate at which positive `errors` shrink, from the least-squares line through their logarithms.
///
/// For values f(xₖ) − f* this is the square of the rate of the distances ‖xₖ − x*‖.
///
/// ```
/// let errors: Vec<f64> = (0..20).map(|k| 3.0 * 0.8_f64.powi(k)).collect();
/// assert!((gradus::curvature::measured_rate(&errors)? - 0.8).abs() < 1e-12);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If there are fewer than two errors or one is not positive and finite.
pub fn measured_rate(errors: &[f64]) -> Result<f64> {
    let n = errors.len();
    Error::check(n >= 2, "errors", format!("{n} numbers"), "at least two numbers")?;
    if let Some(bad) = errors.iter().find(|e| !(e.is_finite() && **e > 0.0)) {
        Error::check(false, "errors", bad, "positive, finite numbers")?;
    }
    let middle = (n - 1) as f64 / 2.0;
    let (mut slope, mut weight) = (0.0, 0.0);
    for (k, error) in errors.iter().enumerate() {
        let t = k as f64 - middle;
        slope += t * error.ln();
        weight += t * t;
    }
    Ok((slope / weight).exp())
}
