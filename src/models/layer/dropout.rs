use ndarray::{ArrayView2, ArrayViewMut2, Zip};
use rand::RngCore;
use serde::{Deserialize, Serialize};

use super::{Cache, Layer, Mode, Shape, grown, matrix};
use crate::{Error, Result, Scalar, data};

/// y = m x / (1 − p) in training, with a mask m that is 0 with probability p and else 1, each number for
/// itself; y = x in use. ∂x = m ∂y / (1 − p)
///
/// The division keeps the mean, so that nothing has to be scaled in use ("inverted" dropout). Source:
/// N. Srivastava et al. (2014).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dropout {
    /// p, the part that is dropped; 0 ≤ p < 1.
    pub rate: f64,
}

impl Layer for Dropout {
    fn output(&self, input: Shape) -> Result<Shape> {
        Error::check((0.0..1.0).contains(&self.rate), "rate", self.rate, "a number in [0, 1)")?;
        Ok(input)
    }

    fn forward<T: Scalar>(
        &self,
        _: &[T],
        x: ArrayView2<'_, T>,
        mut y: ArrayViewMut2<'_, T>,
        cache: &mut Cache<T>,
    ) {
        let Mode::Train { seed } = cache.mode else { return y.assign(&x) };
        let mut rng = data::rng(seed);
        let (dropped, kept) = (T::zero(), T::of(1.0 / (1.0 - self.rate)));
        // A whole number below p · 2³² is drawn with probability p.
        let limit = (self.rate * 2.0_f64.powi(32)) as u32;
        let mask = grown(&mut cache.numbers, x.len());
        mask.fill_with(|| if rng.next_u32() < limit { dropped } else { kept });
        let mask = matrix(mask, x.nrows(), x.ncols());
        Zip::from(y).and(x).and(mask).for_each(|y, &x, &m| *y = m * x);
    }

    fn backward<T: Scalar>(
        &self,
        _: &[T],
        _: (ArrayView2<'_, T>, ArrayView2<'_, T>),
        dy: ArrayView2<'_, T>,
        dx: Option<ArrayViewMut2<'_, T>>,
        _: &mut [T],
        cache: &mut Cache<T>,
    ) {
        let Some(mut dx) = dx else { return };
        if cache.mode == Mode::Evaluate {
            return dx.assign(&dy);
        }
        let mask = matrix(&cache.numbers[..dy.len()], dy.nrows(), dy.ncols());
        Zip::from(dx).and(dy).and(mask).for_each(|dx, &dy, &m| *dx = m * dy);
    }
}
