//! # The clinic: a net that looks back with new weights
//!
//! A colleague's small net learns, but its gradient check fails in the first layer. It has one hidden
//! layer and one output,
//!
//! $$ z = W^{(1)} x + b^{(1)}, \qquad a = \tanh z, \qquad \hat y = w^{(2)} \cdot a + b^{(2)}, \qquad
//! J = (\hat y - y)^2 . $$
//!
//! `update(w1, b1, w2, b2, x, y)` should do one update of gradient descent for one example $x$ with the
//! target $y$: of every parameter $\theta$ it subtracts $\eta\, \partial J / \partial \theta$, with your
//! own $\eta = {{rate}}$, and *all* the derivatives are those at the old parameters. `w1` holds the rows
//! of $W^{(1)}$, one for each hidden unit; `w2` is the vector $w^{(2)}$, `b2` a number. It returns the
//! new parameters in the same order: `w1`, `b1`, `w2`, `b2`. Mend it. You may call `dot`.
//!
//! ## Hints
//!
//! 1. Write down $\delta_2 = \partial J / \partial \hat y$ and
//!    $\delta_{1,j} = \partial J / \partial z_j$. Which $w^{(2)}$ stands in $\delta_1$, and which does
//!    the program use?
//! 2. What is the derivative of $\tanh z$, written with $a = \tanh z$?
//!
//! ## Explanation
//!
//! $\delta_2 = 2 (\hat y - y)$ and $\delta_{1,j} = \delta_2\, w^{(2)}_j (1 - a_j^2)$, both at the point
//! where the net was evaluated. A layer that is changed before the walk back has passed it sends a
//! gradient of no function at all. The error is in proportion to $\eta$, so it is small at small rates
//! and the net still learns: only a gradient check tells. The slope of $\tanh$ is $1 - \tanh^2 z$; with
//! $z$ in the place of $a$ it becomes negative as soon as $|z| > 1$.

use crate::prelude::*;
use gradus_student::tools::dot;

pub mod stub {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = 2.0 * (dot(&w2, &a) + b2 - y);
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        let d1: Vec<f64> = w2.iter().zip(&z).map(|(w, z)| d2 * w * (1.0 - z * z)).collect();
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d;
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

pub mod solution {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = 2.0 * (dot(&w2, &a) + b2 - y);
        let d1: Vec<f64> = w2.iter().zip(&a).map(|(w, a)| d2 * w * (1.0 - a * a)).collect();
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d;
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

/// The slope of tanh is right, but the second layer's weights are still changed before the walk back has used them.
pub mod new_weights {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = 2.0 * (dot(&w2, &a) + b2 - y);
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        let d1: Vec<f64> = w2.iter().zip(&a).map(|(w, a)| d2 * w * (1.0 - a * a)).collect();
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d;
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

/// The order is mended, but the slope of tanh is still taken as 1 - z²; it needs the activation, not the pre-activation.
pub mod slope_of_z {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = 2.0 * (dot(&w2, &a) + b2 - y);
        let d1: Vec<f64> = w2.iter().zip(&z).map(|(w, z)| d2 * w * (1.0 - z * z)).collect();
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d;
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

/// The activation is left out of the walk back: the gradient for z needs the slope of tanh.
pub mod no_slope {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = 2.0 * (dot(&w2, &a) + b2 - y);
        let d1: Vec<f64> = w2.iter().map(|w| d2 * w).collect();
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d;
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

/// The factor 2 of the square's derivative is missing, so every change is half of what it should be.
pub mod half {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = dot(&w2, &a) + b2 - y;
        let d1: Vec<f64> = w2.iter().zip(&a).map(|(w, a)| d2 * w * (1.0 - a * a)).collect();
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d;
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

/// The hidden biases are changed by δ₁ times an input: a bias has the factor 1.
pub mod bias_by_input {
    use super::{dot, own};

    pub fn update(
        w1: &[Vec<f64>],
        b1: &[f64],
        w2: &[f64],
        b2: f64,
        x: &[f64],
        y: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
        let rate = own("rate");
        let (mut w1, mut b1, mut w2) = (w1.to_vec(), b1.to_vec(), w2.to_vec());
        let z: Vec<f64> = w1.iter().zip(&b1).map(|(row, b)| dot(row, x) + b).collect();
        let a: Vec<f64> = z.iter().map(|z| z.tanh()).collect();
        let d2 = 2.0 * (dot(&w2, &a) + b2 - y);
        let d1: Vec<f64> = w2.iter().zip(&a).map(|(w, a)| d2 * w * (1.0 - a * a)).collect();
        for j in 0..a.len() {
            w2[j] -= rate * d2 * a[j];
        }
        for (j, d) in d1.iter().enumerate() {
            w1[j] = w1[j].iter().zip(x).map(|(w, x)| w - rate * d * x).collect();
            b1[j] -= rate * d * x[0];
        }
        (w1, b1, w2, b2 - rate * d2)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, hidden: usize, inputs: usize| {
        // Pre-activations of order one, and a target far from the output: no derivative is near zero.
        let w1: Vec<Vec<f64>> = (0..hidden).map(|_| draw.vector(inputs, 0.2, 0.8)).collect();
        let b1 = draw.vector(hidden, -0.3, 0.3);
        let w2: Vec<f64> =
            (0..hidden).map(|j| [1.0, -1.0][j % 2] * draw.decimal(0.3, 1.0, 3)).collect();
        let x: Vec<f64> = (0..inputs).map(|_| draw.decimal(0.3, 0.9, 2)).collect();
        let y = [3.0, -3.0][draw.index(0, 2)] * draw.decimal(1.0, 1.5, 2);
        let args = Args::new().with("w1", w1).with("b1", b1).with("w2", w2);
        let args = args.with("b2", draw.decimal(-0.5, 0.5, 2));
        Case::new(group, args.with("x", x).with("y", y))
    };
    vec![
        case("one hidden unit", 1, 1),
        case("one hidden unit", 1, 3),
        case("several hidden units", 2, 2),
        case("several hidden units", 3, 2),
        case("several hidden units", 4, 3),
    ]
}

exercise! {
    id: "mlp-update-clinic",
    chapter: 9,
    points: 4,
    clinic: true,
    allow: ["dot"],
    own: ["rate" in 0.05..0.40],
    source: include_str!("mlp_update_clinic.rs"),
    call: |x, ask| update(
        x.matrix("w1"),
        x.vector("b1"),
        x.vector("w2"),
        x.number("b2"),
        x.vector("x"),
        x.number("y"),
    ),
    mistakes: [new_weights, slope_of_z, no_slope, half, bias_by_input],
    // Sums of a few products, all of order one.
    judge: Judge::Same(1e-9),
}
