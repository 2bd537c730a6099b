//! # The clinic: biases that hardly learn
//!
//! A colleague trains a layer by AdaGrad. The weights and the biases are two groups of parameters, each
//! with a learning rate of its own. The biases hardly move as soon as the weights' gradients are large.
//! Here is the code: mend it, so that each group is trained by AdaGrad as if the other one were not
//! there. A group with the parameters $w$ begins with $r = 0$ and makes one step for each row $g$ of its
//! gradients, the first row first:
//!
//! $$ r \leftarrow r + g^2, \qquad w \leftarrow w - \frac{\eta}{\sqrt{r} + \epsilon}\, g , $$
//!
//! component by component, with the new $r$ in the second formula and $\epsilon = 10^{-7}$. Your own rates
//! are $\eta = {{weights}}$ for the weights and $\eta = {{biases}}$ for the biases.
//!
//! `weights` and `biases` are the parameters before the first step. They may differ in length. The rows of
//! `weight_gradients` are as long as `weights`, those of `bias_gradients` as `biases`, and both have the
//! same number of rows. It returns the new weights and the new biases, in this order.
//!
//! ## Hints
//!
//! 1. To which parameters do the squares in `r[0]` belong, after one round of the loop?
//! 2. How many numbers does AdaGrad have to remember, for three weights and two biases?
//! 3. Look at each argument of both calls of `step`.
//!
//! ## Explanation
//!
//! One vector `r` serves both groups: the steps of the first bias are divided by a root of squares of the
//! first weight's gradients and of its own. AdaGrad's point is that each parameter has its own sum, so a layer with three weights and two
//! biases has five. The second fault is that the biases get the weights' rate. Either fault alone still
//! trains, only badly. This is why libraries key an optimizer's state by the parameter and not by a
//! position in a group.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn train(
        weights: &[f64],
        biases: &[f64],
        weight_gradients: &[Vec<f64>],
        bias_gradients: &[Vec<f64>],
    ) -> (Vec<f64>, Vec<f64>) {
        let (weight_rate, bias_rate) = (own("weights"), own("biases"));
        let (mut weights, mut biases) = (weights.to_vec(), biases.to_vec());
        let mut r = vec![0.0; weights.len().max(biases.len())];
        for (gw, gb) in weight_gradients.iter().zip(bias_gradients) {
            step(&mut weights, &mut r, gw, weight_rate);
            step(&mut biases, &mut r, gb, weight_rate);
        }
        (weights, biases)
    }

    fn step(w: &mut [f64], r: &mut [f64], g: &[f64], rate: f64) {
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + 1e-7);
        }
    }
}

pub mod solution {
    use super::own;

    pub fn train(
        weights: &[f64],
        biases: &[f64],
        weight_gradients: &[Vec<f64>],
        bias_gradients: &[Vec<f64>],
    ) -> (Vec<f64>, Vec<f64>) {
        let (weight_rate, bias_rate) = (own("weights"), own("biases"));
        let (mut weights, mut biases) = (weights.to_vec(), biases.to_vec());
        let mut weight_r = vec![0.0; weights.len()];
        let mut bias_r = vec![0.0; biases.len()];
        for (gw, gb) in weight_gradients.iter().zip(bias_gradients) {
            step(&mut weights, &mut weight_r, gw, weight_rate);
            step(&mut biases, &mut bias_r, gb, bias_rate);
        }
        (weights, biases)
    }

    fn step(w: &mut [f64], r: &mut [f64], g: &[f64], rate: f64) {
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + 1e-7);
        }
    }
}

/// The biases have their own rate now, but both groups still add their squares to the same r.
pub mod shared {
    use super::own;

    pub fn train(
        weights: &[f64],
        biases: &[f64],
        weight_gradients: &[Vec<f64>],
        bias_gradients: &[Vec<f64>],
    ) -> (Vec<f64>, Vec<f64>) {
        let (weight_rate, bias_rate) = (own("weights"), own("biases"));
        let (mut weights, mut biases) = (weights.to_vec(), biases.to_vec());
        let mut r = vec![0.0; weights.len().max(biases.len())];
        for (gw, gb) in weight_gradients.iter().zip(bias_gradients) {
            step(&mut weights, &mut r, gw, weight_rate);
            step(&mut biases, &mut r, gb, bias_rate);
        }
        (weights, biases)
    }

    fn step(w: &mut [f64], r: &mut [f64], g: &[f64], rate: f64) {
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + 1e-7);
        }
    }
}

/// Each group has its own r now, but the biases still get the weights' rate.
pub mod one_rate {
    use super::own;

