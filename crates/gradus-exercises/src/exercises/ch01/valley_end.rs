//! # Where the valley is entered, there the run ends
//!
//! A runner writes down the length of each run twice: $x_1$ in kilometres and $x_2$ in laps. The runner's
//! track has your own number of laps to the kilometre, $c = {{laps}}$, so $x_2 = c\, x_1$ in all $N$ runs. The
//! model for the minutes $y$ has no intercept,
//!
//! $$ \hat y_i = w_1 x_{i1} + w_2 x_{i2} , \qquad J(w) = \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat y_i)^2 . $$
//!
//! The two features are linearly dependent, and many points $(w_1, w_2)$ have the least loss. Write
//! `valley_end(w, xs, ys)`: the point to which gradient descent with a small enough constant rate converges
//! from the start `w`. Both `w` and the answer hold $w_1$ and $w_2$, in this order; `xs` holds the kilometres
//! $x_{i1}$, all positive, and `ys` the minutes $y_i$. Give the exact limit, not the end of a long run.
//!
//! ## Hints
//!
//! 1. Only the sum $s = w_1 + c\, w_2$ matters to the predictions: $\hat y_i = s\, x_{i1}$. Which $s$ has the
//!    least loss?
//! 2. In which direction of the plane does every gradient point, whatever $w$ is?
//! 3. Go from the start along $(1, c)$ until $s$ has its best value.
//!
//! ## Explanation
//!
//! The derivatives are $\partial J / \partial w_2 = c\, \partial J / \partial w_1$, so every step is a
//! multiple of $(1, c)$. The best sum is the slope of the least squares,
//! $s^* = \sum_i x_{i1} y_i / \sum_i x_{i1}^2$. A move by $\alpha (1, c)$ raises $s$ by $\alpha (1 + c^2)$,
//! so the limit is
//!
//! $$ w + \frac{s^* - (w_1 + c\, w_2)}{1 + c^2} \, (1, c) . $$
//!
//! The part of the start along the valley, in the direction $(c, -1)$, is never changed. From the origin the
//! limit is the shortest of all solutions.

use crate::prelude::*;

pub mod stub {
    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("laps");
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let way = (products / squares - (w[0] + c * w[1])) / (1.0 + c * c);
        vec![w[0] + way, w[1] + c * way]
    }
}

/// The start is ignored: this is the shortest solution, and gradient descent ends there only from a start in the row space, such as the origin.
pub mod shortest {
    use super::own;

    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("laps");
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let way = products / squares / (1.0 + c * c);
        vec![way, c * way]
    }
}

/// Only the kilometres' weight moves; both weights have a gradient, and the laps' is c times as large.
pub mod one_weight {
    use super::own;

    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("laps");
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        vec![products / squares - c * w[1], w[1]]
    }
}

/// Both weights move by the same amount; the gradient is along (1, c), not along (1, 1).
pub mod equal_shares {
    use super::own;

    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("laps");
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let way = (products / squares - (w[0] + c * w[1])) / (1.0 + c);
        vec![w[0] + way, w[1] + way]
    }
}

/// The division by 1 + c² is missing, the squared length of (1, c): the point flies past the valley's floor.
pub mod not_normalised {
    use super::own;

    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("laps");
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let way = products / squares - (w[0] + c * w[1]);
        vec![w[0] + way, w[1] + c * way]
    }
}

/// The minutes per kilometre are averaged over the runs; least squares give long runs more weight.
pub mod mean_of_ratios {
    use super::own;

    pub fn valley_end(w: &[f64], xs: &[f64], ys: &[f64]) -> Vec<f64> {
        let c = own("laps");
        let ratios: f64 = xs.iter().zip(ys).map(|(x, y)| y / x).sum();
        let way = (ratios / xs.len() as f64 - (w[0] + c * w[1])) / (1.0 + c * c);
        vec![w[0] + way, w[1] + c * way]
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, origin: bool| {
        let w = if origin { vec![0.0, 0.0] } else { draw.vector(2, -6.0, 6.0) };
        let xs: Vec<f64> = (0..n).map(|_| draw.decimal(1.0, 15.0, 1)).collect();
        let ys: Vec<f64> = xs.iter().map(|x| (x * draw.uniform(4.2, 6.5)).round()).collect();
        Case::new(group, Args::new().with("w", w).with("xs", xs).with("ys", ys))
    };
    vec![
        case("from the origin", 3, true),
        case("from the origin", 5, true),
        case("from elsewhere", 2, false),
        case("from elsewhere", 4, false),
        case("from elsewhere", 7, false),
    ]
}

exercise! {
    id: "valley-end",
    chapter: 1,
    points: 2,
    own: ["laps" in 1.50..4.50],
    source: include_str!("valley_end.rs"),
    call: |x, ask| valley_end(x.vector("w"), x.vector("xs"), x.vector("ys")),
    mistakes: [shortest, one_weight, equal_shares, not_normalised, mean_of_ratios],
    // Sums of at most seven products.
    judge: Judge::Same(1e-9),
}
