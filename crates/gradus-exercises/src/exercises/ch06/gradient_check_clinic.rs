//! # The clinic: a gradient check that cannot be trusted
//!
//! A colleague's gradient check accuses right gradients and lets wrong ones pass. The function
//! `suspicious(w, analytic, ask)` gets a point $w$ and an analytic gradient there; `ask.number(p)` gives
//! the loss $J$ at a point `p` (a `Vec<f64>`), and you may ask at most 100 times. It should compute the
//! numerical gradient by centred differences,
//!
//! $$ b_i = \frac{J(w + h\,e_i) - J(w - h\,e_i)}{2h} , $$
//!
//! and compare each analytic component $a_i$ with it by the relative error
//!
//! $$ r_i = \frac{|a_i - b_i|}{\max(|a_i|, |b_i|)}, \qquad r_i = 0 \text{ if } a_i = b_i = 0 . $$
//!
//! It returns the indices $i$ (from 0, in ascending order) with $r_i > 10^{-k}$, where your own
//! $k = {{k}}$. The parameters have sizes from 0.5 to 1.5 and $J$ changes on a length of about one, but
//! some losses are thousands of times as large as others. No relative error is within 3 % of the
//! tolerance. Mend the function.
//!
//! ## Hints
//!
//! 1. How large is the rounding error of a double near 1, and what is left of it after the division by
//!    $2h$?
//! 2. Is a difference of $10^{-6}$ much or little, if the slope is 1000? If it is 0.0001?
//! 3. Two things are wrong: the step, and what is compared with the tolerance.
//!
//! ## Explanation
//!
//! A value of order one is rounded to about $10^{-16}$. With $h = 10^{-14}$ that becomes an error of
//! about $10^{-2}$ in the slope, and right gradients fail. With $h = 10^{-5}$ rounding and the formula's
//! own error $h^2 f''' / 6$ are both near $10^{-11}$. A difference alone says nothing without the size
//! of the slope: $10^{-6}$ is nine good digits of a slope of 1000, and two of a slope of $10^{-4}$.

use crate::prelude::*;

pub mod stub {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-14;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if (a - b).abs() > tolerance {
                found.push(i);
            }
        }
        found
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-5;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if (a - b).abs() > tolerance * a.abs().max(b.abs()) {
                found.push(i);
            }
        }
        found
    }
}

/// The step is mended, but the difference itself is compared with the tolerance: this is the absolute error, not the relative one.
pub mod absolute {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-5;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if (a - b).abs() > tolerance {
                found.push(i);
            }
        }
        found
    }
}

/// The relative error is right, but h is still so small that rounding decides.
pub mod tiny_step {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-14;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if (a - b).abs() > tolerance * a.abs().max(b.abs()) {
                found.push(i);
            }
        }
        found
    }
}

/// The absolute value of the difference is missing: a component that is too small passes, however wrong it is.
pub mod signed {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-5;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if a - b > tolerance * a.abs().max(b.abs()) {
                found.push(i);
            }
        }
        found
    }
}

/// Each difference is divided by the largest component of the whole gradient: an error in a small component hides behind a large one.
pub mod whole {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-5;
        let largest = analytic.iter().fold(0.0_f64, |m, a| m.max(a.abs()));
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if (a - b).abs() > tolerance * largest {
                found.push(i);
            }
        }
        found
    }
}

/// The difference is divided by h, but its two points are 2h apart: every slope comes out twice too large, and right components are accused.
pub mod width {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-5;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / h);
            if (a - b).abs() > tolerance * a.abs().max(b.abs()) {
                found.push(i);
            }
        }
        found
    }
}

/// The difference is divided by the sum of the two sizes; the relative error has the larger of them, and is twice as large.
pub mod by_sum {
    use super::{Ask, own};

    pub fn suspicious(w: &[f64], analytic: &[f64], ask: &mut Ask) -> Vec<usize> {
        let tolerance = 10.0_f64.powf(-own("k"));
        let h = 1e-5;
        let mut found = Vec::new();
        for i in 0..w.len() {
            let (mut left, mut right) = (w.to_vec(), w.to_vec());
            left[i] -= h;
            right[i] += h;
            let (a, b) = (analytic[i], (ask.number(right) - ask.number(left)) / (2.0 * h));
            if (a - b).abs() > tolerance * (a.abs() + b.abs()) {
                found.push(i);
            }
        }
        found
    }
}

