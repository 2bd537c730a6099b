//! # The gradient of a line's loss
//!
//! A line is written with its height $w_0$ at your own place $c = {{c}}$ and its slope $w_1$: it predicts
//! $\hat y_i = w_0 + w_1 (x_i - c)$. Its loss over $N$ examples $(x_i, y_i)$ is the mean of the squared
//! residuals,
//!
//! $$ J(w) = \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat y_i)^2 , $$
//!
//! with the factor $1/N$, not $1/(2N)$. Write `gradient(w, xs, ys)`: the gradient of $J$ at `w`, as a
//! vector of two entries, $\partial J / \partial w_0$ and $\partial J / \partial w_1$ in this order. The
//! vector `w` holds $w_0$ and $w_1$; `xs` and `ys` hold the $x_i$ and the $y_i$ and have the same length
//! $N \ge 2$.
//!
//! ## Hints
//!
//! 1. Take one example first. What is the derivative of $(y - w_0 - w_1 (x - c))^2$ with respect to $w_0$,
//!    and what with respect to $w_1$?
//! 2. The inner derivatives are $-1$ and $-(x - c)$. The outer one is $2 (y - \hat y)$.
//! 3. Take the means of both over the examples.
//!
//! ## Explanation
//!
//! By the chain rule
//!
//! $$ \frac{\partial J}{\partial w_0} = \frac{2}{N} \sum_i (\hat y_i - y_i) , \qquad
//!    \frac{\partial J}{\partial w_1} = \frac{2}{N} \sum_i (\hat y_i - y_i) (x_i - c) . $$
//!
//! The minus sign of the inner derivative has turned $y_i - \hat y_i$ round: where the line is too high,
//! the gradient says that raising it raises the loss. $x - c$ is a basis function like any other. With the
//! mean of the $x_i$ for $c$, the two columns of the design matrix are orthogonal, and the level sets are
//! ellipses whose axes are not tilted.

use crate::prelude::*;

pub mod stub {
    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let (n, c) = (xs.len() as f64, own("c"));
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let error = w[0] + w[1] * (x - c) - y;
            g[0] += 2.0 * error / n;
            g[1] += 2.0 * error * (x - c) / n;
        }
        g
    }
}

/// This is the gradient of the sum of the squares; the loss is their mean, so 1/N is missing.
pub mod sum {
    use super::own;

    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("c");
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let error = w[0] + w[1] * (x - c) - y;
            g[0] += 2.0 * error;
            g[1] += 2.0 * error * (x - c);
        }
        g
    }
}

/// The sign: the residual y - ŷ falls when a weight raises the prediction, and that minus is lost.
pub mod sign {
    use super::own;

    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let (n, c) = (xs.len() as f64, own("c"));
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let residual = y - (w[0] + w[1] * (x - c));
            g[0] += 2.0 * residual / n;
            g[1] += 2.0 * residual * (x - c) / n;
        }
        g
    }
}

/// The factor x - c is missing in the second component: it is the derivative of the prediction with respect to the slope.
pub mod no_input {
    use super::own;

    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let (n, c) = (xs.len() as f64, own("c"));
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let error = w[0] + w[1] * (x - c) - y;
            g[0] += 2.0 * error / n;
            g[1] += 2.0 * error / n;
        }
        g
    }
}

/// The factor 2 of the square's derivative is missing: this is the gradient of the loss with 1/(2N).
pub mod half {
    use super::own;

    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let (n, c) = (xs.len() as f64, own("c"));
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let error = w[0] + w[1] * (x - c) - y;
            g[0] += error / n;
            g[1] += error * (x - c) / n;
        }
        g
    }
}

/// The second component has the factor x; the prediction multiplies the slope by x - c.
pub mod not_moved {
    use super::own;

    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let (n, c) = (xs.len() as f64, own("c"));
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let error = w[0] + w[1] * (x - c) - y;
            g[0] += 2.0 * error / n;
            g[1] += 2.0 * error * x / n;
        }
        g
    }
}

/// The place c is ignored: the line predicts w_0 + w_1 (x - c), not w_0 + w_1 x.
pub mod no_place {
    pub fn gradient(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let n = xs.len() as f64;
        let mut g = vec![0.0, 0.0];
        for (x, y) in xs.iter().zip(ys) {
            let error = w[0] + w[1] * x - y;
            g[0] += 2.0 * error / n;
            g[1] += 2.0 * error * x / n;
        }
        g
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, zero: bool| {
        let w = if zero { vec![0.0, 0.0] } else { draw.vector(2, -2.0, 2.0) };
        let xs = draw.vector(n, -3.0, 3.0);
        Case::new(
            group,
            Args::new().with("w", w).with("xs", xs).with("ys", draw.vector(n, -4.0, 4.0)),
        )
    };
    vec![
        case("at w = 0", 2, true),
        case("at w = 0", 5, true),
        case("at other weights", 2, false),
        case("at other weights", 3, false),
        case("at other weights", 12, false),
    ]
}

exercise! {
    id: "line-gradient",
    chapter: 1,
    points: 2,
    own: ["c" in 0.50..2.50],
    source: include_str!("line_gradient.rs"),
    call: |x, ask| gradient(x.vector("w"), x.vector("xs"), x.vector("ys")),
    mistakes: [sum, sign, no_input, half, not_moved, no_place],
    // Sums of at most twelve terms of order ten: rounding stays far below.
    judge: Judge::Same(1e-9),
}
