//! # Zeros that are zero
//!
//! The data loss $J(w)$ is a quadratic that you do not know. No curvature of $J$ is larger than
//! $L =$ `largest`, and none is smaller than $L / 10$. The weight $w_0$ is a bias without a penalty; the other
//! weights have an L1 penalty with your own $\lambda = {{lambda}}$:
//!
//! $$ F(w) = J(w) + \lambda \sum_{i \ge 1} \lvert w_i \rvert . $$
//!
//! Write `sparse_minimum(w, largest, ask)`: begin at `w` and return the point where $F$ is smallest.
//! `ask.vector(point)`, with a `point` of type `Vec<f64>`, gives $\nabla J$ there; you may ask at most 400
//! times. With $g = \nabla J$ at the point that you return it must be true to $10^{-6}$ that
//!
//! - $g_0 = 0$,
//! - $g_i = -\lambda \operatorname{sign}(w_i)$ for each $i \ge 1$ with $w_i \ne 0$,
//! - $\lvert g_i \rvert \le \lambda$ for each $i \ge 1$ with $w_i = 0$.
//!
//! So a weight that is zero at the minimum has to come back as exactly zero.
//!
//! ## Hints
//!
//! 1. A weight that is pushed along the slope of the penalty jumps across zero and back. Treat the
//!    penalty by a proximal step.
//! 2. First $v = w - \eta\, \nabla J(w)$. Then each $v_i$ with $i \ge 1$ goes towards zero by a threshold and
//!    stops there. How large is the threshold?
//! 3. It is $\eta \lambda$, and $\eta = 1 / L$ is a safe rate. The distance to the minimum then shrinks by a
//!    tenth or more in each step.
//!
//! ## Explanation
//!
//! The point of rest of the proximal step is the minimum for every rate: where $w_i \ne 0$, the step
//! $-\eta g_i$ and the shift $-\eta \lambda \operatorname{sign}(w_i)$ cancel; where $w_i = 0$, the step
//! $-\eta g_i$ is within the threshold. That is why the threshold must have the factor $\eta$. With
//! $\eta = 1 / L$ and all curvatures at least $L / 10$ the error falls as $0.9^k$, which is $10^{-8}$ after 175
//! steps. The zeros are found long before: as soon as $v_i$ is within the threshold, $w_i$ is zero.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = 1.0 / largest;
        let mut w = w.to_vec();
        for _ in 0..350 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                w[i] -= rate * g[i];
                if i > 0 {
                    w[i] = w[i].signum() * (w[i].abs() - rate * own("lambda")).max(0.0);
                }
            }
        }
        w
    }
}

/// This is descent along the slope of loss and penalty, which leaves no weight at exactly zero.
pub mod slope {
    use super::{Ask, own};

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = 1.0 / largest;
        let mut w = w.to_vec();
        for _ in 0..350 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                let push = if i > 0 { own("lambda") * w[i].signum() } else { 0.0 };
                w[i] -= rate * (g[i] + push);
            }
        }
        w
    }
}

/// The threshold is λ without the rate: the run comes to rest where the slope of the data loss is L times too large.
pub mod whole_lambda {
    use super::{Ask, own};

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = 1.0 / largest;
        let mut w = w.to_vec();
        for _ in 0..350 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                w[i] -= rate * g[i];
                if i > 0 {
                    w[i] = w[i].signum() * (w[i].abs() - own("lambda")).max(0.0);
                }
            }
        }
        w
    }
}

/// The bias is shrunk like a weight; it has no penalty.
pub mod bias_too {
    use super::{Ask, own};

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = 1.0 / largest;
        let mut w = w.to_vec();
        for _ in 0..350 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                w[i] -= rate * g[i];
                w[i] = w[i].signum() * (w[i].abs() - rate * own("lambda")).max(0.0);
            }
        }
        w
    }
}