/// J = s Σ sin(aᵢ wᵢ); where aᵢ = 0 the slope is exactly zero, also the numerical one.
fn value(case: &Case, w: &[f64]) -> f64 {
    let (a, s) = (case.hidden.vector("a"), case.hidden.number("s"));
    s * w.iter().zip(a).map(|(w, a)| (a * w).sin()).sum::<f64>()
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let tolerance = 10.0_f64.powf(-own("k"));
    // The relative errors in units of the tolerance: below zero the component is too small in size.
    // 0 is right, ∞ twice the right one, and None a slope of zero, rightly so.
    let mut case = |group, s: f64, errors: &[Option<f64>]| {
        let s = s * draw.decimal(1.0, 3.0, 1);
        let mut a: Vec<f64> = errors.iter().map(|_| draw.decimal(0.4, 0.9, 2)).collect();
        let w: Vec<f64> = errors.iter().map(|_| draw.decimal(0.5, 1.5, 2)).collect();
        let analytic = errors.iter().zip(&mut a).zip(&w).map(|((error, a), w)| {
            let right = s * *a * (*a * w).cos();
            match error {
                // A factor of 2, also the one that a division by h instead of 2h brings.
                Some(e) if e.is_infinite() => 2.0 * right,
                // Wrong by a factor that makes the relative error exact.
                Some(e) if *e < 0.0 => right * (1.0 + e * tolerance),
                Some(e) => right / (1.0 - e * tolerance),
                None => {
                    *a = 0.0;
                    0.0
                }
            }
        });
        let args = Args::new().with("analytic", analytic.collect::<Vec<f64>>()).with("w", w);
        Case::new(group, args).hiding(Args::new().with("a", a).with("s", s))
    };
    let (near, over, far) = (Some(0.96), Some(1.04), Some(7.0));
    let (near_less, over_less, far_less) = (Some(-0.96), Some(-1.04), Some(-30.0));
    let (right, twice) = (Some(0.0), Some(f64::INFINITY));
    vec![
        case("steep losses", 1000.0, &[right, over_less, near, twice]),
        case("steep losses", -1000.0, &[far_less, twice, near, right, over, near_less]),
        case("steep losses", 1000.0, &[None, near_less, right, over_less, far, right]),
        case("steep losses", 1000.0, &[over]),
        case("flat losses", 0.001, &[over, right, far_less, near, twice]),
        case("flat losses", -0.001, &[near, over_less, None, twice, far, right]),
        case("flat losses", 0.001, &[right, near_less, far_less, over, far, near]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(w) if w.len() == case.args.vector("w").len() => Ok(value(case, w).into_value()),
        _ => Err(format!("your function asks for the loss at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let Value::Indices(found) = answer else {
        return Err(format!("a Vec<usize> was expected, {} came back", answer.kind()));
    };
    let tolerance = 10.0_f64.powf(-own("k"));
    let (a, s) = (case.hidden.vector("a"), case.hidden.number("s"));
    let (w, analytic) = (case.args.vector("w"), case.args.vector("analytic"));
    let wrong = |i: &usize| {
        let right = s * a[*i] * (a[*i] * w[*i]).cos();
        (analytic[*i] - right).abs() > tolerance * right.abs().max(analytic[*i].abs())
    };
    if !found.is_sorted_by(|a, b| a < b) || found.last().is_some_and(|last| *last >= w.len()) {
        Err("these are not indices of components in ascending order".to_owned())
    } else if found.iter().any(|i| !wrong(i)) {
        Err("a component is accused whose relative error is within the tolerance".to_owned())
    } else if (0..w.len()).any(|i| wrong(&i) && !found.contains(&i)) {
        Err("a component passes whose relative error is larger than the tolerance".to_owned())
    } else {
        Ok(())
    }
}

exercise! {
    id: "gradient-check-clinic",
    chapter: 6,
    points: 3,
    clinic: true,
    own: ["k" in 3.50..6.00],
    source: include_str!("gradient_check_clinic.rs"),
    call: |x, ask| suspicious(x.vector("w"), x.vector("analytic"), ask),
    mistakes: [absolute, tiny_step, signed, whole, by_sum, width],
    judge: Judge::Dialogue(Dialogue { limit: 100, answer, judge }),
}
