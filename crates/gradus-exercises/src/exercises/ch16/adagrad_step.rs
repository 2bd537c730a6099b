//! # One step of AdaGrad
//!
//! Write `adagrad(w, r, g)`: one step of AdaGrad,
//!
//! $$ r \leftarrow r + g^2, \qquad w \leftarrow w - \frac{\eta}{\sqrt{r} + \epsilon}\, g , $$
//!
//! with your own $\eta = {{rate}}$, and $\epsilon = 0.01$ (larger than usual, so that its place can be
//! seen). Squares, roots and quotients are taken component by component; $w$, $r$ and $g$ have the same
//! length. The second formula uses the new $r$. Return the new $w$ and the new $r$, in this order.
//!
//! ## Hints
//!
//! 1. Renew the sum first: at the first step $r$ is zero, and only the new square tells the size of the
//!    gradient.
//! 2. $\epsilon$ is added to the root, not to the sum.
//!
//! ## Explanation
//!
//! In the first step $r = g^2$, so each component moves by $\eta\, |g| / (|g| + \epsilon)$, which is
//! nearly $\eta$ where $|g|$ is much larger than $\epsilon$. With the old sum, zero, the divisor would be
//! $\epsilon$ alone. With $\epsilon$ inside the root the smallest divisor would be
//! $\sqrt{\epsilon} = 0.1$ in place of $0.01$.

use crate::prelude::*;

pub mod stub {
    pub fn adagrad(w: &[f64], r: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn adagrad(w: &[f64], r: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 0.01);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

/// ε stands inside the root; it is added to the root.
pub mod eps_inside {
    use super::own;

    pub fn adagrad(w: &[f64], r: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 0.01);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i] + eps).sqrt();
        }
        (w, r)
    }
}

/// The square is forgotten: r sums the gradients, so it can become negative and has no root.
pub mod no_square {
    use super::own;

    pub fn adagrad(w: &[f64], r: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 0.01);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for i in 0..w.len() {
            r[i] += g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

/// The step uses the old sum, without today's square: the first step is divided by ε alone.
pub mod old_sum {
    use super::own;

    pub fn adagrad(w: &[f64], r: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 0.01);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for i in 0..w.len() {
            w[i] -= rate * g[i] / (r[i].sqrt() + eps);
            r[i] += g[i] * g[i];
        }
        (w, r)
    }
}

/// The root is forgotten: the step is divided by the sum of the squares itself.
pub mod no_root {
    use super::own;

    pub fn adagrad(w: &[f64], r: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 0.01);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i] + eps);
        }
        (w, r)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n, first: bool| {
        let w = draw.vector(n, -3.0, 3.0);
        let r = if first { vec![0.0; n] } else { draw.vector(n, 0.01, 0.5) };
        // Not far above ε = 0.01, whose place shows then; of both signs.
        let g = (0..n).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 } * draw.decimal(0.02, 0.3, 3));
        let g: Vec<f64> = g.collect();
        Case::new(group, Args::new().with("w", w).with("r", r).with("g", g))
    };
    vec![
        case("the first step", 1, true),
        case("the first step", 3, true),
        case("later steps", 2, false),
        case("later steps", 4, false),
    ]
}

exercise! {
    id: "adagrad-step",
    chapter: 16,
    points: 2,
    own: ["rate" in 0.05..0.60],
    source: include_str!("adagrad_step.rs"),
    call: |x, ask| adagrad(x.vector("w"), x.vector("r"), x.vector("g")),
    mistakes: [eps_inside, no_square, old_sum, no_root],
    // A handful of operations.
    judge: Judge::Same(1e-9),
}
