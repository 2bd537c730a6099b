//! # A direction that proves it is not convex
//!
//! A function of two variables is
//!
//! $$ f(w) = \tfrac{1}{2}\, w^\top H w + c\, \lVert w \rVert^2 $$
//!
//! with a symmetric $2 \times 2$ matrix $H$ and your own $c = {{c}}$. It is convex if its curvature
//! $u^\top \nabla^2 f\, u$ is negative for no vector $u$. Write `witness(h)`: `None` if $f$ is convex, else
//! `Some(u)` with a vector of two entries along which the curvature is negative, of any length. `h` holds the
//! rows of $H$. The smaller eigenvalue of $\nabla^2 f$ is never nearer to zero than 0.005, and both
//! eigenvalues of $\nabla^2 f$ lie between $-3$ and $3$.
//!
//! ## Hints
//!
//! 1. What is the Hessian of $c\, \lVert w \rVert^2 = c\, w_0^2 + c\, w_1^2$?
//! 2. Positive entries on the diagonal are not enough: they are the curvatures along the axes only, and a
//!    saddle may fall away between them.
//! 3. All directions of the plane are $u = (\cos \varphi, \sin \varphi)$ with $0 \le \varphi < \pi$. The
//!    curvature changes slowly with $\varphi$, so a fine grid of angles is enough. Or compute the smaller
//!    eigenvalue and its eigenvector.
//!
//! ## Explanation
//!
//! The Hessian of $f$ is $H + 2 c I$: the penalty adds $2c$, not $c$, to the curvature in every direction.
//! Among all $u$ of length 1 the curvature is least along the eigenvector of the smaller eigenvalue
//! $\lambda_1$, and at the angle $\delta$ from it
//! $\lambda_1 \cos^2 \delta + \lambda_2 \sin^2 \delta$. With $\lambda_1 = -0.005$ and $\lambda_2 = 3$ that is
//! negative within 2.3 degrees on either side: a narrow gate, but a grid of whole degrees does not miss it.
//! One $u$ proves that $f$ is not convex; that it is convex takes all of them.

use crate::prelude::*;

pub mod stub {
    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        let curvature = |u: &Vec<f64>| {
            let squares = u[0] * u[0] + u[1] * u[1];
            h[0][0] * u[0] * u[0]
                + 2.0 * h[0][1] * u[0] * u[1]
                + h[1][1] * u[1] * u[1]
                + 2.0 * own("c") * squares
        };
        (0..180)
            .map(|degrees| f64::from(degrees).to_radians())
            .map(|angle| vec![angle.cos(), angle.sin()])
            .find(|u| curvature(u) < 0.0)
    }
}

/// Only the curvatures along the two axes are looked at; between them it may be negative.
pub mod axes {
    use super::own;

    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        if h[0][0] + 2.0 * own("c") < 0.0 {
            Some(vec![1.0, 0.0])
        } else if h[1][1] + 2.0 * own("c") < 0.0 {
            Some(vec![0.0, 1.0])
        } else {
            None
        }
    }
}

/// The penalty is taken to add c to every curvature; the second derivative of c w² is 2c.
pub mod once {
    use super::own;

    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        let curvature = |u: &Vec<f64>| {
            let squares = u[0] * u[0] + u[1] * u[1];
            h[0][0] * u[0] * u[0]
                + 2.0 * h[0][1] * u[0] * u[1]
                + h[1][1] * u[1] * u[1]
                + own("c") * squares
        };
        (0..180)
            .map(|degrees| f64::from(degrees).to_radians())
            .map(|angle| vec![angle.cos(), angle.sin()])
            .find(|u| curvature(u) < 0.0)
    }
}

/// The curvature is that of the first term alone; the penalty is forgotten.
pub mod no_penalty {
    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        let curvature = |u: &Vec<f64>| {
            h[0][0] * u[0] * u[0] + 2.0 * h[0][1] * u[0] * u[1] + h[1][1] * u[1] * u[1]
        };
        (0..180)
            .map(|degrees| f64::from(degrees).to_radians())
            .map(|angle| vec![angle.cos(), angle.sin()])
            .find(|u| curvature(u) < 0.0)
    }
}

/// A positive determinant is taken as a proof of convexity; the product of two negative eigenvalues is positive too.
pub mod determinant {
    use super::own;

    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        let (a, b, d) = (h[0][0] + 2.0 * own("c"), h[0][1], h[1][1] + 2.0 * own("c"));
        if a * d - b * b > 0.0 {
            return None;
        }
        let smaller = (a + d) / 2.0 - ((a - d) / 2.0).hypot(b);
        Some(vec![b, smaller - a])
    }
}

/// The vector that comes back belongs to the larger eigenvalue, along which the curvature may be positive.
pub mod larger {
    use super::own;

    pub fn witness(h: &[Vec<f64>]) -> Option<Vec<f64>> {
        let (a, b, d) = (h[0][0] + 2.0 * own("c"), h[0][1], h[1][1] + 2.0 * own("c"));
        let root = ((a - d) / 2.0).hypot(b);
        ((a + d) / 2.0 < root).then(|| vec![b, (a + d) / 2.0 + root - a])
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let c = own("c");
    let (one, both) = ("one curvature may be negative", "both may be negative");
    // The eigenvalues of ∇²f. The one near zero is on the other side of it for every other c.
    let mut case = |group, near: f64, other: [f64; 2]| {
        let near = near * draw.uniform(0.006, 0.009);
        let other = draw.uniform(other[0], other[1]);
        let h = draw.symmetric(&[near - 2.0 * c, other - 2.0 * c]);
        Case::new(group, Args::new().with("h", h))
    };
    let (positive, negative) = ([1.5, 2.9], [-2.9, -0.3]);
    vec![
        case(one, -1.0, positive),
        case(one, 1.0, positive),
        case(one, -1.0, positive),
        case(one, 1.0, positive),
        case(both, -1.0, negative),
        case(both, 1.0, positive),
        case(both, -1.0, negative),
        case(both, -1.0, positive),
    ]
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let h = case.args.matrix("h");
    let (a, b, d) = (h[0][0] + 2.0 * own("c"), h[0][1], h[1][1] + 2.0 * own("c"));
    let convex = (a + d) / 2.0 > ((a - d) / 2.0).hypot(b);
    match (answer, answer.vector()) {
        (Value::Nothing, _) if convex => Ok(()),
        (Value::Nothing, _) => Err("this function is not convex, but nothing came back".to_owned()),
        (_, Some(&[x, y])) => {
            let curvature = a * x * x + 2.0 * b * x * y + d * y * y;
            if curvature < 0.0 {
                Ok(())
            } else if curvature < 2.0 * own("c") * (x * x + y * y) {
                Err("along the vector that came back the curvature is negative without the \
                     penalty, but not with it"
                    .to_owned())
            } else {
                Err("the curvature along the vector that came back is not negative".to_owned())
            }
        }
        _ => Err("a vector of two entries or nothing was expected".to_owned()),
    }
}

exercise! {
    id: "curvature-witness",
    chapter: 3,
    points: 3,
    own: ["c" in 0.20..0.90],
    source: include_str!("curvature_witness.rs"),
    call: |x, ask| witness(x.matrix("h")),
    mistakes: [axes, once, no_penalty, determinant, larger],
    judge: Judge::Dialogue(Dialogue {
        limit: 0,
        answer: |_, _| Err("this exercise has nobody to ask".to_owned()),
        judge,
    }),
}
