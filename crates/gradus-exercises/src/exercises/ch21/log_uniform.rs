//! # Learning rates on a logarithmic scale
//!
//! A random search draws learning rates between $10^a$ and $10^b$ with your own $a = {{a}}$ and $b = {{b}}$,
//! such that every decade is as likely as every other: the exponent is drawn evenly. Write `rates(u)`: for
//! each entry of `u`, a number drawn evenly from $(0, 1)$, its learning rate. The rate has to grow with the
//! entry: near 0 it is near $10^a$, and near 1 it is near $10^b$. Return as many rates as `u` has entries,
//! in the same order.
//!
//! ## Hints
//!
//! 1. The exponent is $a$ where the entry $u$ is 0, and $b$ where it is 1. In between it is a line.
//! 2. An entry of $1/2$ has to give $10^{(a + b) / 2}$, the middle of the scale.
//!
//! ## Explanation
//!
//! $\eta = 10^{a + (b - a) u}$: the exponent goes evenly from $a$ to $b$, and each of the decades gets as many
//! draws as every other. Drawn evenly itself, the rate would lie in the largest decade, from $10^{b - 1}$ to
//! $10^b$, nine times out of ten. A base other than 10 is as good if the bounds' logarithms are to that base:
//! $\eta = \mathrm e^{A + (B - A) u}$ with $A = a \ln 10$ and $B = b \ln 10$ is the same.

use crate::prelude::*;

pub mod stub {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn rates(u: &[f64]) -> Vec<f64> {
        let (a, b) = (own("a"), own("b"));
        u.iter().map(|u| 10.0_f64.powf(a + (b - a) * u)).collect()
    }
}

/// The rate itself is drawn evenly, so nine in ten are in the largest decade; the exponent should be.
pub mod even {
    use super::own;

    pub fn rates(u: &[f64]) -> Vec<f64> {
        let (low, high) = (10.0_f64.powf(own("a")), 10.0_f64.powf(own("b")));
        u.iter().map(|u| low + (high - low) * u).collect()
    }
}

/// Decimal exponents with the base e: these rates lie between eᵃ and eᵇ.
pub mod natural {
    use super::own;

    pub fn rates(u: &[f64]) -> Vec<f64> {
        let (a, b) = (own("a"), own("b"));
        u.iter().map(|u| (a + (b - a) * u).exp()).collect()
    }
}

/// Natural logarithms of the bounds with the base 10: these exponents are 2.3 times too large.
pub mod decimal {
    use super::own;

    pub fn rates(u: &[f64]) -> Vec<f64> {
        let ten = 10.0_f64.ln();
        let (low, high) = (own("a") * ten, own("b") * ten);
        u.iter().map(|u| 10.0_f64.powf(low + (high - low) * u)).collect()
    }
}

/// The bounds are exchanged: an entry near 0 gives the largest rate.
pub mod exchanged {
    use super::own;

    pub fn rates(u: &[f64]) -> Vec<f64> {
        let (a, b) = (own("a"), own("b"));
        u.iter().map(|u| 10.0_f64.powf(b + (a - b) * u)).collect()
    }
}

/// The exponent runs from a up to 0, and the rate up to 1; it has to end at b.
pub mod wide {
    use super::own;

    pub fn rates(u: &[f64]) -> Vec<f64> {
        let a = own("a");
        u.iter().map(|u| 10.0_f64.powf(a - a * u)).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, low: f64, high: f64| {
        Case::new(group, Args::new().with("u", draw.vector(n, low, high)))
    };
    vec![
        case("small and large rates", 2, 0.02, 0.2),
        case("small and large rates", 3, 0.7, 0.98),
        case("the whole scale", 4, 0.02, 0.98),
        case("the whole scale", 1, 0.55, 0.7),
        case("the whole scale", 6, 0.02, 0.98),
    ]
}

exercise! {
    id: "log-uniform",
    chapter: 21,
    points: 1,
    own: ["a" in -6.00..-4.00, "b" in -1.50..-0.50],
    source: include_str!("log_uniform.rs"),
    call: |x, ask| rates(x.vector("u")),
    mistakes: [even, natural, decimal, exchanged, wide],
    // One power; by way of the other base it has the same digits but the last few.
    judge: Judge::Same(1e-9),
}
