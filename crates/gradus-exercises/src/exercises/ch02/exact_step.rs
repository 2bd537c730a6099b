//! # The exact step on a quadratic
//!
//! Near a point $w$ with gradient $g$ and Hessian $H$, the second-order model of the loss along $-g$ is
//!
//! $$ f(w - \eta g) \approx f(w) - \eta\, g^\top g + \tfrac{1}{2} \eta^2\, g^\top H g . $$
//!
//! Write `exact_step(g, h)`: the rate $\eta$ at which this model is smallest. If the model has no
//! smallest value, because $g^\top H g \le 0$, return `None`.
//!
//! You may call `dot` and `matvec`.
//!
//! ## Hints
//!
//! 1. The model is a parabola in $\eta$. Where is its derivative zero?
//! 2. $-g^\top g + \eta\, g^\top H g = 0$.
//!
//! ## Explanation
//!
//! The derivative with respect to $\eta$ vanishes at $\eta = g^\top g / g^\top H g$. It is a minimum if
//! the parabola opens upwards, that is if $g^\top H g > 0$. Along a direction of negative curvature the
//! model falls for ever, and along one without curvature ($g^\top H g = 0$) it is a falling line.

use crate::prelude::*;

pub mod stub {
    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{dot, matvec};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g));
        (curvature > 0.0).then(|| dot(g, g) / curvature)
    }
}

/// The step is turned upside down: this is the curvature per squared gradient, and the step is one over it.
pub mod upside_down {
    use super::{dot, matvec};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g));
        (curvature > 0.0).then(|| curvature / dot(g, g))
    }
}

/// The factor 1/2 of the model's square is lost when differentiating: the derivative of η²/2 is η.
pub mod half {
    use super::{dot, matvec};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g));
        (curvature > 0.0).then(|| dot(g, g) / (2.0 * curvature))
    }
}

/// A step comes back where the curvature along the gradient is not positive, so that the model has no minimum.
pub mod any_curvature {
    use super::{dot, matvec};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        Some(dot(g, g) / dot(g, &matvec(h, g)))
    }
}

use gradus_student::tools::{dot, matvec};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut cases = Vec::new();
    for n in [1, 2, 3, 4] {
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(0.2, 9.0)).collect();
        let args = Args::new().with("g", draw.vector(n, -3.0, 3.0));
        let args = args.with("h", draw.symmetric(&eigenvalues));
        cases.push(Case::new("positive and negative curvature", args));
    }
    for n in [1, 2, 3] {
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(-9.0, -0.2)).collect();
        let args = Args::new().with("g", draw.vector(n, -3.0, 3.0));
        let args = args.with("h", draw.symmetric(&eigenvalues));
        cases.push(Case::new("positive and negative curvature", args));
    }
    cases
}

exercise! {
    id: "exact-step",
    chapter: 2,
    points: 2,
    allow: ["dot", "matvec"],
    source: include_str!("exact_step.rs"),
    call: |x, ask| exact_step(x.vector("g"), x.matrix("h")),
    mistakes: [upside_down, half, any_curvature],
    // Sums of at most sixteen products: rounding stays far below.
    judge: Judge::Same(1e-9),
}
