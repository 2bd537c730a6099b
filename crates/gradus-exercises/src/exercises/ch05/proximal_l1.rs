//! # A proximal step for L1
//!
//! A loss $J(w)$ has the penalty $\lambda \sum_i \lvert w_i \rvert$. A proximal step makes the gradient step
//! for $J$ alone, to $v = w - \eta g$ with $g = \nabla J(w)$, and then goes to the point that minimises
//!
//! $$ \lambda \sum_i \lvert u_i \rvert + \frac{1}{2 \eta} \sum_i (u_i - v_i)^2 $$
//!
//! over all vectors $u$. Write `proximal_step(w, g)`: this point. Yours are $\lambda = {{lambda}}$ and
//! $\eta = {{rate}}$.
//!
//! ## Hints
//!
//! 1. Every component can be minimised by itself. For $u_i > 0$ the derivative is
//!    $\lambda + (u_i - v_i) / \eta$; where is it zero, and for which $v_i$ is that point positive?
//! 2. It is zero at $u_i = v_i - \eta \lambda$. What is the minimum if $v_i$ lies between $-\eta \lambda$ and
//!    $\eta \lambda$?
//!
//! ## Explanation
//!
//! For $v_i > \eta \lambda$ the minimum is at $v_i - \eta \lambda$, for $v_i < -\eta \lambda$ at
//! $v_i + \eta \lambda$. Between them the function falls to the left of zero and rises to the right of it, so
//! the minimum is exactly at zero. In one formula this is the soft threshold,
//!
//! $$ u_i = \operatorname{sign}(v_i) \max(0,\ \lvert v_i \rvert - \eta \lambda) . $$
//!
//! The slope of the penalty, in its place, pushes a weight across zero and back again.

use crate::prelude::*;

pub mod stub {
    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        let shrink = |v: f64| v.signum() * (v.abs() - rate * lambda).max(0.0);
        w.iter().zip(g).map(|(w, g)| shrink(w - rate * g)).collect()
    }
}

/// The threshold is λ; it is ηλ, because a short step may shrink the weights only a little.
pub mod whole_lambda {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        let shrink = |v: f64| v.signum() * (v.abs() - lambda).max(0.0);
        w.iter().zip(g).map(|(w, g)| shrink(w - rate * g)).collect()
    }
}

/// This is a step along the slope of loss and penalty together, which does not stop at zero.
pub mod slope {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        w.iter().zip(g).map(|(w, g)| w - rate * (g + lambda * w.signum())).collect()
    }
}

/// The threshold is subtracted where less than it is left: the weight changes its sign instead of becoming zero.
pub mod across_zero {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        let shrink = |v: f64| v - rate * lambda * v.signum();
        w.iter().zip(g).map(|(w, g)| shrink(w - rate * g)).collect()
    }
}

/// The sign is that of the old weight; the gradient step may have taken it across zero.
pub mod old_sign {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        w.iter()
            .zip(g)
            .map(|(w, g)| w.signum() * ((w - rate * g).abs() - rate * lambda).max(0.0))
            .collect()
    }
}

/// The old weight is shrunk and then the gradient step is made; the order is the other one.
pub mod shrunk_first {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        let shrink = |w: f64| w.signum() * (w.abs() - rate * lambda).max(0.0);
        w.iter().zip(g).map(|(w, g)| shrink(*w) - rate * g).collect()
    }
}

/// Weights within the threshold become zero, but those beyond it stay as they are; they too go towards zero by the threshold.
pub mod hard {
    use super::own;

    pub fn proximal_step(w: &[f64], g: &[f64]) -> Vec<f64> {
        let (lambda, rate) = (own("lambda"), own("rate"));
        let shrink = |v: f64| if v.abs() <= rate * lambda { 0.0 } else { v };
        w.iter().zip(g).map(|(w, g)| shrink(w - rate * g)).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let (lambda, rate) = (own("lambda"), own("rate"));
    let decimals = |x: f64| (x * 1000.0).round() / 1000.0;
    // For each weight a range for v and one for the gradient step before it, both in thresholds ηλ.
    // Rounding to three decimals moves v by less than a twentieth of the least threshold.
    let mut case = |group, ranges: &[[f64; 4]]| {
        let (mut w, mut g) = (Vec::new(), Vec::new());
        for [v_low, v_high, step_low, step_high] in ranges {
            let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
            let v = sign * draw.uniform(*v_low, *v_high);
            let step = sign * draw.uniform(*step_low, *step_high);
            w.push(decimals((v + step) * rate * lambda));
            g.push(decimals(step * lambda));
        }
        Case::new(group, Args::new().with("w", w).with("g", g))
    };
    let away = [3.0, 9.0, -1.0, 3.0];
    let small = [0.1, 0.9, 1.5, 4.0];
    let near = [0.1, 0.4, -0.8, -0.5];
    let turned = [1.5, 4.0, -9.0, -5.5];
    let both = "weights that become zero or change their sign";
    vec![
        case("weights that stay away from zero", &[away]),
        case("weights that stay away from zero", &[away, away, away]),
        case(both, &[small, away]),
        case(both, &[away, turned, near]),
        case(both, &[turned, small, small, away, turned]),
    ]
}

exercise! {
    id: "proximal-l1",
    chapter: 5,
    points: 2,
    own: ["lambda" in 0.30..0.90, "rate" in 0.10..0.50],
    source: include_str!("proximal_l1.rs"),
    call: |x, ask| proximal_step(x.vector("w"), x.vector("g")),
    mistakes: [whole_lambda, slope, across_zero, old_sign, shrunk_first, hard],
    // A handful of operations.
    judge: Judge::Same(1e-9),
}
