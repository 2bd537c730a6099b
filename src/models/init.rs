use ndarray::{Array1, Axis};
use rand::Rng;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

use super::{Block, Role};
use crate::{Scalar, data};

/// How weights begin. Biases begin at 0, scales at 1.
///
/// A weight block of shape outputs × inputs has fan-in n = inputs and fan-out m = outputs; that of a
/// convolution, outputs × inputs × height × width, has n = inputs · height · width and
/// m = outputs · height · width.
///
/// ```
/// use gradus::prelude::*;
///
/// let loss = Softmax::new(&gradus::data::digits().train)?;
/// let w = loss.initial(Init::He, 7);
/// assert_eq!(w, loss.initial(Init::He, 7));
/// let weight = loss.blocks()[0].matrix(w.view())?;
/// assert!((weight.std(0.0) - (2.0 / 64.0_f64).sqrt()).abs() < 0.01);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Init {
    /// 0.
    Zero,
    /// The same number everywhere.
    Constant(f64),
    /// Normal with mean 0 and this standard deviation.
    Normal(f64),
    /// Normal with mean 0 and this standard deviation, drawn anew where it is beyond two of them: what
    /// is left has 0.88 of that deviation.
    TruncatedNormal(f64),
    /// Uniform in [−limit, limit), with this limit.
    Uniform(f64),
    /// Normal with variance 2 / (n + m): X. Glorot and Y. Bengio (2010), for tanh.
    Xavier,
    /// Uniform with variance 2 / (n + m): the limit is √(6 / (n + m)).
    XavierUniform,
    /// Normal with variance 2 / n: K. He et al. (2015), for ReLU.
    He,
    /// Uniform with variance 2 / n: the limit is √(6 / n).
    HeUniform,
}

impl Init {
    /// The parameters of a model with these blocks, drawn with `seed`, block by block.
    pub fn weights<T: Scalar>(self, blocks: &[Block], seed: u64) -> Array1<T> {
        let mut rng = data::rng(seed);
        let mut w = Array1::zeros(blocks.last().map_or(0, |block| block.range.end));
        for block in blocks {
            let mut part = w.slice_axis_mut(Axis(0), block.range.clone().into());
            match block.role {
                Role::Bias | Role::Mean => {}
                Role::Scale | Role::Variance => part.fill(T::one()),
                Role::Weight => {
                    let (fan_in, fan_out) = fans(&block.shape);
                    part.mapv_inplace(|_| T::of(self.draw(fan_in, fan_out, &mut rng)));
                }
            }
        }
        w
    }

    /// One weight of a block with this fan-in and fan-out.
    pub fn draw(self, fan_in: f64, fan_out: f64, rng: &mut impl Rng) -> f64 {
        let mut normal = |std: f64| std * rng.sample::<f64, _>(StandardNormal);
        match self {
            Self::Zero => 0.0,
            Self::Constant(value) => value,
            Self::Normal(std) => normal(std),
            Self::TruncatedNormal(std) => loop {
                let z = normal(1.0);
                if z.abs() <= 2.0 {
                    break std * z;
                }
            },
            Self::Xavier => normal((2.0 / (fan_in + fan_out)).sqrt()),
            Self::He => normal((2.0 / fan_in).sqrt()),
            Self::Uniform(limit) => uniform(limit, rng),
            Self::XavierUniform => uniform((6.0 / (fan_in + fan_out)).sqrt(), rng),
            Self::HeUniform => uniform((6.0 / fan_in).sqrt(), rng),
        }
    }
}

fn uniform(limit: f64, rng: &mut impl Rng) -> f64 {
    limit * (2.0 * rng.random::<f64>() - 1.0)
}

fn fans(shape: &[usize]) -> (f64, f64) {
    let window: usize = shape.iter().skip(2).product();
    let along = |axis: usize| (shape.get(axis).copied().unwrap_or(1) * window) as f64;
    (along(1), along(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::block::layout;

    fn moments(init: Init) -> (f64, f64, f64) {
        let part = |name: &str, shape: &[usize], role| (name.to_string(), shape.to_vec(), role);
        let blocks = layout([
            part("weight", &[100, 50, 3, 2], Role::Weight),
            part("bias", &[100], Role::Bias),
            part("scale", &[2], Role::Scale),
        ]);
        let w: Array1<f64> = init.weights(&blocks, 1);
        assert!(w.iter().skip(30_000).take(100).all(|&b| b == 0.0));
        assert!(w.iter().skip(30_100).all(|&s| s == 1.0));
        let w: Array1<f64> = w.into_iter().take(30_000).collect();
        let largest = w.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
        (w.mean().unwrap(), w.var(0.0), largest)
    }

    /// Means and variances are those of the distributions, within five standard errors of 30,000 draws
    /// (√(2/30000) = 0.8 % of the variance for a normal).
    #[test]
    fn moments_are_those_of_the_papers() {
        let (n, m) = (300.0, 600.0);
        // Var of a normal cut off at 2: 1 − 4 φ(2) / (2 Φ(2) − 1).
        let cut = 0.773_741;
        for (init, variance, limit) in [
            (Init::Normal(0.1), 0.01, 0.6),
            (Init::TruncatedNormal(0.1), 0.01 * cut, 0.2),
            (Init::Uniform(0.3), 0.03, 0.3),
            (Init::Xavier, 2.0 / (n + m), 0.3),
            (Init::XavierUniform, 2.0 / (n + m), (6.0_f64 / (n + m)).sqrt()),
            (Init::He, 2.0 / n, 0.5),
            (Init::HeUniform, 2.0 / n, (6.0_f64 / n).sqrt()),
        ] {
            let (mean, var, largest) = moments(init);
            assert!(mean.abs() < 5.0 * (variance / 30_000.0).sqrt(), "{init:?}: mean {mean}");
            assert!((var / variance - 1.0).abs() < 0.04, "{init:?}: variance {var}");
            assert!(largest <= limit, "{init:?}: {largest}");
        }
        assert_eq!(moments(Init::Zero), (0.0, 0.0, 0.0));
        assert_eq!(moments(Init::Constant(0.5)), (0.5, 0.0, 0.5));
    }

    #[test]
    fn single_precision_has_the_same_weights_rounded() {
        let blocks = layout([("weight".to_string(), vec![3, 4], Role::Weight)]);
        let wide: Array1<f64> = Init::He.weights(&blocks, 2);
        let narrow: Array1<f32> = Init::He.weights(&blocks, 2);
        assert_eq!(wide.mapv(|v| v as f32), narrow);
    }
}
