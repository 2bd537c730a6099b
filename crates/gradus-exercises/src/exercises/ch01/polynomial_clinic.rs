//! # The clinic: a fit that runs away
//!
//! A colleague fits polynomials by gradient descent, and the loss grows from the first update on. Here is the
//! function: mend `fit(xs, ys, d, k)`. The model and its loss over the $N$ examples are
//!
//! $$ \hat y_i = \sum_{j=0}^{d} w_j\, x_i^j , \qquad J(w) = \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat y_i)^2 . $$
//!
//! The function returns the vector of $w_0, \dots, w_d$ after $k$ updates $w \leftarrow w - \eta\, \nabla J(w)$
//! from $w = 0$, each with all examples, at your own rate $\eta = {{rate}}$. For $k = 0$ that is the vector
//! of $d + 1$ zeros. The rate and the powers in the code are right. More than one other thing is not.
//!
//! ## Hints
//!
//! 1. Take one example, $d = 0$ and $y > 0$. Which way should $w_0$ go first, and which way does it go?
//! 2. Write down `g` at the end of the first update and at the end of the second. What should the second be
//!    made of?
//! 3. How does the step change if every example is written down twice, and how should it?
//!
//! ## Explanation
//!
//! Three things are wrong. The prediction stands with a minus in the residual $y - \hat y$, so the gradient is
//! $-\frac{2}{N} \sum_i (y_i - \hat y_i)\, x_i^j$; without that minus the run climbs. The loss is a mean, so
//! the sum is divided by $N$; without that the rate is in effect $N$ times as large, and a rate that suits
//! 12 examples diverges with 1200. And `g` belongs to one point: it has to begin at zero in every update,
//! or each step repeats all the steps before it.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let rate = own("rate");
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        let mut g = vec![0.0; d + 1];
        for _ in 0..k {
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g += 2.0 * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

pub mod solution {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let (rate, n) = (own("rate"), xs.len() as f64);
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        for _ in 0..k {
            let mut g = vec![0.0; d + 1];
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g -= 2.0 / n * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

/// The run still climbs: the prediction stands with a minus in the residual y - ŷ, and that minus is lost.
pub mod climbs {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let (rate, n) = (own("rate"), xs.len() as f64);
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        for _ in 0..k {
            let mut g = vec![0.0; d + 1];
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g += 2.0 / n * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

/// The gradient is still kept from one update to the next, so that each step repeats those before it.
pub mod kept {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let (rate, n) = (own("rate"), xs.len() as f64);
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        let mut g = vec![0.0; d + 1];
        for _ in 0..k {
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g -= 2.0 / n * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

/// This is still the gradient of the sum of the squares; the loss is their mean.
pub mod sum {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let rate = own("rate");
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        for _ in 0..k {
            let mut g = vec![0.0; d + 1];
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g -= 2.0 * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

/// The weights move after every example; an update uses the mean over all examples at one point.
pub mod example_by_example {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let (rate, n) = (own("rate"), xs.len() as f64);
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        for _ in 0..k {
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (w, power) in w.iter_mut().zip(powers(*x)) {
                    *w += rate * 2.0 / n * (y - prediction) * power;
                }
            }
        }
        w
    }
}

/// The first step goes the right way now. Two things are still wrong: how long it is, and what `g` holds when the next update begins.
pub mod only_sign {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let rate = own("rate");
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        let mut g = vec![0.0; d + 1];
        for _ in 0..k {
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g -= 2.0 * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

/// The loss is a mean now. Two things are still wrong: the way that the steps go, and what `g` holds when an update begins.
pub mod only_mean {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let rate = own("rate");
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        let mut g = vec![0.0; d + 1];
        for _ in 0..k {
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g += 2.0 / xs.len() as f64 * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

/// `g` belongs to one point now. Two things are still wrong: the way that the steps go, and how long they are.
pub mod only_fresh {
    use super::own;

    pub fn fit(xs: &[f64], ys: &[f64], d: usize, k: usize) -> Vec<f64> {
        let rate = own("rate");
        let powers = |x: f64| (0..=d).map(move |j| x.powi(j as i32));
        let mut w = vec![0.0; d + 1];
        let mut g = vec![0.0; d + 1];
        for _ in 0..k {
            g.fill(0.0);
            for (x, y) in xs.iter().zip(ys) {
                let prediction: f64 = w.iter().zip(powers(*x)).map(|(w, power)| w * power).sum();
                for (g, power) in g.iter_mut().zip(powers(*x)) {
                    *g += 2.0 * (y - prediction) * power;
                }
            }
            for (w, g) in w.iter_mut().zip(&g) {
                *w -= rate * g;
            }
        }
        w
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n, d: usize, k: usize| {
        let args = Args::new().with("xs", draw.vector(n, -1.0, 1.0));
        let args = args.with("ys", draw.vector(n, -3.0, 3.0));
        Case::new(group, args.with("d", d).with("k", k))
    };
    vec![
        case("up to one update", 3, 2, 0),
        case("up to one update", 2, 0, 1),
        case("up to one update", 4, 1, 1),
        case("up to one update", 6, 3, 1),
        case("more updates", 3, 1, 2),
        case("more updates", 5, 2, 5),
        case("more updates", 8, 3, 20),
    ]
}

exercise! {
    id: "polynomial-clinic",
    chapter: 1,
    points: 3,
    clinic: true,
    own: ["rate" in 0.05..0.30],
    source: include_str!("polynomial_clinic.rs"),
    call: |x, ask| fit(x.vector("xs"), x.vector("ys"), x.index("d"), x.index("k")),
    mistakes: [climbs, kept, sum, example_by_example, only_sign, only_mean, only_fresh],
    // No curvature is above 8, so a step multiplies the rounding of those before it by 1.4 at most.
    judge: Judge::Same(1e-9),
}
