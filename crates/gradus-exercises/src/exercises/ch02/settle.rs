//! # Let a body settle, by gradients alone
//!
//! Springs hold a body. Their energy $J(w)$ is a quadratic with a Hessian $H$ that you do not know; all
//! eigenvalues of $H$ are positive. A load pulls at the first coordinate with your own force
//! $F = {{force}}$, so the whole energy is
//!
//! $$ E(w) = J(w) - F\, w_0 . $$
//!
//! Write `settle(w, ask)`: begin at `w` and return a point at which the gradient of $E$ is at most $10^{-6}$
//! times as long as at `w`. `ask.vector(point)`, with a `point` of type `Vec<f64>`, gives the gradient of
//! $J$ there (not of $E$). You may ask at most 300 times. The largest eigenvalue of $H$ lies anywhere between
//! 0.05 and 300, and the smallest is at least a tenth of it.
//!
//! You may call `add`, `sub`, `scale`, `dot` and `norm`.
//!
//! ## Hints
//!
//! 1. No rate suits all cases: what is right for eigenvalues of 300 creeps at 0.05. The rate has to come from
//!    what you measure. Which rate is the best one for one step on a quadratic?
//! 2. With $g = \nabla E(w)$ it is $g^\top g / g^\top H g$. You need $Hg$, not $H$. The gradient of a
//!    quadratic is linear, so how does it change from $w$ to $w - g$?
//! 3. $\nabla E(w) - \nabla E(w - g) = H g$. Two questions make one step; measure anew in every step, and
//!    stop when the gradient is short enough: at $g = 0$ the rate is $0/0$.
//!
//! ## Explanation
//!
//! The force changes the gradient by a constant, $\nabla E(w) = \nabla J(w) - F e_0$ with
//! $e_0 = (1, 0, \dots, 0)$, and the Hessian not at all. The difference of two gradients is $H g$ exactly,
//! so the step is the exact one, whatever the scale of the springs is. It shrinks the energy above the least
//! by at least the factor $\bigl( (\kappa - 1) / (\kappa + 1) \bigr)^2$, which is 0.67 for $\kappa = 10$:
//! some 75 steps are enough from everywhere. A rate measured once is a trap. It may be the best
//! along a flat direction, up to $1 / \lambda_{\min}$, and that is far beyond $2 / \lambda_{\max}$.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, dot, norm, own, scale, sub};

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut gradient = |w: &[f64]| {
            let mut g = ask.vector(w.to_vec());
            g[0] -= own("force");
            g
        };
        let mut w = w.to_vec();
        let mut g = gradient(&w);
        let small = 1e-6 * norm(&g);
        while norm(&g) > small {
            let hg = sub(&g, &gradient(&sub(&w, &g)));
            w = sub(&w, &scale(dot(&g, &g) / dot(&g, &hg), &g));
            g = gradient(&w);
        }
        w
    }
}

/// The force is forgotten: this is the place where the springs alone would rest.
pub mod no_force {
    use super::{Ask, dot, norm, scale, sub};

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut g = ask.vector(w.clone());
        let small = 1e-6 * norm(&g);
        while norm(&g) > small {
            let hg = sub(&g, &ask.vector(sub(&w, &g)));
            w = sub(&w, &scale(dot(&g, &g) / dot(&g, &hg), &g));
            g = ask.vector(w.clone());
        }
        w
    }
}

/// The force is taken off one of the two gradients only, so their difference is not Hg.
pub mod half_force {
    use super::{Ask, dot, own, scale, sub};

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..140 {
            let mut g = ask.vector(w.clone());
            g[0] -= own("force");
            let hg = sub(&g, &ask.vector(sub(&w, &g)));
            w = sub(&w, &scale(dot(&g, &g) / dot(&g, &hg), &g));
        }
        w
    }
}

/// The rate is a fixed number: it is far too long for stiff springs and far too short for soft ones.
pub mod fixed_rate {
    use super::{Ask, own, scale, sub};

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..290 {
            let mut g = ask.vector(w.clone());
            g[0] -= own("force");
            w = sub(&w, &scale(0.1, &g));
        }
        w
    }
}

