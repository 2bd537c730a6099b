//! # Lower the rate when the loss is stuck
//!
//! This schedule watches the loss, of validation data for instance. It begins with the learning rate
//! $\eta = {{rate}}$, no best loss, and a counter at 0. It looks at the losses one after another:
//!
//! - a loss that is less than the best so far becomes the best, and the counter goes back to 0; the
//!   first loss of all is always the best so far;
//! - any other loss, also one that is equal to the best, adds 1 to the counter. If the counter is then
//!   *greater* than the patience, the rate is multiplied by $\gamma = {{factor}}$, and the counter goes
//!   back to 0. The best loss stays.
//!
//! Write `rates(losses, patience)`: a vector as long as `losses`, whose entry number $k$ is the rate after
//! loss number $k$ has been looked at. The constants are your own.
//!
//! ## Hints
//!
//! 1. Keep three numbers: the rate, the best loss, the counter. With what should the best loss begin, so
//!    that the first loss needs no case of its own?
//! 2. By hand, with patience 1 and the losses 3, 2, 2, 2.5, 2.4, 2.3: the counter is 0, 0, 1, 2, and with
//!    the 2 the rate falls. When does it fall again?
//!
//! ## Explanation
//!
//! A patience of $p$ forgives $p$ losses in a row without progress, and the next one lowers the rate.
//! PyTorch's `ReduceLROnPlateau` counts the same way. Progress is measured from the best loss, not from
//! the last: a loss that goes up and down near the best would seem to improve every second time. After a
//! drop the counter begins anew, so that the new rate gets its chance; otherwise ten bad losses in a row
//! would bring the rate down by $\gamma$ nearly ten times.

use crate::prelude::*;

pub mod stub {
    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut best, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            if loss < best {
                (best, bad) = (loss, 0);
            } else {
                bad += 1;
                if bad > patience {
                    (rate, bad) = (rate * own("factor"), 0);
                }
            }
            rates.push(rate);
        }
        rates
    }
}

/// The rate falls as soon as the counter reaches the patience: it has to be greater.
pub mod impatient {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut best, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            if loss < best {
                (best, bad) = (loss, 0);
            } else {
                bad += 1;
                if bad >= patience {
                    (rate, bad) = (rate * own("factor"), 0);
                }
            }
            rates.push(rate);
        }
        rates
    }
}

/// The counter is not set back when the rate falls, so every further bad loss lowers it again.
pub mod every_time {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut best, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            if loss < best {
                (best, bad) = (loss, 0);
            } else {
                bad += 1;
                if bad > patience {
                    rate *= own("factor");
                }
            }
            rates.push(rate);
        }
        rates
    }
}

/// Each loss is compared with the one before; it has to be compared with the best so far.
pub mod last_loss {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut last, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            if loss < last {
                bad = 0;
            } else {
                bad += 1;
                if bad > patience {
                    (rate, bad) = (rate * own("factor"), 0);
                }
            }
            last = loss;
            rates.push(rate);
        }
        rates
    }
}

/// A new best loss does not set the counter back: only bad losses in a row count.
pub mod in_total {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut best, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            if loss < best {
                best = loss;
            } else {
                bad += 1;
                if bad > patience {
                    (rate, bad) = (rate * own("factor"), 0);
                }
            }
            rates.push(rate);
        }
        rates
    }
}

/// A loss that is equal to the best counts as progress; it has to be less.
pub mod equal_is_better {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut best, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            if loss <= best {
                (best, bad) = (loss, 0);
            } else {
                bad += 1;
                if bad > patience {
                    (rate, bad) = (rate * own("factor"), 0);
                }
            }
            rates.push(rate);
        }
        rates
    }
}

/// These are the rates before each loss is looked at: every entry comes one place too late.
pub mod before {
    use super::own;

    pub fn rates(losses: &[f64], patience: usize) -> Vec<f64> {
        let (mut rate, mut best, mut bad) = (own("rate"), f64::INFINITY, 0);
        let mut rates = Vec::new();
        for &loss in losses {
            rates.push(rate);
            if loss < best {
                (best, bad) = (loss, 0);
            } else {
                bad += 1;
                if bad > patience {
                    (rate, bad) = (rate * own("factor"), 0);
                }
            }
        }
        rates
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    // B is a new best loss, E one equal to the best, U one that is far above it, D one that is between
    // the best and the loss before.
    let mut case = |group, patience: usize, pattern: &str| {
        let (mut best, mut above, mut losses) = (draw.index(700, 900), 0, Vec::new());
        for kind in pattern.chars() {
            match kind {
                'B' => (best, above) = (best - draw.index(5, 40), 0),
                'E' => above = 0,
                'U' => above = draw.index(60, 99),
                _ => above = (above / 2).max(1),
            }
            losses.push((best + above) as f64 / 100.0);
        }
        Case::new(group, Args::new().with("losses", losses).with("patience", patience))
    };
    let (once, often) = ("the loss gets stuck once", "the loss goes up and down");
    vec![
        case(once, 2, "BBBUEDUEUDUU"),
        case(once, 1, "BBUDEUDUE"),
        case(once, 0, "BBBEUDUB"),
        case(often, 2, "BUDBUBUEUDBUDUDUDB"),
        case(often, 1, "BEBUBDUBEUDBUUDDB"),
        case(often, 3, "BUUBUDEUDUDBUUUDUDU"),
    ]
}

exercise! {
    id: "reduce-on-plateau",
    chapter: 8,
    points: 3,
    own: ["rate" in 0.20..0.90, "factor" in 0.10..0.60],
    source: include_str!("reduce_on_plateau.rs"),
    call: |x, ask| rates(x.vector("losses"), x.index("patience")),
    mistakes: [impatient, every_time, last_loss, in_total, equal_is_better, before],
    // A product of a few factors; the least rate is not small beside the tolerance.
    judge: Judge::Same(1e-9),
}
