//! # The gradient of batch normalisation
//!
//! Batch normalisation takes the pre-activations $z_1, \dots, z_m$ of one unit over a mini-batch and gives
//!
//! $$ y_i = \gamma\, \hat z_i + \beta, \qquad \hat z_i = \frac{z_i - \mu}{\sqrt{v + \epsilon}}, \qquad
//! \mu = \frac1m \sum_{i=1}^m z_i, \qquad v = \frac1m \sum_{i=1}^m (z_i - \mu)^2 . $$
//!
//! Write `back(z, d)`, where `z` holds the $z_i$ and `d` the gradient that comes from above,
//! $d_i = \partial J / \partial y_i$. Return the vector of the $\partial J / \partial z_i$. Here $J$ depends on the $z_i$
//! through the $y_i$ only. Yours are $\gamma = {{gamma}}$ and $\epsilon = {{eps}}$ (larger than usual, so that its place
//! can be seen); $\beta$ does not matter. $m \ge 2$.
//!
//! ## Hints
//!
//! 1. Every $z_i$ acts on every $y_k$, for it is in $\mu$ and in $v$. So
//!    $\partial J / \partial z_i = \sum_k d_k\, \partial y_k / \partial z_i$, a sum of $m$ terms.
//! 2. $\partial \mu / \partial z_i = 1 / m$ and $\partial v / \partial z_i = 2 (z_i - \mu) / m$; the way by $\mu$ in $v$ gives
//!    zero, because the $z_k - \mu$ sum to zero.
//! 3. With a few differences $(J(z_i + h) - J(z_i - h)) / 2h$ for $J = \sum_k d_k y_k$ you can check your
//!    formula.
//!
//! ## Explanation
//!
//! Collecting the terms gives
//!
//! $$ \frac{\partial J}{\partial z_i} = \frac{\gamma}{\sqrt{v + \epsilon}} \Bigl( d_i - \frac1m \sum_k d_k - \hat z_i\, \frac1m \sum_k d_k \hat z_k \Bigr) . $$
//!
//! The mean of the gradient is taken out, and its component along $\hat z$: to shift all $z_i$ changes
//! nothing, and to scale them changes nothing but for $\epsilon$. So the result always sums to zero. Whoever takes
//! $\mu$ and $v$ for constants keeps both components, and the weights below then wander in directions in
//! which the loss is level.

use crate::prelude::*;

pub mod stub {
    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let (gamma, eps) = (own("gamma"), own("eps"));
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = (variance + eps).sqrt();
        let hat: Vec<f64> = z.iter().map(|z| (z - mean) / root).collect();
        let mean_d = d.iter().sum::<f64>() / m;
        let mean_h = d.iter().zip(&hat).map(|(d, h)| d * h).sum::<f64>() / m;
        d.iter().zip(&hat).map(|(d, h)| gamma / root * (d - mean_d - h * mean_h)).collect()
    }
}

/// The mean and the variance are taken for constants; they depend on every number of the batch.
pub mod constants {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let (gamma, eps) = (own("gamma"), own("eps"));
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = (variance + eps).sqrt();
        d.iter().map(|d| gamma / root * d).collect()
    }
}

/// The way through the mean is there, the way through the variance is missing.
pub mod mean_only {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let (gamma, eps) = (own("gamma"), own("eps"));
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = (variance + eps).sqrt();
        let mean_d = d.iter().sum::<f64>() / m;
        d.iter().map(|d| gamma / root * (d - mean_d)).collect()
    }
}

/// The way through the variance is there, the way through the mean is missing.
pub mod variance_only {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let (gamma, eps) = (own("gamma"), own("eps"));
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = (variance + eps).sqrt();
        let hat: Vec<f64> = z.iter().map(|z| (z - mean) / root).collect();
        let mean_h = d.iter().zip(&hat).map(|(d, h)| d * h).sum::<f64>() / m;
        d.iter().zip(&hat).map(|(d, h)| gamma / root * (d - h * mean_h)).collect()
    }
}

/// γ is left out: yᵢ is γ times the normalised z.
pub mod without_gamma {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let eps = own("eps");
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = (variance + eps).sqrt();
        let hat: Vec<f64> = z.iter().map(|z| (z - mean) / root).collect();
        let mean_d = d.iter().sum::<f64>() / m;
        let mean_h = d.iter().zip(&hat).map(|(d, h)| d * h).sum::<f64>() / m;
        d.iter().zip(&hat).map(|(d, h)| (d - mean_d - h * mean_h) / root).collect()
    }
}

/// ε is left out of the root.
pub mod without_eps {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let gamma = own("gamma");
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = variance.sqrt();
        let hat: Vec<f64> = z.iter().map(|z| (z - mean) / root).collect();
        let mean_d = d.iter().sum::<f64>() / m;
        let mean_h = d.iter().zip(&hat).map(|(d, h)| d * h).sum::<f64>() / m;
        d.iter().zip(&hat).map(|(d, h)| gamma / root * (d - mean_d - h * mean_h)).collect()
    }
}

/// ε is added to the root and not under it.
pub mod eps_outside {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let (gamma, eps) = (own("gamma"), own("eps"));
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = variance.sqrt() + eps;
        let hat: Vec<f64> = z.iter().map(|z| (z - mean) / root).collect();
        let mean_d = d.iter().sum::<f64>() / m;
        let mean_h = d.iter().zip(&hat).map(|(d, h)| d * h).sum::<f64>() / m;
        d.iter().zip(&hat).map(|(d, h)| gamma / root * (d - mean_d - h * mean_h)).collect()
    }
}

/// The sums are not divided by m: it is the means of d and of d times the normalised z that are taken out.
pub mod sums {
    use super::own;

    pub fn back(z: &[f64], d: &[f64]) -> Vec<f64> {
        let (gamma, eps) = (own("gamma"), own("eps"));
        let m = z.len() as f64;
        let mean = z.iter().sum::<f64>() / m;
        let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / m;
        let root = (variance + eps).sqrt();
        let hat: Vec<f64> = z.iter().map(|z| (z - mean) / root).collect();
        let mean_d = d.iter().sum::<f64>() / m;
        let mean_h = d.iter().zip(&hat).map(|(d, h)| d * h).sum::<f64>() / m;
        d.iter().zip(&hat).map(|(d, h)| gamma / root * (d - m * mean_d - m * h * mean_h)).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, m: usize| {
        // Numbers in two halves, so that the variance is never small.
        let mut z = draw.vector(m, -3.0, -0.5);
        z[m / 2..].iter_mut().for_each(|z| *z = -*z);
        Case::new(group, Args::new().with("z", z).with("d", draw.vector(m, -2.0, 2.0)))
    };
    vec![
        case("small batches", 2),
        case("small batches", 3),
        case("small batches", 4),
        case("larger batches", 7),
        case("larger batches", 12),
    ]
}

exercise! {
    id: "batch-norm-gradient",
    chapter: 13,
    points: 4,
    own: ["gamma" in 1.20..2.50, "eps" in 0.10..0.50],
    source: include_str!("batch_norm_gradient.rs"),
    call: |x, ask| back(x.vector("z"), x.vector("d")),
    mistakes: [
        constants,
        mean_only,
        variance_only,
        without_gamma,
        without_eps,
        eps_outside,
        sums,
    ],
    // Sums of at most a dozen numbers; differences of numbers of like size lose two digits at most.
    judge: Judge::Same(1e-9),
}
