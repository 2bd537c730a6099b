//! # One update of a softmax classifier
//!
//! A classifier gives the input $x_i \in \mathbb{R}^D$ the scores $z = W x_i + b$, one for each of $C$ classes.
//! Its loss over $N$ examples $(x_i, y_i)$ is the mean of the softmax losses,
//!
//! $$ J(W, b) = - \frac{1}{N} \sum_{i=1}^{N} \ln p_{y_i} , \qquad
//!    p_j = \frac{e^{z_j}}{\sum_{l=0}^{C-1} e^{z_l}} \quad \text{at the scores of } x_i . $$
//!
//! Write `update(w, b, xs, ys)`: the new $W$ and the new $b$, in this order, after one update of gradient
//! descent with all examples and your own rate $\eta = {{rate}}$ for both. `w` holds the $C$ rows of $W$, each
//! of length $D$; the rows of `xs` are the inputs; `ys` holds the labels $y_i$, numbers from 0 to $C - 1$.
//! No score is larger than 30.
//!
//! You may call `dot`.
//!
//! ## Hints
//!
//! 1. First the derivative of one example's loss with respect to its scores. It is a vector of $C$ entries:
//!    what the classifier says minus what it should say.
//! 2. $\partial J_i / \partial z_j = p_j - [\,j = y_i\,]$. How do $W_{jd}$ and $b_j$ enter $z_j$?
//! 3. Example $i$ adds $(p_j - [\,j = y_i\,])\, x_i / N$ to the gradient of row $j$, and the same without
//!    $x_i$ to that of $b_j$. Compute all of it before you change a weight.
//!
//! ## Explanation
//!
//! With the slopes $G_{ij} = p_j - [\,j = y_i\,]$ at example $i$ the gradients are $\frac{1}{N} G^\top X$ and
//! $\frac{1}{N} G^\top \mathbf{1}$. So an update adds a part of each input to the row of its class and
//! takes parts of it from all others. The parts of one example sum to zero, so the sum of the rows of $W$ never
//! changes. At $W = 0$ and $b = 0$ all $p_j$ are $1/C$, and the first update turns row $j$ of $W$ into
//! $\frac{\eta}{N} \bigl( \sum_{y_i = j} x_i - \frac{1}{C} \sum_i x_i \bigr)$.

use crate::prelude::*;

pub mod stub {
    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate") / xs.len() as f64;
        let (mut new_w, mut new_b) = (w.to_vec(), b.to_vec());
        for (x, &y) in xs.iter().zip(ys) {
            let powers: Vec<f64> =
                w.iter().zip(b).map(|(row, b)| (dot(row, x) + b).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum - if j == y { 1.0 } else { 0.0 };
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w -= part * slope * x;
                }
                new_b[j] -= part * slope;
            }
        }
        (new_w, new_b)
    }
}

/// The examples are added up; the loss is their mean, so 1/N is missing.
pub mod sum {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate");
        let (mut new_w, mut new_b) = (w.to_vec(), b.to_vec());
        for (x, &y) in xs.iter().zip(ys) {
            let powers: Vec<f64> =
                w.iter().zip(b).map(|(row, b)| (dot(row, x) + b).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum - if j == y { 1.0 } else { 0.0 };
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w -= part * slope * x;
                }
                new_b[j] -= part * slope;
            }
        }
        (new_w, new_b)
    }
}

/// The slope is the probability alone: the 1 of the right class is not subtracted, and nothing depends on the labels.
pub mod no_target {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate") / xs.len() as f64;
        let (mut new_w, mut new_b) = (w.to_vec(), b.to_vec());
        for x in xs {
            let powers: Vec<f64> =
                w.iter().zip(b).map(|(row, b)| (dot(row, x) + b).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum;
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w -= part * slope * x;
                }
                new_b[j] -= part * slope;
            }
        }
        (new_w, new_b)
    }
}

