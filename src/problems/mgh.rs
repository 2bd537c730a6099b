//! The 35 problems of More, Garbow and Hillstrom, each a sum of squared residuals.

use std::f64::consts::TAU;

use ndarray::{Array1, array};

use super::{ExtendedRosenbrock, Problem};
use crate::Result;
use crate::dual::Real;

/// An objective from a block that pushes residuals; derivatives are exact, by dual numbers.
macro_rules! squares {
    (|$x:ident, $push:ident| $residuals:block) => {{
        struct Residuals;
        impl $crate::dual::Formula for Residuals {
            #[inline(never)] // once for each kind of number is enough
            fn at<R: Real>(&self, $x: &[R]) -> R {
                let mut sum = R::of(0.0);
                let mut $push = |residual: R| sum = sum + residual.square();
                $residuals
                sum
            }
        }
        $crate::dual::Exact(Residuals)
    }};
}

const SOURCE: &str = "J. J. Moré, B. S. Garbow and K. E. Hillstrom (1981)";

fn problem(
    name: &str,
    start: impl Into<Array1<f64>>,
    function: impl crate::Objective + Send + Sync + 'static,
) -> Problem {
    Problem::new(name, SOURCE, start, function)
}

/// Σ x.
fn sum<R: Real>(terms: impl Iterator<Item = R>) -> R {
    terms.fold(R::of(0.0), |sum, term| sum + term)
}

/// i as a number.
fn real(i: usize) -> f64 {
    i as f64
}

