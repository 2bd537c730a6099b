//! # The clinic: a growing momentum that does not accelerate
//!
//! A colleague runs Nesterov's rule with the growing momentum $\frac{k}{k+3}$ on a convex loss, and finds
//! it no quicker than gradient descent. Here is the code: mend it, so that it makes `steps` updates, for
//! $k = 0, 1, 2, \dots$,
//!
//! $$ u_k = w_k + \frac{k}{k + 3}\, (w_k - w_{k-1}), \qquad w_{k+1} = u_k - \eta\, \nabla J(u_k) , $$
//!
//! from $w_0$, the argument `w`, with $w_{-1} = w_0$ and your own $\eta = {{rate}}$. `ask.vector(p)` gives
//! $\nabla J(p)$ at a point `p` (a `Vec<f64>`); you may ask once for each update. It returns
//! $w_{\text{steps}}$, the point after the last update; `steps` is at least 1.
//!
//! ## Hints
//!
//! 1. Follow the variable `previous` through two rounds of the loop. How long is $w_k - w_{k-1}$ in the
//!    code?
//! 2. There is a second fault: compare the starting point of the gradient's step in the formula and in the
//!    code.
//!
//! ## Explanation
//!
//! The code stores the new point as the previous one, so the difference is always zero, $u_k = w_k$, and
//! what runs is gradient descent. This hides the second fault: the gradient at $u_k$ is subtracted from
//! $w_k$, so the look-ahead would move the place of the gradient and never the point. Neither fault
//! makes the run fail; it is only slow, with an error like $1/k$ in place of $1/k^2$. Check an optimizer
//! against the rate that it should have, not only for whether the loss falls.

use crate::prelude::*;

pub mod stub {
    use super::{Ask, own};

    pub fn accelerated(w: &[f64], steps: usize, ask: &mut Ask) -> Vec<f64> {
        let rate = own("rate");
        let mut w = w.to_vec();
        let mut previous = w.clone();
        for k in 0..steps {
            let momentum = k as f64 / (k as f64 + 3.0);
            let u: Vec<f64> =
                w.iter().zip(&previous).map(|(w, p)| w + momentum * (w - p)).collect();
            let g = ask.vector(u);
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
            previous = w.clone();
        }
        w
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn accelerated(w: &[f64], steps: usize, ask: &mut Ask) -> Vec<f64> {
        let rate = own("rate");
        let mut w = w.to_vec();
        let mut previous = w.clone();
        for k in 0..steps {
            let momentum = k as f64 / (k as f64 + 3.0);
            let u: Vec<f64> =
                w.iter().zip(&previous).map(|(w, p)| w + momentum * (w - p)).collect();
            let g = ask.vector(u.clone());
            previous = w;
            w = u.iter().zip(&g).map(|(u, g)| u - rate * g).collect();
        }
        w
    }
}

/// The previous point is right now, but the step still begins at w: it has to begin at the look-ahead point u.
pub mod from_w {
    use super::{Ask, own};

    pub fn accelerated(w: &[f64], steps: usize, ask: &mut Ask) -> Vec<f64> {
        let rate = own("rate");
        let mut w = w.to_vec();
        let mut previous = w.clone();
        for k in 0..steps {
            let momentum = k as f64 / (k as f64 + 3.0);
            let u: Vec<f64> =
                w.iter().zip(&previous).map(|(w, p)| w + momentum * (w - p)).collect();
            let g = ask.vector(u);
            previous = w.clone();
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
        }
        w
    }
}

/// The previous point is never renewed: the difference is taken from the start of the run, not from the last point.
pub mod from_the_start {
    use super::{Ask, own};

