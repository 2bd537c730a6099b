//! # Armijo's condition, by going back
//!
//! On a slice of the loss, $\varphi(\alpha) = J(w + \alpha d)$, a step $\alpha > 0$ is good enough if
//!
//! $$ \varphi(\alpha) \le \varphi(0) + c_1\, \alpha\, \varphi'(0) , $$
//!
//! where $\varphi'(0) < 0$. Write `backtrack(phi0, slope, ask)`: try $\alpha = 1, \tau, \tau^2, \dots$ in
//! this order and return the first that fulfils the condition. Here `phi0` is $\varphi(0)$, `slope` is
//! $\varphi'(0)$, and `ask.number(alpha)` gives $\varphi(\alpha)$; you may ask at most 60 times. Yours are
//! $c_1 = {{c1}}$ and $\tau = {{tau}}$.
//!
//! Where the loss is not defined, $\varphi(\alpha)$ is NaN. Such a step does not fulfil the condition.
//!
//! ## Hints
//!
//! 1. The bound is another one for every $\alpha$: it is a line that falls, less steeply than $\varphi$
//!    at zero.
//! 2. In Rust `<`, `<=`, `>` and `>=` are all false if one side is NaN. So does your loop end at a NaN, or
//!    go on?
//!
//! ## Explanation
//!
//! For small $\alpha$, $\varphi(\alpha) \approx \varphi(0) + \alpha\, \varphi'(0)$. That is below the bound,
//! since $c_1 < 1$ and the slope is negative, so the search ends. A step that merely lowers the loss is not
//! enough: it may gain next to nothing. A loop that goes on while $\varphi(\alpha)$ is larger than the bound
//! stops at a NaN; one that goes on until $\varphi(\alpha)$ is at most the bound does not.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, tau) = (own("c1"), own("tau"));
        let mut alpha = 1.0;
        loop {
            if ask.number(alpha) <= phi0 + c1 * alpha * slope {
                return alpha;
            }
            alpha *= tau;
        }
    }
}

/// Any step that lowers the loss is taken; Armijo's condition wants a decrease in proportion to the step.
pub mod any_decrease {
    use super::{Ask, own};

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let tau = own("tau");
        let mut alpha = 1.0;
        loop {
            if ask.number(alpha) < phi0 {
                return alpha;
            }
            alpha *= tau;
        }
    }
}

/// The sign of the slope: this bound rises from φ(0), so a step that raises the loss can pass.
pub mod sign {
    use super::{Ask, own};

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, tau) = (own("c1"), own("tau"));
        let mut alpha = 1.0;
        loop {
            if ask.number(alpha) <= phi0 - c1 * alpha * slope {
                return alpha;
            }
            alpha *= tau;
        }
    }
}

/// The bound is without α: it is the same for every step, and short steps cannot reach it.
pub mod fixed_bound {
    use super::{Ask, own};

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, tau) = (own("c1"), own("tau"));
        let mut alpha = 1.0;
        loop {
            if ask.number(alpha) <= phi0 + c1 * slope {
                return alpha;
            }
            alpha *= tau;
        }
    }
}

/// The step is shortened before it is tried: the first to try is α = 1.
pub mod shortened_first {
    use super::{Ask, own};

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, tau) = (own("c1"), own("tau"));
        let mut alpha = 1.0;
        loop {
            alpha *= tau;
            if ask.number(alpha) <= phi0 + c1 * alpha * slope {
                return alpha;
            }
        }
    }
}

/// The search goes on while φ(α) is larger than the bound; NaN is not larger, so a step to where the loss is not defined passes.
pub mod not_a_number {
    use super::{Ask, own};

    pub fn backtrack(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, tau) = (own("c1"), own("tau"));
        let mut alpha = 1.0;
        while ask.number(alpha) > phi0 + c1 * alpha * slope {
            alpha *= tau;
        }
        alpha
    }
}

/// The hidden slice: a parabola, defined below `end`.
fn slice(case: &Case, alpha: f64) -> f64 {
    let (phi0, slope) = (case.args.number("phi0"), case.args.number("slope"));
    if alpha < case.hidden.number("end") {
        phi0 + slope * alpha + 0.5 * case.hidden.number("curvature") * alpha * alpha
    } else {
        f64::NAN
    }
}

/// Whether Armijo's condition holds.
fn is_good(case: &Case, alpha: f64) -> bool {
    let (phi0, slope) = (case.args.number("phi0"), case.args.number("slope"));
    slice(case, alpha) <= phi0 + own("c1") * alpha * slope
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let (c1, tau) = (own("c1"), own("tau"));
    // The parabola is back at φ(0) at `zero`, and meets Armijo's bound at (1 - c₁) times that.
    let mut case = |group, zero: f64, end: f64| {
        let slope = -draw.decimal(0.5, 4.0, 2);
        let args = Args::new().with("phi0", draw.decimal(-3.0, 3.0, 2)).with("slope", slope);
        Case::new(group, args)
            .hiding(Args::new().with("curvature", -2.0 * slope / zero).with("end", end))
    };
    // τᵏ is between Armijo's bound and φ(0), or just above φ(0).
    let below = |k: i32| tau.powi(k) / (1.0 - c1 / 2.0);
    let above = |k: i32| tau.powi(k) / (1.0 + c1 / 2.0);
    // τᵏ just fulfils the condition, or just fails: another student's c₁ decides otherwise.
    let barely = |k: i32| tau.powi(k) / (1.0 - c1 - 0.004);
    let hardly = |k: i32| tau.powi(k) / (1.0 - c1 + 0.004);
    let (defined, undefined) =
        ("a loss that is defined everywhere", "a loss that is not defined far out");
    vec![
        case(defined, 2.0, 1e9),
        case(defined, below(2), 1e9),
        case(defined, above(1), 1e9),
        case(defined, below(6), 1e9),
        case(defined, barely(3), 1e9),
        case(defined, hardly(1), 1e9),
        case(undefined, below(3), 0.9),
        case(undefined, 2.0, 1.1),
        case(undefined, above(2), 0.9),
        case(undefined, below(6), 0.9),
        case(undefined, barely(1), 0.9),
        case(undefined, hardly(2), 0.9),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.number() {
        Some(alpha) if alpha.is_finite() && alpha >= 0.0 => Ok(slice(case, alpha).into_value()),
        _ => Err(format!("your function asks for the loss at {question}, which is no step")),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let tau = own("tau");
    let mut right: f64 = 1.0;
    while !is_good(case, right) {
        right *= tau;
    }
    // A power of τ from at most a dozen multiplications.
    crate::mark::same(answer, &right.into_value(), 1e-9).map_err(|why| match answer.number() {
        Some(alpha) if alpha > 0.0 && is_good(case, alpha) => {
            "the step that came back fulfils the condition, but it is not the first to try that does"
                .to_owned()
        }
        Some(alpha) if alpha > 0.0 => {
            "the step that came back does not fulfil the condition".to_owned()
        }
        _ => why,
    })
}

exercise! {
    id: "backtracking",
    chapter: 20,
    points: 3,
    own: ["c1" in 0.10..0.30, "tau" in 0.40..0.75],
    source: include_str!("backtracking.rs"),
    call: |x, ask| backtrack(x.number("phi0"), x.number("slope"), ask),
    mistakes: [any_decrease, sign, fixed_bound, shortened_first, not_a_number],
    judge: Judge::Dialogue(Dialogue { limit: 60, answer, judge }),
}
