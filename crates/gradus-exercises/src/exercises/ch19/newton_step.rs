//! # A Newton step that never climbs
//!
//! Write `newton_step(g, h)`: the step $s$ that solves
//!
//! $$ (H + \mu I)\, s = -g , $$
//!
//! where `g` is the gradient, `h` the Hessian $H$ by rows, and $\mu = {{damping}}$ your own damping. If that
//! $s$ is not a direction of descent ($g^\top s \ge 0$), return $-g$ instead. $H + \mu I$ is never
//! singular, and $g$ is not zero.
//!
//! You may call `solve`, `dot` and `scale`: `solve(a, b)` is the $x$ with $A x = b$.
//!
//! ## Hints
//!
//! 1. $\mu$ is added to the diagonal of $H$ only.
//! 2. Near a maximum, $H$ is negative definite: the undamped step goes up, to the maximum. Which
//!    sign has $g^\top s$ then?
//!
//! ## Explanation
//!
//! Newton's step goes to the stationary point of the model, whatever its kind. With a negative definite
//! $H$ that is a maximum, and $g^\top s = -g^\top H^{-1} g > 0$. The negative gradient always descends.

use crate::prelude::*;

pub mod stub {
    pub fn newton_step(g: &[f64], h: &[Vec<f64>]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{dot, own, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>]) -> Vec<f64> {
        let mut damped = h.to_vec();
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += own("damping");
        }
        let down = scale(-1.0, g);
        let step = solve(&damped, &down);
        if dot(g, &step) < 0.0 { step } else { down }
    }
}

/// The step climbs where the Hessian is negative definite: nothing looks whether it descends.
pub mod unguarded {
    use super::{own, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>]) -> Vec<f64> {
        let mut damped = h.to_vec();
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += own("damping");
        }
        solve(&damped, &scale(-1.0, g))
    }
}

/// The damping is added to every entry of the Hessian; it belongs on the diagonal.
pub mod everywhere {
    use super::{dot, own, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>]) -> Vec<f64> {
        let damped: Vec<Vec<f64>> =
            h.iter().map(|row| row.iter().map(|x| x + own("damping")).collect()).collect();
        let down = scale(-1.0, g);
        let step = solve(&damped, &down);
        if dot(g, &step) < 0.0 { step } else { down }
    }
}

/// The damping is missing: this solves with H itself.
pub mod undamped {
    use super::{dot, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>]) -> Vec<f64> {
        let down = scale(-1.0, g);
        let step = solve(h, &down);
        if dot(g, &step) < 0.0 { step } else { down }
    }
}

/// The sign: this solves for + g. Where H + μI is positive definite that step climbs, and the guard puts -g in its place.
pub mod sign {
    use super::{dot, own, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>]) -> Vec<f64> {
        let mut damped = h.to_vec();
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += own("damping");
        }
        let step = solve(&damped, g);
        if dot(g, &step) < 0.0 { step } else { scale(-1.0, g) }
    }
}

use gradus_student::tools::{dot, scale, solve};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let damping = own("damping");
    let mut case = |group, n: usize, low: f64, high: f64| {
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(low, high)).collect();
        let args = Args::new().with("g", draw.vector(n, -3.0, 3.0));
        Case::new(group, args.with("h", draw.symmetric(&eigenvalues)))
    };
    let (positive, negative) = ("a positive definite Hessian", "a negative definite Hessian");
    vec![
        case(positive, 2, 1.0, 6.0),
        case(positive, 2, 1.0, 6.0),
        case(positive, 3, 1.0, 6.0),
        case(negative, 2, -damping - 5.0, -damping - 0.5),
        case(negative, 3, -damping - 5.0, -damping - 0.5),
        // More damping than the Hessian is negative: the step descends after all.
        case(negative, 2, -0.8 * damping, -0.2 * damping),
    ]
}

exercise! {
    id: "newton-step",
    chapter: 19,
    points: 3,
    allow: ["solve", "dot", "scale"],
    own: ["damping" in 0.50..2.00],
    source: include_str!("newton_step.rs"),
    call: |x, ask| newton_step(x.vector("g"), x.matrix("h")),
    mistakes: [unguarded, everywhere, undamped, sign],
    // Eigenvalues within a factor of twelve: elimination loses a digit or two.
    judge: Judge::Same(1e-9),
}
