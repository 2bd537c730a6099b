//! # What is this place?
//!
//! A run has come to a point where the gradient is `g`, a vector of two numbers, and the Hessian is
//! `h`, a symmetric $2 \times 2$ matrix. Write `classify(g, h)`. It returns one of five texts, by the
//! first of these rules that applies:
//!
//! 1. `"not stationary"`, if the Euclidean norm $\|g\|$ is above {{flat}};
//! 2. `"saddle"`, if one eigenvalue of the Hessian is positive and the other negative;
//! 3. `"minimum"`, if both are positive;
//! 4. `"maximum"`, if both are negative;
//! 5. `"degenerate"` otherwise.
//!
//! An eigenvalue $\lambda$ with $|\lambda| \le {{zero}}$ counts as zero, neither positive nor negative. Both
//! bounds are your own. With
//!
//! $$ H = \begin{bmatrix} a & b \\ b & c \end{bmatrix}, \qquad m = \frac{a + c}{2}, \qquad d = \frac{a - c}{2} $$
//!
//! the eigenvalues are $m \pm \sqrt{d^2 + b^2}$.
//!
//! ## Hints
//!
//! 1. Compute both eigenvalues first, then count: how many are above the bound, how many below minus
//!    the bound?
//! 2. The signs of the diagonal do not tell: $\begin{bmatrix} 1 & 3 \\ 3 & 1 \end{bmatrix}$ has the
//!    eigenvalues 4 and $-2$.
//!
//! ## Explanation
//!
//! Near a stationary point the loss changes by $\tfrac12 (\lambda_1 u_1^2 + \lambda_2 u_2^2)$ in the
//! coordinates along the eigenvectors, so the signs decide. The diagonal only tells what happens along
//! the two axes, and a way down may run between them. The determinant is $\lambda_1 \lambda_2$: if it is
//! positive, that may be a minimum or a maximum. Measured Hessians are never exactly singular, so a
//! bound is needed for what counts as zero, and it belongs to the eigenvalues: beside a large
//! eigenvalue even a tiny one makes a determinant that is not small.

use crate::prelude::*;

pub mod stub {
    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let (flat, zero) = (own("flat"), own("zero"));
        let (middle, half) = ((h[0][0] + h[1][1]) / 2.0, (h[0][0] - h[1][1]) / 2.0);
        let root = half.hypot(h[0][1]);
        let (low, high) = (middle - root, middle + root);
        if g[0].hypot(g[1]) > flat {
            "not stationary"
        } else if low < -zero && high > zero {
            "saddle"
        } else if low > zero {
            "minimum"
        } else if high < -zero {
            "maximum"
        } else {
            "degenerate"
        }
    }
}

/// The signs of the diagonal are taken for those of the eigenvalues: a way down between the axes stays unseen.
pub mod diagonal {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let (flat, zero) = (own("flat"), own("zero"));
        let (low, high) = (h[0][0].min(h[1][1]), h[0][0].max(h[1][1]));
        if g[0].hypot(g[1]) > flat {
            "not stationary"
        } else if low < -zero && high > zero {
            "saddle"
        } else if low > zero {
            "minimum"
        } else if high < -zero {
            "maximum"
        } else {
            "degenerate"
        }
    }
}

/// The bound for zero is held against the determinant, the product of the eigenvalues; it belongs to each eigenvalue.
pub mod determinant {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let (flat, zero) = (own("flat"), own("zero"));
        let determinant = h[0][0] * h[1][1] - h[0][1] * h[1][0];
        if g[0].hypot(g[1]) > flat {
            "not stationary"
        } else if determinant < -zero {
            "saddle"
        } else if determinant <= zero {
            "degenerate"
        } else if h[0][0] > 0.0 {
            "minimum"
        } else {
            "maximum"
        }
    }
}

/// Only an eigenvalue that is exactly zero counts as zero; measured ones never are.
pub mod exact_zero {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let flat = own("flat");
        let (middle, half) = ((h[0][0] + h[1][1]) / 2.0, (h[0][0] - h[1][1]) / 2.0);
        let root = half.hypot(h[0][1]);
        let (low, high) = (middle - root, middle + root);
        if g[0].hypot(g[1]) > flat {
            "not stationary"
        } else if low < 0.0 && high > 0.0 {
            "saddle"
        } else if low > 0.0 {
            "minimum"
        } else if high < 0.0 {
            "maximum"
        } else {
            "degenerate"
        }
    }
}