/// The 35 test problems of Moré, Garbow and Hillstrom in their order, with their standard starts and known
/// minima. Where the number of variables is free it is 10 (8 for Chebyquad, 6 for Watson, 4 for the
/// penalties, 12 for Powell's), that of residuals as small as usual (99 for Gulf, 2 n for the linear ones).
///
/// Source: J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing unconstrained optimization software",
/// ACM TOMS 7 (1981). In the Gulf function the misprint |yᵢ m i x₂| is corrected to |yᵢ − x₂|.
///
/// ```
/// use gradus::prelude::*;
///
/// let problems = gradus::problems::more_garbow_hillstrom()?;
/// assert_eq!(problems.len(), 35);
/// let helical = &problems[6];
/// assert_eq!((helical.name.as_str(), helical.value(helical.start.view())), ("Helical valley", 2500.0));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// None at these dimensions.
pub fn more_garbow_hillstrom() -> Result<Vec<Problem>> {
    let mut problems = vec![
        problem(
            "Rosenbrock",
            array![-1.2, 1.0],
            squares!(|x, push| {
                push((x[1] - x[0].square()) * 10.0);
                push(-x[0] + 1.0);
            }),
        )
        .minimum(array![1.0, 1.0], 0.0),
        problem(
            "Freudenstein-Roth",
            array![0.5, -2.0],
            squares!(|x, push| {
                push(x[0] + ((-x[1] + 5.0) * x[1] - 2.0) * x[1] - 13.0);
                push(x[0] + ((x[1] + 1.0) * x[1] - 14.0) * x[1] - 29.0);
            }),
        )
        .minimum(array![5.0, 4.0], 0.0)
        .minimum_value(48.98425367924002, false),
        problem(
            "Powell badly scaled",
            array![0.0, 1.0],
            squares!(|x, push| {
                push(x[0] * x[1] * 1e4 - 1.0);
                push((-x[0]).exp() + (-x[1]).exp() - 1.0001);
            }),
        )
        .minimum_value(0.0, true),
        problem(
            "Brown badly scaled",
            array![1.0, 1.0],
            squares!(|x, push| {
                push(x[0] - 1e6);
                push(x[1] - 2e-6);
                push(x[0] * x[1] - 2.0);
            }),
        )
        .minimum(array![1e6, 2e-6], 0.0),
        problem(
            "Beale",
            array![1.0, 1.0],
            squares!(|x, push| {
                for (i, y) in [1.5, 2.25, 2.625].into_iter().enumerate() {
                    push(-(x[0] * (-x[1].powi(i as i32 + 1) + 1.0)) + y);
                }
            }),
        )
        .minimum(array![3.0, 0.5], 0.0),
        problem(
            "Jennrich-Sampson",
            array![0.3, 0.4],
            squares!(|x, push| {
                for i in 1..=10 {
                    let i = real(i);
                    push(-((x[0] * i).exp() + (x[1] * i).exp()) + (2.0 + 2.0 * i));
                }
            }),
        )
        .minimum_value(124.36218235561482, true),
        problem(
            "Helical valley",
            array![-1.0, 0.0, 0.0],
            squares!(|x, push| {
                let turn = (x[1] / x[0]).atan() / TAU + if x[0].value() < 0.0 { 0.5 } else { 0.0 };
                push((x[2] - turn * 10.0) * 10.0);
                push(((x[0].square() + x[1].square()).sqrt() - 1.0) * 10.0);
                push(x[2]);
            }),
        )
        .minimum(array![1.0, 0.0, 0.0], 0.0),
        problem(
            "Bard",
            array![1.0, 1.0, 1.0],
            squares!(|x, push| {
                let y = [
                    0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34,
                    2.10, 4.39,
                ];
                for (i, y) in y.into_iter().enumerate() {
                    let (u, v) = (real(i + 1), real(15 - i));
                    push(-(x[0] + R::of(u) / (x[1] * v + x[2] * u.min(v))) + y);
                }
            }),
        )
        .minimum_value(8.214877306578982e-3, true)
        // Approached at infinity.
        .minimum_value(17.428690476190475, false),
        problem(
            "Gaussian",
            array![0.4, 1.0, 0.0],
            squares!(|x, push| {
                let y = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989];
                for i in 0..15_usize {
                    let t = (7.0 - real(i)) / 2.0;
                    let bell = (x[1] * (-x[2] + t).square() * -0.5).exp();
                    push(x[0] * bell - y[i.min(14 - i)]);
                }
            }),
        )
        .minimum_value(1.1279327696193004e-8, true),
        problem(
            "Meyer",
            array![0.02, 4000.0, 250.0],
            squares!(|x, push| {
                let y = [
                    34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0, 8261.0,
                    7030.0, 6005.0, 5147.0, 4427.0, 3820.0, 3307.0, 2872.0,
                ];
                for (i, y) in y.into_iter().enumerate() {
                    let t = 45.0 + 5.0 * real(i + 1);
                    push(x[0] * (x[1] / (x[2] + t)).exp() - y);
                }
            }),
        )
        .minimum_value(87.94585517072781, true),
        problem(
            "Gulf R&D",
            array![5.0, 2.5, 0.15],
            squares!(|x, push| {
                for i in 1..=99 {
                    let t = real(i) / 100.0;
                    let y = 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0);
                    let power = (x[2] * (-x[1] + y).abs().ln()).exp();
                    push((-(power / x[0])).exp() - t);
                }
            }),
        )
        .minimum(array![50.0, 25.0, 1.5], 0.0),
        problem(
            "Box 3-D",
            array![0.0, 10.0, 20.0],
            squares!(|x, push| {
                for i in 1..=10 {
                    let t = 0.1 * real(i);
                    let known = (-t).exp() - (-10.0 * t).exp();
                    push((x[0] * -t).exp() - (x[1] * -t).exp() - x[2] * known);
                }
            }),
        )
        .minimum(array![1.0, 10.0, 1.0], 0.0),
        problem(
            "Powell singular",
            array![3.0, -1.0, 0.0, 1.0],
            squares!(|x, push| {
                push(x[0] + x[1] * 10.0);
                push((x[2] - x[3]) * 5.0_f64.sqrt());
                push((x[1] - x[2] * 2.0).square());
                push((x[0] - x[3]).square() * 10.0_f64.sqrt());
            }),
        )
        .minimum(array![0.0, 0.0, 0.0, 0.0], 0.0),
        problem(
            "Wood",
            array![-3.0, -1.0, -3.0, -1.0],
            squares!(|x, push| {
                push((x[1] - x[0].square()) * 10.0);
                push(-x[0] + 1.0);
                push((x[3] - x[2].square()) * 90.0_f64.sqrt());
                push(-x[2] + 1.0);
                push((x[1] + x[3] - 2.0) * 10.0_f64.sqrt());
                push((x[1] - x[3]) / 10.0_f64.sqrt());
            }),
        )
        .minimum(array![1.0, 1.0, 1.0, 1.0], 0.0),
        problem(
            "Kowalik-Osborne",
            array![0.25, 0.39, 0.415, 0.39],
            squares!(|x, push| {
                let data = [
                    (0.1957, 4.0),
                    (0.1947, 2.0),
                    (0.1735, 1.0),
                    (0.1600, 0.5),
                    (0.0844, 0.25),
                    (0.0627, 0.167),
                    (0.0456, 0.125),
                    (0.0342, 0.1),
                    (0.0323, 0.0833),
                    (0.0235, 0.0714),
                    (0.0246, 0.0625),
                ];
                for (y, u) in data {
                    let above = x[0] * (x[1] * u + u * u);
                    push(-(above / (x[2] * u + x[3] + u * u)) + y);
                }
            }),
        )
        .minimum_value(3.0750560384923826e-4, true),
        problem(
            "Brown-Dennis",
            array![25.0, 5.0, -5.0, -1.0],
            squares!(|x, push| {
                for i in 1..=20 {
                    let t = real(i) / 5.0;
                    let first = x[0] + x[1] * t - t.exp();
                    let second = x[2] + x[3] * t.sin() - t.cos();
                    push(first.square() + second.square());
                }
            }),
        )
        .minimum_value(85822.20162635627, true),
        problem(
            "Osborne 1",
            array![0.5, 1.5, -1.0, 0.01, 0.02],
            squares!(|x, push| {
                for (i, y) in OSBORNE_1.into_iter().enumerate() {
                    let t = 10.0 * real(i);
                    push(-(x[0] + x[1] * (x[3] * -t).exp() + x[2] * (x[4] * -t).exp()) + y);
                }
            }),
        )
        .minimum_value(5.464894697482687e-5, true),
        problem(
            "Biggs EXP6",
            array![1.0, 2.0, 1.0, 1.0, 1.0, 1.0],
            squares!(|x, push| {
                for i in 1..=13 {
                    let t = 0.1 * real(i);
                    let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
                    let e = |a: R| (a * -t).exp();
                    push(x[2] * e(x[0]) - x[3] * e(x[1]) + x[5] * e(x[4]) - y);
                }
            }),
        )
        .minimum(array![1.0, 10.0, 1.0, 5.0, 4.0, 3.0], 0.0)
        .minimum_value(5.655649925499929e-3, false),
        problem(
            "Osborne 2",
            array![1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5],
            squares!(|x, push| {
                for (i, y) in OSBORNE_2.into_iter().enumerate() {
                    let t = real(i) / 10.0;
                    let bell = |centre: R, width: R| (-((-centre + t).square() * width)).exp();
                    let peaks = x[1] * bell(x[8], x[5])
                        + x[2] * bell(x[9], x[6])
                        + x[3] * bell(x[10], x[7]);
                    push(-(x[0] * (x[4] * -t).exp() + peaks) + y);
                }
            }),
        )
        .minimum_value(4.013773629354768e-2, true),
        problem(
            "Watson",
            Array1::zeros(6),
            squares!(|x, push| {
                for i in 1..=29 {
                    let t = real(i) / 29.0;
                    let powers = || x.iter().enumerate().map(|(j, &x)| (j, x));
                    let slope =
                        sum(powers().skip(1).map(|(j, x)| x * (real(j) * t.powi(j as i32 - 1))));
                    let value = sum(powers().map(|(j, x)| x * t.powi(j as i32)));
                    push(slope - value.square() - 1.0);
                }
                push(x[0]);
                push(x[1] - x[0].square() - 1.0);
            }),
        )
        .minimum_value(2.2876700535524037e-3, true),
    ];
    let rosenbrock = ExtendedRosenbrock::new(10)?;
    problems.extend([
        problem("Extended Rosenbrock", rosenbrock.start(), rosenbrock)
            .minimum(Array1::ones(10), 0.0),
        problem(
            "Extended Powell singular",
            (0..12).map(|i| [3.0, -1.0, 0.0, 1.0][i % 4]).collect::<Array1<f64>>(),
            squares!(|x, push| {
                for x in x.chunks(4) {
                    push(x[0] + x[1] * 10.0);
                    push((x[2] - x[3]) * 5.0_f64.sqrt());
                    push((x[1] - x[2] * 2.0).square());
                    push((x[0] - x[3]).square() * 10.0_f64.sqrt());
                }
            }),
        )
        .minimum(Array1::zeros(12), 0.0),
        problem(
            "Penalty I",
            array![1.0, 2.0, 3.0, 4.0],
            squares!(|x, push| {
                for &x in x {
                    push((x - 1.0) * 1e-5_f64.sqrt());
                }
                push(sum(x.iter().map(|x| x.square())) - 0.25);
            }),
        )
        .minimum_value(2.2499775008999372e-5, true),
        problem(
            "Penalty II",
            Array1::from_elem(4, 0.5),
            squares!(|x, push| {
                let n = x.len();
                let root = 1e-5_f64.sqrt();
                let e = |x: R| (x / 10.0).exp();
                push(x[0] - 0.2);
                for i in 1..n {
                    let y = (real(i + 1) / 10.0).exp() + (real(i) / 10.0).exp();
                    push((e(x[i]) + e(x[i - 1]) - y) * root);
                }
                for &x in &x[1..] {
                    push((e(x) - (-0.1_f64).exp()) * root);
                }
                push(sum(x.iter().enumerate().map(|(j, x)| x.square() * real(n - j))) - 1.0);
            }),
        )
        .minimum_value(9.376293007355439e-6, true),
        problem(
            "Variably dimensioned",
            (1..=10).map(|j| 1.0 - real(j) / 10.0).collect::<Array1<f64>>(),
            squares!(|x, push| {
                for &x in x {
                    push(x - 1.0);
                }
                let weighted = sum(x.iter().enumerate().map(|(j, &x)| (x - 1.0) * real(j + 1)));
                push(weighted);
                push(weighted.square());
            }),
        )
        .minimum(Array1::ones(10), 0.0),
        problem(
            "Trigonometric",
            Array1::from_elem(10, 0.1),
            squares!(|x, push| {
                let cosines = sum(x.iter().map(|x| x.cos()));
                for (i, &x) in x.iter().enumerate() {
                    let own = (-x.cos() + 1.0) * real(i + 1) - x.sin();
                    push(own - cosines + 10.0);
                }
            }),
        )
        .minimum(Array1::zeros(10), 0.0)
        .minimum_value(2.7950561218790507e-5, false),
        problem(
            "Brown almost-linear",
            Array1::from_elem(10, 0.5),
            squares!(|x, push| {
                let n = x.len();
                let total = sum(x.iter().copied());
                for &x in &x[..n - 1] {
                    push(x + total - real(n + 1));
                }
                push(x.iter().fold(R::of(1.0), |product, &x| product * x) - 1.0);
            }),
        )
        .minimum(Array1::ones(10), 0.0)
        .minimum_value(1.0, false),
        problem(
            "Discrete boundary value",
            grid_start(10),
            squares!(|x, push| {
                let h = 1.0 / real(x.len() + 1);
                for (i, &xi) in x.iter().enumerate() {
                    let t = real(i + 1) * h;
                    let before = if i > 0 { x[i - 1] } else { R::of(0.0) };
                    let after = x.get(i + 1).copied().unwrap_or(R::of(0.0));
                    push(xi * 2.0 - before - after + (xi + (t + 1.0)).powi(3) * (h * h / 2.0));
                }
            }),
        )
        .minimum_value(0.0, true),
        problem(
            "Discrete integral equation",
            grid_start(10),
            squares!(|x, push| {
                let h = 1.0 / real(x.len() + 1);
                let at = |j: usize| real(j + 1) * h;
                for i in 0..x.len() {
                    let t = at(i);
                    let cube = |j: usize| (x[j] + (at(j) + 1.0)).powi(3);
                    let before = sum((0..=i).map(|j| cube(j) * at(j)));
                    let after = sum((i + 1..x.len()).map(|j| cube(j) * (1.0 - at(j))));
                    push(x[i] + (before * (1.0 - t) + after * t) * (h / 2.0));
                }
            }),
        )
        .minimum_value(0.0, true),
        problem(
            "Broyden tridiagonal",
            Array1::from_elem(10, -1.0),
            squares!(|x, push| {
                for (i, &xi) in x.iter().enumerate() {
                    let before = if i > 0 { x[i - 1] } else { R::of(0.0) };
                    let after = x.get(i + 1).copied().unwrap_or(R::of(0.0));
                    push((-(xi * 2.0) + 3.0) * xi - before - after * 2.0 + 1.0);
                }
            }),
        )
        .minimum_value(0.0, true),
        problem(
            "Broyden banded",
            Array1::from_elem(10, -1.0),
            squares!(|x, push| {
                for i in 0..x.len() {
                    let band = (i.saturating_sub(5)..(i + 2).min(x.len())).filter(|&j| j != i);
                    let rest = sum(band.map(|j| x[j] * (x[j] + 1.0)));
                    push(x[i] * (x[i].square() * 5.0 + 2.0) + 1.0 - rest);
                }
            }),
        )
        .minimum_value(0.0, true),
        problem(
            "Linear full rank",
            Array1::ones(10),
            squares!(|x, push| {
                let m = 2 * x.len();
                let mean = sum(x.iter().copied()) * (2.0 / real(m));
                for i in 0..m {
                    let own = x.get(i).copied().unwrap_or(R::of(0.0));
                    push(own - mean - 1.0);
                }
            }),
        )
        .minimum(Array1::from_elem(10, -1.0), 10.0),
        problem(
            "Linear rank 1",
            Array1::ones(10),
            squares!(|x, push| {
                let weighted = sum(x.iter().enumerate().map(|(j, &x)| x * real(j + 1)));
                for i in 1..=2 * x.len() {
                    push(weighted * real(i) - 1.0);
                }
            }),
        )
        .minimum_value(20.0 * 19.0 / (2.0 * 41.0), true),
        problem(
            "Linear rank 1 zero cols/rows",
            Array1::ones(10),
            squares!(|x, push| {
                let (n, m) = (x.len(), 2 * x.len());
                let weighted = sum((1..n - 1).map(|j| x[j] * real(j + 1)));
                push(R::of(-1.0));
                for i in 1..m - 1 {
                    push(weighted * real(i) - 1.0);
                }
                push(R::of(-1.0));
            }),
        )
        .minimum_value((400.0 + 60.0 - 6.0) / (2.0 * 37.0), true),
        problem(
            "Chebyquad",
            (1..=8).map(|j| real(j) / 9.0).collect::<Array1<f64>>(),
            squares!(|x, push| {
                let n = x.len();
                // T₀ and T₁ of the points, moved to [0, 1]; then the recurrence.
                let points: Vec<R> = x.iter().map(|&x| x * 2.0 - 1.0).collect();
                let mut before = vec![R::of(1.0); n];
                let mut now = points.clone();
                for i in 1..=n {
                    let integral = if i % 2 == 0 { -1.0 / (real(i * i) - 1.0) } else { 0.0 };
                    push(sum(now.iter().copied()) / real(n) - integral);
                    for j in 0..n {
                        let next = points[j] * now[j] * 2.0 - before[j];
                        before[j] = now[j];
                        now[j] = next;
                    }
                }
            }),
        )
        .minimum_value(3.5168737256779286e-3, true),
    ]);
    Ok(problems)
}

