//! # Through a quotient with a dual number
//!
//! A dual number $a + b\,\varepsilon$ has a symbol $\varepsilon \ne 0$ with $\varepsilon^2 = 0$. Here is
//! what products, quotients and the sine do with it:
//!
//! $$ (a + b\,\varepsilon)(c + d\,\varepsilon) = a c + (a d + b c)\,\varepsilon, $$
//!
//! $$ \frac{a + b\,\varepsilon}{c + d\,\varepsilon} = \frac{a}{c} + \frac{b c - a d}{c^2}\,\varepsilon, $$
//!
//! $$ \sin(a + b\,\varepsilon) = \sin a + b \cos a\; \varepsilon . $$
//!
//! Write `quotient(a, b)`: put $x = a + b\,\varepsilon$ into
//!
//! $$ f(x) = \frac{\sin(\omega x)}{x^2 + c} $$
//!
//! with your own $\omega = {{omega}}$ and $c = {{c}}$. Return the real part of the result and its factor of
//! $\varepsilon$, in this order.
//!
//! ## Hints
//!
//! 1. Work from the inside: first $\omega x$, then its sine, then $x^2 + c$, each as a pair of numbers.
//!    A constant is a dual number whose factor of $\varepsilon$ is zero.
//! 2. The check: the result is $f(a) + b f'(a)\,\varepsilon$. Is your second number in proportion to $b$?
//!
//! ## Explanation
//!
//! Each operation hands on a value and a derivative, so the chain rule happens by itself, without a
//! step $h$ and without a difference of nearly equal numbers: all 16 digits are right, where a centred
//! difference has about ten. With $b = 1$ the second number is $f'(a)$; with another $b$ it is $b f'(a)$,
//! as when $x$ is itself the result of an operation with derivative $b$.

use crate::prelude::*;

pub mod stub {
    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        let (omega, c) = (own("omega"), own("c"));
        let (top, d_top) = ((omega * a).sin(), omega * b * (omega * a).cos());
        let (bottom, d_bottom) = (a * a + c, 2.0 * a * b);
        (top / bottom, (d_top * bottom - top * d_bottom) / (bottom * bottom))
    }
}

/// The second number is f'(a), whatever b is: it has to be b times that.
pub mod unseeded {
    use super::own;

    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        let (omega, c) = (own("omega"), own("c"));
        let (top, d_top) = ((omega * a).sin(), omega * (omega * a).cos());
        let (bottom, d_bottom) = (a * a + c, 2.0 * a);
        (top / bottom, (d_top * bottom - top * d_bottom) / (bottom * bottom))
    }
}

/// The factor ω is lost inside the sine: ω x is the dual number ω a + ω b ε.
pub mod inner {
    use super::own;

    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        let (omega, c) = (own("omega"), own("c"));
        let (top, d_top) = ((omega * a).sin(), b * (omega * a).cos());
        let (bottom, d_bottom) = (a * a + c, 2.0 * a * b);
        (top / bottom, (d_top * bottom - top * d_bottom) / (bottom * bottom))
    }
}

/// The sign in the quotient: the two products are added, and they have to be subtracted.
pub mod sign {
    use super::own;

    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        let (omega, c) = (own("omega"), own("c"));
        let (top, d_top) = ((omega * a).sin(), omega * b * (omega * a).cos());
        let (bottom, d_bottom) = (a * a + c, 2.0 * a * b);
        (top / bottom, (d_top * bottom + top * d_bottom) / (bottom * bottom))
    }
}

/// The factors of ε are divided by each other: the derivative of a quotient is not the quotient of the derivatives.
pub mod part_by_part {
    use super::own;

    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        let (omega, c) = (own("omega"), own("c"));
        let (top, d_top) = ((omega * a).sin(), omega * b * (omega * a).cos());
        let (bottom, d_bottom) = (a * a + c, 2.0 * a * b);
        (top / bottom, d_top / d_bottom)
    }
}

/// The square x² is taken to have the factor b: by the product rule x x has 2 a b.
pub mod square {
    use super::own;

    pub fn quotient(a: f64, b: f64) -> (f64, f64) {
        let (omega, c) = (own("omega"), own("c"));
        let (top, d_top) = ((omega * a).sin(), omega * b * (omega * a).cos());
        let (bottom, d_bottom) = (a * a + c, b);
        (top / bottom, (d_top * bottom - top * d_bottom) / (bottom * bottom))
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    // No a is zero or 1/2, where a wrong square or a wrong sign would not show.
    let mut case = |group, low: f64, b: f64| {
        let args = Args::new().with("a", draw.decimal(low, low + 0.6, 2));
        Case::new(group, args.with("b", b * draw.decimal(1.5, 4.0, 1)))
    };
    let mut cases = vec![
        case("b is not 1", 0.6, 1.0),
        case("b is not 1", -0.9, -1.0),
        case("b is not 1", 1.3, 1.0),
    ];
    for low in [0.6, -0.9, -2.5] {
        let args = Args::new().with("a", draw.decimal(low, low + 0.6, 2)).with("b", 1.0);
        cases.push(Case::new("b = 1", args));
    }
    cases
}

exercise! {
    id: "dual-quotient",
    chapter: 6,
    points: 2,
    own: ["omega" in 1.50..3.00, "c" in 0.50..2.00],
    source: include_str!("dual_quotient.rs"),
    call: |x, ask| quotient(x.number("a"), x.number("b")),
    mistakes: [unseeded, inner, sign, part_by_part, square],
    // A dozen operations, on numbers of order one.
    judge: Judge::Same(1e-9),
}
