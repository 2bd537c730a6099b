//! # Newton's method to a minimum
//!
//! Write `minimum(start, ask)`: find a minimum of a loss $J$ of one parameter. `ask.vector(x)` gives a
//! vector with two entries: the slope $J'(x)$ and the curvature $J''(x)$. You may ask at most 30 times.
//! Return an $x$ with $|J'(x)| \le 10^{-8}$ and $J''(x) > 0$.
//!
//! A minimum lies within 5 of `start`, in the direction in which $J$ falls. The curvature at `start` may
//! be negative, or so small that Newton's step $-J' / J''$ is much too long.
//!
//! ## Hints
//!
//! 1. Where $J'' < 0$, Newton's step goes uphill. Which step has the same length and goes downhill?
//! 2. $-J' / |J''|$ always has the sign of $-J'$.
//! 3. Shorten every step that is longer than 1 to the length 1, and keep its direction.
//!
//! ## Explanation
//!
//! Newton's step goes to the stationary point of the parabola, which is a maximum where $J'' < 0$. With
//! $|J''|$ in its place the step always descends. Where the curvature is nearly zero the parabola's
//! lowest point is far away, and the parabola does not hold that far: a limit on the length of a step
//! keeps $x$ where $J$ is like its model. Near the minimum $J''$ is positive and the steps are short, so
//! neither change acts, and the number of right digits doubles with each step.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0], answer[1]);
            if slope.abs() <= 1e-8 {
                break;
            }
            x -= (slope / curvature.abs()).clamp(-1.0, 1.0);
        }
        x
    }
}

/// This is Newton's step as it is: it goes to a maximum where the curvature is negative, and far away where it is nearly zero.
pub mod plain {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0], answer[1]);
            if slope.abs() <= 1e-8 {
                break;
            }
            x -= slope / curvature;
        }
        x
    }
}

/// The step descends everywhere, but nothing limits its length: where the curvature is nearly zero it goes far away.
pub mod unlimited {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0], answer[1]);
            if slope.abs() <= 1e-8 {
                break;
            }
            x -= slope / curvature.abs();
        }
        x
    }
}

/// The length of the step is limited, but where the curvature is negative the step still goes uphill, to a maximum.
pub mod uphill {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0], answer[1]);
            if slope.abs() <= 1e-8 {
                break;
            }
            x -= (slope / curvature).clamp(-1.0, 1.0);
        }
        x
    }
}

/// This is gradient descent with a fixed rate: it does not use the curvature, and 30 slopes are too few for it.
pub mod fixed_rate {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let slope = ask.vector(x)[0];
            if slope.abs() <= 1e-8 {
                break;
            }
            x -= 0.05 * slope;
        }
        x
    }
}

/// Slope and curvature of the hidden loss.
fn derivatives(case: &Case, x: f64) -> [f64; 2] {
    let h = &case.hidden;
    let (z, scale) = (x - h.number("centre"), h.number("scale"));
    match h.text("kind") {
        // J = z⁴/4 - scale z²/2: a maximum at 0, minima at ±√scale.
        "wells" => [z * (z * z - scale), 3.0 * z * z - scale],
        // J = scale √(1 + z²): nearly straight far from its minimum at 0.
        "root" => {
            let length = z.hypot(1.0);
            [scale * z / length, scale * length.powi(-3)]
        }
        // J = eᶻ - scale z: nearly straight on the left of its minimum at ln(scale).
        _ => [z.exp() - scale, z.exp()],
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, kind: &'static str, from: [f64; 2], side: f64| {
        let (centre, scale) = (draw.decimal(-3.0, 3.0, 2), draw.decimal(1.0, 3.0, 2));
        // The exponential's start is measured from its minimum.
        let origin = if kind == "exponential" { centre + scale.ln() } else { centre };
        let start = origin + side * draw.uniform(from[0], from[1]);
        let hidden = Args::new().with("kind", kind).with("centre", centre).with("scale", scale);
        Case::new(group, Args::new().with("start", start)).hiding(hidden)
    };
    let (curvature, length) = ("negative curvature at the start", "hardly any curvature");
    // The wells' curvature is negative up to 0.57 from the centre at least. The root's plain steps
    // diverge from everywhere beyond 1. From 3.6 on the left of its minimum the exponential's plain step
    // overshoots by more than 30, and comes back by about 1 a step.
    vec![
        case(curvature, "wells", [0.1, 0.4], 1.0),
        case(curvature, "wells", [0.1, 0.4], -1.0),
        case(curvature, "wells", [0.1, 0.4], 1.0),
        case(length, "root", [1.3, 4.0], 1.0),
        case(length, "exponential", [3.6, 4.5], -1.0),
        case(length, "root", [1.3, 4.0], -1.0),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.number() {
        Some(x) if x.is_finite() => Ok(derivatives(case, x).into_value()),
        _ => Err(format!("your function asks for the slope at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let Some(x) = answer.number() else {
        return Err(format!("an f64 was expected, {} came back", answer.kind()));
    };
    let [slope, curvature] = derivatives(case, x);
    if slope.is_nan() || slope.abs() > 1e-8 {
        Err("the slope at the point that came back is not zero".to_owned())
    } else if curvature > 0.0 {
        Ok(())
    } else {
        Err("the point that came back is no minimum".to_owned())
    }
}

exercise! {
    id: "newton-1d",
    chapter: 19,
    points: 3,
    source: include_str!("newton_1d.rs"),
    call: |x, ask| minimum(x.number("start"), ask),
    mistakes: [plain, unlimited, uphill, fixed_rate],
    judge: Judge::Dialogue(Dialogue { limit: 30, answer, judge }),
}
