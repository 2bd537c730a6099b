//! # Bracket the learning rate
//!
//! `ask.number(rate)` trains a model with this learning rate and gives its loss on the validation data. A run
//! costs an hour, and you may make at most 40. Write `tune(start, ask)`: from the runs so far it chooses the
//! next rate. With your own factor $r = {{factor}}$:
//!
//! 1. Run `start`. It is the best rate so far, $b$.
//! 2. Go up: run $r\, b$. While that has a lower loss than $b$, it becomes $b$ and the next is $r\, b$ again.
//! 3. If the first run of step 2 was not lower, go down in the same way with $b / r$.
//! 4. Now $b$ is bracketed. Run $b / \sqrt{r}$ and $b \sqrt{r}$, and return the one of these three rates with
//!    the lowest loss.
//!
//! A run that diverges has the loss NaN or infinity. Both count as $+\infty$, and $+\infty$ is not lower than
//! $+\infty$. No two runs have the same finite loss.
//!
//! ## Hints
//!
//! 1. Turn every loss that is not finite into `f64::INFINITY` as soon as it comes: in Rust every comparison
//!    with NaN is false.
//! 2. Steps 2 and 3 are one loop with another factor.
//! 3. Keep the loss of $b$: a run is not made twice.
//!
//! ## Explanation
//!
//! A best rate at the edge of what was tried is no optimum yet, so the search goes on until the loss rises on
//! both sides. Rates are compared by ratios, so the steps are factors and the middle between two rates is the
//! geometric mean: between 0.01 and 0.1 it is 0.032. The arithmetic mean, 0.055, lies near the upper end.
//! With $r = 4$ the answer of a valley with one floor is within a factor of about $\sqrt{2}$ of the best
//! rate, after a handful of runs.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| {
            let loss = ask.number(rate);
            if loss.is_finite() { loss } else { f64::INFINITY }
        };
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            let mut loss = run(best * step);
            while loss < lowest {
                (best, lowest) = (best * step, loss);
                loss = run(best * step);
            }
            if best != start {
                break;
            }
        }
        let middle = best;
        for rate in [middle / factor.sqrt(), middle * factor.sqrt()] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// The search only goes up: if the best rate is below the first one, it is never found.
pub mod only_up {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| {
            let loss = ask.number(rate);
            if loss.is_finite() { loss } else { f64::INFINITY }
        };
        let (mut best, mut lowest) = (start, run(start));
        let mut loss = run(best * factor);
        while loss < lowest {
            (best, lowest) = (best * factor, loss);
            loss = run(best * factor);
        }
        let middle = best;
        for rate in [middle / factor.sqrt(), middle * factor.sqrt()] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// The last two rates are halfway on the plain scale; between b and r b lies the geometric mean.
pub mod plain_middle {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| {
            let loss = ask.number(rate);
            if loss.is_finite() { loss } else { f64::INFINITY }
        };
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            let mut loss = run(best * step);
            while loss < lowest {
                (best, lowest) = (best * step, loss);
                loss = run(best * step);
            }
            if best != start {
                break;
            }
        }
        let middle = best;
        for rate in [0.5 * (middle + middle / factor), 0.5 * (middle + middle * factor)] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// The search ends with the bracket: the two rates inside it are never run.
pub mod coarse {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| {
            let loss = ask.number(rate);
            if loss.is_finite() { loss } else { f64::INFINITY }
        };
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            let mut loss = run(best * step);
            while loss < lowest {
                (best, lowest) = (best * step, loss);
                loss = run(best * step);
            }
            if best != start {
                break;
            }
        }
        best
    }
}

/// The last run of the first phase is taken for the best rate: it is the one where the loss had risen.
pub mod last_run {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| {
            let loss = ask.number(rate);
            if loss.is_finite() { loss } else { f64::INFINITY }
        };
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            let mut loss = run(best * step);
            while loss < lowest {
                (best, lowest) = (best * step, loss);
                loss = run(best * step);
            }
            if best != start {
                (best, lowest) = (best * step, loss);
                break;
            }
        }
        let middle = best;
        for rate in [middle / factor.sqrt(), middle * factor.sqrt()] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// A run that gives NaN counts as lower: the loop ends only when a loss is at least the best, and NaN never is.
