//! # A Newton step that never climbs
//!
//! Write `newton_step(g, h, damping)`: the step $s$ that solves
//!
//! $$ (H + \mu I)\, s = -g , $$
//!
//! where $\mu$ is `damping`. If that $s$ is not a direction of descent ($g^\top s \ge 0$), return
//! $-g$ instead.
//!
//! You may call `solve`, `dot` and `scale`.
//!
//! ## Hints
//!
//! 1. $\mu$ is added to the diagonal of $H$ only.
//! 2. Near a maximum, $H$ is negative definite: the undamped step goes up, to the maximum. When does
//!    $g^\top s$ tell so?
//!
//! ## Explanation
//!
//! Newton's step goes to the stationary point of the model, whatever its kind. With a negative definite
//! $H$ that is a maximum, and $g^\top s = -g^\top H^{-1} g > 0$. The negative gradient always descends.

use crate::prelude::*;

pub mod stub {
    pub fn newton_step(g: &[f64], h: &[Vec<f64>], damping: f64) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{dot, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>], damping: f64) -> Vec<f64> {
        let mut damped = h.to_vec();
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += damping;
        }
        let down = scale(-1.0, g);
        let step = solve(&damped, &down);
        if dot(g, &step) < 0.0 { step } else { down }
    }
}

/// The step climbs where the Hessian is negative definite: nothing looks whether it descends.
pub mod unguarded {
    use super::{scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>], damping: f64) -> Vec<f64> {
        let mut damped = h.to_vec();
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += damping;
        }
        solve(&damped, &scale(-1.0, g))
    }
}

/// The damping is added to every entry of the Hessian; it belongs on the diagonal.
pub mod everywhere {
    use super::{dot, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>], damping: f64) -> Vec<f64> {
        let damped: Vec<Vec<f64>> =
            h.iter().map(|row| row.iter().map(|x| x + damping).collect()).collect();
        let down = scale(-1.0, g);
        let step = solve(&damped, &down);
        if dot(g, &step) < 0.0 { step } else { down }
    }
}

/// The sign: this solves for + g, and the guard then always returns the negative gradient or a step uphill turned back.
pub mod sign {
    use super::{dot, scale, solve};

    pub fn newton_step(g: &[f64], h: &[Vec<f64>], damping: f64) -> Vec<f64> {
        let mut damped = h.to_vec();
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += damping;
        }
        let step = solve(&damped, g);
        if dot(g, &step) < 0.0 { step } else { scale(-1.0, g) }
    }
}

use gradus_student::tools::{dot, scale, solve};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |n: usize, sign: f64, damping: [f64; 2]| {
        let eigenvalues: Vec<f64> = (0..n).map(|_| sign * draw.uniform(1.0, 6.0)).collect();
        let args = Args::new().with("g", draw.vector(n, -3.0, 3.0));
        let args = args.with("h", draw.symmetric(&eigenvalues));
        let args = args.with("damping", draw.decimal(damping[0], damping[1], 2));
        Case::new("minima and maxima", args)
    };
    vec![
        case(2, 1.0, [0.0, 0.001]),
        case(2, 1.0, [0.5, 2.0]),
        case(3, 1.0, [0.1, 1.0]),
        case(2, -1.0, [0.1, 0.8]),
        case(3, -1.0, [0.1, 0.8]),
        // More damping than the Hessian is negative: the step descends after all.
        case(2, -1.0, [7.0, 9.0]),
    ]
}

exercise! {
    id: "newton-step",
    chapter: 19,
    points: 3,
    allow: ["solve", "dot", "scale"],
    source: include_str!("newton_step.rs"),
    call: |x, ask| newton_step(x.vector("g"), x.matrix("h"), x.number("damping")),
    mistakes: [unguarded, everywhere, sign],
    // Eigenvalues within a factor of ten: elimination loses a digit or two.
    judge: Judge::Same(1e-9),
}
