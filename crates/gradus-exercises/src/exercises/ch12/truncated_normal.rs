//! # A truncated normal of the right size
//!
//! Weights are to come from a *truncated normal* distribution: a normal number further from 0 than two
//! of its standard deviations is thrown away, and the next one takes its place. The cut lowers the
//! spread: of a standard normal, cut at $\pm 2$, a standard deviation of 0.8796 is left. (Take this
//! number.)
//!
//! Write `truncated(n, z)`, where `z` holds independent standard normal numbers, more than enough. Go
//! through them in order, keep those with $|z| \le 2$, stop when you have `n`, and multiply each by one
//! factor, so that the weights have your own standard deviation $\sigma = {{sigma}}$ *after* the cut.
//! Return the `n` weights in the order of their numbers.
//!
//! ## Hints
//!
//! 1. Keep or throw away first, scale afterwards.
//! 2. The kept numbers have the standard deviation 0.8796. By what must they be multiplied to have
//!    $\sigma$?
//!
//! ## Explanation
//!
//! The numbers that remain are multiplied by $s = \sigma / 0.8796$, the deviation of the normal before
//! the cut; the largest weight possible is $2 s$. To multiply by $\sigma$ alone leaves the weights an
//! eighth too small, which ten ReLU layers turn into $0.88^{10} \approx 0.28$. Nor may what is too large
//! be set to $\pm 2$: a twentieth of the weights would then stand exactly at the two ends.

use crate::prelude::*;

pub mod stub {
    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        let scale = own("sigma") / 0.8796;
        z.iter().filter(|z| z.abs() <= 2.0).take(n).map(|z| scale * z).collect()
    }
}

/// The cut lowers the standard deviation, and the factor does not make up for it.
pub mod uncorrected {
    use super::own;

    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        let scale = own("sigma");
        z.iter().filter(|z| z.abs() <= 2.0).take(n).map(|z| scale * z).collect()
    }
}

/// The correction is the wrong way round: it makes the weights smaller still.
pub mod smaller_still {
    use super::own;

    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        let scale = own("sigma") * 0.8796;
        z.iter().filter(|z| z.abs() <= 2.0).take(n).map(|z| scale * z).collect()
    }
}

/// What is too large is moved to the end of the interval; it has to be thrown away, and the next number takes its place.
pub mod clamped {
    use super::own;

    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        let scale = own("sigma") / 0.8796;
        z.iter().take(n).map(|z| scale * z.clamp(-2.0, 2.0)).collect()
    }
}

/// Only the upper tail is cut off: numbers below -2 remain.
pub mod one_tail {
    use super::own;

    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        let scale = own("sigma") / 0.8796;
        z.iter().filter(|z| **z <= 2.0).take(n).map(|z| scale * z).collect()
    }
}

/// The cut is made after scaling, at two of the new standard deviations: that is below two of the old ones.
pub mod cut_after {
    use super::own;

    pub fn truncated(n: usize, z: &[f64]) -> Vec<f64> {
        let scale = own("sigma") / 0.8796;
        z.iter()
            .filter(|z| scale * z.abs() <= 2.0 * own("sigma"))
            .take(n)
            .map(|z| scale * z)
            .collect()
    }
}

/// A standard normal number, to three decimals, below 1.7 in size.
fn normal(draw: &mut Draw) -> f64 {
    loop {
        let radius = (-2.0 * draw.uniform(1e-6, 1.0).ln()).sqrt();
        let z = radius * draw.uniform(0.0, std::f64::consts::TAU).cos();
        if z.abs() < 1.7 {
            return (z * 1e3).round() / 1e3;
        }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize| {
        let mut z: Vec<f64> = (0..n + 2).map(|_| normal(draw)).collect();
        // One number beyond each end, and one just inside, among the first n.
        let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
        z.insert(draw.index(0, n - 2), sign * draw.decimal(1.8, 1.98, 3));
        z.insert(draw.index(0, n - 1), draw.decimal(2.05, 3.0, 3));
        z.insert(draw.index(0, n), -draw.decimal(2.05, 3.0, 3));
        Case::new(group, Args::new().with("n", n).with("z", z))
    };
    vec![
        case("a few weights", 3),
        case("a few weights", 4),
        case("a few weights", 6),
        case("many weights", 12),
        case("many weights", 20),
    ]
}

exercise! {
    id: "truncated-normal",
    chapter: 12,
    points: 2,
    own: ["sigma" in 0.05..0.80],
    source: include_str!("truncated_normal.rs"),
    call: |x, ask| truncated(x.index("n"), x.vector("z")),
    mistakes: [uncorrected, smaller_still, clamped, one_tail, cut_after],
    // One product a weight.
    judge: Judge::Same(1e-9),
}
