//! # The BFGS update
//!
//! BFGS keeps an approximation $M$ of the inverse Hessian. After a step $s$, over which the gradient has
//! changed by $y$, the new matrix is
//!
//! $$ M_{\text{new}} = (I - \rho\, s y^\top)\, M\, (I - \rho\, y s^\top) + \rho\, s s^\top ,
//!    \qquad \rho = \frac{1}{s^\top y} . $$
//!
//! Write `bfgs(m, s, y)`: the new matrix, as rows. $M$ is symmetric. A pair whose curvature is not clearly
//! positive is skipped: if $s^\top y \le c\, s^\top s$ with your own $c = {{c}}$, return $M$ as it is.
//!
//! You may call `dot`, `matvec` and `outer`.
//!
//! ## Hints
//!
//! 1. Multiply out. With $a = M y$, what are $s y^\top M$ and $M y s^\top$?
//! 2. $M_{\text{new}} = M - \rho\, (s a^\top + a s^\top) + \rho\, (1 + \rho\, y^\top a)\, s s^\top$.
//! 3. Check your matrix: $M_{\text{new}}\, y = s$.
//!
//! ## Explanation
//!
//! $M$ is symmetric, so $y^\top M = a^\top$. Multiplied out, the product is
//! $M - \rho\, s a^\top - \rho\, a s^\top + \rho^2 (y^\top a)\, s s^\top$, and the last term of the update
//! adds $\rho\, s s^\top$. This costs one product of a matrix and a vector in place of two products of
//! matrices. If $s^\top y \le 0$, no positive definite matrix takes $y$ to $s$. If it is barely positive,
//! $\rho$ is huge, and one pair overrules all that $M$ knows. The bound $c$ keeps the curvature along the
//! step, which is $s^\top y / s^\top s$, away from zero.

use crate::prelude::*;

pub mod stub {
    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        todo!()
    }
}

pub mod solution {
    use super::{dot, matvec, outer, own};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let curvature = dot(s, y);
        if curvature <= own("c") * dot(s, s) {
            return new;
        }
        let rho = 1.0 / curvature;
        let a = matvec(m, y);
        let (ss, sa, weight) = (outer(s, s), outer(s, &a), 1.0 + rho * dot(y, &a));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (weight * ss[i][j] - sa[i][j] - sa[j][i]);
            }
        }
        new
    }
}

/// Every pair is used, also one whose curvature is negative or tiny: the new matrix is not positive definite, or not finite.
pub mod unguarded {
    use super::{dot, matvec, outer};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let rho = 1.0 / dot(s, y);
        let a = matvec(m, y);
        let (ss, sa, weight) = (outer(s, s), outer(s, &a), 1.0 + rho * dot(y, &a));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (weight * ss[i][j] - sa[i][j] - sa[j][i]);
            }
        }
        new
    }
}

/// Only pairs of negative curvature are skipped; one with a curvature below c has to be skipped too.
pub mod sign_only {
    use super::{dot, matvec, outer};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let curvature = dot(s, y);
        if curvature <= 0.0 {
            return new;
        }
        let rho = 1.0 / curvature;
        let a = matvec(m, y);
        let (ss, sa, weight) = (outer(s, s), outer(s, &a), 1.0 + rho * dot(y, &a));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (weight * ss[i][j] - sa[i][j] - sa[j][i]);
            }
        }
        new
    }
}

/// sᵀy is compared with c itself: the bound has to grow with sᵀs, or short steps are always skipped.
pub mod no_length {
    use super::{dot, matvec, outer, own};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let curvature = dot(s, y);
        if curvature <= own("c") {
            return new;
        }
        let rho = 1.0 / curvature;
        let a = matvec(m, y);
        let (ss, sa, weight) = (outer(s, s), outer(s, &a), 1.0 + rho * dot(y, &a));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (weight * ss[i][j] - sa[i][j] - sa[j][i]);
            }
        }
        new
    }
}

/// s and y are exchanged: this is the update of the Hessian, which takes s to y, not of its inverse.
pub mod exchanged {
    use super::{dot, matvec, outer, own};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let curvature = dot(s, y);
        if curvature <= own("c") * dot(s, s) {
            return new;
        }
        let rho = 1.0 / curvature;
        let a = matvec(m, s);
        let (yy, ya, weight) = (outer(y, y), outer(y, &a), 1.0 + rho * dot(s, &a));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (weight * yy[i][j] - ya[i][j] - ya[j][i]);
            }
        }
        new
    }
}

