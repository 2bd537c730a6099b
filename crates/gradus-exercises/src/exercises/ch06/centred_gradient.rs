//! # A gradient from values alone
//!
//! Write `gradient(w, ask)`: the gradient at $w$ of a function that you know only by its values.
//! `ask.number(p)` gives the value at a point `p` (a `Vec<f64>`). You may ask twice for each
//! parameter. Each component must be right to a relative $10^{-9}$ of the gradient's largest one.
//! The parameters have sizes from about 0.1 to 10000, and in each of them the function changes on a
//! length of about the parameter's own size.
//!
//! ## Hints
//!
//! 1. Two values for each parameter: what do centred differences ask for?
//! 2. The best step of a centred difference is about the cube root of the machine's precision,
//!    $6 \cdot 10^{-6}$, times the size of the parameter.
//!
//! ## Explanation
//!
//! The centred difference errs by $h^2 f'''/6$ and by rounding, about $10^{-16} |f| / h$. They balance at
//! $h \approx 6 \cdot 10^{-6}$ if the function changes on a length of one. A parameter of size
//! 10000 in $\sin(w / 10000)$ changes on a length of 10000: there the same step loses four more digits to
//! rounding, so the step is scaled with the parameter.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn gradient(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::Ask;

    pub fn gradient(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        (0..w.len())
            .map(|i| {
                let h = 6e-6 * w[i].abs();
                let (mut left, mut right) = (w.to_vec(), w.to_vec());
                left[i] -= h;
                right[i] += h;
                let width = right[i] - left[i];
                (ask.number(right) - ask.number(left)) / width
            })
            .collect()
    }
}

/// These are forward differences: their error shrinks only with h, and leaves eight digits at best.
pub mod forward {
    use super::Ask;

    pub fn gradient(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        (0..w.len())
            .map(|i| {
                let h = 1e-8 * w[i].abs();
                let mut right = w.to_vec();
                right[i] += h;
                let width = right[i] - w[i];
                (ask.number(right) - ask.number(w.to_vec())) / width
            })
            .collect()
    }
}

/// The step is the same for every parameter, whatever its size: where the parameter is large, the difference drowns in rounding.
pub mod fixed_step {
    use super::Ask;

    pub fn gradient(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        (0..w.len())
            .map(|i| {
                let h = 1e-6;
                let (mut left, mut right) = (w.to_vec(), w.to_vec());
                left[i] -= h;
                right[i] += h;
                (ask.number(right) - ask.number(left)) / (2.0 * h)
            })
            .collect()
    }
}

/// The difference is divided by h, but its two points are 2h apart: every component is twice too large.
pub mod width {
    use super::Ask;

    pub fn gradient(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        (0..w.len())
            .map(|i| {
                let h = 6e-6 * w[i].abs();
                let (mut left, mut right) = (w.to_vec(), w.to_vec());
                left[i] -= h;
                right[i] += h;
                (ask.number(right) - ask.number(left)) / h
            })
            .collect()
    }
}

/// The step is too small: nearly all digits of the two values cancel.
pub mod tiny_step {
    use super::Ask;

    pub fn gradient(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        (0..w.len())
            .map(|i| {
                let h = 1e-12 * w[i].abs();
                let (mut left, mut right) = (w.to_vec(), w.to_vec());
                left[i] -= h;
                right[i] += h;
                let width = right[i] - left[i];
                (ask.number(right) - ask.number(left)) / width
            })
            .collect()
    }
}

use gradus_student::tools::sub;

/// f = Σ sin(aᵢ wᵢ / sᵢ): each parameter changes it on the length of its size sᵢ.
fn value(case: &Case, w: &[f64]) -> f64 {
    let (s, a) = (case.hidden.vector("sizes"), case.hidden.vector("a"));
    w.iter().zip(s).zip(a).map(|((w, s), a)| (a * w / s).sin()).sum()
}

fn right(case: &Case) -> Vec<f64> {
    let (s, a) = (case.hidden.vector("sizes"), case.hidden.vector("a"));
    let w = case.args.vector("w");
    w.iter().zip(s).zip(a).map(|((w, s), a)| a / s * (a * w / s).cos()).collect()
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, sizes: &[f64]| {
        let w: Vec<f64> = sizes.iter().map(|s| s * draw.decimal(0.5, 1.5, 2)).collect();
        let a: Vec<f64> = sizes.iter().map(|_| draw.uniform(0.6, 0.9)).collect();
        Case::new(group, Args::new().with("w", w))
            .hiding(Args::new().with("sizes", sizes.to_vec()).with("a", a))
    };
    vec![
        case("parameters of order one and large", &[1.0, 1.0]),
        case("parameters of order one and large", &[0.5, 2.0, 0.8]),
        case("parameters of order one and large", &[1e4, 1e4]),
        case("parameters of order one and large", &[5e3]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(w) if w.len() == case.args.vector("w").len() => Ok(value(case, w).into_value()),
        _ => Err(format!("your function asks for the value at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, asked: &[Value]) -> Result<(), String> {
    let n = case.args.vector("w").len();
    if asked.len() > 2 * n {
        return Err(format!("{} values were asked for, {} are allowed", asked.len(), 2 * n));
    }
    let right = right(case);
    let largest = |v: &[f64]| v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    crate::mark::same(answer, &right.clone().into_value(), 1e-9).map_err(|problem| {
        match answer.vector() {
            Some(g) if g.len() == n && g.iter().all(|g| g.is_finite()) => {
                let error = largest(&sub(g, &right)) / largest(&right);
                format!("a component is off by {error:.0e} of the largest one")
            }
            _ => problem,
        }
    })
}

exercise! {
    id: "centred-gradient",
    chapter: 6,
    points: 3,
    source: include_str!("centred_gradient.rs"),
    call: |x, ask| gradient(x.vector("w"), ask),
    mistakes: [forward, fixed_step, width, tiny_step],
    judge: Judge::Dialogue(Dialogue { limit: 100, answer, judge }),
}
