use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use serde::{Deserialize, Serialize};

use super::activation::NUMBERS_PER_THREAD;
use super::{Cache, Layer, Shape, grown};
use crate::{Error, Result, Scalar, threads};

/// The largest number of each size × size window of a channel; windows do not overlap, and what is left
/// over at the right and at the bottom is not looked at.
///
/// ∂x is ∂y where the maximum was (the first of several), and 0 elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxPool2d {
    /// The shape of an input.
    pub input: Shape,
    /// Rows and columns of a window.
    pub size: usize,
}

impl MaxPool2d {
    fn pooled(&self) -> Shape {
        let Shape { channels, rows, columns } = self.input;
        Shape { channels, rows: rows / self.size, columns: columns / self.size }
    }

    /// The largest numbers of one example, and where they were.
    fn pool<T: Scalar>(&self, x: &[T], y: &mut [T], places: &mut [u32]) {
        let (columns, out) = (self.input.columns, self.pooled());
        let each = y.iter_mut().zip(places).enumerate();
        for (i, (y, place)) in each {
            let (channel, pixel) = (i / out.pixels(), i % out.pixels());
            let (row, column) = (pixel / out.columns * self.size, pixel % out.columns * self.size);
            let corner = channel * self.input.pixels() + row * columns + column;
            let mut best = corner;
            for r in 0..self.size {
                let line = corner + r * columns;
                for j in line..line + self.size {
                    if x[j] > x[best] || x[j].is_nan() {
                        best = j;
                    }
                }
            }
            *y = x[best];
            *place = best as u32;
        }
    }
}

impl Layer for MaxPool2d {
    fn output(&self, input: Shape) -> Result<Shape> {
        let fits = self.size > 0 && self.size <= input.rows.min(input.columns);
        Error::check(fits, "size", self.size, "a window that fits into the image")?;
        input.check(self.input)?;
        Ok(self.pooled())
    }

    fn forward<T: Scalar>(
        &self,
        _: &[T],
        x: ArrayView2<'_, T>,
        mut y: ArrayViewMut2<'_, T>,
        cache: &mut Cache<T>,
    ) {
        let rows = x.nrows().div_ceil(threads::parts(x.len(), NUMBERS_PER_THREAD)).max(1);
        let width = y.ncols();
        let places = grown(&mut cache.indices, y.len()).chunks_mut(rows * width);
        let parts = x.axis_chunks_iter(Axis(0), rows).zip(y.axis_chunks_iter_mut(Axis(0), rows));
        threads::share(parts.zip(places), |((x, mut y), places)| {
            let rows = x.rows().into_iter().zip(y.rows_mut());
            for ((x, mut y), places) in rows.zip(places.chunks_mut(width)) {
                if let (Some(x), Some(y)) = (x.as_slice(), y.as_slice_mut()) {
                    self.pool(x, y, places);
                }
            }
        });
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
        let rows = dy.nrows().div_ceil(threads::parts(dx.len(), NUMBERS_PER_THREAD)).max(1);
        let width = dy.ncols();
        let places = cache.indices[..dy.len()].chunks(rows * width);
        let parts = dy.axis_chunks_iter(Axis(0), rows).zip(dx.axis_chunks_iter_mut(Axis(0), rows));
        threads::share(parts.zip(places), |((dy, mut dx), places)| {
            dx.fill(T::zero());
            let rows = dy.rows().into_iter().zip(dx.rows_mut());
            for ((dy, mut dx), places) in rows.zip(places.chunks(width)) {
                for (&dy, &place) in dy.iter().zip(places) {
                    dx[place as usize] += dy;
                }
            }
        });
    }
}
