//! # Some steps of gradient descent
//!
//! A quadratic loss has a symmetric matrix $H$ and a vector $b$:
//!
//! $$ J(w) = \tfrac{1}{2}\, w^\top H w - b^\top w . $$
//!
//! Write `descend(h, b, w, k)`: the point $w_k$ after $k$ updates of gradient descent,
//!
//! $$ w_{i+1} = w_i - \eta\, \nabla J(w_i) , \qquad i = 0, \dots, k - 1 , $$
//!
//! from $w_0 =$ `w`, with your own rate $\eta = {{rate}}$. For $k = 0$ it is `w` itself.
//!
//! You may call `matvec`, `sub` and `scale`.
//!
//! ## Hints
//!
//! 1. What is the gradient of $J$? In one dimension, $J(w) = \tfrac{1}{2} h w^2 - b w$ has the derivative
//!    $h w - b$.
//! 2. Compute the whole gradient $H w_i - b$ at the point where you are, then move all components.
//!
//! ## Explanation
//!
//! Because $H$ is symmetric, the gradient of $\tfrac{1}{2} w^\top H w$ is $H w$, and $\nabla J(w) = H w - b$.
//! The gradient changes with every step, so it is computed anew, and all of its components belong to the same
//! point. If a component is moved before the next is computed, the result is another method.

use crate::prelude::*;

pub mod stub {
    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{matvec, own, scale, sub};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..k {
            let g = sub(&matvec(h, &w), b);
            w = sub(&w, &scale(own("rate"), &g));
        }
        w
    }
}

/// All steps use the gradient at the start; each step needs the one at the point where it begins.
pub mod first_gradient {
    use super::{matvec, own, scale, sub};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let g = sub(&matvec(h, w), b);
        sub(w, &scale(k as f64 * own("rate"), &g))
    }
}

/// A component is moved before the derivatives of the others are computed, so that a step mixes two points.
pub mod in_place {
    use super::{dot, own};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..k {
            for j in 0..w.len() {
                w[j] -= own("rate") * (dot(&h[j], &w) - b[j]);
            }
        }
        w
    }
}

/// There is one step too many.
pub mod one_more {
    use super::{matvec, own, scale, sub};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..=k {
            let g = sub(&matvec(h, &w), b);
            w = sub(&w, &scale(own("rate"), &g));
        }
        w
    }
}

/// The gradient is taken as 2 H w - b: the factor 1/2 before the square is forgotten.
pub mod twice {
    use super::{matvec, own, scale, sub};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..k {
            let g = sub(&scale(2.0, &matvec(h, &w)), b);
            w = sub(&w, &scale(own("rate"), &g));
        }
        w
    }
}

/// The steps go along the gradient and climb.
pub mod climbs {
    use super::{matvec, own, scale, sub};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..k {
            let g = sub(&matvec(h, &w), b);
            w = sub(&w, &scale(-own("rate"), &g));
        }
        w
    }
}

/// The gradient is taken as H w + b: the term with b has a minus in the loss.
pub mod plus_b {
    use super::{matvec, own, scale, sub};

    pub fn descend(h: &[Vec<f64>], b: &[f64], w: &[f64], k: usize) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..k {
            let g = sub(&matvec(h, &w), &scale(-1.0, b));
            w = sub(&w, &scale(own("rate"), &g));
        }
        w
    }
}

use gradus_student::tools::{dot, matvec, scale, sub};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, k: usize| {
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(0.2, 4.0)).collect();
        let args = Args::new().with("h", draw.symmetric(&eigenvalues));
        let args = args.with("b", draw.vector(n, -3.0, 3.0)).with("w", draw.vector(n, -5.0, 5.0));
        Case::new(group, args.with("k", k))
    };
    vec![
        case("up to two steps", 2, 0),
        case("up to two steps", 2, 1),
        case("up to two steps", 3, 2),
        case("more steps", 1, 3),
        case("more steps", 2, 5),
        case("more steps", 3, 12),
    ]
}

exercise! {
    id: "descent-steps",
    chapter: 2,
    points: 2,
    allow: ["matvec", "sub", "scale"],
    own: ["rate" in 0.10..0.40],
    source: include_str!("descent_steps.rs"),
    call: |x, ask| descend(x.matrix("h"), x.vector("b"), x.vector("w"), x.index("k")),
    mistakes: [first_gradient, in_place, one_more, twice, climbs, plus_b],
    // Rate times eigenvalue is at most 1.6, so each step shrinks the rounding of those before.
    judge: Judge::Same(1e-9),
}
