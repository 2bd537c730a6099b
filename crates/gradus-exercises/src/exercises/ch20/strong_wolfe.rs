//! # A step that fulfils both Wolfe conditions
//!
//! On a slice of the loss, $\varphi(\alpha) = J(w + \alpha d)$ with $\varphi'(0) < 0$, a step $\alpha > 0$
//! fulfils the *strong Wolfe conditions* if
//!
//! $$ \varphi(\alpha) \le \varphi(0) + c_1\, \alpha\, \varphi'(0) \qquad \text{and} \qquad
//!    |\varphi'(\alpha)| \le c_2\, |\varphi'(0)| . $$
//!
//! Write `strong_wolfe(phi0, slope, ask)`, which finds one by bisection. Here `phi0` is $\varphi(0)$, `slope`
//! is $\varphi'(0)$, and `ask.vector(alpha)` gives the two numbers $\varphi(\alpha)$ and $\varphi'(\alpha)$;
//! you may ask at most 40 times. Yours are $c_1 = {{c1}}$ and $c_2 = {{c2}}$. Begin with $\text{low} = 0$,
//! $\text{high} = \infty$ and $\alpha = 1$. Then repeat:
//!
//! - If the first condition fails, $\alpha$ is too long: $\text{high} = \alpha$.
//! - Else, if the second fails and the slice falls there, $\varphi'(\alpha) < 0$, it is too short:
//!   $\text{low} = \alpha$.
//! - Else, if the second fails and the slice rises there, it is too long: $\text{high} = \alpha$.
//! - Else return $\alpha$.
//!
//! The next $\alpha$ is $2\alpha$ while $\text{high}$ is infinite, and the middle
//! $\tfrac12 (\text{low} + \text{high})$ after that. Keep to this plan: more than one step fulfils both
//! conditions, and yours is compared with the one that the plan finds.
//!
//! ## Hints
//!
//! 1. Write the two conditions first. For the second, take the absolute value of both slopes.
//! 2. The branches differ in one thing only: is $\alpha$ a new `low` or a new `high`? After all of them, the
//!    next $\alpha$ is chosen in one place.
//!
//! ## Explanation
//!
//! At `low` the slice is below Armijo's line and still falls steeply. At `high` it is above the line or rises
//! steeply. So the difference between slice and line has a minimum in between, below the line, where
//! $\varphi' = c_1\, \varphi'(0)$, and since $c_1 < c_2$ both conditions hold near it. Every bisection keeps
//! this true and halves the interval. A flat place alone is not enough: the second valley of a slice may lie
//! above the line. Armijo alone is not enough either: it may take a step that is far too short, and over
//! such a step $s^\top y$ can be negative.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, c2) = (own("c1"), own("c2"));
        let (mut low, mut high, mut alpha) = (0.0, f64::INFINITY, 1.0);
        loop {
            let value = ask.vector(alpha);
            let flat = value[1].abs() <= c2 * slope.abs();
            if value[0] > phi0 + c1 * alpha * slope {
                high = alpha;
            } else if !flat && value[1] < 0.0 {
                low = alpha;
            } else if !flat {
                high = alpha;
            } else {
                return alpha;
            }
            alpha = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * alpha };
        }
    }
}

/// Only Armijo's condition is tested: a step that is far too short passes.
pub mod only_armijo {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let c1 = own("c1");
        let mut alpha = 1.0;
        loop {
            let value = ask.vector(alpha);
            if value[0] > phi0 + c1 * alpha * slope {
                alpha *= 0.5;
            } else {
                return alpha;
            }
        }
    }
}

/// Only the slope is tested: a flat place high up on the slice passes, where the loss has not fallen enough.
pub mod only_slope {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let c2 = own("c2");
        let (mut low, mut high, mut alpha) = (0.0, f64::INFINITY, 1.0);
        loop {
            let value = ask.vector(alpha);
            let flat = value[1].abs() <= c2 * slope.abs();
            if !flat && value[1] < 0.0 {
                low = alpha;
            } else if !flat {
                high = alpha;
            } else {
                return alpha;
            }
            alpha = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * alpha };
        }
    }
}

/// The slope is tested without its absolute value: these are the weak Wolfe conditions, and a step to where the slice rises steeply passes.
pub mod weak {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, c2) = (own("c1"), own("c2"));
        let (mut low, mut high, mut alpha) = (0.0, f64::INFINITY, 1.0);
        loop {
            let value = ask.vector(alpha);
            let flat = value[1] >= c2 * slope;
            if value[0] > phi0 + c1 * alpha * slope {
                high = alpha;
            } else if !flat {
                low = alpha;
            } else {
                return alpha;
            }
            alpha = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * alpha };
        }
    }
}

/// No step longer than 1 is ever tried: high begins at 1 in place of infinity.
pub mod never_longer {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, c2) = (own("c1"), own("c2"));
        let (mut low, mut high, mut alpha) = (0.0, 1.0, 1.0);
        loop {
            let value = ask.vector(alpha);
            let flat = value[1].abs() <= c2 * slope.abs();
            if value[0] > phi0 + c1 * alpha * slope {
                high = alpha;
            } else if !flat && value[1] < 0.0 {
                low = alpha;
            } else if !flat {
                high = alpha;
            } else {
                return alpha;
            }
            alpha = 0.5 * (low + high);
        }
    }
}

