//! # The clinic: an Adam that starts too fast
//!
//! A colleague's Adam jumps in its first steps. Nothing is wrong with the gradients. Here is the step:
//! mend it, so that it is Adam as Kingma and Ba (2015) have it, with the first step at $t = 1$:
//!
//! $$ m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, $$
//! $$ w \leftarrow w - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}, $$
//!
//! with your own $\beta_1 = {{beta1}}$ and $\beta_2 = {{beta2}}$, and $\varepsilon = 10^{-3}$ (larger than
//! usual, so that its place can be seen). It returns the new $w$, $m$ and $v$.
//!
//! ## Hints
//!
//! 1. Both averages begin at zero. How far is $v$ from the mean of $g^2$ after one step, and what does
//!    its root under the line do?
//! 2. Two things are missing, one for each average; and one thing is in the wrong place.
//!
//! ## Explanation
//!
//! After one step $m = (1 - \beta_1) g$ and $v = (1 - \beta_2) g^2$, so without correction the step is
//! $(1 - \beta_1) / \sqrt{1 - \beta_2}$ times as long as it should be, 3.2 times with the usual
//! $\beta_1 = 0.9$ and $\beta_2 = 0.999$. Dividing by $1 - \beta^t$ undoes it. The paper adds $\varepsilon$
//! outside the root.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn adam(w: &[f64], m: &[f64], v: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (beta1, beta2, eps) = (own("beta1"), own("beta2"), 1e-3);
        let (mut w, mut m, mut v) = (w.to_vec(), m.to_vec(), v.to_vec());
        for i in 0..w.len() {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
            w[i] -= rate * m[i] / (v[i] + eps).sqrt();
        }
        [w, m, v]
    }
}

pub mod solution {
    use super::own;

    pub fn adam(w: &[f64], m: &[f64], v: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (beta1, beta2, eps) = (own("beta1"), own("beta2"), 1e-3);
        let (mut w, mut m, mut v) = (w.to_vec(), m.to_vec(), v.to_vec());
        for i in 0..w.len() {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
            let mean = m[i] / (1.0 - beta1.powi(t as i32));
            let square = v[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * mean / (square.sqrt() + eps);
        }
        [w, m, v]
    }
}

/// This is Adam without bias correction: m and v begin at zero and are not divided by 1 - βᵗ.
pub mod uncorrected {
    use super::own;

    pub fn adam(w: &[f64], m: &[f64], v: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (beta1, beta2, eps) = (own("beta1"), own("beta2"), 1e-3);
        let (mut w, mut m, mut v) = (w.to_vec(), m.to_vec(), v.to_vec());
        for i in 0..w.len() {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
            w[i] -= rate * m[i] / (v[i].sqrt() + eps);
        }
        [w, m, v]
    }
}

/// The correction is right, but ε stands inside the root.
pub mod eps_inside {
    use super::own;

    pub fn adam(w: &[f64], m: &[f64], v: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (beta1, beta2, eps) = (own("beta1"), own("beta2"), 1e-3);
        let (mut w, mut m, mut v) = (w.to_vec(), m.to_vec(), v.to_vec());
        for i in 0..w.len() {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
            let mean = m[i] / (1.0 - beta1.powi(t as i32));
            let square = v[i] / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * mean / (square + eps).sqrt();
        }
        [w, m, v]
    }
}

/// The corrected averages are kept: they are for this step only, and the next step has to go on from the uncorrected ones.
pub mod kept {
    use super::own;

    pub fn adam(w: &[f64], m: &[f64], v: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (beta1, beta2, eps) = (own("beta1"), own("beta2"), 1e-3);
        let (mut w, mut m, mut v) = (w.to_vec(), m.to_vec(), v.to_vec());
        for i in 0..w.len() {
            m[i] = (beta1 * m[i] + (1.0 - beta1) * g[i]) / (1.0 - beta1.powi(t as i32));
            v[i] = (beta2 * v[i] + (1.0 - beta2) * g[i] * g[i]) / (1.0 - beta2.powi(t as i32));
            w[i] -= rate * m[i] / (v[i].sqrt() + eps);
        }
        [w, m, v]
    }
}

/// Only m is corrected; v begins at zero too.
pub mod only_mean {
    use super::own;

    pub fn adam(w: &[f64], m: &[f64], v: &[f64], g: &[f64], t: usize, rate: f64) -> [Vec<f64>; 3] {
        let (beta1, beta2, eps) = (own("beta1"), own("beta2"), 1e-3);
        let (mut w, mut m, mut v) = (w.to_vec(), m.to_vec(), v.to_vec());
        for i in 0..w.len() {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
            w[i] -= rate * m[i] / (1.0 - beta1.powi(t as i32)) / (v[i].sqrt() + eps);
        }
        [w, m, v]
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n, t: usize| {
        let first = t == 1;
        let w = draw.vector(n, -3.0, 3.0);
        let m = if first { vec![0.0; n] } else { draw.vector(n, -0.5, 0.5) };
        let v = if first { vec![0.0; n] } else { draw.vector(n, 0.01, 0.5) };
        let args = Args::new().with("w", w).with("m", m).with("v", v);
        let args = args.with("g", draw.vector(n, -3.0, 3.0)).with("t", t);
        Case::new(group, args.with("rate", draw.decimal(0.01, 0.2, 3)))
    };
    vec![
        case("the first step", 1, 1),
        case("the first step", 3, 1),
        case("later steps", 2, 2),
        case("later steps", 3, 7),
        case("later steps", 4, 40),
    ]
}

exercise! {
    id: "adam-clinic",
    chapter: 18,
    points: 3,
    clinic: true,
    // Without correction the first step is 1.4 to 4 times too long.
    own: ["beta1" in 0.60..0.75, "beta2" in 0.97..0.99],
    source: include_str!("adam_clinic.rs"),
    call: |x, ask| adam(
        x.vector("w"),
        x.vector("m"),
        x.vector("v"),
        x.vector("g"),
        x.index("t"),
        x.number("rate"),
    ),
    mistakes: [uncorrected, eps_inside, kept, only_mean],
    // A dozen operations an entry.
    judge: Judge::Same(1e-9),
}
