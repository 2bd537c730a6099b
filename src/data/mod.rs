//! Reproducible data: every random number comes from a seeded ChaCha generator, whose stream is the same
//! on every machine.

use ndarray::Array1;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::{Error, Result};

/// A generator that gives the same numbers for the same `seed`, on every machine and in every version.
///
/// ```
/// use gradus::prelude::*;
///
/// let mut a = rng(7);
/// let mut b = rng(7);
/// assert_eq!(a.random::<u64>(), b.random::<u64>());
/// ```
pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// n independent standard normal numbers.
///
/// ```
/// let noise = gradus::data::normal(1000, 0);
/// assert!(noise.mean().unwrap().abs() < 0.1);
/// ```
pub fn normal(n: usize, seed: u64) -> Array1<f64> {
    rng(seed).sample_iter(StandardNormal).take(n).collect()
}

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
