//! # The clinic: an AdamW that is Adam with L2
//!
//! A colleague's AdamW hardly shrinks the weights that have large gradients. The decay is in the wrong
//! place. Here is the step: mend it, so that it is AdamW in PyTorch's parametrisation,
//!
//! $$ s \leftarrow \beta_1 s + (1 - \beta_1)\, g, \qquad r \leftarrow \beta_2 r + (1 - \beta_2)\, g^2, $$
//! $$ w \leftarrow w - \eta \lambda w -
//!    \eta\, \frac{s / (1 - \beta_1^t)}{\sqrt{r / (1 - \beta_2^t)} + \epsilon} , $$
//!
//! where the $w$ on the right is the old one in both places, and the first step has $t = 1$. Your own
//! decay is $\lambda = {{lambda}}$; $\beta_1 = 0.9$, $\beta_2 = 0.999$ and $\epsilon = 10^{-8}$ are the usual
//! ones, and $\eta$ is the argument `rate`. It returns the new $w$, $s$ and $r$.
//!
//! ## Hints
//!
//! 1. In the formula, on which of $s$, $r$ and $w$ does $\lambda$ act?
//! 2. Only the step of $w$ has the decay, with the factor $\eta$ and beside the quotient.
//!
//! ## Explanation
//!
//! The broken code adds $\lambda w$ to the gradient. It then goes into both means and is divided by
//! $\sqrt{r}$, so weights with large gradients decay slowly. This is Adam with L2. AdamW keeps the decay
//! away from the means: each weight shrinks by the factor $1 - \eta \lambda$, whatever its gradients are,
//! and moves by Adam's step.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn adamw(w: &[f64], s: &[f64], r: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (lambda, beta1, beta2, eps) = (own("lambda"), 0.9_f64, 0.999_f64, 1e-8);
        let (mut w, mut s, mut r) = (w.to_vec(), s.to_vec(), r.to_vec());
        for i in 0..w.len() {
            let slope = g[i] + lambda * w[i];
            s[i] = beta1 * s[i] + (1.0 - beta1) * slope;
            r[i] = beta2 * r[i] + (1.0 - beta2) * slope * slope;
            let mean = s[i] / (1.0 - beta1.powi(t as i32));
            let square = r[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * mean / (square.sqrt() + eps);
        }
        [w, s, r]
    }
}

pub mod solution {
    use super::own;

    pub fn adamw(w: &[f64], s: &[f64], r: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (lambda, beta1, beta2, eps) = (own("lambda"), 0.9_f64, 0.999_f64, 1e-8);
        let (mut w, mut s, mut r) = (w.to_vec(), s.to_vec(), r.to_vec());
        for i in 0..w.len() {
            s[i] = beta1 * s[i] + (1.0 - beta1) * g[i];
            r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
            let mean = s[i] / (1.0 - beta1.powi(t as i32));
            let square = r[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * lambda * w[i] + rate * mean / (square.sqrt() + eps);
        }
        [w, s, r]
    }
}

/// The decay is out of the means, but still divided by the root: it has to stand beside the quotient.
pub mod scaled {
    use super::own;

    pub fn adamw(w: &[f64], s: &[f64], r: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (lambda, beta1, beta2, eps) = (own("lambda"), 0.9_f64, 0.999_f64, 1e-8);
        let (mut w, mut s, mut r) = (w.to_vec(), s.to_vec(), r.to_vec());
        for i in 0..w.len() {
            s[i] = beta1 * s[i] + (1.0 - beta1) * g[i];
            r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
            let mean = s[i] / (1.0 - beta1.powi(t as i32));
            let square = r[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * (mean + lambda * w[i]) / (square.sqrt() + eps);
        }
        [w, s, r]
    }
}

/// The decay is λ w without the rate, as in the paper; in PyTorch's parametrisation it is η λ w.
pub mod without_rate {
    use super::own;

    pub fn adamw(w: &[f64], s: &[f64], r: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (lambda, beta1, beta2, eps) = (own("lambda"), 0.9_f64, 0.999_f64, 1e-8);
        let (mut w, mut s, mut r) = (w.to_vec(), s.to_vec(), r.to_vec());
        for i in 0..w.len() {
            s[i] = beta1 * s[i] + (1.0 - beta1) * g[i];
            r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
            let mean = s[i] / (1.0 - beta1.powi(t as i32));
            let square = r[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= lambda * w[i] + rate * mean / (square.sqrt() + eps);
        }
        [w, s, r]
    }
}

/// The weight decays after it has moved, so the step shrinks too; the decay is η λ times the old weight.
pub mod afterwards {
    use super::own;

    pub fn adamw(w: &[f64], s: &[f64], r: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (lambda, beta1, beta2, eps) = (own("lambda"), 0.9_f64, 0.999_f64, 1e-8);
        let (mut w, mut s, mut r) = (w.to_vec(), s.to_vec(), r.to_vec());
        for i in 0..w.len() {
            s[i] = beta1 * s[i] + (1.0 - beta1) * g[i];
            r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
            let mean = s[i] / (1.0 - beta1.powi(t as i32));
            let square = r[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * mean / (square.sqrt() + eps);
            w[i] -= rate * lambda * w[i];
        }
        [w, s, r]
    }
}

/// The decay acts twice: beside the quotient, as it should, and still in the gradient.
pub mod twice {
    use super::own;

    pub fn adamw(w: &[f64], s: &[f64], r: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (lambda, beta1, beta2, eps) = (own("lambda"), 0.9_f64, 0.999_f64, 1e-8);
        let (mut w, mut s, mut r) = (w.to_vec(), s.to_vec(), r.to_vec());
        for i in 0..w.len() {
            let slope = g[i] + lambda * w[i];
            s[i] = beta1 * s[i] + (1.0 - beta1) * slope;
            r[i] = beta2 * r[i] + (1.0 - beta2) * slope * slope;
            let mean = s[i] / (1.0 - beta1.powi(t as i32));
            let square = r[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * lambda * w[i] + rate * mean / (square.sqrt() + eps);
        }
        [w, s, r]
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n, t: usize| {
        let first = t == 1;
        let w = draw.vector(n, -3.0, 3.0);
        let s = if first { vec![0.0; n] } else { draw.vector(n, -0.5, 0.5) };
        let r = if first { vec![0.0; n] } else { draw.vector(n, 0.01, 0.5) };
        let args = Args::new().with("w", w).with("s", s).with("r", r);
        let args = args.with("g", draw.vector(n, -2.0, 2.0)).with("t", t);
        Case::new(group, args.with("rate", draw.decimal(0.01, 0.2, 3)))
    };
    vec![
        case("the first step", 2, 1),
        case("the first step", 3, 1),
        case("later steps", 2, 2),
        case("later steps", 3, 7),
        case("later steps", 4, 40),
    ]
}

exercise! {
    id: "decoupled-decay",
    chapter: 18,
    points: 2,
    clinic: true,
    own: ["lambda" in 0.05..0.60],
    source: include_str!("decoupled_decay.rs"),
    call: |x, ask| adamw(
        x.vector("w"),
        x.vector("s"),
        x.vector("r"),
        x.vector("g"),
        x.index("t"),
        x.number("rate"),
    ),
    mistakes: [scaled, without_rate, afterwards, twice],
    // A dozen operations an entry.
    judge: Judge::Same(1e-9),
}