/// The gradient is not looked at: where it is not small, the place is no minimum and no saddle point.
pub mod any_gradient {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let zero = own("zero");
        let (middle, half) = ((h[0][0] + h[1][1]) / 2.0, (h[0][0] - h[1][1]) / 2.0);
        let root = half.hypot(h[0][1]);
        let (low, high) = (middle - root, middle + root);
        if low < -zero && high > zero {
            "saddle"
        } else if low > zero {
            "minimum"
        } else if high < -zero {
            "maximum"
        } else {
            "degenerate"
        }
    }
}

/// The square of the norm is held against the bound: the root is missing.
pub mod squared_norm {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let (flat, zero) = (own("flat"), own("zero"));
        let (middle, half) = ((h[0][0] + h[1][1]) / 2.0, (h[0][0] - h[1][1]) / 2.0);
        let root = half.hypot(h[0][1]);
        let (low, high) = (middle - root, middle + root);
        if g[0] * g[0] + g[1] * g[1] > flat {
            "not stationary"
        } else if low < -zero && high > zero {
            "saddle"
        } else if low > zero {
            "minimum"
        } else if high < -zero {
            "maximum"
        } else {
            "degenerate"
        }
    }
}

/// Every place with a negative eigenvalue is called a saddle; where both are negative, it is a maximum.
pub mod any_way_down {
    use super::own;

    pub fn classify(g: &[f64], h: &[Vec<f64>]) -> &'static str {
        let (flat, zero) = (own("flat"), own("zero"));
        let (middle, half) = ((h[0][0] + h[1][1]) / 2.0, (h[0][0] - h[1][1]) / 2.0);
        let root = half.hypot(h[0][1]);
        let (low, high) = (middle - root, middle + root);
        if g[0].hypot(g[1]) > flat {
            "not stationary"
        } else if low < -zero {
            "saddle"
        } else if low > zero {
            "minimum"
        } else {
            "degenerate"
        }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let (flat, zero) = (own("flat"), own("zero"));
    // Two constants differ by 0.01 at least, so that a nearer case tells them apart. Rounding to four
    // decimals moves an eigenvalue or a norm by less than 0.0002.
    let (below, above) = (-0.003, 0.003);
    // The sum turns -0 into 0.
    let round = |x: f64| (x * 1e4).round() / 1e4 + 0.0;
    let (middling, near) = ("a place of each kind", "close calls");
    let mut case = |group, eigenvalues: Option<[f64; 2]>, norm: f64| {
        let h = match eigenvalues {
            Some(pair) => draw.symmetric(&pair),
            // Both axes go up, but the eigenvalues are at most 2 - 3 and at least 1 + 3.
            None => {
                let b = draw.decimal(3.0, 4.0, 2);
                vec![vec![draw.decimal(1.0, 2.0, 2), b], vec![b, draw.decimal(1.0, 2.0, 2)]]
            }
        };
        let h: Vec<Vec<f64>> =
            h.iter().map(|row| row.iter().map(|x| round(*x)).collect()).collect();
        let (sin, cos) = draw.uniform(0.5, 1.0).sin_cos();
        let g = vec![round(norm * cos), round(-norm * sin)];
        Case::new(group, Args::new().with("g", g).with("h", h))
    };
    vec![
        case(middling, Some([1.5, 4.0]), 0.5 * flat),
        case(middling, Some([-4.0, -2.0]), 0.0),
        case(middling, None, flat + below),
        case(middling, Some([zero + below, 4.0]), 0.3 * flat),
        case(middling, Some([zero + above, 4.0]), 0.3 * flat),
        case(middling, None, flat + above),
        case(near, Some([-3.0, -zero - below]), 0.5 * flat),
        case(near, Some([-3.0, -zero - above]), flat + below),
        case(near, Some([-zero - above, 3.0]), 0.5 * flat),
        case(near, Some([-zero - below, zero + below]), 0.0),
        case(near, Some([zero + above, 5.0]), 0.1 * flat),
        case(near, Some([1.5, 3.0]), flat + above),
        case(near, None, 0.2 * flat),
        // The square of this norm is above the bound, too.
        case(near, None, 1.2),
    ]
}

exercise! {
    id: "classify-stationary",
    chapter: 11,
    points: 2,
    own: ["flat" in 0.10..0.40, "zero" in 0.05..0.50],
    source: include_str!("classify_stationary.rs"),
    call: |x, ask| classify(x.vector("g"), x.matrix("h")),
    mistakes: [diagonal, determinant, exact_zero, any_gradient, squared_norm, any_way_down],
    // Texts are equal or not; no eigenvalue or norm is within 0.002 of a bound.
    judge: Judge::Same(1e-9),
}
