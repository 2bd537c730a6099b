//! # The regret of Adam and AMSGrad
//!
//! A rule plays against linear losses on the interval $[-1, 1]$. At round $k = 0, 1, \dots, T - 1$ it pays
//! $c_k w_k$ and then moves, with the gradient $c_k \ne 0$ of this round. It is Adam with $\beta_1 = 0$,
//! without bias correction and without $\epsilon$, with a falling rate:
//!
//! $$ r_{k+1} = \beta_2 r_k + (1 - \beta_2)\, c_k^2 , \qquad
//!    w_{k+1} = \Pi\Bigl( w_k - \frac{\eta}{\sqrt{k + 1}} \cdot \frac{c_k}{\sqrt{r_{k+1}}} \Bigr) , $$
//!
//! where $\Pi$ takes a number below $-1$ to $-1$ and a number above 1 to 1, and $r_0 = 0$. AMSGrad has
//! $\bar r_{k+1} = \max(\bar r_k, r_{k+1})$ under the root in place of $r_{k+1}$, with $\bar r_0 = 0$; its
//! $r$ is the same as Adam's. Write `average_regret(c, start, amsgrad)`: play the $T$ rounds with the
//! gradients `c`, from $w_0$, the argument `start`, by AMSGrad if `amsgrad` is true and by Adam if it is
//! false, and return
//!
//! $$ \frac{R_T}{T} = \frac1T \Bigl( \sum_{k=0}^{T-1} c_k w_k -
//!    \min_{-1 \le w \le 1} \sum_{k=0}^{T-1} c_k w \Bigr) . $$
//!
//! Your own constants are $\eta = {{rate}}$ and $\beta_2 = {{beta2}}$. $T$ is at least 1.
//!
//! ## Hints
//!
//! 1. The point is chosen before its loss is known: pay first, then move.
//! 2. The best fixed point is one for all rounds. Where has $w \sum_k c_k$ its minimum on $[-1, 1]$?
//! 3. AMSGrad has two numbers: $r$, which may fall, and $\bar r$, which may not.
//!
//! ## Explanation
//!
//! A linear loss has its minimum at an end of the interval, so the best fixed point pays
//! $-\bigl| \sum_k c_k \bigr|$. With gradients like $3, -1, -1, 3, -1, -1, \dots$ that point is $-1$, but
//! Adam with a short memory drifts to $+1$: the one large gradient is divided by its own large root, and when
//! the small ones come, $r$ has forgotten it. AMSGrad divides all three by the same root, so that their sum
//! decides, and its regret per round tends to zero. $\bar r$ must not go back into $r$: a gradient that
//! $r$ has forgotten would then be counted once more with the next large one.

use crate::prelude::*;

pub mod stub {
    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut top, mut paid) = (start, 0.0, 0.0_f64, 0.0);
        for (k, c) in c.iter().enumerate() {
            paid += c * w;
            r = beta2 * r + (1.0 - beta2) * c * c;
            top = top.max(r);
            let square = if amsgrad { top } else { r };
            w -= rate / (k as f64 + 1.0).sqrt() * c / square.sqrt();
            w = w.clamp(-1.0, 1.0);
        }
        let best = -c.iter().sum::<f64>().abs();
        (paid - best) / c.len() as f64
    }
}

/// The rule moves before it pays: it knows the loss of the round when it chooses its point.
pub mod moves_first {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut top, mut paid) = (start, 0.0, 0.0_f64, 0.0);
        for (k, c) in c.iter().enumerate() {
            r = beta2 * r + (1.0 - beta2) * c * c;
            top = top.max(r);
            let square = if amsgrad { top } else { r };
            w -= rate / (k as f64 + 1.0).sqrt() * c / square.sqrt();
            w = w.clamp(-1.0, 1.0);
            paid += c * w;
        }
        let best = -c.iter().sum::<f64>().abs();
        (paid - best) / c.len() as f64
    }
}

/// The comparison is with the best point of each round; regret compares with one fixed point for all rounds.
pub mod best_of_each {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut top, mut paid) = (start, 0.0, 0.0_f64, 0.0);
        for (k, c) in c.iter().enumerate() {
            paid += c * w;
            r = beta2 * r + (1.0 - beta2) * c * c;
            top = top.max(r);
            let square = if amsgrad { top } else { r };
            w -= rate / (k as f64 + 1.0).sqrt() * c / square.sqrt();
            w = w.clamp(-1.0, 1.0);
        }
        let best = -c.iter().map(|c| c.abs()).sum::<f64>();
        (paid - best) / c.len() as f64
    }
}

