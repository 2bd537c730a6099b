//! # Learning rates on a logarithmic scale
//!
//! A random search draws learning rates between $10^{-5}$ and $10^{-1}$, such that every decade is as
//! likely as every other: the exponent is drawn evenly. Write `rates(u)`: for each entry of `u`, a number
//! drawn evenly from $(0, 1)$, its learning rate. The rate has to grow with the entry: near 0 it is near
//! $10^{-5}$, and near 1 it is near $10^{-1}$. Return as many rates as `u` has entries, in the same order.
//!
//! ## Hints
//!
//! 1. Let the exponent be $a + (b - a)\, u$. What are $a$ and $b$?
//! 2. An entry of $1/2$ has to give $10^{-3}$, the middle of the scale.
//!
//! ## Explanation
//!
//! $\eta = 10^{-5 + 4u}$: the exponent goes evenly from $-5$ to $-1$, and each of the four decades gets a
//! quarter of the draws. Drawn evenly itself, the rate would lie in the largest decade, from $10^{-2}$ to
//! $10^{-1}$, nine times out of ten. A base other than 10 is as good if the bounds' logarithms are to
//! that base: $\eta = \mathrm e^{a + (b - a) u}$ with $a = \ln 10^{-5}$ and $b = \ln 10^{-1}$ is the same.

use crate::prelude::*;

pub mod stub {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        u.iter().map(|u| 10.0_f64.powf(-5.0 + 4.0 * u)).collect()
    }
}

/// The rate itself is drawn evenly, so nine in ten are above 0.01; the exponent should be.
pub mod even {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        u.iter().map(|u| 1e-5 + (1e-1 - 1e-5) * u).collect()
    }
}

/// Decimal exponents with the base e: these rates lie between e⁻⁵ = 0.007 and e⁻¹ = 0.37.
pub mod natural {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        u.iter().map(|u| (-5.0 + 4.0 * u).exp()).collect()
    }
}

/// Natural logarithms of the bounds with the base 10: these rates go down to 3e-12.
pub mod decimal {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        let (low, high) = (1e-5_f64.ln(), 1e-1_f64.ln());
        u.iter().map(|u| 10.0_f64.powf(low + (high - low) * u)).collect()
    }
}

/// The bounds are exchanged: an entry near 0 gives the largest rate.
pub mod exchanged {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        u.iter().map(|u| 10.0_f64.powf(-1.0 - 4.0 * u)).collect()
    }
}

/// The exponent runs over five decades, up to the rate 1; from -5 to -1 there are four.
pub mod wide {
    pub fn rates(u: &[f64]) -> Vec<f64> {
        u.iter().map(|u| 10.0_f64.powf(-5.0 + 5.0 * u)).collect()
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
    source: include_str!("log_uniform.rs"),
    call: |x, ask| rates(x.vector("u")),
    mistakes: [even, natural, decimal, exchanged, wide],
    // One power; by way of the other base it has the same digits but the last few.
    judge: Judge::Same(1e-9),
}
