//! # Warm-up, then cosine
//!
//! Write `rate(t)`, the learning rate at step $t = 0, 1, 2, \dots$ of this schedule:
//!
//! - during the first 100 steps it rises linearly: $\eta_t = \eta_{\max} (t + 1) / 100$;
//! - from $t = 100$ it falls along half a cosine, from $\eta_{\max}$ at $t = 100$ to $\eta_{\min}$ at
//!   $t = 1000$: $\eta_t = \eta_{\min} + \tfrac{1}{2} (\eta_{\max} - \eta_{\min}) \bigl(1 + \cos(\pi s)\bigr)$,
//!   where $s$ is the fraction of that way which is done;
//! - from $t = 1000$ on it stays $\eta_{\min}$.
//!
//! Yours are $\eta_{\max} = {{max}}$ and $\eta_{\min} = {{min}}$.
//!
//! ## Hints
//!
//! 1. Try $t = 0, 99, 100, 1000$ by hand first: a hundredth of the greatest rate, the greatest rate
//!    twice, the least rate.
//! 2. $s = (t - 100) / 900$.
//!
//! ## Explanation
//!
//! The steps count from zero, so the hundred steps of the warm-up are $t = 0, \dots, 99$; with $t + 1$ in
//! the numerator the first step moves and the last has the full rate. The cosine begins after the
//! warm-up: its fraction is measured from $t = 100$ over the 900 steps that are left.

use crate::prelude::*;

pub mod stub {
    pub fn rate(t: usize) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let (max, min) = (own("max"), own("min"));
        if t < 100 {
            max * (t + 1) as f64 / 100.0
        } else {
            let s = ((t - 100) as f64 / 900.0).min(1.0);
            min + 0.5 * (max - min) * (1.0 + (std::f64::consts::PI * s).cos())
        }
    }
}

/// The warm-up is one step late: steps count from 0, so at t = 0 the rate is a hundredth of the greatest, not zero.
pub mod late {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let (max, min) = (own("max"), own("min"));
        if t < 100 {
            max * t as f64 / 100.0
        } else {
            let s = ((t - 100) as f64 / 900.0).min(1.0);
            min + 0.5 * (max - min) * (1.0 + (std::f64::consts::PI * s).cos())
        }
    }
}

/// The cosine is measured from t = 0 instead of from the end of the warm-up, so the rate jumps at t = 100.
pub mod from_zero {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let (max, min) = (own("max"), own("min"));
        if t < 100 {
            max * (t + 1) as f64 / 100.0
        } else {
            let s = (t as f64 / 1000.0).min(1.0);
            min + 0.5 * (max - min) * (1.0 + (std::f64::consts::PI * s).cos())
        }
    }
}

/// After t = 1000 the cosine goes on and the rate rises again; it has to stay at its least.
pub mod cyclic {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let (max, min) = (own("max"), own("min"));
        if t < 100 {
            max * (t + 1) as f64 / 100.0
        } else {
            let s = (t - 100) as f64 / 900.0;
            min + 0.5 * (max - min) * (1.0 + (std::f64::consts::PI * s).cos())
        }
    }
}

/// The cosine takes 1000 steps; from t = 100 to t = 1000 there are 900.
pub mod too_long {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let (max, min) = (own("max"), own("min"));
        if t < 100 {
            max * (t + 1) as f64 / 100.0
        } else {
            let s = ((t - 100) as f64 / 1000.0).min(1.0);
            min + 0.5 * (max - min) * (1.0 + (std::f64::consts::PI * s).cos())
        }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let case = |group, t: usize| Case::new(group, Args::new().with("t", t));
    let mut cases: Vec<Case> =
        [0, 1, 99].into_iter().map(|t| case("the warm-up and its ends", t)).collect();
    cases.push(case("the warm-up and its ends", draw.index(2, 99)));
    cases.extend([100, 101, 999].map(|t| case("the whole schedule", t)));
    for (low, high) in [(0, 100), (102, 550), (550, 999), (1200, 1700), (2000, 5000)] {
        cases.push(case("the whole schedule", draw.index(low, high)));
    }
    cases.push(case("the whole schedule", 0));
    cases
}

exercise! {
    id: "warm-up-cosine",
    chapter: 8,
    points: 2,
    own: ["max" in 0.20..0.90, "min" in 0.01..0.09],
    source: include_str!("warm_up_cosine.rs"),
    call: |x, ask| rate(x.index("t")),
    mistakes: [late, from_zero, cyclic, too_long],
    // A dozen operations.
    judge: Judge::Same(1e-9),
    curve: "t" in 0..1200,
}
