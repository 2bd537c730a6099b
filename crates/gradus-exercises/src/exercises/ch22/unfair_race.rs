//! # The clinic: a race with a favourite
//!
//! A colleague has invented an update rule, number 1, and has raced it against the usual one, number 0. The
//! program below says that the new rule is far ahead. The runs are sound, but the race is not fair. Mend
//! `race(seeds, ask)`, so that both rules are treated alike:
//!
//! - The learning rates to try are $\eta_i = 10^{\,a + i/2}$, $i = 0, \dots, 4$, with your own $a = {{a}}$.
//!   The seeds are $1, 2, \dots,$ `seeds`.
//! - `ask.vector((rule, rate, seed))` makes a run and gives two numbers, its validation loss and its test
//!   loss. You may ask at most 300 times. With the same seed all runs have the same first weights and
//!   batches.
//! - Each rule gets a rate of its own: that with the lowest mean validation loss over all seeds. No two rates
//!   tie.
//! - The gain is the mean over all seeds of the test loss of rule 0 less that of rule 1 with the same seed,
//!   each rule at its own rate.
//!
//! It returns the rate of rule 0, the rate of rule 1 and the gain, in this order. In a question `rule` and
//! `seed` are of type `usize`.
//!
//! ## Hints
//!
//! 1. Which data may choose a rate, and which may only be looked at when all is chosen?
//! 2. Who has been tuned, and who has not?
//! 3. `tuned` has the rule as an argument: call it once for each.
//!
//! ## Explanation
//!
//! A rate that is chosen by the test loss makes the test loss look better than it is: the lowest of several
//! noisy numbers is low partly by luck. And a rule at another rule's rate is not that rule, but a
//! demonstration that rates differ: the best rates of SGD and Adam are often a factor of 100 apart, and
//! whoever chooses one rate for both chooses the winner. With equally many rates for each, choice by
//! validation and the same seeds, many a gap between rules shrinks to the spread between seeds.

use crate::prelude::*;

pub mod stub {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[1]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = new;
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((0, old, seed))[1] - ask.vector((1, new, seed))[1])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

pub mod solution {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[0]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = tuned(0, seeds, ask);
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((0, old, seed))[1] - ask.vector((1, new, seed))[1])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

/// Both rules are tuned, but by the test loss; the test data may decide nothing.
pub mod by_test {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[1]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = tuned(0, seeds, ask);
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((0, old, seed))[1] - ask.vector((1, new, seed))[1])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

/// The rates are chosen by validation, but only for the new rule: the old one runs at a rate that is not its own.
pub mod untuned_rival {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[0]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = new;
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((0, old, seed))[1] - ask.vector((1, new, seed))[1])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

/// The rates are chosen by the first seed alone: that is partly its luck.
pub mod one_seed {
    use super::{Ask, own};

    fn tuned(rule: usize, _seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=1).map(|seed| ask.vector((rule, rate, seed))[0]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = tuned(0, seeds, ask);
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((0, old, seed))[1] - ask.vector((1, new, seed))[1])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

/// The best seed of each rule is compared; the gain is the mean over all seeds.
pub mod best_seed {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[0]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = tuned(0, seeds, ask);
        let mut lowest = |rule: usize, rate: f64| {
            (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[1]).fold(f64::INFINITY, f64::min)
        };
        (old, new, lowest(0, old) - lowest(1, new))
    }
}

/// The gain is that of the validation losses, by which the rates were chosen; the test loss has to judge.
pub mod by_validation {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[0]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = tuned(0, seeds, ask);
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((0, old, seed))[0] - ask.vector((1, new, seed))[0])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

/// The sign: the gain of the new rule is the old one's loss less its own.
pub mod turned {
    use super::{Ask, own};

    fn tuned(rule: usize, seeds: usize, ask: &mut Ask) -> f64 {
        let (mut best, mut lowest) = (0.0, f64::INFINITY);
        for i in 0..5 {
            let rate = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            let loss: f64 = (1..=seeds).map(|seed| ask.vector((rule, rate, seed))[0]).sum();
            if loss < lowest {
                (best, lowest) = (rate, loss);
            }
        }
        best
    }

    pub fn race(seeds: usize, ask: &mut Ask) -> (f64, f64, f64) {
        let new = tuned(1, seeds, ask);
        let old = tuned(0, seeds, ask);
        let gain: f64 = (1..=seeds)
            .map(|seed| ask.vector((1, new, seed))[1] - ask.vector((0, old, seed))[1])
            .sum();
        (old, new, gain / seeds as f64)
    }
}

/// The hidden runs: for both rules and all rates a row of losses by seed.
fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, seeds: usize, best: [usize; 2]| {
        let (mut validation, mut test) = (Vec::new(), Vec::new());
        for k in best {
            // The test loss is lowest at the next rate below, and seed 1 has luck at the next above.
            for i in 0..5_usize {
                let (above, far) = (0.12 * i.abs_diff(k) as f64, 0.12 * i.abs_diff(k - 1) as f64);
                let mut losses = |base: f64| -> Vec<f64> {
                    let noise = draw.vector(seeds, -0.02, 0.02);
                    noise.iter().map(|x| ((base + x) * 1e3).round() / 1e3).collect()
                };
                let (mut v, t) = (losses(0.4 + above), losses(0.42 + far));
                if i == k + 1 {
                    v[0] -= 0.2;
                }
                validation.push(v);
                test.push(t);
            }
        }
        Case::new(group, Args::new().with("seeds", seeds))
            .hiding(Args::new().with("validation", validation).with("test", test))
    };
    let (few, more) = ("few seeds", "more seeds");
    vec![
        case(few, 5, [1, 3]),
        case(few, 6, [3, 2]),
        case(few, 5, [2, 1]),
        case(more, 8, [3, 1]),
        case(more, 9, [2, 3]),
        case(more, 12, [1, 2]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    let place = |rate: f64| {
        (0..5).find(|&i| {
            let right = 10.0_f64.powf(own("a") + 0.5 * i as f64);
            (rate - right).abs() < 1e-9 * right
        })
    };
    if let [Value::Index(rule), Value::Number(rate), Value::Index(seed)] = *question.parts()
        && let Some(i) = place(rate)
        && rule < 2
        && (1..=case.args.index("seeds")).contains(&seed)
    {
        let loss = |data: &str| case.hidden.matrix(data)[5 * rule + i][seed - 1];
        return Ok(vec![loss("validation"), loss("test")].into_value());
    }
    Err(format!("your function asks for {question}, which is no rule, rate and seed of this race"))
}

fn judge(case: &Case, found: &Value, _: &[Value]) -> Result<(), String> {
    let mut reply = |question: Value| answer(case, &question).unwrap_or_default();
    let right = solution::race(case.args.index("seeds"), &mut Ask(&mut reply));
    // Means of at most twelve numbers.
    crate::mark::same(found, &right.into_value(), 1e-9)
}

exercise! {
    id: "unfair-race",
    chapter: 22,
    points: 4,
    clinic: true,
    own: ["a" in -4.50..-2.50],
    source: include_str!("unfair_race.rs"),
    call: |x, ask| race(x.index("seeds"), ask),
    mistakes: [by_test, untuned_rival, one_seed, best_seed, by_validation, turned],
    judge: Judge::Dialogue(Dialogue { limit: 300, answer, judge }),
}