/// The interval is halved as if low were always zero: the next step is high / 2, though a step known to be too short may be longer than that.
pub mod from_zero {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, c2) = (own("c1"), own("c2"));
        let (mut high, mut alpha) = (f64::INFINITY, 1.0);
        loop {
            let value = ask.vector(alpha);
            let flat = value[1].abs() <= c2 * slope.abs();
            if flat && value[0] <= phi0 + c1 * alpha * slope {
                return alpha;
            }
            if flat || value[1] > 0.0 || value[0] > phi0 + c1 * alpha * slope {
                high = alpha;
            }
            alpha = if high.is_finite() { 0.5 * high } else { 2.0 * alpha };
        }
    }
}

/// Where the slice rises steeply the step is taken for too short: it becomes low in place of high.
pub mod exchanged {
    use super::{Ask, own};

    pub fn strong_wolfe(phi0: f64, slope: f64, ask: &mut Ask) -> f64 {
        let (c1, c2) = (own("c1"), own("c2"));
        let (mut low, mut high, mut alpha) = (0.0, f64::INFINITY, 1.0);
        loop {
            let value = ask.vector(alpha);
            let flat = value[1].abs() <= c2 * slope.abs();
            if value[0] > phi0 + c1 * alpha * slope {
                high = alpha;
            } else if !flat {
                low = alpha;
            } else {
                return alpha;
            }
            alpha = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * alpha };
        }
    }
}

/// A slice on a scale where its value is zero and its slope -1 at the start: value and slope at t.
fn shape(kind: &str, t: f64) -> [f64; 2] {
    match kind {
        "bowl" => [t * (0.5 * t - 1.0), t - 1.0],
        "steep" => [t * (0.25 * t.powi(3) - 1.0), t.powi(3) - 1.0],
        // Two valleys, at 1 and 3, equally deep: the second is above Armijo's line.
        _ => [
            t * (0.25 * t.powi(3) - 2.0 * t * t + 5.5 * t - 6.0) / 6.0,
            (t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0,
        ],
    }
}

/// The hidden slice, which is at `first` on its own scale where α is 1.
fn slice(case: &Case, alpha: f64) -> Vec<f64> {
    let first = case.hidden.number("first");
    let [value, slope] = shape(case.hidden.text("kind"), first * alpha);
    let steepness = case.args.number("slope").abs();
    vec![case.args.number("phi0") + steepness / first * value, steepness * slope]
}

/// The place before the first valley where a slice has this slope.
fn place(kind: &str, slope: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if shape(kind, middle)[1] < slope {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let c2 = own("c2");
    let mut case = |group, kind: &'static str, first: f64| {
        let args = Args::new().with("phi0", -draw.decimal(0.5, 3.0, 2));
        let args = args.with("slope", -draw.decimal(0.5, 4.0, 2));
        Case::new(group, args).hiding(Args::new().with("kind", kind).with("first", first))
    };
    let (one, two) = ("slices with one valley", "slices with two valleys");
    // Near c₂ another student's constant decides otherwise.
    let (barely, hardly) = (c2 - 0.004, c2 + 0.004);
    vec![
        case(one, "bowl", 3.0),
        case(one, "bowl", 1.0 + barely),
        case(one, "bowl", 1.0 + hardly),
        case(one, "bowl", 0.3),
        case(one, "steep", 1.4),
        case(one, "steep", 0.7),
        case(two, "valleys", 3.0),
        case(two, "valleys", place("valleys", -barely)),
        case(two, "valleys", place("valleys", -hardly)),
        case(two, "valleys", 6.0),
        case(two, "valleys", 0.2),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.number() {
        Some(alpha) if alpha.is_finite() && alpha >= 0.0 => Ok(slice(case, alpha).into_value()),
        _ => Err(format!("your function asks for the slice at {question}, which is no step")),
    }
}

fn judge(case: &Case, found: &Value, _: &[Value]) -> Result<(), String> {
    let (phi0, slope) = (case.args.number("phi0"), case.args.number("slope"));
    let mut reply = |question: Value| answer(case, &question).unwrap_or_default();
    let right = solution::strong_wolfe(phi0, slope, &mut Ask(&mut reply));
    // Doubled and halved: without rounding.
    crate::mark::same(found, &right.into_value(), 1e-12).map_err(|why| {
        let Some(alpha) = found.number().filter(|alpha| alpha.is_finite() && *alpha > 0.0) else {
            return why;
        };
        let there = slice(case, alpha);
        if there[0] > phi0 + own("c1") * alpha * slope {
            "the step that came back does not fulfil the first condition".to_owned()
        } else if there[1].abs() > own("c2") * slope.abs() {
            "the step that came back does not fulfil the second condition".to_owned()
        } else {
            "the step that came back fulfils both conditions, but the plan finds another".to_owned()
        }
    })
}

exercise! {
    id: "strong-wolfe",
    chapter: 20,
    points: 5,
    own: ["c1" in 0.18..0.25, "c2" in 0.30..0.48],
    source: include_str!("strong_wolfe.rs"),
    call: |x, ask| strong_wolfe(x.number("phi0"), x.number("slope"), ask),
    mistakes: [only_armijo, only_slope, weak, never_longer, from_zero, exchanged],
    judge: Judge::Dialogue(Dialogue { limit: 40, answer, judge }),
}
