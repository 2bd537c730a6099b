//! # The clinic: a softmax loss that is not a number
//!
//! A colleague asks what becomes of the loss when all weights and biases are multiplied by your own
//! $t = {{t}}$, so that every score $z_j$ becomes $t z_j$. The answer is NaN or infinity as soon as the
//! scores grow. Here is the function: the softmax loss of an example of class $y$ with the scores
//! $z_0, \dots, z_{C-1}$ before they are multiplied,
//!
//! $$ J = -\ln p_y , \qquad p_y = \frac{e^{t z_y}}{\sum_{j=0}^{C-1} e^{t z_j}} . $$
//!
//! The formula is right; the way to compute it is not. Mend `softmax_loss(z, y)`, so that it returns $J$ to
//! a relative $10^{-9}$ for all $z_j$ between $-10^4$ and $10^4$, however far apart they are. No $J$
//! that is asked for is smaller than 0.1.
//!
//! ## Hints
//!
//! 1. The largest number that an `f64` holds is about $e^{709.8}$, and below $e^{-745.2}$ there is only
//!    zero. Which $t z_j$ lead to $\infty / \infty$, which to $0 / 0$, and which to $\ln 0$?
//! 2. $J$ stays the same if the same number is subtracted from all $t z_j$. Which number makes sure that no
//!    power overflows and that the sum is not zero?
//! 3. That leaves $\ln 0$. Write the logarithm of the quotient as a difference:
//!    $J = \ln \sum_j e^{t z_j} - t z_y$.
//!
//! ## Explanation
//!
//! With $m = \max_j z_j$,
//!
//! $$ J = \ln \sum_j e^{t (z_j - m)} - t (z_y - m) . $$
//!
//! No exponent is positive, so nothing overflows. One exponent is zero, so the sum is at least 1 and its
//! logarithm is finite. A power that underflows is too small beside that 1 to matter. And $e^{t (z_y - m)}$
//! is never alone under the logarithm: if $t z_y$ trails by 2000, the loss is 2000, although $p_y$ is zero in
//! floating point.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let sum: f64 = z.iter().map(|z| (t * z).exp()).sum();
        let p = (t * z[y]).exp() / sum;
        -p.ln()
    }
}

pub mod solution {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| (t * (z - top)).exp()).sum();
        sum.ln() - t * (z[y] - top)
    }
}

/// The largest score is taken off in the sum but not from the score of the right class.
pub mod half_shifted {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| (t * (z - top)).exp()).sum();
        sum.ln() - t * z[y]
    }
}

/// The score of the right class is taken off, not the largest score: if another class leads by more than 709, its power overflows.
pub mod by_right {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let sum: f64 = z.iter().map(|other| (t * (other - z[y])).exp()).sum();
        sum.ln()
    }
}

/// The probability no longer overflows, but it underflows to zero if the right class trails by more than 745, and then its logarithm is infinite.
pub mod log_of_zero {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| (t * (z - top)).exp()).sum();
        let p = (t * (z[y] - top)).exp() / sum;
        -p.ln()
    }
}

/// A small number is added to the probability before the logarithm: that hides the infinity and cuts the loss off (at 27.6 for a number of 1e-12).
pub mod floor {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| (t * (z - top)).exp()).sum();
        let p = (t * (z[y] - top)).exp() / sum;
        -(p + 1e-12).ln()
    }
}

/// The factor t is in the sum only; the score of the right class is multiplied by it as well.
pub mod half_scaled {
    use super::own;

    pub fn softmax_loss(z: &[f64], y: usize) -> f64 {
        let t = own("t");
        let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| (t * (z - top)).exp()).sum();
        sum.ln() - (z[y] - top)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let t = own("t");
    // Multiplied by t, the scores are near `level`; the right class is behind the first of the others by
    // `lead`.
    let mut case = |group, n: usize, level: [f64; 2], lead: [f64; 2]| {
        let level = draw.decimal(level[0] / t, level[1] / t, 1);
        let mut z: Vec<f64> = (1..n).map(|_| level + draw.decimal(-1.0 / t, 1.0 / t, 3)).collect();
        let right = z[0] - draw.decimal(lead[0] / t, lead[1] / t, 3);
        let y = draw.index(0, n);
        z.insert(y, right);
        Case::new(group, Args::new().with("z", z).with("y", y))
    };
    let (close, far, farther) = ([-1.0, 3.0], [712.0, 722.0], [800.0, 3000.0]);
    let (high, low) = ([800.0, 6000.0], [-6000.0, -800.0]);
    vec![
        case("large scores", 3, high, close),
        case("large scores", 5, high, close),
        case("large scores", 3, high, far),
        case("large scores", 4, high, farther),
        case("large negative scores", 2, low, close),
        case("large negative scores", 4, low, close),
        case("large negative scores", 3, low, far),
        case("large negative scores", 5, low, farther),
    ]
}

exercise! {
    id: "stable-softmax",
    chapter: 4,
    points: 3,
    clinic: true,
    own: ["t" in 1.20..3.00],
    source: include_str!("stable_softmax.rs"),
    call: |x, ask| softmax_loss(x.vector("z"), x.index("y")),
    mistakes: [half_shifted, by_right, log_of_zero, floor, half_scaled],
    // Scores of some 10⁴ are known to a few 10⁻¹²; if the largest is added back before the right one is subtracted,
    // that is the error of a loss which is at least 0.1 here.
    judge: Judge::Same(1e-9),
}