/// tⱼ (tⱼ − 1) with tⱼ = j / (n + 1).
fn grid_start(n: usize) -> Array1<f64> {
    (1..=n).map(|j| real(j) / real(n + 1)).map(|t| t * (t - 1.0)).collect()
}

const OSBORNE_1: [f64; 33] = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685,
    0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448,
    0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406,
];

const OSBORNE_2: [f64; 65] = [
    1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608,
    0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661,
    0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428,
    0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559,
    0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Objective;
    use crate::data;
    use crate::gradcheck::{check_gradient, check_hessian};
    use rand::Rng;

    /// The table that came with the project, line by line: name, number of variables, start where it is
    /// given in numbers, and the lowest value.
    #[test]
    fn the_problems_are_those_of_the_table() {
        let table = include_str!("mgh35.tsv");
        let rows: Vec<Vec<&str>> =
            table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        let problems = more_garbow_hillstrom().unwrap();
        assert_eq!(rows.len(), problems.len());
        for (row, problem) in rows.iter().zip(&problems) {
            assert_eq!(row[1], problem.name);
            if let Ok(n) = row[2].parse::<usize>() {
                assert_eq!(n, problem.dim(), "{}", problem.name);
                let start: Vec<f64> = row[4].split(',').map(|x| x.parse().unwrap()).collect();
                assert_eq!(start, problem.start.to_vec(), "{}", problem.name);
            }
            // The first of several values belongs to the smallest dimension, which is ours.
            if let Ok(value) = row[5].split('|').next().unwrap().parse::<f64>() {
                let known = &problem.minima;
                let near = |v: f64| (v - value).abs() <= 1e-5 * value.abs();
                assert!(known.iter().any(|m| near(m.value)), "{}: {value}", problem.name);
            }
        }
    }

    #[test]
    fn known_points_have_the_known_values() {
        for problem in more_garbow_hillstrom().unwrap() {
            for minimum in &problem.minima {
                if let Some(x) = &minimum.x {
                    let value = problem.value(x.view());
                    assert!((value - minimum.value).abs() < 1e-14, "{}: {value}", problem.name);
                }
            }
        }
    }

    /// At random points near the start, the gradient and the Hessian pass the crate's own check.
    #[test]
    fn derivatives_pass_the_check() {
        let mut rng = data::rng(5);
        for problem in more_garbow_hillstrom().unwrap() {
            for _ in 0..3 {
                let x = problem.start.mapv(|x| x * rng.random_range(0.9..1.1))
                    + Array1::from_shape_fn(problem.dim(), |_| rng.random_range(-0.01..0.01));
                let check = check_gradient(&problem, x.view()).unwrap();
                assert!(check.passed(), "{} at {x}: {check}", problem.name);
                let check = check_hessian(&problem, x.view()).unwrap();
                assert!(check.passed(), "{} at {x}, Hessian: {check}", problem.name);
            }
        }
    }
}
