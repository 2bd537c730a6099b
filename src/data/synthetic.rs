use ndarray::{Array1, Array2};
use rand::Rng;
use rand_distr::StandardNormal;

use super::{Labelled, normal, rng};
use crate::{Error, Result};

/// Points on a line with noise: `n` evenly spaced x in [0, 1] and y = intercept + slope · x + noise · z,
/// z standard normal.
///
/// ```
/// use gradus::data;
///
/// let (x, y) = data::line(5, 1.0, 2.0, 0.0, 0)?;
/// assert_eq!(x.to_vec(), [0.0, 0.25, 0.5, 0.75, 1.0]);
/// assert_eq!(y.to_vec(), [1.0, 1.5, 2.0, 2.5, 3.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`polynomial`].
pub fn line(
    n: usize,
    intercept: f64,
    slope: f64,
    noise: f64,
    seed: u64,
) -> Result<(Array1<f64>, Array1<f64>)> {
    polynomial(n, &[intercept, slope], (0.0, 1.0), noise, seed)
}

/// Points on a polynomial with noise: `n` evenly spaced x in `interval` and
/// y = Σ coefficientsⱼ xʲ + noise · z, z standard normal.
///
/// ```
/// use gradus::data;
///
/// let (x, y) = data::polynomial(3, &[0.0, 0.0, 1.0], (-1.0, 1.0), 0.0, 0)?;
/// assert_eq!(y, &x * &x);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If n is 0, anything is not finite, or `noise` is negative.
pub fn polynomial(
    n: usize,
    coefficients: &[f64],
    interval: (f64, f64),
    noise: f64,
    seed: u64,
) -> Result<(Array1<f64>, Array1<f64>)> {
    function(n, interval, noise, seed, |x| coefficients.iter().rev().fold(0.0, |y, c| y * x + c))
}

/// Points on the graph of `f` with noise: `n` evenly spaced x in `interval` and y = f(x) + noise · z,
/// z standard normal.
///
/// ```
/// let (x, y) = gradus::data::function(9, (0.0, 6.0), 0.1, 0, f64::sin)?;
/// assert_eq!((x.len(), y.len()), (9, 9));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If n is 0, anything is not finite, or `noise` is negative.
pub fn function(
    n: usize,
    interval: (f64, f64),
    noise: f64,
    seed: u64,
    f: impl Fn(f64) -> f64,
) -> Result<(Array1<f64>, Array1<f64>)> {
    Error::check(n > 0, "n", n, "at least 1")?;
    let (low, high) = interval;
    Error::check(
        (high - low).is_finite(),
        "interval",
        format!("({low}, {high})"),
        "two finite numbers",
    )?;
    Error::check(noise >= 0.0 && noise.is_finite(), "noise", noise, "a finite number >= 0")?;
    let x = if n == 1 { Array1::from_elem(1, low) } else { Array1::linspace(low, high, n) };
    let y = x.mapv(f) + normal(n, seed) * noise;
    match y.iter().find(|y| !y.is_finite()) {
        Some(bad) => Err(Error::Argument {
            argument: "f",
            value: bad.to_string(),
            expected: "finite values on the interval",
        }),
        None => Ok((x, y)),
    }
}

/// Classes that lie around each other: `n` points evenly spread over `classes` circles of radius
/// 1, 2, …, with normal noise of this standard deviation in both coordinates. No line separates them.
///
/// ```
/// use gradus::data;
///
/// let rings = data::rings(200, 2, 0.1, 0)?;
/// assert_eq!(rings.inputs.dim(), (200, 2));
/// assert_eq!(rings.counts(), [100, 100]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `classes` is 0, n is less than `classes`, or `noise` is negative or not finite.
pub fn rings(n: usize, classes: usize, noise: f64, seed: u64) -> Result<Labelled> {
    plane(n, classes, noise, seed, |class, rng| {
        let angle = rng.random_range(0.0..std::f64::consts::TAU);
        let radius = (class + 1) as f64;
        [radius * angle.cos(), radius * angle.sin()]
    })
}

/// `n` points of the plane, class by class in turn, with normal noise.
fn plane(
    n: usize,
    classes: usize,
    noise: f64,
    seed: u64,
    mut place: impl FnMut(usize, &mut rand_chacha::ChaCha8Rng) -> [f64; 2],
) -> Result<Labelled> {
    Error::check(classes > 0, "classes", classes, "at least 1")?;
    Error::check(n >= classes, "n", n, "at least one point a class")?;
    Error::check(noise >= 0.0 && noise.is_finite(), "noise", noise, "a finite number >= 0")?;
    let mut rng = rng(seed);
    let labels: Vec<usize> = (0..n).map(|i| i % classes).collect();
    let mut inputs = Array2::zeros((n, 2));
    for (mut row, &class) in inputs.rows_mut().into_iter().zip(&labels) {
        for (x, center) in row.iter_mut().zip(place(class, &mut rng)) {
            *x = center + noise * rng.sample::<f64, _>(StandardNormal);
        }
    }
    Labelled::new(inputs, labels, classes)
}
