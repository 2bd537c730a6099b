use ndarray::{ArrayView2, ArrayViewMut2};
use serde::{Deserialize, Serialize};

use super::{Cache, Layer, Mode, Shape, flat, flat_mut, grown};
use crate::models::Role;
use crate::{Error, Result, Scalar};

/// Batch normalisation: y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), channel by channel, ε = 10⁻⁵.
///
/// In training μ and σ² are mean and variance of the batch, over examples and pixels; in use they are
/// running means of these, which training keeps in the parameters' last two blocks: r ← 0.9 r + 0.1 s, with
/// the batch's unbiased variance for s, as in PyTorch. With M numbers a channel and ĝ = γ ∂y,
///
/// training: ∂x = (ĝ − mean ĝ − x̂ mean(ĝ x̂)) / √(σ² + ε);  use: ∂x = ĝ / √(σ² + ε);  ∂γ = Σ ∂y x̂,  ∂β = Σ ∂y
///
/// Source: S. Ioffe and C. Szegedy (2015).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchNorm {
    /// Features, or channels of an image.
    pub channels: usize,
    /// Pixels of a channel; 1 if the input is no image.
    pub pixels: usize,
}

const EPSILON: f64 = 1e-5;

impl BatchNorm {
    /// The sum of f(x, dy) over each channel, where f also knows the channel's number.
    fn sums<T: Scalar>(
        &self,
        x: ArrayView2<'_, T>,
        dy: ArrayView2<'_, T>,
        sums: &mut [T],
        f: impl Fn(usize, T, T) -> T,
    ) {
        sums.fill(T::zero());
        let (x, dy) = (flat(&x).chunks(self.pixels), flat(&dy).chunks(self.pixels));
        for (i, (x, dy)) in x.zip(dy).enumerate() {
            let k = i % self.channels;
            sums[k] += x.iter().zip(dy).map(|(&x, &dy)| f(k, x, dy)).sum::<T>();
        }
    }
}

impl Layer for BatchNorm {
    fn output(&self, input: Shape) -> Result<Shape> {
        Error::check_len("input", input.size(), self.channels * self.pixels)?;
        Ok(input)
    }

    fn parameters(&self) -> Vec<(&'static str, Vec<usize>, Role)> {
        let names = ["scale", "bias", "mean", "variance"];
        let roles = [Role::Scale, Role::Bias, Role::Mean, Role::Variance];
        names.into_iter().zip(roles).map(|(name, role)| (name, vec![self.channels], role)).collect()
    }

    fn forward<T: Scalar>(
        &self,
        w: &[T],
        x: ArrayView2<'_, T>,
        mut y: ArrayViewMut2<'_, T>,
        cache: &mut Cache<T>,
    ) {
        let c = self.channels;
        let (scale, bias) = (&w[..c], &w[c..2 * c]);
        // Mean, variance and 1 / √(σ² + ε) of each channel.
        let (mean, rest) = grown(&mut cache.numbers, 3 * c).split_at_mut(c);
        let (variance, rest) = rest.split_at_mut(c);
        if cache.mode == Mode::Evaluate {
            mean.copy_from_slice(&w[2 * c..3 * c]);
            variance.copy_from_slice(&w[3 * c..4 * c]);
        } else {
            let count = T::of((x.nrows() * self.pixels) as f64);
            self.sums(x, x, mean, |_, x, _| x);
            mean.iter_mut().for_each(|m| *m /= count);
            self.sums(x, x, variance, |k, x, _| (x - mean[k]) * (x - mean[k]));
            variance.iter_mut().for_each(|v| *v /= count);
        }
        let inverse = rest;
        for (inverse, &v) in inverse.iter_mut().zip(variance.iter()) {
            *inverse = (v + T::of(EPSILON)).sqrt().recip();
        }
        let (x, y) = (flat(&x).chunks(self.pixels), flat_mut(&mut y).chunks_mut(self.pixels));
        for (i, (y, x)) in y.zip(x).enumerate() {
            let k = i % c;
            let (factor, shift) = (scale[k] * inverse[k], bias[k]);
            y.iter_mut().zip(x).for_each(|(y, &x)| *y = factor * (x - mean[k]) + shift);
        }
    }

    fn backward<T: Scalar>(
        &self,
        w: &[T],
        (x, _): (ArrayView2<'_, T>, ArrayView2<'_, T>),
        dy: ArrayView2<'_, T>,
        dx: Option<ArrayViewMut2<'_, T>>,
        dw: &mut [T],
        cache: &mut Cache<T>,
    ) {
        let c = self.channels;
        let scale = &w[..c];
        let part = |k: usize| k * c..(k + 1) * c;
        let (mean, variance) = (&cache.numbers[part(0)], &cache.numbers[part(1)]);
        let inverse = &cache.numbers[part(2)];
        let (d_scale, rest) = dw.split_at_mut(c);
        let (d_bias, statistics) = rest.split_at_mut(c);
        self.sums(x, dy, d_scale, |k, x, dy| dy * (x - mean[k]) * inverse[k]);
        self.sums(x, dy, d_bias, |_, _, dy| dy);
        let training = cache.mode != Mode::Evaluate;
        let count = (x.nrows() * self.pixels) as f64;
        if let Some(mut dx) = dx {
            // The mean of ĝ is γ ∂β / M, that of ĝ x̂ is γ ∂γ / M.
            let through = if training { T::of(1.0 / count) } else { T::zero() };
            let channels = flat(&x).chunks(self.pixels).zip(flat(&dy).chunks(self.pixels));
            let channels = flat_mut(&mut dx).chunks_mut(self.pixels).zip(channels);
            for (i, (dx, (x, dy))) in channels.enumerate() {
                let k = i % c;
                let factor = scale[k] * inverse[k];
                for (dx, (&x, &dy)) in dx.iter_mut().zip(x.iter().zip(dy)) {
                    let normalised = (x - mean[k]) * inverse[k];
                    *dx = factor * (dy - through * (d_bias[k] + normalised * d_scale[k]));
                }
            }
        }
        let (to_mean, to_variance) = statistics.split_at_mut(c);
        if training {
            // Not slopes: what the running statistics will follow.
            let unbiased = T::of(count / (count - 1.0).max(1.0));
            to_mean.copy_from_slice(mean);
            to_variance.iter_mut().zip(variance).for_each(|(to, &v)| *to = unbiased * v);
        } else {
            for k in 0..c {
                to_mean[k] = -scale[k] * inverse[k] * d_bias[k];
                let half = T::of(-0.5);
                to_variance[k] = half * scale[k] * inverse[k] * inverse[k] * d_scale[k];
            }
        }
    }
}