    pub fn accelerated(w: &[f64], steps: usize, ask: &mut Ask) -> Vec<f64> {
        let rate = own("rate");
        let start = w;
        let mut w = w.to_vec();
        for k in 0..steps {
            let momentum = k as f64 / (k as f64 + 3.0);
            let u: Vec<f64> = w.iter().zip(start).map(|(w, p)| w + momentum * (w - p)).collect();
            let g = ask.vector(u.clone());
            w = u.iter().zip(&g).map(|(u, g)| u - rate * g).collect();
        }
        w
    }
}

/// The gradient is taken at w and the step begins at u; both belong to u.
pub mod gradient_at_w {
    use super::{Ask, own};

    pub fn accelerated(w: &[f64], steps: usize, ask: &mut Ask) -> Vec<f64> {
        let rate = own("rate");
        let mut w = w.to_vec();
        let mut previous = w.clone();
        for k in 0..steps {
            let momentum = k as f64 / (k as f64 + 3.0);
            let u: Vec<f64> =
                w.iter().zip(&previous).map(|(w, p)| w + momentum * (w - p)).collect();
            let g = ask.vector(w.clone());
            previous = w;
            w = u.iter().zip(&g).map(|(u, g)| u - rate * g).collect();
        }
        w
    }
}

/// The counter is one ahead: the momentum of update k is that of update k + 1.
pub mod one_ahead {
    use super::{Ask, own};

    pub fn accelerated(w: &[f64], steps: usize, ask: &mut Ask) -> Vec<f64> {
        let rate = own("rate");
        let mut w = w.to_vec();
        let mut previous = w.clone();
        for k in 1..=steps {
            let momentum = k as f64 / (k as f64 + 3.0);
            let u: Vec<f64> =
                w.iter().zip(&previous).map(|(w, p)| w + momentum * (w - p)).collect();
            let g = ask.vector(u.clone());
            previous = w;
            w = u.iter().zip(&g).map(|(u, g)| u - rate * g).collect();
        }
        w
    }
}

use gradus_student::tools::{add, matvec, scale, sub};

/// The gradient of a hidden quadratic.
fn gradient(case: &Case, p: &[f64]) -> Vec<f64> {
    matvec(case.hidden.matrix("h"), &sub(p, case.hidden.vector("minimum")))
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, steps: usize| {
        // The rate is at most 0.24, so that all runs are stable.
        let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(0.1, 4.0)).collect();
        Case::new(group, Args::new().with("w", draw.vector(n, -5.0, 5.0)).with("steps", steps))
            .hiding(
                Args::new()
                    .with("h", draw.symmetric(&eigenvalues))
                    .with("minimum", draw.vector(n, -2.0, 2.0)),
            )
    };
    let (few, many) = ("a few updates", "many updates");
    vec![
        case(few, 1, 1),
        case(few, 1, 2),
        case(few, 2, 4),
        case(many, 2, 12),
        case(many, 3, 25),
        case(many, 4, 40),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(p) if p.len() == case.args.vector("w").len() => Ok(gradient(case, p).into_value()),
        _ => Err(format!("your function asks for the gradient at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, asked: &[Value]) -> Result<(), String> {
    let steps = case.args.index("steps");
    if asked.len() > steps {
        return Err(format!("{} gradients were asked for, {steps} are allowed", asked.len()));
    }
    let mut w = case.args.vector("w").to_vec();
    let mut previous = w.clone();
    for k in 0..steps {
        let momentum = k as f64 / (k as f64 + 3.0);
        let u = add(&w, &scale(momentum, &sub(&w, &previous)));
        previous = w;
        w = sub(&u, &scale(own("rate"), &gradient(case, &u)));
    }
    // Forty updates of a stable run hardly amplify rounding.
    crate::mark::same(answer, &w.into_value(), 1e-9)
}

exercise! {
    id: "accelerated-clinic",
    chapter: 15,
    points: 3,
    clinic: true,
    own: ["rate" in 0.05..0.24],
    source: include_str!("accelerated_clinic.rs"),
    call: |x, ask| accelerated(x.vector("w"), x.index("steps"), ask),
    mistakes: [from_w, from_the_start, gradient_at_w, one_ahead],
    judge: Judge::Dialogue(Dialogue { limit: 100, answer, judge }),
}
