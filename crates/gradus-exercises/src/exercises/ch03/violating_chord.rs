//! # Find a chord that is not above the graph
//!
//! A function $f$ is convex on an interval if every chord lies on or above its graph: for all $a < b$
//! in the interval and $0 \le t \le 1$,
//!
//! $$ f\bigl((1 - t)\, a + t\, b\bigr) \le (1 - t)\, f(a) + t\, f(b) . $$
//!
//! Write `violating_chord(low, high, ask)`. `ask.number(x)` gives $f(x)$; you may ask at most 2000 times.
//! Return `Some((a, b, t))` with $low \le a < b \le high$ and $0 < t < 1$ for which the inequality
//! fails, or `None` if $f$ is convex on the interval. If $f$ is not convex, its graph bends down on at
//! least a twenty-fifth of the interval's length, and lies above some chord by more than $10^{-6}$.
//!
//! ## Hints
//!
//! 1. A grid of points is enough: if $f$ is not convex, three neighbours on a fine grid show it.
//! 2. With three equally spaced points the inequality at $t = 1/2$ says that the middle value is at
//!    most the mean of its neighbours.
//! 3. Rounding makes the two sides differ by about $10^{-16}$ where $f$ is a line. Ask for more than
//!    that before you call it a violation.
//!
//! ## Explanation
//!
//! The second difference $f(x - h) - 2 f(x) + f(x + h)$ of a convex function is never negative. One
//! that is negative is the proof: the chord from $x - h$ to $x + h$ passes below the graph at its
//! middle. A grid of 400 points has spacing $1/400$ of the interval, so at least a dozen of its
//! triples lie within the part where the function bends down. A single chord from end to end would
//! miss a dent that is not in its way.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn violating_chord(low: f64, high: f64, ask: &mut Ask) -> Option<(f64, f64, f64)> {
        todo!()
    }
}

pub mod solution {
    use super::Ask;

    pub fn violating_chord(low: f64, high: f64, ask: &mut Ask) -> Option<(f64, f64, f64)> {
        let n = 400;
        let x = |i: usize| low + (high - low) * i as f64 / n as f64;
        let f: Vec<f64> = (0..=n).map(|i| ask.number(x(i))).collect();
        (1..n)
            .find(|&i| f[i] > 0.5 * (f[i - 1] + f[i + 1]) + 1e-9)
            .map(|i| (x(i - 1), x(i + 1), 0.5))
    }
}

/// Only the chord from end to end is tried: a dent elsewhere stays unseen.
pub mod one_chord {
    use super::Ask;

    pub fn violating_chord(low: f64, high: f64, ask: &mut Ask) -> Option<(f64, f64, f64)> {
        let (a, b) = (ask.number(low), ask.number(high));
        for i in 1..100 {
            let t = i as f64 / 100.0;
            let f = ask.number((1.0 - t) * low + t * high);
            if f > (1.0 - t) * a + t * b + 1e-9 {
                return Some((low, high, t));
            }
        }
        None
    }
}

/// The inequality is turned round: a chord above the graph is what convexity asks for.
pub mod turned {
    use super::Ask;

    pub fn violating_chord(low: f64, high: f64, ask: &mut Ask) -> Option<(f64, f64, f64)> {
        let n = 400;
        let x = |i: usize| low + (high - low) * i as f64 / n as f64;
        let f: Vec<f64> = (0..=n).map(|i| ask.number(x(i))).collect();
        (1..n)
            .find(|&i| f[i] < 0.5 * (f[i - 1] + f[i + 1]) - 1e-9)
            .map(|i| (x(i - 1), x(i + 1), 0.5))
    }
}

/// A function with more than one minimum is taken for the only kind that is not convex; but √|x| bends down everywhere and has one.
pub mod minima {
    use super::Ask;

    pub fn violating_chord(low: f64, high: f64, ask: &mut Ask) -> Option<(f64, f64, f64)> {
        let n = 400;
        let x = |i: usize| low + (high - low) * i as f64 / n as f64;
        let f: Vec<f64> = (0..=n).map(|i| ask.number(x(i))).collect();
        let top = (1..n).find(|&i| f[i] > f[i - 1] && f[i] > f[i + 1])?;
        Some((x(top - 1), x(top + 1), 0.5))
    }
}

/// The hidden functions: a convex one, to which a dent may be added.
fn hidden(case: &Case, x: f64) -> f64 {
    let h = &case.hidden;
    let z = x - h.number("centre");
    match h.text("kind") {
        "square" => h.number("scale") * z * z,
        "exponential" => (h.number("scale") * z).exp(),
        "absolute" => h.number("scale") * z.abs() + x,
        "line" => h.number("scale") * x,
        // Bends down on both sides of its single minimum.
        "root" => h.number("scale") * z.abs().sqrt(),
        // A parabola with a bump, which bends down where |z - 1.2| < 0.098: on 1/23 of the interval or more.
        _ => h.number("scale") * z * z + 0.3 * (-(z - 1.2) * (z - 1.2) / 0.02).exp(),
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, kind: &'static str, scale: [f64; 2]| {
        let centre = draw.decimal(-0.5, 0.5, 2);
        let args = Args::new().with("low", centre - 2.0).with("high", centre + 2.5);
        Case::new(group, args).hiding(
            Args::new()
                .with("kind", kind)
                .with("centre", centre)
                .with("scale", draw.decimal(scale[0], scale[1], 2)),
        )
    };
    let both = "convex and not convex";
    vec![
        case(both, "square", [0.5, 3.0]),
        case(both, "bump", [0.1, 0.3]),
        case(both, "exponential", [0.4, 1.2]),
        case(both, "absolute", [0.5, 2.0]),
        case(both, "root", [0.5, 2.0]),
        case(both, "line", [0.5, 3.0]),
        case(both, "bump", [0.1, 0.3]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    let (low, high) = (case.args.number("low"), case.args.number("high"));
    match question.number() {
        // Grid points may miss the ends by rounding.
        Some(x) if (low - 1e-9..=high + 1e-9).contains(&x) => Ok(hidden(case, x).into_value()),
        _ => Err("your function asks for a point outside the interval".to_owned()),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let convex = !matches!(case.hidden.text("kind"), "bump" | "root");
    let (low, high) = (case.args.number("low") - 1e-9, case.args.number("high") + 1e-9);
    match (answer, answer.numbers()[..].as_ref()) {
        (Value::Nothing, _) if convex => Ok(()),
        (Value::Nothing, _) => Err("this function is not convex, but nothing came back".to_owned()),
        (_, &[a, b, t]) => {
            if !(low <= a && a < b && b <= high && 0.0 < t && t < 1.0) {
                return Err("a, b, t must have low ≤ a < b ≤ high and 0 < t < 1".to_owned());
            }
            let graph = hidden(case, (1.0 - t) * a + t * b);
            let chord = (1.0 - t) * hidden(case, a) + t * hidden(case, b);
            if graph > chord + 1e-12 {
                Ok(())
            } else {
                Err("the chord that came back is not below the graph by more than rounding"
                    .to_owned())
            }
        }
        _ => Err("three numbers (a, b, t) or nothing were expected".to_owned()),
    }
}

exercise! {
    id: "violating-chord",
    chapter: 3,
    points: 3,
    source: include_str!("violating_chord.rs"),
    call: |x, ask| violating_chord(x.number("low"), x.number("high"), ask),
    mistakes: [one_chord, turned, minima],
    judge: Judge::Dialogue(Dialogue { limit: 2000, answer, judge }),
}
