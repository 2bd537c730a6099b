//! # Dropout, there and back
//!
//! In training, dropout sets each activation $a_j$ of a layer to zero with probability $p$, and
//! divides the others by $1 - p$, so that the mean stays:
//!
//! $$ \tilde a_j = \frac{m_j}{1 - p}\, a_j, \qquad m_j = \begin{cases} 0 & \text{if } u_j < p, \\ 1 & \text{else,} \end{cases} $$
//!
//! where the $u_j$ are random numbers, uniform in $(0, 1)$. Your own $p$ is {{p}}. Write
//! `dropout(a, delta, u)`, where `delta` holds $\partial J / \partial \tilde a_j$, the gradient that comes back
//! from the layers above. The three vectors have one length. Return, in this order, the vector of the
//! $\tilde a_j$ and the vector of the $\partial J / \partial a_j$.
//!
//! ## Hints
//!
//! 1. Each $\tilde a_j$ is a multiple of its $a_j$. What is the derivative of a multiple?
//! 2. The way back uses the same masks and the same division as the way forward.
//!
//! ## Explanation
//!
//! For a given mask, dropout multiplies by a fixed number, 0 or $1 / (1 - p)$, and so does its
//! derivative. A unit that was dropped had no influence on the loss and gets no gradient. The division
//! is in training and not in use: $E[\tilde a_j] = (1 - p)\, a_j / (1 - p) = a_j$, so the net can be used
//! as it is, with nothing dropped.

use crate::prelude::*;

pub mod stub {
    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        let p = own("p");
        let factors: Vec<f64> =
            u.iter().map(|u| if *u < p { 0.0 } else { 1.0 / (1.0 - p) }).collect();
        let forward = factors.iter().zip(a).map(|(f, a)| f * a).collect();
        let back = factors.iter().zip(delta).map(|(f, d)| f * d).collect();
        [forward, back]
    }
}

/// What is kept is not divided by 1 - p: the mean activation falls by that factor.
pub mod undivided {
    use super::own;

    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        let p = own("p");
        let factors: Vec<f64> = u.iter().map(|u| if *u < p { 0.0 } else { 1.0 }).collect();
        let forward = factors.iter().zip(a).map(|(f, a)| f * a).collect();
        let back = factors.iter().zip(delta).map(|(f, d)| f * d).collect();
        [forward, back]
    }
}

/// The kept ones are divided by p, the probability to be dropped; it is 1 - p that is kept.
pub mod divided_by_p {
    use super::own;

    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        let p = own("p");
        let factors: Vec<f64> = u.iter().map(|u| if *u < p { 0.0 } else { 1.0 / p }).collect();
        let forward = factors.iter().zip(a).map(|(f, a)| f * a).collect();
        let back = factors.iter().zip(delta).map(|(f, d)| f * d).collect();
        [forward, back]
    }
}

/// The mask is turned round: what should be kept is dropped.
pub mod reversed {
    use super::own;

    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        let p = own("p");
        let factors: Vec<f64> =
            u.iter().map(|u| if *u >= p { 0.0 } else { 1.0 / (1.0 - p) }).collect();
        let forward = factors.iter().zip(a).map(|(f, a)| f * a).collect();
        let back = factors.iter().zip(delta).map(|(f, d)| f * d).collect();
        [forward, back]
    }
}

/// The gradient passes dropped units as if they had been there.
pub mod open_back {
    use super::own;

    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        let p = own("p");
        let factors: Vec<f64> =
            u.iter().map(|u| if *u < p { 0.0 } else { 1.0 / (1.0 - p) }).collect();
        let forward = factors.iter().zip(a).map(|(f, a)| f * a).collect();
        let back = delta.iter().map(|d| d / (1.0 - p)).collect();
        [forward, back]
    }
}

/// The gradient is masked, but not divided by 1 - p: the way back has to use the factors of the way forward.
pub mod undivided_back {
    use super::own;

    pub fn dropout(a: &[f64], delta: &[f64], u: &[f64]) -> [Vec<f64>; 2] {
        let p = own("p");
        let factors: Vec<f64> =
            u.iter().map(|u| if *u < p { 0.0 } else { 1.0 / (1.0 - p) }).collect();
        let forward = factors.iter().zip(a).map(|(f, a)| f * a).collect();
        let back = factors.iter().zip(delta).map(|(f, d)| (1.0 - p) * f * d).collect();
        [forward, back]
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let p = own("p");
    let mut case = |group, n: usize| {
        let args = Args::new().with("a", draw.vector(n, 0.1, 3.0));
        let args = args.with("delta", draw.vector(n, -1.0, 1.0));
        // One unit is dropped and one is kept at least, and two numbers are close to p on either side.
        let mut u = draw.vector(n, 0.01, 0.99);
        u[n - 2] = p - 0.004;
        u[n - 1] = p + 0.004;
        u.rotate_left(draw.index(0, n));
        Case::new(group, args.with("u", u))
    };
    vec![
        case("a few units", 2),
        case("a few units", 3),
        case("a few units", 4),
        case("many units", 8),
        case("many units", 15),
    ]
}

exercise! {
    id: "dropout",
    chapter: 13,
    points: 2,
    own: ["p" in 0.10..0.45],
    source: include_str!("dropout.rs"),
    call: |x, ask| dropout(x.vector("a"), x.vector("delta"), x.vector("u")),
    mistakes: [undivided, divided_by_p, reversed, open_back, undivided_back],
    // Two operations a unit.
    judge: Judge::Same(1e-9),
}
