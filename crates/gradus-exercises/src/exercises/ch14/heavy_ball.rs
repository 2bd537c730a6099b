//! # One step of momentum
//!
//! Write `heavy_ball(w, v, g)`: one step of momentum in the form
//!
//! $$ v \leftarrow \rho v - \eta g, \qquad w \leftarrow w + v, $$
//!
//! with your own $\rho = {{rho}}$ and $\eta = {{rate}}$. Return the new $w$ and the new $v$, in this
//! order.
//!
//! ## Hints
//!
//! 1. The velocity is renewed first; the point moves by the new velocity.
//!
//! ## Explanation
//!
//! The order matters: a point that moves by the old velocity is one step late, and its first step
//! (with $v = 0$) goes nowhere.

use crate::prelude::*;

pub mod stub {
    pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let v: Vec<f64> = v.iter().zip(g).map(|(v, g)| rho * v - rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

/// The sign of the gradient: the velocity gains + η g, so the step climbs.
pub mod sign {
    use super::own;

    pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let v: Vec<f64> = v.iter().zip(g).map(|(v, g)| rho * v + rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

/// The point moves by the old velocity: it is one step late.
pub mod late {
    use super::own;

    pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let moved = w.iter().zip(v).map(|(w, v)| w + v).collect();
        let v = v.iter().zip(g).map(|(v, g)| rho * v - rate * g).collect();
        (moved, v)
    }
}

/// This is the other form, v ← ρ v + g and w ← w - η v: the points are the same at a constant rate, the velocity is not.
pub mod other_form {
    use super::own;

    pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let v: Vec<f64> = v.iter().zip(g).map(|(v, g)| rho * v + g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w - rate * v).collect();
        (w, v)
    }
}

/// The gradient is damped by 1 - ρ: this velocity is a running mean, and the step is smaller by that factor.
pub mod damped {
    use super::own;

    pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let v: Vec<f64> = v.iter().zip(g).map(|(v, g)| rho * v - (1.0 - rho) * rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n, still: bool| {
        let w = draw.vector(n, -5.0, 5.0);
        let v = if still { vec![0.0; n] } else { draw.vector(n, -1.0, 1.0) };
        Case::new(group, Args::new().with("w", w).with("v", v).with("g", draw.vector(n, -4.0, 4.0)))
    };
    // A step from rest does not depend on ρ, so each group has one in motion.
    let (one, several) = ("one parameter", "several parameters");
    vec![
        case(one, 1, true),
        case(one, 1, false),
        case(several, 3, true),
        case(several, 2, false),
        case(several, 5, false),
    ]
}

exercise! {
    id: "heavy-ball",
    chapter: 14,
    points: 2,
    own: ["rho" in 0.80..0.97, "rate" in 0.02..0.30],
    source: include_str!("heavy_ball.rs"),
    call: |x, ask| heavy_ball(x.vector("w"), x.vector("v"), x.vector("g")),
    mistakes: [sign, late, other_form, damped],
    // A handful of operations.
    judge: Judge::Same(1e-9),
}