pub mod not_a_number {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| ask.number(rate);
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            loop {
                let loss = run(best * step);
                if loss >= lowest {
                    break;
                }
                (best, lowest) = (best * step, loss);
            }
            if best != start {
                break;
            }
        }
        let middle = best;
        for rate in [middle / factor.sqrt(), middle * factor.sqrt()] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// If the first run gives NaN, no loss is lower than that, and the search never leaves the start: NaN has to count as infinity.
pub mod stuck {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| ask.number(rate);
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            let mut loss = run(best * step);
            while loss < lowest {
                (best, lowest) = (best * step, loss);
                loss = run(best * step);
            }
            if best != start {
                break;
            }
        }
        let middle = best;
        for rate in [middle / factor.sqrt(), middle * factor.sqrt()] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// Each direction is tried once: a single step up or down is no bracket, the loss may go on falling.
pub mod one_step {
    use super::{Ask, own};

    pub fn tune(start: f64, ask: &mut Ask) -> f64 {
        let factor: f64 = own("factor");
        let mut run = |rate: f64| {
            let loss = ask.number(rate);
            if loss.is_finite() { loss } else { f64::INFINITY }
        };
        let (mut best, mut lowest) = (start, run(start));
        for step in [factor, 1.0 / factor] {
            let loss = run(best * step);
            if loss < lowest {
                (best, lowest) = (best * step, loss);
            }
            if best != start {
                break;
            }
        }
        let middle = best;
        for rate in [middle / factor.sqrt(), middle * factor.sqrt()] {
            let loss = run(rate);
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }
}

/// The hidden loss: a valley on the logarithmic scale, and where runs diverge. Both places are counted in
/// factors from the start.
fn loss(case: &Case, rate: f64) -> f64 {
    let h = &case.hidden;
    let place = (rate / case.args.number("start")).ln() / own("factor").ln();
    if place < h.number("end") {
        h.number("floor") + h.number("rise") * (place - h.number("best")).powi(2)
    } else {
        h.number("bad")
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, best: f64, end: f64, bad: f64| {
        let hidden = Args::new().with("floor", draw.decimal(0.1, 0.5, 3));
        let hidden = hidden.with("rise", draw.decimal(0.02, 0.2, 3));
        // Not near the places where the answer changes.
        let hidden = hidden.with("best", best + draw.decimal(-0.04, 0.04, 3));
        Case::new(group, Args::new().with("start", draw.decimal(0.005, 0.2, 3)))
            .hiding(hidden.with("end", end).with("bad", bad))
    };
    let (all, some) = ("every run ends", "some runs diverge");
    let (never, nan, infinite) = (1e9, f64::NAN, f64::INFINITY);
    vec![
        case(all, 2.6, never, nan),
        case(all, -3.1, never, nan),
        case(all, 0.1, never, nan),
        case(all, -1.4, never, nan),
        case(all, 5.05, never, nan),
        case(some, 2.4, 2.7, nan),
        case(some, 1.05, 1.3, infinite),
        case(some, -2.1, -0.4, nan),
        case(some, -0.4, 0.2, nan),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.number() {
        Some(rate) if rate.is_finite() && rate > 0.0 => Ok(loss(case, rate).into_value()),
        _ => Err(format!("your function asks for a run at {question}, which is no learning rate")),
    }
}

fn judge(case: &Case, found: &Value, _: &[Value]) -> Result<(), String> {
    let mut reply = |question: Value| answer(case, &question).unwrap_or_default();
    let right = solution::tune(case.args.number("start"), &mut Ask(&mut reply));
    // A handful of factors.
    crate::mark::same(found, &right.into_value(), 1e-9)
}

exercise! {
    id: "bracket-the-rate",
    chapter: 21,
    points: 4,
    own: ["factor" in 2.00..5.00],
    source: include_str!("bracket_the_rate.rs"),
    call: |x, ask| tune(x.number("start"), ask),
    mistakes: [only_up, plain_middle, coarse, last_run, not_a_number, stuck, one_step],
    judge: Judge::Dialogue(Dialogue { limit: 40, answer, judge }),
}
