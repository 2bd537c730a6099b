//! Curvature: Hessians and their spectra, condition numbers, steps and rates, kinds of stationary
//! points, convexity.
//!
//! The Hessian itself comes from [`Objective::hessian`](crate::Objective::hessian).

mod convexity;
mod lanczos;
mod rates;
mod spectrum;

pub use convexity::{Chord, violating_chord};
pub use lanczos::{Extremes, extremes};
pub use rates::*;
pub use spectrum::{Critical, Spectrum, condition_number, singular_values, spectrum};

use ndarray::Array2;

use crate::{Error, Result};

/// Refuses a matrix that is empty, not square, not finite or not symmetric up to rounding.
pub(crate) fn check_symmetric(argument: &'static str, matrix: &Array2<f64>) -> Result<()> {
    let (rows, columns) = matrix.dim();
    Error::check(rows > 0, argument, "empty", "at least one row")?;
    if rows != columns {
        return Err(Error::Shape {
            argument,
            found: vec![rows, columns],
            expected: vec![rows, rows],
        });
    }
    check_finite(argument, matrix)?;
    let largest = matrix.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    // Differences of gradients are symmetric to about ε^⅔ = 4·10⁻¹¹ of the largest entry.
    let asymmetry = (matrix - &matrix.t()).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    Error::check(
        asymmetry <= 1e-8 * largest,
        argument,
        format!("asymmetric by {asymmetry:e}"),
        "a symmetric matrix",
    )
}

/// Refuses a matrix that is empty or not finite.
pub(crate) fn check_finite(argument: &'static str, matrix: &Array2<f64>) -> Result<()> {
    Error::check(!matrix.is_empty(), argument, "empty", "at least one row and one column")?;
    match matrix.iter().find(|v| !v.is_finite()) {
        Some(bad) => Error::check(false, argument, bad, "finite numbers"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{GradientDescent, Momentum, UpdateRule};
    use crate::problems::{Chain, Quadratic, monkey_saddle};
    use crate::{Objective, prelude::Minimize};
    use ndarray::{Array1, array};

    #[test]
    fn a_spectrum_restores_its_matrix() {
        let a = array![[4.0, 1.0, -2.0], [1.0, 2.0, 0.0], [-2.0, 0.0, -3.0]];
        let s = spectrum(&a).unwrap();
        let restored = s.vectors.dot(&Array2::from_diag(&s.values)).dot(&s.vectors.t());
        assert!((restored - a).iter().all(|d| d.abs() < 1e-14));
        assert!(s.values.windows(2).into_iter().all(|w| w[0] <= w[1]));
    }

    #[test]
    fn bad_matrices_are_refused_by_name() {
        let error = spectrum(&array![[1.0, 2.0], [0.0, 1.0]]).unwrap_err().to_string();
        assert_eq!(error, "`matrix` is asymmetric by 2e0, expected a symmetric matrix");
        assert!(spectrum(&array![[1.0, 2.0]]).is_err());
        assert!(spectrum(&Array2::zeros((0, 0))).is_err());
        assert!(spectrum(&array![[f64::NAN]]).is_err());
        assert!(condition_number(&array![[f64::INFINITY, 1.0]]).is_err());
    }

    #[test]
    fn stationary_points_are_classified() {
        let of = |d: &[f64]| {
            spectrum(&Array2::from_diag(&Array1::from(d.to_vec()))).unwrap().classify(1e-10)
        };
        assert_eq!(of(&[1.0, 2.0]), Critical::Minimum);
        assert_eq!(of(&[-1.0, -2.0]), Critical::Maximum);
        assert_eq!(of(&[-1.0, 0.0, 2.0, -3.0]), Critical::Saddle { down: 2 });
        assert_eq!(of(&[1e-14, 2.0]), Critical::Degenerate { flat: 1 });
        let origin = monkey_saddle().hessian(array![0.0, 0.0].view());
        assert_eq!(spectrum(&origin).unwrap().classify(1e-10), Critical::Degenerate { flat: 2 });
    }

    /// The condition number of a random matrix is the ratio of its singular values, and for a
    /// symmetric one that of the absolute eigenvalues.
    #[test]
    fn both_definitions_of_kappa_agree_on_symmetric_matrices() {
        let a = array![[1.0, 5.0], [5.0, -2.0]];
        let by_eigenvalues = spectrum(&a).unwrap().condition_number();
        assert!((condition_number(&a).unwrap() / by_eigenvalues - 1.0).abs() < 1e-14);
    }

    #[test]
    fn predicted_rates_are_what_runs_show() {
        let f = Quadratic::ellipse(25.0, 0.4).unwrap();
        let start = crate::problems::ellipse(25.0, 0.4).unwrap().start;
        let rate = |rule: &mut dyn UpdateRule, steps| {
            let trace = Minimize::steps(steps).record_points().run(&f, &start, rule).unwrap();
            let errors: Vec<f64> = trace.points.iter().map(|x| x.dot(x).sqrt()).collect();
            measured_rate(&errors[steps / 2..]).unwrap()
        };
        let eta = optimal_step(1.0, 25.0).unwrap();
        let descent = rate(&mut GradientDescent::new(eta), 200);
        assert!((descent - 24.0 / 26.0).abs() < 1e-10, "{descent}");
        // At the best (α, β) the eigenvalue is double: the error is (a + b k) rᵏ, so the measured
        // rate nears r from above as 1 + 1/k.
        let (alpha, beta) = optimal_momentum(1.0, 25.0).unwrap();
        let ball = rate(&mut Momentum::new(alpha, beta), 80);
        assert!((ball - 4.0 / 6.0).abs() < 0.03, "{ball}");
        // Slightly more momentum: complex eigenvalues of modulus √β exactly.
        assert_eq!(momentum_rate(alpha, 0.5, 1.0), 0.5_f64.sqrt());
    }

    #[test]
    fn lanczos_finds_the_ends_of_a_long_chain() {
        let n = 3000;
        let f = Chain::new(n).unwrap();
        let ends = extremes(&f, Array1::zeros(n).view(), 100, 1).unwrap();
        assert_eq!(ends.products, 100);
        let (low, high) = (f.eigenvalue(1), f.eigenvalue(n));
        assert!(ends.max <= high + 1e-12 && ends.min >= low - 1e-12);
        assert!(high - ends.max <= 1e-2 * high && ends.min - low <= 1e-2 * high);
        assert!(extremes(&f, Array1::zeros(0).view(), 5, 0).is_err());
        assert!(extremes(&f, Array1::zeros(n).view(), 0, 0).is_err());
    }
}
