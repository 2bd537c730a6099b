//! # One step with a look ahead
//!
//! Write `nesterov(w, v, ask)`: one step of Nesterov's rule from the point $w$ with the velocity $v$,
//!
//! $$ u = w + \rho v, \qquad v \leftarrow \rho v - \eta\, \nabla J(u), \qquad w \leftarrow w + v , $$
//!
//! with your own $\rho = {{rho}}$ and $\eta = {{rate}}$. `ask.vector(p)` gives $\nabla J(p)$ at a
//! point `p` (a `Vec<f64>`); you may ask once. Return the new $w$ and the new $v$, in this order.
//!
//! ## Hints
//!
//! 1. First compute $u$ from the old $w$ and the old $v$, and ask there.
//! 2. The new $w$ is the old $w$, not $u$, plus the new velocity.
//!
//! ## Explanation
//!
//! The jump $\rho v$ will be made whatever the gradient says, so the gradient is taken where the jump
//! ends. $u$ serves for that only. The step from $w$ is $\rho v - \eta \nabla J(u)$, jump and correction
//! together, so $w + v$ with the new $v$ is $u - \eta \nabla J(u)$. From rest, $v = 0$, it is a step of
//! gradient descent.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let ahead: Vec<f64> = w.iter().zip(v).map(|(w, v)| w + rho * v).collect();
        let g = ask.vector(ahead);
        let v: Vec<f64> = v.iter().zip(&g).map(|(v, g)| rho * v - rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

/// The gradient is taken at w, which makes this the heavy ball: it belongs where the jump ends, at w + ρ v.
pub mod not_ahead {
    use super::{Ask, own};

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let g = ask.vector(w.to_vec());
        let v: Vec<f64> = v.iter().zip(&g).map(|(v, g)| rho * v - rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

/// The point ahead is w + v; the jump is ρ v, so the gradient belongs at w + ρ v.
pub mod too_far {
    use super::{Ask, own};

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let ahead: Vec<f64> = w.iter().zip(v).map(|(w, v)| w + v).collect();
        let g = ask.vector(ahead);
        let v: Vec<f64> = v.iter().zip(&g).map(|(v, g)| rho * v - rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

/// The sign of the gradient: the velocity gains + η times the gradient, so the step climbs.
pub mod sign {
    use super::{Ask, own};

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let ahead: Vec<f64> = w.iter().zip(v).map(|(w, v)| w + rho * v).collect();
        let g = ask.vector(ahead);
        let v: Vec<f64> = v.iter().zip(&g).map(|(v, g)| rho * v + rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v).collect();
        (w, v)
    }
}

/// The new velocity is added to the point ahead, so the jump is made twice; it belongs to w.
pub mod twice {
    use super::{Ask, own};

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let ahead: Vec<f64> = w.iter().zip(v).map(|(w, v)| w + rho * v).collect();
        let g = ask.vector(ahead.clone());
        let v: Vec<f64> = v.iter().zip(&g).map(|(v, g)| rho * v - rate * g).collect();
        let w = ahead.iter().zip(&v).map(|(u, v)| u + v).collect();
        (w, v)
    }
}

/// The point that comes back is the next look-ahead point, as in the form that libraries have; here it is w.
pub mod shifted {
    use super::{Ask, own};

    pub fn nesterov(w: &[f64], v: &[f64], ask: &mut Ask) -> (Vec<f64>, Vec<f64>) {
        let (rho, rate) = (own("rho"), own("rate"));
        let ahead: Vec<f64> = w.iter().zip(v).map(|(w, v)| w + rho * v).collect();
        let g = ask.vector(ahead);
        let v: Vec<f64> = v.iter().zip(&g).map(|(v, g)| rho * v - rate * g).collect();
        let w = w.iter().zip(&v).map(|(w, v)| w + v + rho * v).collect();
        (w, v)
    }
}

use gradus_student::tools::{add, matvec, scale, sub};

/// The gradient of a hidden quadratic.
fn gradient(case: &Case, p: &[f64]) -> Vec<f64> {
    matvec(case.hidden.matrix("h"), &sub(p, case.hidden.vector("minimum")))
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, still: bool| {
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(0.5, 4.0)).collect();
        let v = if still { vec![0.0; n] } else { draw.vector(n, -1.0, 1.0) };
        Case::new(group, Args::new().with("w", draw.vector(n, -5.0, 5.0)).with("v", v)).hiding(
            Args::new()
                .with("h", draw.symmetric(&eigenvalues))
                .with("minimum", draw.vector(n, -2.0, 2.0)),
        )
    };
    // A step from rest does not depend on ρ, so each group has one in motion.
    let (one, several) = ("one parameter", "several parameters");
    vec![
        case(one, 1, true),
        case(one, 1, false),
        case(several, 3, true),
        case(several, 2, false),
        case(several, 4, false),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(p) if p.len() == case.args.vector("w").len() => Ok(gradient(case, p).into_value()),
        _ => Err(format!("your function asks for the gradient at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, asked: &[Value]) -> Result<(), String> {
    if asked.len() > 1 {
        return Err(format!("{} gradients were asked for, 1 is allowed", asked.len()));
    }
    let (w, v) = (case.args.vector("w"), case.args.vector("v"));
    let jump = scale(own("rho"), v);
    let v = sub(&jump, &scale(own("rate"), &gradient(case, &add(w, &jump))));
    // A few dozen operations.
    crate::mark::same(answer, &(add(w, &v), v).into_value(), 1e-9)
}

exercise! {
    id: "nesterov-step",
    chapter: 15,
    points: 2,
    own: ["rho" in 0.80..0.97, "rate" in 0.02..0.30],
    source: include_str!("nesterov_step.rs"),
    call: |x, ask| nesterov(x.vector("w"), x.vector("v"), ask),
    mistakes: [not_ahead, too_far, sign, twice, shifted],
    judge: Judge::Dialogue(Dialogue { limit: 100, answer, judge }),
}
