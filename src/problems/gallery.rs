//! Functions of two variables (and a few of n) that fit on a page.

use std::f64::consts::{E, TAU};

use ndarray::{Array1, array};

use super::{Chain, Problem, Quadratic, formula};
use crate::Result;

/// All functions of two variables here: the table behind the book's gallery.
///
/// ```
/// for f in gradus::problems::gallery() {
///     println!("{}: {} minima, {}", f.name, f.minima.len(), f.source);
/// }
/// ```
pub fn gallery() -> Vec<Problem> {
    vec![
        bowl(),
        ravine(),
        rosenbrock(),
        beale(),
        himmelblau(),
        booth(),
        matyas(),
        rastrigin(),
        ackley(),
        styblinski_tang(),
        six_hump_camel(),
        saddle(),
        monkey_saddle(),
        plateau(),
        cliff(),
    ]
}

/// x² + y²: the round bowl.
pub fn bowl() -> Problem {
    let f = formula!(|x| x[0].square() + x[1].square());
    Problem::new("bowl", "folklore", array![1.0, -0.8], f)
        .on(-1.5, 1.5)
        .minimum(array![0.0, 0.0], 0.0)
}

/// The ellipse with curvatures 1 and κ, its flat axis turned by `angle`: [`Quadratic::ellipse`].
///
/// # Errors
/// As [`Quadratic::ellipse`].
pub fn ellipse(kappa: f64, angle: f64) -> Result<Problem> {
    let f = Quadratic::ellipse(kappa, angle)?;
    // From here, in the ellipse's own axes (κ, 1), gradient descent zig-zags the most.
    let (s, c) = angle.sin_cos();
    let length = (1.0 + 1.0 / (kappa * kappa)).sqrt();
    let (u, v) = (1.0 / length, 1.0 / (kappa * length));
    let start = array![u * c - v * s, u * s + v * c];
    Ok(Problem::new(format!("ellipse, kappa = {kappa}"), "folklore", start, f)
        .on(-1.2, 1.2)
        .minimum(array![0.0, 0.0], 0.0))
}

/// x² / 20 + y²: a long ravine along the first axis, κ = 20.
pub fn ravine() -> Problem {
    let f = formula!(|x| x[0].square() / 20.0 + x[1].square());
    Problem::new("ravine", "folklore", array![-7.0, 2.0], f)
        .on_box(vec![(-10.0, 10.0), (-3.0, 3.0)])
        .minimum(array![0.0, 0.0], 0.0)
}

/// 100 (y − x²)² + (1 − x)²: a curved valley.
pub fn rosenbrock() -> Problem {
    let f = formula!(|x| (x[1] - x[0].square()).square() * 100.0 + (-x[0] + 1.0).square());
    Problem::new("Rosenbrock", "H. H. Rosenbrock (1960)", array![-1.2, 1.0], f)
        .on_box(vec![(-2.0, 2.0), (-1.0, 3.0)])
        .minimum(array![1.0, 1.0], 0.0)
}

/// (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²: flat outside a valley.
pub fn beale() -> Problem {
    let f = formula!(|x| {
        let term = |c: f64, i: i32| (x[0] * x[1].powi(i) - x[0] + c).square();
        term(1.5, 1) + term(2.25, 2) + term(2.625, 3)
    });
    Problem::new("Beale", "E. M. L. Beale (1958)", array![1.0, 1.0], f)
        .on(-4.5, 4.5)
        .minimum(array![3.0, 0.5], 0.0)
}

/// (x² + y − 11)² + (x + y² − 7)²: four global minima.
pub fn himmelblau() -> Problem {
    let f = formula!(|x| {
        (x[0].square() + x[1] - 11.0).square() + (x[0] + x[1].square() - 7.0).square()
    });
    Problem::new("Himmelblau", "D. M. Himmelblau (1972)", array![0.0, 0.0], f)
        .on(-5.0, 5.0)
        .minimum(array![3.0, 2.0], 0.0)
        .minimum(array![-2.805118086952745, 3.131312518250573], 0.0)
        .minimum(array![-3.779310253377747, -3.28318599128617], 0.0)
        .minimum(array![3.584428340330492, -1.848126526964404], 0.0)
}

/// (x + 2y − 7)² + (2x + y − 5)².
pub fn booth() -> Problem {
    let f = formula!(|x| (x[0] + x[1] * 2.0 - 7.0).square() + (x[0] * 2.0 + x[1] - 5.0).square());
    Problem::new("Booth", "M. Jamil and X.-S. Yang (2013), no. 17", array![-5.0, 5.0], f)
        .on(-10.0, 10.0)
        .minimum(array![1.0, 3.0], 0.0)
}

/// 0.26 (x² + y²) − 0.48 xy.
pub fn matyas() -> Problem {
    let f = formula!(|x| (x[0].square() + x[1].square()) * 0.26 - x[0] * x[1] * 0.48);
    Problem::new("Matyas", "J. Matyas (1965)", array![8.0, -3.0], f)
        .on(-10.0, 10.0)
        .minimum(array![0.0, 0.0], 0.0)
}

/// 10 n + Σ (xᵢ² − 10 cos 2π xᵢ) for n = 2: a local minimum near every integer point.
pub fn rastrigin() -> Problem {
    let f = formula!(|x| {
        x.iter().fold(R::of(20.0), |sum, &v| sum + v.square() - (v * TAU).cos() * 10.0)
    });
    Problem::new("Rastrigin", "L. A. Rastrigin (1974)", array![3.4, -2.6], f)
        .on(-5.12, 5.12)
        .minimum(array![0.0, 0.0], 0.0)
}

