//! # The clinic: a message in four bits
//!
//! A client sends its update $\Delta$ in four bits a number. All clients use the same width $h$, so that the
//! server may add the whole numbers that it gets. Each $x = \Delta_i / h$ is rounded at random to one of its
//! two neighbours, such that it is right on average: to
//!
//! $$ \lfloor x \rfloor + 1 \quad \text{if } u_i < x - \lfloor x \rfloor, \qquad
//!    \lfloor x \rfloor \quad \text{otherwise,} $$
//!
//! where the $u_i$ are drawn evenly from $(0, 1)$ and independent, and $\lfloor x \rfloor$ is the largest
//! whole number that is at most $x$. Then it is clipped: below $-7$ it becomes $-7$, above $7$ it becomes
//! $7$. The message is the list of these whole numbers, as `f64`. Yours is $h = {{h}}$.
//!
//! With the code below the server's average has an error that does not shrink, however many clients take
//! part. Mend it. The clipping is right, and so is the division by $h$.
//!
//! ## Hints
//!
//! 1. Round $x = -2.3$ with the given code, by hand, for $u = 0.1$ and for $u = 0.9$. Which two numbers
//!    should come out, and how often each?
//! 2. What does the code do to two components that have the same fractional part? They should be rounded
//!    independently.
//!
//! ## Explanation
//!
//! `trunc` cuts towards zero, so $x - \operatorname{trunc}(x)$ of a negative number is negative, and no $u$
//! is below it: negative numbers are always shortened, $-2.3$ to $-2$. `floor` goes down on both sides of
//! zero, and $-2.3$ becomes $-3$ with the probability 0.3 and else $-2$, which is $-2.3$ on average. With one
//! $u$ for all components each of them is right on average, but they err together: the error of a sum of $n$
//! of them grows like $n$ in place of $\sqrt{n}$.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        let u = u[0];
        delta
            .iter()
            .map(|d| {
                let x = d / own("h");
                let low = x.trunc();
                let whole = if u < x - low { low + 1.0 } else { low };
                whole.clamp(-7.0, 7.0)
            })
            .collect()
    }
}

pub mod solution {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        delta
            .iter()
            .zip(u)
            .map(|(d, u)| {
                let x = d / own("h");
                let low = x.floor();
                let whole = if *u < x - low { low + 1.0 } else { low };
                whole.clamp(-7.0, 7.0)
            })
            .collect()
    }
}

/// Each component has its own u, but negative numbers are still cut towards zero: their fractional part is counted from the wrong side.
pub mod towards_zero {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        delta
            .iter()
            .zip(u)
            .map(|(d, u)| {
                let x = d / own("h");
                let low = x.trunc();
                let whole = if *u < x - low { low + 1.0 } else { low };
                whole.clamp(-7.0, 7.0)
            })
            .collect()
    }
}

/// The rounding goes down on both sides of zero, but one u still decides for all components.
pub mod one_for_all {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        let u = u[0];
        delta
            .iter()
            .map(|d| {
                let x = d / own("h");
                let low = x.floor();
                let whole = if u < x - low { low + 1.0 } else { low };
                whole.clamp(-7.0, 7.0)
            })
            .collect()
    }
}

/// This rounds to the nearest whole number: it is not right on average, and changes below h/2 are never sent.
pub mod nearest {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        delta.iter().map(|d| (d / own("h")).round().clamp(-7.0, 7.0)).collect()
    }
}

/// The inequality is turned round: the number goes up with the probability with which it should go down.
pub mod turned {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        delta
            .iter()
            .zip(u)
            .map(|(d, u)| {
                let x = d / own("h");
                let low = x.floor();
                let whole = if *u > x - low { low + 1.0 } else { low };
                whole.clamp(-7.0, 7.0)
            })
            .collect()
    }
}

/// A number below -7 or above 7 is sent as it is, and four bits cannot hold it.
pub mod unclipped {
    use super::own;

    pub fn message(delta: &[f64], u: &[f64]) -> Vec<f64> {
        delta
            .iter()
            .zip(u)
            .map(|(d, u)| {
                let x = d / own("h");
                let low = x.floor();
                if *u < x - low { low + 1.0 } else { low }
            })
            .collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let h = own("h");
    let mut case = |group, n: usize, large: &[f64]| {
        // A negative number that goes down; two that go up, of which the first is nearer to the lower
        // neighbour and the second to the upper; and two that another h would round otherwise, a larger
        // one the first, a smaller one the second.
        let fixed = [-2.5, 1.3, -3.35, 6.5, 6.5];
        let mut delta: Vec<f64> = fixed.iter().chain(large).map(|x| x * h).collect();
        let mut u = vec![draw.uniform(0.7, 0.9), draw.uniform(0.05, 0.15)];
        u.extend([draw.uniform(0.3, 0.5), draw.uniform(0.45, 0.47), draw.uniform(0.53, 0.55)]);
        for _ in 0..n {
            delta.push(draw.uniform(-5.0, 5.0) * h);
        }
        // To four decimals; u is not, so that it never equals a fractional part.
        delta.iter_mut().for_each(|d| *d = (*d * 1e4).round() / 1e4);
        u.resize_with(delta.len(), || draw.uniform(0.02, 0.98));
        Case::new(group, Args::new().with("delta", delta).with("u", u))
    };
    let (fit, large) = ("changes that fit", "large changes");
    vec![
        case(fit, 1, &[]),
        case(fit, 2, &[]),
        case(fit, 3, &[]),
        case(large, 1, &[9.4, -8.2]),
        case(large, 2, &[-12.6]),
        case(large, 2, &[7.9]),
    ]
}

exercise! {
    id: "rounded-message",
    chapter: 23,
    points: 3,
    clinic: true,
    own: ["h" in 0.05..0.60],
    source: include_str!("rounded_message.rs"),
    call: |x, ask| message(x.vector("delta"), x.vector("u")),
    mistakes: [towards_zero, one_for_all, nearest, turned, unclipped],
    // Whole numbers.
    judge: Judge::Same(0.0),
}
