//! # The title, as the page has it
//!
//! Say what the function gets and what it returns, so that it can be written from this page alone: the
//! formula, the shapes, the order of the results, what holds at the edges. Here: write
//! `step(w, g)`, which returns the new parameters after a step of gradient descent
//!
//! $$ w \leftarrow w - \eta\, g $$
//!
//! with your own learning rate $\eta = {{rate}}$. You may use `scale` and `sub`.
//!
//! ## Hints
//!
//! 1. A hint that helps a little.
//! 2. A hint that helps more.
//!
//! ## Explanation
//!
//! Why the solution is as it is; what to remember.

use crate::prelude::*;
use gradus_student::tools::{scale, sub};

pub mod stub {
    pub fn step(w: &[f64], g: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{own, scale, sub};

    pub fn step(w: &[f64], g: &[f64]) -> Vec<f64> {
        sub(w, &scale(own("rate"), g))
    }
}

/// The step goes along the gradient, uphill.
pub mod uphill {
    use super::own;

    pub fn step(w: &[f64], g: &[f64]) -> Vec<f64> {
        w.iter().zip(g).map(|(w, g)| w + own("rate") * g).collect()
    }
}

/// The learning rate is missing: the step is the whole gradient.
pub mod no_rate {
    pub fn step(w: &[f64], g: &[f64]) -> Vec<f64> {
        w.iter().zip(g).map(|(w, g)| w - g).collect()
    }
}

/// This is the step alone; the new parameters were asked for.
pub mod step_alone {
    use super::own;

    pub fn step(w: &[f64], g: &[f64]) -> Vec<f64> {
        g.iter().map(|g| -own("rate") * g).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n| {
        let w = draw.vector(n, -3.0, 3.0);
        Case::new(group, Args::new().with("w", w).with("g", draw.vector(n, 0.5, 2.0)))
    };
    vec![
        case("one parameter", 1),
        case("one parameter", 1),
        case("several parameters", 2),
        case("several parameters", 4),
    ]
}

exercise! {
    id: "template",
    chapter: 1,
    points: 1,
    allow: ["scale", "sub"],
    own: ["rate" in 0.10..0.90],
    source: include_str!("template.rs"),
    call: |x, ask| step(x.vector("w"), x.vector("g")),
    mistakes: [uphill, no_rate, step_alone],
    // Two operations an entry.
    judge: Judge::Same(1e-9),
}
