//! # The condition number of a symmetric matrix
//!
//! Write `condition_number(h)` for a symmetric $2 \times 2$ matrix $H$: the largest absolute value of an
//! eigenvalue, divided by the smallest. If the smallest is zero, return infinity.
//!
//! The eigenvalues of $H = \begin{bmatrix} a & b \\ b & c \end{bmatrix}$ are
//!
//! $$ \lambda = \frac{a + c}{2} \pm \sqrt{\left(\frac{a - c}{2}\right)^{2} + b^2} . $$
//!
//! ## Hints
//!
//! 1. An eigenvalue may be negative. What is the condition number of a matrix with the eigenvalues
//!    $1$ and $-10$?
//! 2. Take absolute values first, then the larger over the smaller.
//!
//! ## Explanation
//!
//! The condition number tells how different the curvatures are in size. With $1$ and $-10$ it is
//! 10, whichever has the sign. Dividing the larger eigenvalue by the smaller, with signs, would give
//! $-0.1$.

use crate::prelude::*;

pub mod stub {
    pub fn condition_number(h: &[Vec<f64>]) -> f64 {
        todo!()
    }
}

pub mod solution {
    pub fn condition_number(h: &[Vec<f64>]) -> f64 {
        let (a, b, c) = (h[0][0], h[0][1], h[1][1]);
        let middle = (a + c) / 2.0;
        let radius = ((a - c) / 2.0).hypot(b);
        let (first, second) = ((middle + radius).abs(), (middle - radius).abs());
        first.max(second) / first.min(second)
    }
}

/// Eigenvalues are compared with their signs; the condition number compares their absolute values.
pub mod signed {
    pub fn condition_number(h: &[Vec<f64>]) -> f64 {
        let (a, b, c) = (h[0][0], h[0][1], h[1][1]);
        let middle = (a + c) / 2.0;
        let radius = ((a - c) / 2.0).hypot(b);
        (middle + radius) / (middle - radius)
    }
}

/// The entries on the diagonal are taken for the eigenvalues; they are that only if the others are zero.
pub mod diagonal {
    pub fn condition_number(h: &[Vec<f64>]) -> f64 {
        let (a, c) = (h[0][0].abs(), h[1][1].abs());
        a.max(c) / a.min(c)
    }
}

/// This is one over the condition number: the larger belongs above the line.
pub mod reciprocal {
    pub fn condition_number(h: &[Vec<f64>]) -> f64 {
        let (a, b, c) = (h[0][0], h[0][1], h[1][1]);
        let middle = (a + c) / 2.0;
        let radius = ((a - c) / 2.0).hypot(b);
        let (first, second) = ((middle + radius).abs(), (middle - radius).abs());
        first.min(second) / first.max(second)
    }
}

/// The absolute value is taken of the quotient: where the negative eigenvalue is the larger one in size, it comes out upside down.
pub mod unsorted {
    pub fn condition_number(h: &[Vec<f64>]) -> f64 {
        let (a, b, c) = (h[0][0], h[0][1], h[1][1]);
        let middle = (a + c) / 2.0;
        let radius = ((a - c) / 2.0).hypot(b);
        ((middle + radius) / (middle - radius)).abs()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut cases = Vec::new();
    for (first, second) in [(1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0)] {
        for ratio in [1.5, 20.0] {
            let small = draw.uniform(0.2, 2.0);
            let large = small * ratio * draw.uniform(1.0, 2.0);
            let h = draw.symmetric(&[first * small, second * large]);
            // Exactly symmetric: the rotation may leave the last bit unequal.
            let h = vec![h[0].clone(), vec![h[0][1], h[1][1]]];
            cases.push(Case::new("eigenvalues of any sign", Args::new().with("h", h)));
        }
    }
    let exact = vec![vec![1.0, 2.0], vec![2.0, 4.0]];
    cases.push(Case::new("eigenvalues of any sign", Args::new().with("h", exact)));
    cases
}

exercise! {
    id: "condition-number",
    chapter: 10,
    points: 2,
    source: include_str!("condition_number.rs"),
    call: |x, ask| condition_number(x.matrix("h")),
    mistakes: [signed, diagonal, reciprocal, unsorted],
    // The smaller eigenvalue is a difference of numbers up to eighty times as large: two digits are lost.
    judge: Judge::Same(1e-9),
}