/// The last term ρ s sᵀ is missing: this matrix takes y to zero in place of s.
pub mod projected {
    use super::{dot, matvec, outer, own};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let curvature = dot(s, y);
        if curvature <= own("c") * dot(s, s) {
            return new;
        }
        let rho = 1.0 / curvature;
        let a = matvec(m, y);
        let (ss, sa, weight) = (outer(s, s), outer(s, &a), rho * dot(y, &a));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (weight * ss[i][j] - sa[i][j] - sa[j][i]);
            }
        }
        new
    }
}

/// M is multiplied from the left only: the factor on its right is missing, and the new matrix is not symmetric.
pub mod one_sided {
    use super::{dot, matvec, outer, own};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        let curvature = dot(s, y);
        if curvature <= own("c") * dot(s, s) {
            return new;
        }
        let rho = 1.0 / curvature;
        let (ss, sa) = (outer(s, s), outer(s, &matvec(m, y)));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += rho * (ss[i][j] - sa[i][j]);
            }
        }
        new
    }
}

/// This is the rank-one update (SR1): it takes y to s too, but it is not BFGS.
pub mod rank_one {
    use super::{dot, matvec, outer, own};

    pub fn bfgs(m: &[Vec<f64>], s: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        let mut new = m.to_vec();
        if dot(s, y) <= own("c") * dot(s, s) {
            return new;
        }
        let rest: Vec<f64> = s.iter().zip(matvec(m, y)).map(|(s, a)| s - a).collect();
        let (square, scale) = (outer(&rest, &rest), dot(&rest, y));
        for i in 0..s.len() {
            for j in 0..s.len() {
                new[i][j] += square[i][j] / scale;
            }
        }
        new
    }
}

use gradus_student::tools::{add, dot, matvec, outer, scale};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, sign: f64| {
        let mut positive = |low: f64, high: f64| {
            let eigenvalues: Vec<f64> = (0..n).map(|_| draw.uniform(low, high)).collect();
            draw.symmetric(&eigenvalues)
        };
        let (m, h) = (positive(0.2, 3.0), positive(0.5, 5.0));
        let mut s = draw.vector(n, -1.0, 1.0);
        // Not all entries near zero.
        s[0] += 2.0;
        let y: Vec<f64> = matvec(&h, &s).iter().map(|y| sign * y).collect();
        Case::new(group, Args::new().with("m", m).with("s", s).with("y", y))
    };
    let (two, more) = ("two parameters", "more parameters");
    let mut cases = vec![
        case(two, 2, 1.0),
        case(two, 2, -1.0),
        case(two, 2, 1.0),
        case(more, 3, 1.0),
        case(more, 4, 1.0),
        case(more, 3, -1.0),
    ];
    // Short steps with a curvature just above or just below c: another student's c decides otherwise.
    for (group, n, near) in [(two, 2, 1.01), (two, 2, 0.99), (more, 3, 1.01), (more, 3, 0.99)] {
        let Case { args, .. } = case(group, n, 1.0);
        let (s, y) = (scale(0.2, args.vector("s")), args.vector("y"));
        let part = near * own("c") - dot(&s, y) / dot(&s, &s);
        let y = add(y, &scale(part, &s));
        let args = Args::new().with("m", args.matrix("m").to_vec()).with("s", s).with("y", y);
        cases.push(Case::new(group, args));
    }
    // s and y at a right angle.
    let m = vec![vec![draw.decimal(1.0, 3.0, 2), 0.5], vec![0.5, draw.decimal(1.0, 3.0, 2)]];
    let args = Args::new().with("m", m).with("s", [1.0, 2.0]).with("y", [-2.0, 1.0]);
    cases.push(Case::new(two, args));
    cases
}

exercise! {
    id: "secant-update",
    chapter: 20,
    points: 3,
    allow: ["dot", "matvec", "outer"],
    own: ["c" in 0.10..0.40],
    source: include_str!("secant_update.rs"),
    call: |x, ask| bfgs(x.matrix("m"), x.vector("s"), x.vector("y")),
    mistakes: [unguarded, sign_only, no_length, exchanged, projected, one_sided, rank_one],
    // s·y is at least a tenth of s·s: few digits are lost.
    judge: Judge::Same(1e-9),
}
