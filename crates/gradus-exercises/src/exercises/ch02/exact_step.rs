//! # The exact step on a quadratic
//!
//! Near a point $w$ with gradient $g$ and Hessian $H$, the second-order model of the loss along $-g$ is
//!
//! $$ f(w - \eta g) \approx f(w) - \eta\, g^\top g + \tfrac{1}{2} \eta^2\, g^\top H g . $$
//!
//! A careful person gives the loss more curvature than $H$ has, your own $\mu = {{mu}}$ in every direction:
//! $H + \mu I$ takes the place of $H$ in the model. Write `exact_step(g, h)`: the rate $\eta$ at which
//! this careful model is smallest. If it has no smallest value, return `None`. Here `g` is not zero, and `h`
//! is $H$ itself, without $\mu$.
//!
//! You may call `dot` and `matvec`.
//!
//! ## Hints
//!
//! 1. The model is a parabola in $\eta$. Where is its derivative zero?
//! 2. $-g^\top g + \eta\, g^\top (H + \mu I) g = 0$. What is $g^\top (\mu I) g$?
//!
//! ## Explanation
//!
//! The derivative with respect to $\eta$ vanishes at
//! $\eta = g^\top g / (g^\top H g + \mu\, g^\top g)$. It is a minimum if the parabola opens upwards, that is
//! if the number under the line is positive. Along a direction of negative curvature the model falls for ever,
//! and along one without curvature it is a falling line. Since $1 / \eta$ is the curvature along $g$ plus
//! $\mu$, no step is longer than $\lVert g \rVert / \mu$ where $g^\top H g \ge 0$.

use crate::prelude::*;

pub mod stub {
    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{dot, matvec, own};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g)) + own("mu") * dot(g, g);
        (curvature > 0.0).then(|| dot(g, g) / curvature)
    }
}

/// The step is turned upside down: this is the curvature per squared gradient, and the step is one over it.
pub mod upside_down {
    use super::{dot, matvec, own};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g)) + own("mu") * dot(g, g);
        (curvature > 0.0).then(|| curvature / dot(g, g))
    }
}

/// The factor 1/2 of the model's square is lost when differentiating: the derivative of η²/2 is η.
pub mod half {
    use super::{dot, matvec, own};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g)) + own("mu") * dot(g, g);
        (curvature > 0.0).then(|| dot(g, g) / (2.0 * curvature))
    }
}

/// A step comes back where the curvature along the gradient is not positive, so that the model has no minimum.
pub mod any_curvature {
    use super::{dot, matvec, own};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        Some(dot(g, g) / (dot(g, &matvec(h, g)) + own("mu") * dot(g, g)))
    }
}

/// Whether there is a minimum is decided by the curvature without μ; the model that is minimised has μ in it.
pub mod tested_without {
    use super::{dot, matvec, own};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g));
        (curvature > 0.0).then(|| dot(g, g) / (curvature + own("mu") * dot(g, g)))
    }
}

/// The number μ is added to the curvature as it is; with a g that is not of length 1 it has to be multiplied by g·g.
pub mod unscaled {
    use super::{dot, matvec, own};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g)) + own("mu");
        (curvature > 0.0).then(|| dot(g, g) / curvature)
    }
}

/// This is the exact step for H; the careful model has H + μI in its place.
pub mod without_mu {
    use super::{dot, matvec};

    pub fn exact_step(g: &[f64], h: &[Vec<f64>]) -> Option<f64> {
        let curvature = dot(g, &matvec(h, g));
        (curvature > 0.0).then(|| dot(g, g) / curvature)
    }
}

use gradus_student::tools::{dot, matvec};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mu = own("mu");
    let mut case = |group, n, low: f64, high: f64| {
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(low, high)).collect();
        let args = Args::new().with("g", draw.vector(n, -3.0, 3.0));
        Case::new(group, args.with("h", draw.symmetric(&eigenvalues)))
    };
    let (positive, negative) = ("positive curvature", "negative curvature, more or less than μ");
    vec![
        case(positive, 1, 0.2, 9.0),
        case(positive, 2, 0.2, 9.0),
        case(positive, 4, 0.2, 9.0),
        case(negative, 1, -9.0, -1.3 * mu),
        case(negative, 2, -0.8 * mu, -0.2 * mu),
        case(negative, 3, -9.0, -1.3 * mu),
        case(negative, 3, -0.8 * mu, -0.2 * mu),
    ]
}

exercise! {
    id: "exact-step",
    chapter: 2,
    points: 2,
    allow: ["dot", "matvec"],
    own: ["mu" in 0.20..1.50],
    source: include_str!("exact_step.rs"),
    call: |x, ask| exact_step(x.vector("g"), x.matrix("h")),
    mistakes: [upside_down, half, any_curvature, tested_without, unscaled, without_mu],
    // Sums of at most sixteen products. The sum under the line keeps a fifth of its larger part, or more.
    judge: Judge::Same(1e-9),
}
