use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use serde::{Deserialize, Serialize};

use super::product::WORK_PER_THREAD;
use super::{Cache, Layer, Shape, grown, matrix, matrix_mut};
use crate::models::Role;
use crate::{Error, Result, Scalar, threads};

/// Convolution with stride 1: each output pixel is a weighted sum of the input's window around it, over
/// all channels, plus a bias; the image is padded with zeros.
///
/// With the windows of an image as columns, X of shape (channels · size²) × pixels, it is a product of
/// matrices, image by image: Y = W X + b, ∂W = Σ ∂Y Xᵀ, ∂X = Wᵀ ∂Y, with W of shape
/// filters × channels × size × size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conv2d {
    /// The shape of an input.
    pub input: Shape,
    /// The number of output channels.
    pub filters: usize,
    /// Rows and columns of a window.
    pub size: usize,
    /// Rows and columns of zeros around the image.
    pub padding: usize,
}

/// Images whose ∂W are summed one after the other; sums of these are then added in order, whatever
/// the number of threads.
const IMAGES_PER_SUM: usize = 16;

impl Conv2d {
    fn convolved(&self) -> Shape {
        let side = |n: usize| (n + 2 * self.padding + 1).saturating_sub(self.size);
        Shape {
            channels: self.filters,
            rows: side(self.input.rows),
            columns: side(self.input.columns),
        }
    }

    /// The length of a window.
    fn window(&self) -> usize {
        self.input.channels * self.size * self.size
    }

    /// Into how many parts to cut the work for so many images.
    fn parts(&self, images: usize) -> usize {
        let work = self.filters * self.window() * self.convolved().pixels();
        threads::parts(images * work, WORK_PER_THREAD).min(images.div_ceil(IMAGES_PER_SUM)).max(1)
    }

    /// Calls `line` for every run of numbers that X takes from a row of the image: where it begins in the
    /// image and in X, and its length. All other numbers of X are padding.
    fn lines(&self, mut line: impl FnMut(usize, usize, usize)) {
        let (input, out, pad) = (self.input, self.convolved(), self.padding);
        // The outputs i whose input i + shift − pad is in the image.
        let inside = |shift: usize, size: usize, out: usize| {
            let first = pad.saturating_sub(shift).min(out);
            first..(size + pad).saturating_sub(shift).clamp(first, out)
        };
        for row in 0..self.window() {
            let (channel, place) = (row / (self.size * self.size), row % (self.size * self.size));
            let (down, right) = (place / self.size, place % self.size);
            let columns = inside(right, input.columns, out.columns);
            for i in inside(down, input.rows, out.rows) {
                let from = (channel * input.rows + i + down - pad) * input.columns;
                let at = (row * out.rows + i) * out.columns + columns.start;
                line(from + columns.start + right - pad, at, columns.len());
            }
        }
    }

    /// The windows of an image, as columns; the padding is left as it is.
    fn unfold<T: Scalar>(&self, image: &[T], windows: &mut [T]) {
        self.lines(|from, at, len| {
            windows[at..at + len].copy_from_slice(&image[from..from + len]);
        });
    }

    /// The transpose of [`unfold`](Conv2d::unfold): each pixel is the sum of its places in windows.
    fn fold<T: Scalar>(&self, windows: &[T], image: &mut [T]) {
        image.fill(T::zero());
        self.lines(|from, at, len| {
            let sums = image[from..from + len].iter_mut();
            sums.zip(&windows[at..at + len]).for_each(|(sum, &v)| *sum += v);
        });
    }
}

impl Layer for Conv2d {
    fn output(&self, input: Shape) -> Result<Shape> {
        input.check(self.input)?;
        Error::check(self.filters > 0, "filters", self.filters, "at least 1")?;
        let out = self.convolved();
        let fits = self.size > 0 && out.rows > 0 && out.columns > 0;
        Error::check(fits, "size", self.size, "a window that fits into the padded image")?;
        Ok(out)
    }

    fn parameters(&self) -> Vec<(&'static str, Vec<usize>, Role)> {
        let shape = vec![self.filters, self.input.channels, self.size, self.size];
        vec![("weight", shape, Role::Weight), ("bias", vec![self.filters], Role::Bias)]
    }

