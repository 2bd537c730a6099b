//! # A long ravine in 300 gradients
//!
//! The hidden loss is a quadratic of three to five parameters,
//! $J(w) = \tfrac12 (w - w^\star)^\top H\, (w - w^\star)$, with its minimum at an unknown $w^\star$. Its Hessian $H$
//! is not known either, only its smallest eigenvalue $\lambda_1$ and its largest $\lambda_n$, both positive. The
//! condition number $\kappa = \lambda_n / \lambda_1$ is up to 1200.
//!
//! Write `converge(w, low, high, ask)`, where `w` is the start, `low` is $\lambda_1$ and `high` is $\lambda_n$.
//! `ask.vector(point)`, where `point` is a `Vec<f64>`, gives $\nabla J$ there; you may ask at most 300
//! times. Return a point whose distance from $w^\star$ is at most $10^{-4}$ times that of the start.
//!
//! ## Hints
//!
//! 1. Gradient descent shrinks the distance by $(\kappa - 1) / (\kappa + 1)$ per update at best. How much is
//!    left after 300 updates, if $\kappa = 1000$?
//! 2. Momentum with the best pair has $\sqrt{\kappa}$ where gradient descent has $\kappa$. The chapter derives
//!    the pair from the condition that both ends of the spectrum are critically damped.
//! 3. $\sqrt{\eta \lambda_1} = 1 - \sqrt{\rho}$ and $\sqrt{\eta \lambda_n} = 1 + \sqrt{\rho}$.
//!
//! ## Explanation
//!
//! The best pair is $\eta = \bigl(2 / (\sqrt{\lambda_n} + \sqrt{\lambda_1})\bigr)^2$ and
//! ${\rho = \bigl((\sqrt{\kappa} - 1) / (\sqrt{\kappa} + 1)\bigr)^2}$, and the distance shrinks by $\sqrt{\rho}$ per update. For
//! $\kappa = 1000$ this is 0.939, against 0.998 for gradient descent: after 300 updates, $6 \cdot 10^{-9}$ against
//! 0.55. Not all of it is gained, because of the double root: in the steepest direction the distance
//! has the further factor ${1 + (1 + \sqrt{\rho}) k} \approx 580$. Other methods that know nothing but gradients
//! can do it too; conjugate gradients need no more than $n$ steps, and no eigenvalues.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let (a, b) = (low.sqrt(), high.sqrt());
        let rate = (2.0 / (a + b)).powi(2);
        let rho = ((b - a) / (b + a)).powi(2);
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = rho * *v - rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// This is gradient descent at its best rate: its distance shrinks by (κ - 1)/(κ + 1), which is too slow in a long ravine.
pub mod descent {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = 2.0 / (low + high);
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = -rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// These are a rate of 1 over the largest eigenvalue and the usual momentum of 0.9, whatever the ravine: along the floor of a long one the run creeps.
pub mod usual {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let (rate, rho) = (1.0 / high, 0.9);
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = rho * *v - rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// The roots are missing: κ stands where the square root of κ belongs, and so much momentum rings.
pub mod without_roots {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let rate = (2.0 / (low + high)).powi(2);
        let rho = ((high - low) / (high + low)).powi(2);
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = rho * *v - rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// The momentum is the best one, but the rate is 1 over the largest eigenvalue: in a long ravine nearly four times too small for this momentum.
pub mod cautious_rate {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let (a, b) = (low.sqrt(), high.sqrt());
        let (rate, rho) = (1.0 / high, ((b - a) / (b + a)).powi(2));
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = rho * *v - rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// The best rate is there, but the momentum is the rate of convergence, √ρ and not ρ.
pub mod root_of_rho {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let (a, b) = (low.sqrt(), high.sqrt());
        let (rate, rho) = ((2.0 / (a + b)).powi(2), (b - a) / (b + a));
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = rho * *v - rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// The sign of the gradient: the velocity gains + η g, so the run climbs.
pub mod climbing {
    use super::Ask;

    pub fn converge(w: &[f64], low: f64, high: f64, ask: &mut Ask) -> Vec<f64> {
        let (a, b) = (low.sqrt(), high.sqrt());
        let rate = (2.0 / (a + b)).powi(2);
        let rho = ((b - a) / (b + a)).powi(2);
        let (mut w, mut v) = (w.to_vec(), vec![0.0; w.len()]);
        for _ in 0..300 {
            let gradient = ask.vector(w.clone());
            for (v, g) in v.iter_mut().zip(&gradient) {
                *v = rho * *v + rate * g;
            }
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += v);
        }
        w
    }
}

/// The gradient of the hidden loss.
fn gradient(case: &Case, w: &[f64]) -> Vec<f64> {
    let h = &case.hidden;
    let z: Vec<f64> = w.iter().zip(h.vector("minimum")).map(|(w, m)| w - m).collect();
    h.matrix("hessian").iter().map(|row| row.iter().zip(&z).map(|(h, z)| h * z).sum()).collect()
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, condition: [f64; 2]| {
        let low = draw.decimal(0.1, 0.5, 2);
        let high = (low * draw.uniform(condition[0], condition[1])).round();
        // The others lie between, evenly by their logarithms.
        let part = |i: usize| low * (high / low).powf(i as f64 / (n - 1) as f64);
        let hessian = draw.symmetric(&(0..n).map(part).collect::<Vec<f64>>());
        let minimum = draw.vector(n, 4.0, 8.0);
        let w: Vec<f64> = minimum.iter().map(|m| m + draw.decimal(-9.0, 9.0, 2)).collect();
        Case::new(group, Args::new().with("w", w).with("low", low).with("high", high))
            .hiding(Args::new().with("hessian", hessian).with("minimum", minimum))
    };
    let (short, long) = ("short ravines", "long ravines");
    vec![
        case(short, 3, [20.0, 40.0]),
        case(short, 4, [40.0, 60.0]),
        case(long, 3, [900.0, 1000.0]),
        case(long, 4, [1000.0, 1100.0]),
        case(long, 5, [1100.0, 1190.0]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(w) if w.len() == case.args.vector("w").len() && w.iter().all(|x| x.is_finite()) => {
            Ok(gradient(case, w).into_value())
        }
        _ => {
            let n = case.args.vector("w").len();
            Err(format!("your function asks about {question}, which is not {n} finite numbers"))
        }
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let (start, minimum) = (case.args.vector("w"), case.hidden.vector("minimum"));
    let Some(w) = answer.vector().filter(|w| w.len() == start.len()) else {
        return Err(format!("a point of {} numbers was expected", start.len()));
    };
    let distance =
        |w: &[f64]| w.iter().zip(minimum).map(|(w, m)| (w - m).powi(2)).sum::<f64>().sqrt();
    // The best pair comes to about 2e-5 of the distance at κ = 1200; NaN is refused as well.
    if distance(w) <= 1e-4 * distance(start) {
        Ok(())
    } else {
        Err("the point that came back is not near enough to the minimum".to_owned())
    }
}

exercise! {
    id: "long-ravine",
    chapter: 14,
    points: 4,
    source: include_str!("long_ravine.rs"),
    call: |x, ask| converge(x.vector("w"), x.number("low"), x.number("high"), ask),
    mistakes: [descent, usual, without_roots, cautious_rate, root_of_rho, climbing],
    judge: Judge::Dialogue(Dialogue { limit: 300, answer, judge }),
}