/// −20 exp(−0.2 √(½ (x² + y²))) − exp(½ (cos 2πx + cos 2πy)) + 20 + e.
///
/// Not differentiable at its minimum, the origin.
pub fn ackley() -> Problem {
    let f = formula!(|x| {
        let radius = ((x[0].square() + x[1].square()) * 0.5).sqrt();
        let waves = ((x[0] * TAU).cos() + (x[1] * TAU).cos()) * 0.5;
        (radius * -0.2).exp() * -20.0 - waves.exp() + (20.0 + E)
    });
    Problem::new("Ackley", "D. H. Ackley (1987)", array![2.5, -1.5], f)
        .on(-5.0, 5.0)
        .minimum(array![0.0, 0.0], 0.0)
}

/// ½ Σ (xᵢ⁴ − 16 xᵢ² + 5 xᵢ) for n = 2.
pub fn styblinski_tang() -> Problem {
    let f = formula!(|x| {
        x.iter().fold(R::of(0.0), |sum, &v| sum + v.powi(4) - v.square() * 16.0 + v * 5.0) * 0.5
    });
    // The roots of 4 x³ − 32 x + 5 that are minima of one term, and the term there.
    let (deep, shallow) = (-2.903534027771177, 2.746802770990837);
    let (low, high) = (-39.16616570377142, -25.02944665528394);
    Problem::new("Styblinski-Tang", "M. Styblinski and T.-S. Tang (1990)", array![0.5, 0.5], f)
        .on(-5.0, 5.0)
        .minimum(array![deep, deep], 2.0 * low)
        .local_minimum(array![deep, shallow], low + high)
        .local_minimum(array![shallow, deep], low + high)
        .local_minimum(array![shallow, shallow], 2.0 * high)
}

/// (4 − 2.1 x² + x⁴/3) x² + xy + (4 y² − 4) y²: six minima, two of them global.
pub fn six_hump_camel() -> Problem {
    let f = formula!(|x| {
        let (a, b) = (x[0].square(), x[1].square());
        (a * a / 3.0 - a * 2.1 + 4.0) * a + x[0] * x[1] + (b * 4.0 - 4.0) * b
    });
    let problem = Problem::new(
        "six-hump camel",
        "L. C. W. Dixon and G. P. Szegö (1978)",
        array![1.5, 0.5],
        f,
    )
    .on_box(vec![(-2.0, 2.0), (-1.2, 1.2)]);
    let minima = [
        (0.0898420131003181, -0.7126564030207396, -1.0316284534898774),
        (-1.7036067149699808, 0.7960835686726251, -0.215463824383718),
        (1.6071047529201972, 0.5686514548841314, 2.104250310311258),
    ];
    minima.into_iter().enumerate().fold(problem, |problem, (i, (x, y, value))| {
        let mut problem = problem.minimum(array![x, y], value).minimum(array![-x, -y], value);
        let len = problem.minima.len();
        problem.minima[len - 2..].iter_mut().for_each(|m| m.global = i == 0);
        problem
    })
}

/// x² − y²: the simplest saddle; no minimum.
pub fn saddle() -> Problem {
    let f = formula!(|x| x[0].square() - x[1].square());
    Problem::new("saddle", "folklore", array![1.0, 1e-3], f).on(-1.5, 1.5)
}

/// x³ − 3 x y²: three ways down and a Hessian that is zero at the origin; no minimum.
pub fn monkey_saddle() -> Problem {
    let f = formula!(|x| x[0].powi(3) - x[0] * x[1].square() * 3.0);
    Problem::new("monkey saddle", "folklore", array![0.8, 0.5], f).on(-1.5, 1.5)
}

/// 1 − exp(−(x² + y²) / 2): the slope vanishes far from the minimum.
pub fn plateau() -> Problem {
    let f = formula!(|x| -((x[0].square() + x[1].square()) * -0.5).exp() + 1.0);
    Problem::new("plateau", "folklore", array![2.5, 2.0], f)
        .on(-4.0, 4.0)
        .minimum(array![0.0, 0.0], 0.0)
}

/// (x + 1)² / 20 + y² / 2 + 4 / (1 + exp(−20 x)): a smooth step at x = 0, where gradients explode.
pub fn cliff() -> Problem {
    let f = formula!(|x| {
        let step = R::of(4.0) / ((x[0] * -20.0).exp() + 1.0);
        (x[0] + 1.0).square() / 20.0 + x[1].square() * 0.5 + step
    });
    Problem::new(
        "cliff",
        "after I. Goodfellow, Y. Bengio and A. Courville (2016), figure 8.3",
        array![1.0, 1.0],
        f,
    )
    .on(-2.0, 2.0)
    // The step's tail pulls the minimum a little away from (−1, 0).
    .minimum(array![-1.000001648868515, 0.0], 8.244478529908902e-9)
}

/// Nesterov's chain, on which no first-order method is quick (see [`Chain`]).
///
/// # Errors
/// If n is 0.
pub fn nesterov_chain(n: usize) -> Result<Problem> {
    let f = Chain::new(n)?;
    let solution: Array1<f64> = (1..=n).map(|i| 1.0 - i as f64 / (n + 1) as f64).collect();
    let value = (1.0 / (n + 1) as f64 - 1.0) / 2.0;
    Ok(Problem::new(
        format!("Nesterov's chain, n = {n}"),
        "Y. Nesterov, Introductory Lectures on Convex Optimization (2004), section 2.1.2",
        Array1::zeros(n),
        f,
    )
    .on(-0.2, 1.2)
    .minimum(solution, value))
}