    fn forward<T: Scalar>(
        &self,
        w: &[T],
        x: ArrayView2<'_, T>,
        mut y: ArrayViewMut2<'_, T>,
        cache: &mut Cache<T>,
    ) {
        let (window, pixels) = (self.window(), self.convolved().pixels());
        let (weight, bias) = w.split_at(self.filters * window);
        let weight = matrix(weight, self.filters, window);
        let parts = self.parts(x.nrows());
        let images = x.nrows().div_ceil(parts).max(1);
        let scratch = grown(&mut cache.scratch, parts * window * pixels);
        let along = Axis(0);
        let parts = x.axis_chunks_iter(along, images).zip(y.axis_chunks_iter_mut(along, images));
        threads::share(parts.zip(scratch.chunks_mut(window * pixels)), |((x, mut y), windows)| {
            windows.fill(T::zero());
            for (x, mut y) in x.rows().into_iter().zip(y.rows_mut()) {
                let (Some(x), Some(y)) = (x.as_slice(), y.as_slice_mut()) else { continue };
                self.unfold(x, windows);
                for (y, &b) in y.chunks_mut(pixels).zip(bias) {
                    y.fill(b);
                }
                let windows = matrix(windows, window, pixels);
                let mut y = matrix_mut(y, self.filters, pixels);
                general_mat_mul(T::one(), &weight, &windows, T::one(), &mut y);
            }
        });
    }

    fn backward<T: Scalar>(
        &self,
        w: &[T],
        (x, _): (ArrayView2<'_, T>, ArrayView2<'_, T>),
        dy: ArrayView2<'_, T>,
        mut dx: Option<ArrayViewMut2<'_, T>>,
        dw: &mut [T],
        cache: &mut Cache<T>,
    ) {
        let (window, pixels) = (self.window(), self.convolved().pixels());
        let (len, size) = (dw.len(), window * pixels);
        let weight = matrix(&w[..self.filters * window], self.filters, window);
        let sums = x.nrows().div_ceil(IMAGES_PER_SUM);
        let parts = self.parts(x.nrows());
        let sums_each = sums.div_ceil(parts).max(1);
        let scratch = grown(&mut cache.scratch, parts * 2 * size);
        let partial = grown(&mut cache.numbers, sums * len);
        let (along, images) = (Axis(0), sums_each * IMAGES_PER_SUM);
        let mut dx = dx.as_mut().map(|dx| dx.axis_chunks_iter_mut(along, images));
        let parts = x
            .axis_chunks_iter(along, images)
            .zip(dy.axis_chunks_iter(along, images))
            .zip(scratch.chunks_mut(2 * size))
            .zip(partial.chunks_mut(sums_each * len))
            .map(|part| (part, dx.as_mut().and_then(Iterator::next)));
        threads::share(parts, |((((x, dy), scratch), partial), mut dx)| {
            let (windows, d_windows) = scratch.split_at_mut(size);
            windows.fill(T::zero());
            partial.fill(T::zero());
            for (i, (x, dy)) in x.rows().into_iter().zip(dy.rows()).enumerate() {
                let (Some(x), Some(dy)) = (x.as_slice(), dy.as_slice()) else { continue };
                let dy = matrix(dy, self.filters, pixels);
                let sum = &mut partial[i / IMAGES_PER_SUM * len..][..len];
                let (d_weight, d_bias) = sum.split_at_mut(self.filters * window);
                d_bias.iter_mut().zip(dy.rows()).for_each(|(sum, dy)| *sum += dy.sum());
                self.unfold(x, windows);
                let images = matrix(windows, window, pixels);
                let mut d_weight = matrix_mut(d_weight, self.filters, window);
                general_mat_mul(T::one(), &dy, &images.t(), T::one(), &mut d_weight);
                if let Some(dx) = &mut dx {
                    let mut d_images = matrix_mut(d_windows, window, pixels);
                    general_mat_mul(T::one(), &weight.t(), &dy, T::zero(), &mut d_images);
                    if let Some(dx) = dx.row_mut(i).as_slice_mut() {
                        self.fold(d_windows, dx);
                    }
                }
            }
        });
        dw.fill(T::zero());
        for sum in partial.chunks(len) {
            dw.iter_mut().zip(sum).for_each(|(dw, &v)| *dw += v);
        }
    }
}
