//! # Newton's method to a minimum
//!
//! A loss of one parameter, $J(x)$, is pulled aside by a constant force: find a minimum of
//!
//! $$ F(x) = J(x) + c\, x $$
//!
//! with your own $c = {{c}}$. Write `minimum(start, ask)`. `ask.vector(x)` gives a vector with two entries,
//! the slope $J'(x)$ and the curvature $J''(x)$ of $J$ alone. You may ask at most 30 times.
//!
//! $F$ may have more than one minimum. The one to find is the first on the way down from `start`: where you
//! come to if you go from `start` in the direction in which $F$ falls, until it falls no more. It is at
//! most 5 away, and minima are more than 2 apart. Return an $x$ there with $|F'(x)| \le 10^{-8}$. The
//! curvature at `start` may be negative, or so small that Newton's step $-F' / F''$ is much too long.
//!
//! ## Hints
//!
//! 1. What does the term $c\,x$ add to the slope, and what to the curvature?
//! 2. Where $F'' < 0$, Newton's step goes uphill. Which step has the same length and goes downhill?
//! 3. Shorten every step that is longer than 1 to the length 1, and keep its direction.
//!
//! ## Explanation
//!
//! Newton's step goes to the stationary point of the parabola, which is a maximum where $F'' < 0$. With
//! $|F''|$ in its place the step always descends. Where the curvature is nearly zero the parabola's
//! lowest point is far away, and the parabola does not hold that far: a limit on the length of a step
//! keeps $x$ where $F$ is like its model. Near the minimum $F''$ is positive and the steps are short, so
//! neither change acts, and the number of right digits doubles with each step. The constant force
//! moves the minimum and has no part in the curvature.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0] + own("c"), answer[1]);
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
    use super::{Ask, own};

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0] + own("c"), answer[1]);
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
    use super::{Ask, own};

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0] + own("c"), answer[1]);
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
    use super::{Ask, own};

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let answer = ask.vector(x);
            let (slope, curvature) = (answer[0] + own("c"), answer[1]);
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
    use super::{Ask, own};

    pub fn minimum(start: f64, ask: &mut Ask) -> f64 {
        let mut x = start;
        for _ in 0..30 {
            let slope = ask.vector(x)[0] + own("c");
            if slope.abs() <= 1e-8 {
                break;
            }
            x -= 0.05 * slope;
        }
        x
    }
}

/// This is a minimum of J: the slope of the term c x is missing.
pub mod no_force {
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

/// Slope and curvature of the hidden J.
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
        let (centre, scale) = (draw.decimal(-3.0, 3.0, 2), draw.decimal(1.5, 3.0, 2));
        // The exponential's start is measured from its minimum.
        let origin = if kind == "exponential" { centre + (scale - own("c")).ln() } else { centre };
        let start = origin + side * draw.uniform(from[0], from[1]);
        let hidden = Args::new().with("kind", kind).with("centre", centre).with("scale", scale);
        Case::new(group, Args::new().with("start", start)).hiding(hidden)
    };
    let (curvature, length) = ("negative curvature at the start", "hardly any curvature");
    // The wells' curvature is negative up to 0.7 from the centre at least, and F's maximum is less than
    // 0.14 on the right of it: the starts on the right are beyond it. The root's plain steps diverge from
    // everywhere beyond 1.3. From 3.6 on the left of its minimum the exponential's plain step overshoots
    // by more than 30, and comes back by about 1 a step.
    vec![
        case(curvature, "wells", [0.25, 0.5], 1.0),
        case(curvature, "wells", [0.1, 0.4], -1.0),
        case(curvature, "wells", [0.25, 0.5], 1.0),
        case(length, "root", [1.6, 4.0], 1.0),
        case(length, "exponential", [3.6, 4.5], -1.0),
        case(length, "root", [1.6, 4.0], -1.0),
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
    if !x.is_finite() {
        return Err("the number that came back is not finite".to_owned());
    }
    let slope = |x: f64| derivatives(case, x)[0] + own("c");
    if slope(x).abs() > 1e-8 {
        return Err(format!("the slope of F at the point that came back is {:.1e}", slope(x)));
    }
    if derivatives(case, x)[1] <= 0.0 {
        return Err("the point that came back is no minimum".to_owned());
    }
    // F falls all the way from the start to its first minimum; the end of the way is left out.
    let start = case.args.number("start");
    let falls = |k: u32| slope(start + f64::from(k) / 100.0 * (x - start)) * (x - start) < 0.0;
    if (0..100).all(falls) {
        Ok(())
    } else {
        Err("the minimum that came back is not the first on the way down from start".to_owned())
    }
}

exercise! {
    id: "newton-1d",
    chapter: 19,
    points: 3,
    own: ["c" in 0.05..0.25],
    source: include_str!("newton_1d.rs"),
    call: |x, ask| minimum(x.number("start"), ask),
    mistakes: [plain, unlimited, uphill, fixed_rate, no_force],
    judge: Judge::Dialogue(Dialogue { limit: 30, answer, judge }),
}