/// The biases stay as they were; they have a gradient too.
pub mod only_weights {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate") / xs.len() as f64;
        let mut new_w = w.to_vec();
        for (x, &y) in xs.iter().zip(ys) {
            let powers: Vec<f64> =
                w.iter().zip(b).map(|(row, b)| (dot(row, x) + b).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum - if j == y { 1.0 } else { 0.0 };
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w -= part * slope * x;
                }
            }
        }
        (new_w, b.to_vec())
    }
}

/// The update goes along the gradient and climbs: the row of each class moves away from its own inputs.
pub mod climbs {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate") / xs.len() as f64;
        let (mut new_w, mut new_b) = (w.to_vec(), b.to_vec());
        for (x, &y) in xs.iter().zip(ys) {
            let powers: Vec<f64> =
                w.iter().zip(b).map(|(row, b)| (dot(row, x) + b).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum - if j == y { 1.0 } else { 0.0 };
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w += part * slope * x;
                }
                new_b[j] += part * slope;
            }
        }
        (new_w, new_b)
    }
}

/// The weights change after every example, so the scores of the next come from other weights; one update takes all examples at one point.
pub mod one_by_one {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate") / xs.len() as f64;
        let (mut new_w, mut new_b) = (w.to_vec(), b.to_vec());
        for (x, &y) in xs.iter().zip(ys) {
            let powers: Vec<f64> =
                new_w.iter().zip(&new_b).map(|(row, b)| (dot(row, x) + b).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum - if j == y { 1.0 } else { 0.0 };
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w -= part * slope * x;
                }
                new_b[j] -= part * slope;
            }
        }
        (new_w, new_b)
    }
}

/// The scores are computed without the biases.
pub mod no_bias {
    use super::{dot, own};

    pub fn update(
        w: &[Vec<f64>],
        b: &[f64],
        xs: &[Vec<f64>],
        ys: &[usize],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let part = own("rate") / xs.len() as f64;
        let (mut new_w, mut new_b) = (w.to_vec(), b.to_vec());
        for (x, &y) in xs.iter().zip(ys) {
            let powers: Vec<f64> = w.iter().map(|row| dot(row, x).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (j, power) in powers.iter().enumerate() {
                let slope = power / sum - if j == y { 1.0 } else { 0.0 };
                for (w, x) in new_w[j].iter_mut().zip(x) {
                    *w -= part * slope * x;
                }
                new_b[j] -= part * slope;
            }
        }
        (new_w, new_b)
    }
}

use gradus_student::tools::dot;

/// A zero has no sign.
fn scaled(x: Vec<f64>, size: f64) -> Vec<f64> {
    x.iter().map(|x| size * x + 0.0).collect()
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, [n, classes, inputs]: [usize; 3], zero: bool| {
        let largest = if zero { 0.0 } else { 2.0 };
        let mut rows = |n: usize, size: f64| -> Vec<Vec<f64>> {
            (0..n).map(|_| scaled(draw.vector(inputs, -1.0, 1.0), size)).collect()
        };
        let args = Args::new().with("w", rows(classes, largest));
        let xs = rows(n, 2.0);
        let b = scaled(draw.vector(classes, -1.0, 1.0), largest);
        // Two labels that differ, then any.
        let first = draw.index(0, classes);
        let ys: Vec<usize> = (0..n)
            .map(|i| if i < 2 { (first + i) % classes } else { draw.index(0, classes) })
            .collect();
        Case::new(group, args.with("b", b).with("xs", xs).with("ys", ys))
    };
    vec![
        case("from zero", [2, 2, 1], true),
        case("from zero", [4, 3, 2], true),
        case("from other weights", [2, 2, 2], false),
        case("from other weights", [3, 3, 1], false),
        case("from other weights", [5, 4, 3], false),
    ]
}

exercise! {
    id: "softmax-update",
    chapter: 4,
    points: 3,
    allow: ["dot"],
    own: ["rate" in 0.10..0.90],
    source: include_str!("softmax_update.rs"),
    call: |x, ask| update(x.matrix("w"), x.vector("b"), x.matrix("xs"), x.indices("ys")),
    mistakes: [sum, no_target, only_weights, climbs, one_by_one, no_bias],
    // Sums of at most five examples.
    judge: Judge::Same(1e-9),
}
