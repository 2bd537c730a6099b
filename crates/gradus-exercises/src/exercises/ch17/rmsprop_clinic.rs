//! # The clinic: an RMSProp that slows down
//!
//! A colleague's RMSProp takes shorter and shorter steps, and the steps of one parameter shrink if
//! another parameter's gradient is large. Here is the code: mend it, so that it is RMSProp. It begins
//! with $r = 0$ and makes one step for each row $g$ of `gradients`, the first row first:
//!
//! $$ r \leftarrow \beta_2\, r + (1 - \beta_2)\, g^2, \qquad
//!    w \leftarrow w - \frac{\eta}{\sqrt{r} + \epsilon}\, g , $$
//!
//! with your own $\beta_2 = {{beta2}}$, with $\epsilon = 10^{-6}$, and with $\eta$ the argument `rate`.
//! Squares, roots and quotients are taken component by component; $w$, $r$ and each $g$ have the same
//! length. It returns $w$ after the last step.
//!
//! ## Hints
//!
//! 1. How many numbers has $r$ in the formula, and how many in the code?
//! 2. If all gradients are the same, $r$ has to tend to their square. Where does it go in the code?
//!
//! ## Explanation
//!
//! Two things are wrong. One number `r` serves all components, so the gradients of one
//! shorten the steps of all; it has to be a vector. And nothing is forgotten: a sum of squares, as AdaGrad
//! has it, never falls, so one large gradient makes all later steps short. RMSProp lets the part
//! $1 - \beta_2$ of the old mean go before it adds the same part of the new square.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn rmsprop(w: &[f64], gradients: &[Vec<f64>], rate: f64) -> Vec<f64> {
        let (beta2, eps) = (own("beta2"), 1e-6);
        let mut w = w.to_vec();
        let mut r = 0.0_f64;
        for g in gradients {
            for i in 0..w.len() {
                r += g[i] * g[i];
                w[i] -= rate * g[i] / (r.sqrt() + eps);
            }
        }
        w
    }
}

pub mod solution {
    use super::own;

    pub fn rmsprop(w: &[f64], gradients: &[Vec<f64>], rate: f64) -> Vec<f64> {
        let (beta2, eps) = (own("beta2"), 1e-6);
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                w[i] -= rate * g[i] / (r[i].sqrt() + eps);
            }
        }
        w
    }
}

/// Each component has its own r now, but nothing is forgotten: this is AdaGrad's sum.
pub mod sum {
    pub fn rmsprop(w: &[f64], gradients: &[Vec<f64>], rate: f64) -> Vec<f64> {
        let eps = 1e-6;
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] += g[i] * g[i];
                w[i] -= rate * g[i] / (r[i].sqrt() + eps);
            }
        }
        w
    }
}

/// The mean forgets now, but one number r still serves all components.
pub mod shared {
    use super::own;

    pub fn rmsprop(w: &[f64], gradients: &[Vec<f64>], rate: f64) -> Vec<f64> {
        let (beta2, eps) = (own("beta2"), 1e-6);
        let mut w = w.to_vec();
        let mut r = 0.0;
        for g in gradients {
            for i in 0..w.len() {
                r = beta2 * r + (1.0 - beta2) * g[i] * g[i];
                w[i] -= rate * g[i] / (r.sqrt() + eps);
            }
        }
        w
    }
}

/// The new square is not multiplied by 1 - β₂: this r is a leaky sum, not a mean, and the steps are shorter.
pub mod leaky_sum {
    use super::own;

    pub fn rmsprop(w: &[f64], gradients: &[Vec<f64>], rate: f64) -> Vec<f64> {
        let (beta2, eps) = (own("beta2"), 1e-6);
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + g[i] * g[i];
                w[i] -= rate * g[i] / (r[i].sqrt() + eps);
            }
        }
        w
    }
}

/// The two weights are exchanged: β₂ belongs to the old mean and 1 - β₂ to the new square.
pub mod exchanged {
    use super::own;

    pub fn rmsprop(w: &[f64], gradients: &[Vec<f64>], rate: f64) -> Vec<f64> {
        let (beta2, eps) = (own("beta2"), 1e-6);
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = (1.0 - beta2) * r[i] + beta2 * g[i] * g[i];
                w[i] -= rate * g[i] / (r[i].sqrt() + eps);
            }
        }
        w
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, sizes: &[f64]| {
        let w = draw.vector(n, -3.0, 3.0);
        // No component is zero: each of them moves.
        let mut entry = |size: f64| {
            let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
            sign * size * draw.decimal(0.2, 2.0, 3)
        };
        let gradients: Vec<Vec<f64>> =
            sizes.iter().map(|size| (0..n).map(|_| entry(*size)).collect()).collect();
        let rate = draw.decimal(0.05, 0.3, 2);
        Case::new(group, Args::new().with("w", w).with("gradients", gradients).with("rate", rate))
    };
    vec![
        case("gradients of one size", 2, &[1.0; 2]),
        case("gradients of one size", 3, &[1.0; 5]),
        case("a wall, then a plain", 2, &[20.0, 0.1, 0.1, 0.1]),
        case("a wall, then a plain", 4, &[0.5, 20.0, 0.1, 0.1, 0.1, 0.1]),
    ]
}

exercise! {
    id: "rmsprop-clinic",
    chapter: 17,
    points: 2,
    clinic: true,
    own: ["beta2" in 0.70..0.97],
    source: include_str!("rmsprop_clinic.rs"),
    call: |x, ask| rmsprop(x.vector("w"), x.matrix("gradients"), x.number("rate")),
    mistakes: [sum, shared, leaky_sum, exchanged],
    // Six steps of a handful of operations.
    judge: Judge::Same(1e-9),
}