/// The weights are shrunk once, at the end of a run for the data loss alone; each step has to shrink them.
pub mod afterwards {
    use super::{Ask, own};

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = 1.0 / largest;
        let mut w = w.to_vec();
        for _ in 0..350 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                w[i] -= rate * g[i];
            }
        }
        for w in &mut w[1..] {
            *w = w.signum() * (w.abs() - rate * own("lambda")).max(0.0);
        }
        w
    }
}

/// The rate is 1, whatever the curvature is, and the run diverges.
pub mod rate_one {
    use super::{Ask, own};

    pub fn sparse_minimum(w: &[f64], largest: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..350 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                w[i] -= g[i];
                if i > 0 {
                    w[i] = w[i].signum() * (w[i].abs() - own("lambda")).max(0.0);
                }
            }
        }
        w
    }
}

use gradus_student::tools::{matvec, sub};

fn gradient(case: &Case, w: &[f64]) -> Vec<f64> {
    sub(&matvec(case.hidden.matrix("h"), w), case.hidden.vector("b"))
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let lambda = own("lambda");
    // At the minimum there are this many weights that are not zero, and this many that are.
    let mut case = |group, others: usize, zeros: usize| {
        let n = 1 + others + zeros;
        let largest = draw.decimal(2.5, 6.0, 1);
        let mut eigenvalues = vec![0.99 * largest];
        eigenvalues.extend((1..n).map(|_| largest * draw.uniform(0.12, 0.6)));
        let h = draw.symmetric(&eigenvalues);
        let (mut least, mut g) = (vec![draw.uniform(-3.0, 3.0)], vec![0.0]);
        for _ in 0..others {
            let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
            least.push(sign * draw.uniform(0.4, 3.0));
            g.push(-lambda * sign);
        }
        for _ in 0..zeros {
            let place = draw.index(1, least.len() + 1);
            least.insert(place, 0.0);
            g.insert(place, lambda * draw.uniform(-0.8, 0.8));
        }
        let b = sub(&matvec(&h, &least), &g);
        let args = Args::new().with("w", draw.vector(n, -3.0, 3.0)).with("largest", largest);
        Case::new(group, args).hiding(Args::new().with("h", h).with("b", b))
    };
    let (none, some) = ("no weight is zero at the minimum", "some are");
    vec![
        case(none, 1, 0),
        case(none, 2, 0),
        case(none, 3, 0),
        case(some, 1, 1),
        case(some, 2, 2),
        case(some, 2, 3),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(w) if w.len() != case.args.vector("w").len() => {
            Err("your function asks for the gradient at a point of another length".to_owned())
        }
        Some(w) if w.iter().all(|w| w.is_finite()) => Ok(gradient(case, w).into_value()),
        _ => Err("your function asks for the gradient at a point that is not finite".to_owned()),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let Some(w) = answer.vector().filter(|w| w.len() == case.args.vector("w").len()) else {
        return Err("a vector as long as `w` was expected".to_owned());
    };
    // Not exactly a millionth: the gradient is computed in another order here.
    let (lambda, small) = (own("lambda"), 1.001e-6);
    for (i, (w, g)) in w.iter().zip(gradient(case, w)).enumerate() {
        let (right, problem) = if i == 0 {
            (g.abs() <= small, format!("the loss still has the slope {g:.1e} along the bias"))
        } else if *w == 0.0 {
            let problem = "a weight is zero although the data pull harder than λ";
            (g.abs() <= lambda + small, problem.to_owned())
        } else {
            let pull = g + lambda * w.signum();
            let problem = "at a weight that is not zero, the slopes do not cancel: they leave";
            (pull.abs() <= small, format!("{problem} {pull:.1e}"))
        };
        if !right {
            return Err(problem);
        }
    }
    Ok(())
}

exercise! {
    id: "sparse-minimum",
    chapter: 5,
    points: 4,
    own: ["lambda" in 0.20..0.90],
    source: include_str!("sparse_minimum.rs"),
    call: |x, ask| sparse_minimum(x.vector("w"), x.number("largest"), ask),
    mistakes: [slope, whole_lambda, bias_too, afterwards, rate_one],
    judge: Judge::Dialogue(Dialogue { limit: 400, answer, judge }),
}