    pub fn train(
        weights: &[f64],
        biases: &[f64],
        weight_gradients: &[Vec<f64>],
        bias_gradients: &[Vec<f64>],
    ) -> (Vec<f64>, Vec<f64>) {
        let weight_rate = own("weights");
        let (mut weights, mut biases) = (weights.to_vec(), biases.to_vec());
        let mut weight_r = vec![0.0; weights.len()];
        let mut bias_r = vec![0.0; biases.len()];
        for (gw, gb) in weight_gradients.iter().zip(bias_gradients) {
            step(&mut weights, &mut weight_r, gw, weight_rate);
            step(&mut biases, &mut bias_r, gb, weight_rate);
        }
        (weights, biases)
    }

    fn step(w: &mut [f64], r: &mut [f64], g: &[f64], rate: f64) {
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + 1e-7);
        }
    }
}

/// Each group has its own r, but it begins at zero again in every step: the past is lost, and each step goes by the sign.
pub mod forgotten {
    use super::own;

    pub fn train(
        weights: &[f64],
        biases: &[f64],
        weight_gradients: &[Vec<f64>],
        bias_gradients: &[Vec<f64>],
    ) -> (Vec<f64>, Vec<f64>) {
        let (weight_rate, bias_rate) = (own("weights"), own("biases"));
        let (mut weights, mut biases) = (weights.to_vec(), biases.to_vec());
        for (gw, gb) in weight_gradients.iter().zip(bias_gradients) {
            step(&mut weights, gw, weight_rate);
            step(&mut biases, gb, bias_rate);
        }
        (weights, biases)
    }

    fn step(w: &mut [f64], g: &[f64], rate: f64) {
        for i in 0..w.len() {
            w[i] -= rate * g[i] / (g[i].abs() + 1e-7);
        }
    }
}

/// Each group has its own r, but it is one number for the whole group; AdaGrad has one for each parameter.
pub mod one_number {
    use super::own;

    pub fn train(
        weights: &[f64],
        biases: &[f64],
        weight_gradients: &[Vec<f64>],
        bias_gradients: &[Vec<f64>],
    ) -> (Vec<f64>, Vec<f64>) {
        let (weight_rate, bias_rate) = (own("weights"), own("biases"));
        let (mut weights, mut biases) = (weights.to_vec(), biases.to_vec());
        let (mut weight_r, mut bias_r) = (0.0, 0.0);
        for (gw, gb) in weight_gradients.iter().zip(bias_gradients) {
            step(&mut weights, &mut weight_r, gw, weight_rate);
            step(&mut biases, &mut bias_r, gb, bias_rate);
        }
        (weights, biases)
    }

    fn step(w: &mut [f64], r: &mut f64, g: &[f64], rate: f64) {
        *r += g.iter().map(|g| g * g).sum::<f64>();
        for i in 0..w.len() {
            w[i] -= rate * g[i] / (r.sqrt() + 1e-7);
        }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, weights: usize, biases: usize, steps: usize, size: f64| {
        let args = Args::new().with("weights", draw.vector(weights, -2.0, 2.0));
        let args = args.with("biases", draw.vector(biases, -1.0, 1.0));
        let mut gradients = |n: usize, size: f64| -> Vec<Vec<f64>> {
            // No entry is zero: each parameter moves.
            let mut entry = || {
                let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
                sign * draw.decimal(0.2 * size, 2.0 * size, 2)
            };
            (0..steps).map(|_| (0..n).map(|_| entry()).collect()).collect()
        };
        let args = args.with("weight_gradients", gradients(weights, size));
        Case::new(group, args.with("bias_gradients", gradients(biases, 1.0)))
    };
    let (alike, large) = ("gradients of one size", "large gradients of the weights");
    vec![
        case(alike, 2, 2, 2, 1.0),
        case(alike, 2, 3, 4, 1.0),
        case(alike, 3, 1, 3, 1.0),
        case(large, 2, 2, 3, 30.0),
        case(large, 4, 2, 5, 30.0),
        case(large, 3, 4, 6, 30.0),
    ]
}

exercise! {
    id: "parameter-groups-clinic",
    chapter: 16,
    points: 3,
    clinic: true,
    own: ["weights" in 0.05..0.25, "biases" in 0.30..0.90],
    source: include_str!("parameter_groups_clinic.rs"),
    call: |x, ask| train(
        x.vector("weights"),
        x.vector("biases"),
        x.matrix("weight_gradients"),
        x.matrix("bias_gradients"),
    ),
    mistakes: [shared, one_rate, forgotten, one_number],
    // Six steps of a handful of operations.
    judge: Judge::Same(1e-9),
}
