//! # The clinic: a drop that comes too late
//!
//! A colleague's schedule is meant to multiply the learning rate by a factor $\gamma$ at each of the
//! steps 30, 60 and 90. Steps count from $t = 0$, and `rate(t)` is the rate of step $t$:
//!
//! $$ \eta_t = \eta\, \gamma^{i}, \qquad i = \text{how many of } 30, 60, 90 \text{ are} \le t , $$
//!
//! with your own $\eta = {{rate}}$ and $\gamma = {{factor}}$. So step 30 is the first that has the
//! rate $\eta \gamma$, and from step 90 on the rate stays $\eta \gamma^3$. Compared with a library that
//! follows this formula, the function below is wrong at step 30 and from step 60 on. Mend it.
//!
//! ## Hints
//!
//! 1. Two things are wrong. Work out the rates of the steps 29, 30, 31 and 100 by hand.
//! 2. The formula says $\le t$. What does the program say? And from what does each drop begin?
//!
//! ## Explanation
//!
//! Each drop multiplies the rate that holds, not the first one: from step 90 on it is $\eta \gamma^3$. And
//! with `t > step` the old rate still holds at the step itself, so each drop comes one step late. Both
//! rules exist: PyTorch's `MultiStepLR` has the new rate at the boundary, TensorFlow's
//! `piecewise_constant` still the old one. Who moves a schedule from one to the other has to move the
//! boundaries by one.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let mut rate = own("rate");
        for step in [30, 60, 90] {
            if t > step {
                rate = own("rate") * own("factor");
            }
        }
        rate
    }
}

pub mod solution {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let mut rate = own("rate");
        for step in [30, 60, 90] {
            if t >= step {
                rate *= own("factor");
            }
        }
        rate
    }
}

/// Every drop counts now, but they come one step late: at t = 30, 60 and 90 the new rate has to hold already.
pub mod late {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let mut rate = own("rate");
        for step in [30, 60, 90] {
            if t > step {
                rate *= own("factor");
            }
        }
        rate
    }
}

/// The drops come one step early: steps count from 0, but step 30 is still the first with the new rate, not step 29.
pub mod early {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        let mut rate = own("rate");
        for step in [30, 60, 90] {
            if t + 1 >= step {
                rate *= own("factor");
            }
        }
        rate
    }
}

/// The rate drops again every 30 steps for ever; after step 90 it has to stay as it is.
pub mod for_ever {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        own("rate") * own("factor").powi((t / 30) as i32)
    }
}

/// The rate drops once only: the factor belongs to each of the steps 30, 60 and 90.
pub mod once {
    use super::own;

    pub fn rate(t: usize) -> f64 {
        if t >= 30 { own("rate") * own("factor") } else { own("rate") }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let case = |group, t: usize| Case::new(group, Args::new().with("t", t));
    let mut cases: Vec<Case> =
        [29, 30, 59, 60, 89, 90].into_iter().map(|t| case("around the drops", t)).collect();
    cases.extend([0, 30, 60, 90].map(|t| case("the whole schedule", t)));
    for (low, high) in [(1, 29), (31, 59), (61, 89), (91, 119), (120, 150), (200, 1000)] {
        cases.push(case("the whole schedule", draw.index(low, high)));
    }
    cases
}

exercise! {
    id: "step-decay",
    chapter: 8,
    points: 1,
    clinic: true,
    own: ["rate" in 0.20..0.90, "factor" in 0.10..0.50],
    source: include_str!("step_decay.rs"),
    call: |x, ask| rate(x.index("t")),
    mistakes: [late, early, for_ever, once],
    // At most three products.
    judge: Judge::Same(1e-9),
    curve: "t" in 0..120,
}
