//! # A learning rate just below the bound
//!
//! A quadratic loss with the Hessian $H$ and the minimum $w^\star$ has the gradient
//! $\nabla J(w) = H (w - w^\star)$. You know neither $H$ nor $w^\star$, only that $H$ is symmetric and
//! all its eigenvalues are positive. Gradient descent is stable for learning rates below
//! $2 / \lambda_n$, where $\lambda_n$ is the largest eigenvalue. To be safe, take the fraction $c$ of
//! that,
//!
//! $$ \eta = c \cdot \frac{2}{\lambda_n} , $$
//!
//! with your own $c = {{c}}$. Write `stable_rate(w, ask)`: return this $\eta$, with a relative error of at
//! most $10^{-6}$. `w` is a point with 2 to 5 parameters, and `ask.vector(p)` gives the gradient at a point
//! `p` (a `Vec<f64>`); you may ask at most 300 times. The second largest eigenvalue is at most
//! $0.7\, \lambda_n$.
//!
//! You may call `add`, `sub`, `scale`, `dot` and `norm`.
//!
//! ## Hints
//!
//! 1. The difference of two gradients, at $w + v$ and at $w$, is $H v$, exactly: $w^\star$ cancels.
//! 2. Multiply a vector by $H$ again and again, and each time make its length 1. Along which direction
//!    does it grow the most? (*Power iteration.*)
//! 3. Once $v$ has hardly changed, $\lambda_n$ is the length of $H v$.
//!
//! ## Explanation
//!
//! Write $v$ in the eigenvectors of $H$: each multiplication gives the part along the steepest one a
//! factor $\lambda_n$ and every other at most $0.7\, \lambda_n$. After 50 rounds the others have shrunk
//! by $0.7^{50}$, less than $10^{-7}$. So the steepest curvature costs a few dozen gradients, and $H$ is
//! never written down: this also works for a net with a million weights, where $H$ would have $10^{12}$
//! entries. The largest entry on the diagonal is only a lower bound of $\lambda_n$, and the rate made
//! from it may be too high; the trace is an upper bound.

use crate::prelude::*;
use gradus_student::tools::{add, dot, matvec, norm, scale, sub};

pub mod stub {
    use super::Ask;

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, add, norm, own, scale, sub};

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        let here = ask.vector(w.to_vec());
        // Any start will do that is not perpendicular to the direction sought.
        let mut v: Vec<f64> = (0..w.len()).map(|i| 1.0 / (i + 2) as f64).collect();
        let mut largest = 0.0;
        for _ in 0..200 {
            v = scale(1.0 / norm(&v), &v);
            v = sub(&ask.vector(add(w, &v)), &here);
            largest = norm(&v);
        }
        own("c") * 2.0 / largest
    }
}

/// This is the fraction c of 1/λₙ: the bound is twice that.
pub mod half {
    use super::{Ask, add, norm, own, scale, sub};

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        let here = ask.vector(w.to_vec());
        let mut v: Vec<f64> = (0..w.len()).map(|i| 1.0 / (i + 2) as f64).collect();
        let mut largest = 0.0;
        for _ in 0..200 {
            v = scale(1.0 / norm(&v), &v);
            v = sub(&ask.vector(add(w, &v)), &here);
            largest = norm(&v);
        }
        own("c") / largest
    }
}

/// This is the bound 2/λₙ itself, without the safety factor c.
pub mod bound {
    use super::{Ask, add, norm, scale, sub};

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        let here = ask.vector(w.to_vec());
        let mut v: Vec<f64> = (0..w.len()).map(|i| 1.0 / (i + 2) as f64).collect();
        let mut largest = 0.0;
        for _ in 0..200 {
            v = scale(1.0 / norm(&v), &v);
            v = sub(&ask.vector(add(w, &v)), &here);
            largest = norm(&v);
        }
        2.0 / largest
    }
}

/// The largest entry on the diagonal of H is taken for the largest eigenvalue: in a turned ravine it is smaller.
pub mod diagonal {
    use super::{Ask, own};

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        let here = ask.vector(w.to_vec());
        let mut largest = 0.0_f64;
        for i in 0..w.len() {
            let mut p = w.to_vec();
            p[i] += 1.0;
            largest = largest.max(ask.vector(p)[i] - here[i]);
        }
        own("c") * 2.0 / largest
    }
}

/// The trace of H, the sum of all eigenvalues, is taken for the largest: this rate is safe, but smaller than asked for.
pub mod trace {
    use super::{Ask, own};

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        let here = ask.vector(w.to_vec());
        let mut sum = 0.0;
        for i in 0..w.len() {
            let mut p = w.to_vec();
            p[i] += 1.0;
            sum += ask.vector(p)[i] - here[i];
        }
        own("c") * 2.0 / sum
    }
}

/// The curvature is that along the gradient at w: one direction, and hardly ever the steepest.
pub mod along_gradient {
    use super::{Ask, add, dot, norm, own, scale, sub};

    pub fn stable_rate(w: &[f64], ask: &mut Ask) -> f64 {
        let here = ask.vector(w.to_vec());
        let v = scale(1.0 / norm(&here), &here);
        let curvature = dot(&v, &sub(&ask.vector(add(w, &v)), &here));
        own("c") * 2.0 / curvature
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, shares: &[f64]| {
        let largest = draw.decimal(0.5, 20.0, 2);
        let h = draw.symmetric(&shares.iter().map(|s| s * largest).collect::<Vec<f64>>());
        let minimum = draw.vector(shares.len(), -3.0, 3.0);
        // Not the minimum: each parameter is off by at least one.
        let w: Vec<f64> = minimum
            .iter()
            .map(|m| (m + [2.0, -2.0][draw.index(0, 2)] + draw.decimal(-1.0, 1.0, 1)).round())
            .collect();
        Case::new(group, Args::new().with("w", w))
            .hiding(Args::new().with("h", h).with("minimum", minimum).with("largest", largest))
    };
    vec![
        case("two parameters", &[1.0, 0.3]),
        case("two parameters", &[0.1, 1.0]),
        case("two parameters", &[1.0, 0.02]),
        case("three to five parameters", &[0.2, 0.6, 1.0]),
        case("three to five parameters", &[1.0, 0.69, 0.5, 0.1]),
        case("three to five parameters", &[0.01, 0.3, 1.0, 0.05, 0.6]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    let minimum = case.hidden.vector("minimum");
    match question.vector() {
        Some(w) if w.len() == minimum.len() => {
            Ok(matvec(case.hidden.matrix("h"), &sub(w, minimum)).into_value())
        }
        _ => Err(format!("your function asks for the gradient at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    // The solution is right to about twelve digits; so are other ways to find an eigenvalue.
    let right = own("c") * 2.0 / case.hidden.number("largest");
    crate::mark::same(answer, &right.into_value(), 1e-6)
}

exercise! {
    id: "stable-rate",
    chapter: 10,
    points: 4,
    allow: ["add", "sub", "scale", "dot", "norm"],
    own: ["c" in 0.50..0.95],
    source: include_str!("stable_rate.rs"),
    call: |x, ask| stable_rate(x.vector("w"), ask),
    mistakes: [half, bound, diagonal, trace, along_gradient],
    judge: Judge::Dialogue(Dialogue { limit: 300, answer, judge }),
}