/// The rate is measured at the start and kept; along another gradient the curvature is another one, and the steps overshoot.
pub mod measured_once {
    use super::{Ask, dot, own, scale, sub};

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut gradient = |w: &[f64]| {
            let mut g = ask.vector(w.to_vec());
            g[0] -= own("force");
            g
        };
        let mut w = w.to_vec();
        let g = gradient(&w);
        let hg = sub(&g, &gradient(&sub(&w, &g)));
        let rate = dot(&g, &g) / dot(&g, &hg);
        for _ in 0..140 {
            w = sub(&w, &scale(rate, &gradient(&w)));
        }
        w
    }
}

/// The rate is turned upside down: this is the curvature along g, and the rate is one over it.
pub mod upside_down {
    use super::{Ask, dot, own, scale, sub};

    pub fn settle(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut gradient = |w: &[f64]| {
            let mut g = ask.vector(w.to_vec());
            g[0] -= own("force");
            g
        };
        let mut w = w.to_vec();
        for _ in 0..140 {
            let g = gradient(&w);
            let hg = sub(&g, &gradient(&sub(&w, &g)));
            w = sub(&w, &scale(dot(&g, &hg) / dot(&g, &g), &g));
        }
        w
    }
}

use gradus_student::tools::{dot, matvec, norm, scale, solve, sub};

/// The gradient of the springs' energy.
fn springs(case: &Case, w: &[f64]) -> Vec<f64> {
    sub(&matvec(case.hidden.matrix("h"), w), case.hidden.vector("b"))
}

/// The length of the gradient of the whole energy.
fn slope(case: &Case, w: &[f64]) -> f64 {
    let mut g = springs(case, w);
    g[0] -= own("force");
    norm(&g)
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, stiff: bool| {
        let largest = if stiff { draw.uniform(50.0, 290.0) } else { draw.uniform(0.06, 0.2) };
        let mut eigenvalues = vec![largest];
        eigenvalues.extend((1..n).map(|i| {
            largest / if i == 1 { draw.uniform(7.0, 9.5) } else { draw.uniform(1.5, 6.0) }
        }));
        let h = draw.symmetric(&eigenvalues);
        let rest = draw.vector(n, -3.0, 3.0);
        let mut b = matvec(&h, &rest);
        b[0] -= own("force");
        // The way from the rest to the start is mostly in flat directions, where long rates are best.
        let far = solve(&h, &solve(&h, &draw.vector(n, 0.5, 1.5)));
        let far = scale(4.0 / norm(&far), &far);
        let start = rest.iter().zip(&far).map(|(r, f)| ((r + f) * 1e3).round() / 1e3);
        Case::new(group, Args::new().with("w", start.collect::<Vec<f64>>()))
            .hiding(Args::new().with("h", h).with("b", b))
    };
    let (few, more) = ("one or two coordinates", "three coordinates or more");
    vec![
        case(few, 1, true),
        case(few, 1, false),
        case(few, 2, true),
        case(few, 2, false),
        case(more, 3, true),
        case(more, 3, false),
        case(more, 5, true),
        case(more, 4, false),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(w) if w.len() != case.args.vector("w").len() => {
            Err("your function asks for the gradient at a point of another length".to_owned())
        }
        Some(w) if w.iter().all(|w| w.is_finite()) => Ok(springs(case, w).into_value()),
        _ => Err("your function asks for the gradient at a point that is not finite: its steps grow, or one is 0/0".to_owned()),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let start = case.args.vector("w");
    match answer.vector() {
        Some(w) if w.len() == start.len() => {
            // Not exactly a millionth: the gradient is computed in another order here.
            let ratio = slope(case, w) / slope(case, start);
            if ratio <= 1.01e-6 {
                Ok(())
            } else {
                Err(format!("the gradient of E is {ratio:.1e} times as long as at the start"))
            }
        }
        _ => Err("a vector as long as `w` was expected".to_owned()),
    }
}

exercise! {
    id: "settle",
    chapter: 2,
    points: 4,
    allow: ["add", "sub", "scale", "dot", "norm"],
    own: ["force" in 0.50..3.00],
    source: include_str!("settle.rs"),
    call: |x, ask| settle(x.vector("w"), ask),
    mistakes: [no_force, half_force, fixed_rate, measured_once, upside_down],
    judge: Judge::Dialogue(Dialogue { limit: 300, answer, judge }),
}