/// Nothing keeps the point in the interval: the projection is missing.
pub mod not_projected {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut top, mut paid) = (start, 0.0, 0.0_f64, 0.0);
        for (k, c) in c.iter().enumerate() {
            paid += c * w;
            r = beta2 * r + (1.0 - beta2) * c * c;
            top = top.max(r);
            let square = if amsgrad { top } else { r };
            w -= rate / (k as f64 + 1.0).sqrt() * c / square.sqrt();
        }
        let best = -c.iter().sum::<f64>().abs();
        (paid - best) / c.len() as f64
    }
}

/// AMSGrad's maximum is put back into r: it must stay beside it, and r goes on from its own old value.
pub mod fed_back {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut paid) = (start, 0.0_f64, 0.0);
        for (k, c) in c.iter().enumerate() {
            paid += c * w;
            let mean = beta2 * r + (1.0 - beta2) * c * c;
            r = if amsgrad { r.max(mean) } else { mean };
            w -= rate / (k as f64 + 1.0).sqrt() * c / r.sqrt();
            w = w.clamp(-1.0, 1.0);
        }
        let best = -c.iter().sum::<f64>().abs();
        (paid - best) / c.len() as f64
    }
}

/// Both rules divide by the root of r, so AMSGrad is played as Adam: the largest r so far is not kept.
pub mod always_adam {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut paid) = (start, 0.0, 0.0);
        for (k, c) in c.iter().enumerate() {
            paid += c * w;
            r = beta2 * r + (1.0 - beta2) * c * c;
            w -= rate / (k as f64 + 1.0).sqrt() * c / f64::sqrt(r);
            w = w.clamp(-1.0, 1.0);
        }
        let best = -c.iter().sum::<f64>().abs();
        (paid - best) / c.len() as f64
    }
}

/// This is the regret of all rounds together; the average is per round.
pub mod undivided {
    use super::own;

    pub fn average_regret(c: &[f64], start: f64, amsgrad: bool) -> f64 {
        let (rate, beta2) = (own("rate"), own("beta2"));
        let (mut w, mut r, mut top, mut paid) = (start, 0.0, 0.0_f64, 0.0);
        for (k, c) in c.iter().enumerate() {
            paid += c * w;
            r = beta2 * r + (1.0 - beta2) * c * c;
            top = top.max(r);
            let square = if amsgrad { top } else { r };
            w -= rate / (k as f64 + 1.0).sqrt() * c / square.sqrt();
            w = w.clamp(-1.0, 1.0);
        }
        let best = -c.iter().sum::<f64>().abs();
        paid - best
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let case = |group, start: f64, c: Vec<f64>| {
        let args = Args::new().with("c", c).with("start", start);
        Case::new(group, args.with("amsgrad", group == "AMSGrad"))
    };
    let mut cases = Vec::new();
    for group in ["Adam", "AMSGrad"] {
        // Out of the interval at the first step.
        let wall = draw.decimal(1.0, 3.0, 1);
        cases.push(case(group, 0.9, vec![-wall, -1.0, 0.5, 1.5, -0.7]));
        // A large gradient, then small ones.
        for rounds in [6, 12, 30] {
            let large = draw.decimal(2.5, 4.0, 1);
            let c = (0..rounds).map(|k| if k % 3 == 0 { large } else { -1.0 });
            cases.push(case(group, draw.decimal(-0.5, 0.5, 2), c.collect()));
        }
        let c = (0..7).map(|k| {
            let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
            sign * draw.decimal(0.3, 3.0, 1)
        });
        let c = c.collect();
        cases.push(case(group, draw.decimal(-0.5, 0.5, 2), c));
    }
    cases
}

exercise! {
    id: "average-regret",
    chapter: 18,
    points: 3,
    own: ["rate" in 0.20..0.90, "beta2" in 0.10..0.60],
    source: include_str!("average_regret.rs"),
    call: |x, ask| average_regret(x.vector("c"), x.number("start"), x.flag("amsgrad")),
    mistakes: [moves_first, best_of_each, not_projected, fed_back, always_adam, undivided],
    // Thirty rounds of a handful of operations; the difference of the two sums loses two digits at most.
    judge: Judge::Same(1e-8),
}
