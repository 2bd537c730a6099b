use ndarray::{ArrayView2, ArrayViewMut2, Axis, Zip};
use serde::{Deserialize, Serialize};

use super::{Cache, Layer, Shape};
use crate::{Result, Scalar, threads};

/// y = φ(x), number by number: ∂x = φ′(x) ∂y, where φ′ follows from y.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// max(0, x), with slope 0 at its kink.
    Relu,
    /// tanh x, φ′ = 1 − y².
    Tanh,
    /// 1 / (1 + e⁻ˣ), φ′ = y (1 − y).
    Sigmoid,
}

/// Numbers that are worth a thread.
pub(super) const NUMBERS_PER_THREAD: usize = 1 << 16;

impl Layer for Activation {
    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn forward<T: Scalar>(
        &self,
        _: &[T],
        x: ArrayView2<'_, T>,
        mut y: ArrayViewMut2<'_, T>,
        _: &mut Cache<T>,
    ) {
        let rows = x.nrows().div_ceil(threads::parts(x.len(), NUMBERS_PER_THREAD)).max(1);
        let parts = x.axis_chunks_iter(Axis(0), rows).zip(y.axis_chunks_iter_mut(Axis(0), rows));
        threads::share(parts, |(x, y)| {
            let each = Zip::from(y).and(x);
            match self {
                // A NaN stays one.
                Self::Relu => each.for_each(|y, &x| *y = if x < T::zero() { T::zero() } else { x }),
                Self::Tanh => each.for_each(|y, &x| *y = x.tanh()),
                Self::Sigmoid => {
                    each.for_each(|y, &x| *y = (T::one() + (-x).exp()).recip());
                }
            }
        });
    }

    fn backward<T: Scalar>(
        &self,
        _: &[T],
        (_, y): (ArrayView2<'_, T>, ArrayView2<'_, T>),
        dy: ArrayView2<'_, T>,
        dx: Option<ArrayViewMut2<'_, T>>,
        _: &mut [T],
        _: &mut Cache<T>,
    ) {
        let Some(mut dx) = dx else { return };
        let rows = y.nrows().div_ceil(threads::parts(y.len(), NUMBERS_PER_THREAD)).max(1);
        let along = Axis(0);
        let parts = y.axis_chunks_iter(along, rows).zip(dy.axis_chunks_iter(along, rows));
        threads::share(parts.zip(dx.axis_chunks_iter_mut(along, rows)), |((y, dy), dx)| {
            let each = Zip::from(dx).and(dy).and(y);
            let (zero, one) = (T::zero(), T::one());
            match self {
                Self::Relu => each.for_each(|dx, &dy, &y| *dx = if y > zero { dy } else { zero }),
                Self::Tanh => each.for_each(|dx, &dy, &y| *dx = dy * (one - y * y)),
                Self::Sigmoid => each.for_each(|dx, &dy, &y| *dx = dy * y * (one - y)),
            }
        });
    }
}
