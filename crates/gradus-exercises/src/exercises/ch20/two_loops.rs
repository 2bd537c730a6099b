//! # L-BFGS without a matrix
//!
//! L-BFGS keeps pairs: a step $s_i$ and the change $y_i$ of the gradient over it, $i = 1, \dots, q$, the
//! oldest first. These gradients come from mini-batches, and their noise could make the curvature along a
//! step tiny. So each $y_i$ is first replaced by
//!
//! $$ \tilde y_i = y_i + \lambda\, s_i $$
//!
//! with your own $\lambda = {{lambda}}$ (Schraudolph, Yu and Günter, 2007). From here on only $\tilde y_i$
//! counts. The approximate inverse Hessian $M$ is then $M_q$ of
//!
//! $$ M_0 = \gamma I, \qquad M_i = V_i^\top M_{i-1} V_i + \rho_i\, s_i s_i^\top, \qquad
//!    V_i = I - \rho_i\, \tilde y_i s_i^\top, \qquad \rho_i = \frac{1}{s_i^\top \tilde y_i} , $$
//!
//! with $\gamma = s_q^\top \tilde y_q / \tilde y_q^\top \tilde y_q$ from the newest pair. Write
//! `direction(s, y, g)`: the direction $d = -M g$. The rows of `s` and of `y` are the pairs in this order, so
//! the last rows are the newest. All $s_i^\top \tilde y_i$ are positive. Without pairs, $M = I$ and $d = -g$.
//!
//! You may call `add`, `sub`, `scale` and `dot`. There is a way without a matrix.
//!
//! ## Hints
//!
//! 1. Let $v = V_q\, g = g - a\, \tilde y_q$ with $a = \rho_q\, s_q^\top g$, and $u = M_{q-1} v$. Then
//!    $M_q\, g = u + (a - b)\, s_q$ with $b = \rho_q\, \tilde y_q^\top u$.
//! 2. So each pair makes a correction before and one after. Two loops: from the newest pair to the oldest,
//!    and back again. Between them stands $M_0$.
//! 3. Keep the numbers $a$ of the first loop; the second needs them.
//!
//! ## Explanation
//!
//! $V_i v$ and $V_i^\top v$ change a vector by a multiple of another, so no matrix is needed. Unrolled from
//! the newest pair inwards, the recursion is the *two-loop recursion*: $4qn$ multiplications and a memory of
//! $2qn$ numbers. With ten pairs and a million parameters that is 160 MB; the matrix would take 8 TB. Adding
//! $\lambda\, s$ to $y$ is what a penalty $\tfrac{\lambda}{2} \lVert w \rVert^2$ on the loss would do: it
//! raises every curvature by $\lambda$, and a noisy pair cannot claim that a direction is flat.

use crate::prelude::*;

pub mod stub {
    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.last(), y.last()) {
            u = scale(dot(s, y) / dot(y, y), &u);
        }
        for i in 0..s.len() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

/// The sign: this is M g, along which the loss rises; the direction is -M g.
pub mod climbs {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.last(), y.last()) {
            u = scale(dot(s, y) / dot(y, y), &u);
        }
        for i in 0..s.len() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        u
    }
}

/// Both loops go from the newest pair to the oldest; the second has to go back.
pub mod same_way {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.last(), y.last()) {
            u = scale(dot(s, y) / dot(y, y), &u);
        }
        for i in (0..s.len()).rev() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

/// The first loop begins with the oldest pair: M is built from the newest pair outwards, as if the rows were in the other order.
pub mod oldest_first {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in 0..s.len() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.last(), y.last()) {
            u = scale(dot(s, y) / dot(y, y), &u);
        }
        for i in (0..s.len()).rev() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

/// M₀ is the identity: the scale γ of the newest pair is missing between the loops.
pub mod unit_matrix {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        for i in 0..s.len() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

/// γ is turned round: this is a curvature, yᵀy / sᵀy, and M₀ needs an inverse one.
pub mod turned_scale {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.last(), y.last()) {
            u = scale(dot(y, y) / dot(s, y), &u);
        }
        for i in 0..s.len() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

/// γ comes from the oldest pair; the newest knows the curvature where the run is now.
pub mod oldest_scale {
    use super::{add, dot, own, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let y: Vec<Vec<f64>> = s.iter().zip(y).map(|(s, y)| add(y, &scale(lambda, s))).collect();
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.first(), y.first()) {
            u = scale(dot(s, y) / dot(y, y), &u);
        }
        for i in 0..s.len() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

/// The pairs are used as they are: λ s is not added to y.
pub mod undamped {
    use super::{add, dot, scale, sub};

    pub fn direction(s: &[Vec<f64>], y: &[Vec<f64>], g: &[f64]) -> Vec<f64> {
        let (mut u, mut a) = (g.to_vec(), vec![0.0; s.len()]);
        for i in (0..s.len()).rev() {
            a[i] = dot(&s[i], &u) / dot(&s[i], &y[i]);
            u = sub(&u, &scale(a[i], &y[i]));
        }
        if let (Some(s), Some(y)) = (s.last(), y.last()) {
            u = scale(dot(s, y) / dot(y, y), &u);
        }
        for i in 0..s.len() {
            let b = dot(&y[i], &u) / dot(&s[i], &y[i]);
            u = add(&u, &scale(a[i] - b, &s[i]));
        }
        scale(-1.0, &u)
    }
}

use gradus_student::tools::{add, dot, matvec, scale, sub};

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, pairs: usize| {
        let curvatures: Vec<f64> = (0..n).map(|_| draw.uniform(0.5, 5.0)).collect();
        let h = draw.symmetric(&curvatures);
        let mut s: Vec<Vec<f64>> = (0..pairs).map(|_| draw.vector(n, -1.0, 1.0)).collect();
        // No step near zero.
        for (i, step) in s.iter_mut().enumerate() {
            step[i % n] += 1.5;
        }
        let rounded = |x: &f64| (x * 1e3).round() / 1e3;
        let change = |s: &Vec<f64>| matvec(&h, s).iter().map(rounded).collect();
        let y: Vec<Vec<f64>> = s.iter().map(change).collect();
        let args = Args::new().with("s", s).with("y", y);
        Case::new(group, args.with("g", draw.vector(n, -2.0, 2.0)))
    };
    let (few, more) = ("no pair or one", "more pairs");
    vec![
        case(few, 2, 0),
        case(few, 2, 1),
        case(few, 4, 1),
        case(more, 3, 2),
        case(more, 4, 3),
        case(more, 2, 2),
        case(more, 4, 5),
    ]
}

exercise! {
    id: "two-loops",
    chapter: 20,
    points: 4,
    allow: ["add", "dot", "scale", "sub"],
    own: ["lambda" in 0.10..0.60],
    source: include_str!("two_loops.rs"),
    call: |x, ask| direction(x.matrix("s"), x.matrix("y"), x.vector("g")),
    mistakes: [
        climbs,
        same_way,
        oldest_first,
        unit_matrix,
        turned_scale,
        oldest_scale,
        undamped,
    ],
    // Curvatures from 0.5 to 5 and at most five pairs: few digits are lost, also by way of the matrix.
    judge: Judge::Same(1e-9),
}
