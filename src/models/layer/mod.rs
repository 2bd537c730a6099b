//! Layers: forward and backward side by side, one layer a file.
//!
//! A batch of N examples is a matrix with one example a row. An image is a row of channels × rows ×
//! columns numbers: channel by channel, each row by row. Where the layer is y = f(x; w), the backward pass
//! turns ∂J/∂y into ∂J/∂x and ∂J/∂w: the chain rule, one link at a time.
//!
//! ```
//! use gradus::models::layer::{Cache, Layer, Linear, Mode};
//! use gradus::prelude::*;
//!
//! // y = x Wᵀ + b with W = [[2, 3]] and b = [1].
//! let (layer, w) = (Linear { inputs: 2, outputs: 1 }, [2.0, 3.0, 1.0]);
//! let (x, mut y) = (array![[1.0, 1.0], [0.0, 4.0]], Array2::zeros((2, 1)));
//! let mut cache = Cache::new(Mode::Evaluate);
//! layer.forward(&w, x.view(), y.view_mut(), &mut cache);
//! assert_eq!(y, array![[6.0], [13.0]]);
//!
//! // J = y₀ + 10 y₁.
//! let (dy, mut dx, mut dw) = (array![[1.0], [10.0]], Array2::zeros((2, 2)), [0.0; 3]);
//! let at = (x.view(), y.view());
//! layer.backward(&w, at, dy.view(), Some(dx.view_mut()), &mut dw, &mut cache);
//! assert_eq!(dx, array![[2.0, 3.0], [20.0, 30.0]]);
//! assert_eq!(dw, [1.0, 41.0, 11.0]);
//! ```

mod activation;
mod batch_norm;
mod conv2d;
mod dropout;
mod linear;
mod max_pool2d;
mod product;
#[cfg(test)]
mod tests;

use ndarray::{ArrayView2, ArrayViewMut2};
use serde::{Deserialize, Serialize};

use super::Role;
use crate::{Error, Result, Scalar};

pub use activation::Activation;
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use linear::Linear;
pub use max_pool2d::MaxPool2d;

/// A layer y = f(x; w) with its backward pass.
///
/// All matrices are row by row in memory, and have the shapes that [`output`](Layer::output) says; `w`
/// holds the layer's own parameters, in the order of [`parameters`](Layer::parameters).
pub trait Layer {
    /// The shape of an example's output, for an input of this shape.
    ///
    /// # Errors
    /// If the layer does not take such an input, or a number that makes it what it is makes no sense.
    fn output(&self, input: Shape) -> Result<Shape>;

    /// Name, shape and role of each block of its parameters.
    fn parameters(&self) -> Vec<(&'static str, Vec<usize>, Role)> {
        Vec::new()
    }

    /// y ← f(x; w). What the backward pass will need besides x and y goes into `cache`.
    fn forward<T: Scalar>(
        &self,
        w: &[T],
        x: ArrayView2<'_, T>,
        y: ArrayViewMut2<'_, T>,
        cache: &mut Cache<T>,
    );

    /// Given dy = ∂J/∂y: dx ← ∂J/∂x, unless nobody needs it, and dw ← ∂J/∂w.
    fn backward<T: Scalar>(
        &self,
        w: &[T],
        at: (ArrayView2<'_, T>, ArrayView2<'_, T>),
        dy: ArrayView2<'_, T>,
        dx: Option<ArrayViewMut2<'_, T>>,
        dw: &mut [T],
        cache: &mut Cache<T>,
    );
}

/// Whether a net learns or is used. Dropout and batch normalisation do different things then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Dropout drops, by masks drawn with this seed; batch normalisation goes by the batch.
    Train {
        /// What masks are drawn with.
        seed: u64,
    },
    /// Nothing is dropped; batch normalisation goes by its running statistics.
    Evaluate,
}

/// What a forward pass keeps for its backward pass, and memory that is used again at the next step.
#[derive(Debug, Clone)]
pub struct Cache<T> {
    /// Whether the net learns.
    pub mode: Mode,
    /// Numbers of the layer's own: a mask, statistics.
    pub numbers: Vec<T>,
    /// Indices of the layer's own: where a maximum was.
    pub indices: Vec<u32>,
    scratch: Vec<T>,
}

impl<T: Scalar> Cache<T> {
    /// An empty cache.
    pub fn new(mode: Mode) -> Self {
        Self { mode, numbers: Vec::new(), indices: Vec::new(), scratch: Vec::new() }
    }
}

/// The first `len` numbers of a buffer that grows but never shrinks.
pub(crate) fn grown<V: Copy + Default>(buffer: &mut Vec<V>, len: usize) -> &mut [V] {
    if buffer.len() < len {
        buffer.resize(len, V::default());
    }
    &mut buffer[..len]
}

/// The shape of an example: channels × rows × columns. Without an image there are only channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Features, or the colours or feature maps of an image.
    pub channels: usize,
    /// Rows of the image, or 1.
    pub rows: usize,
    /// Columns of the image, or 1.
    pub columns: usize,
}

impl Shape {
    /// Features that are no image.
    pub fn features(channels: usize) -> Self {
        Self { channels, rows: 1, columns: 1 }
    }

    /// The number of numbers in an example.
    pub fn size(self) -> usize {
        self.channels * self.pixels()
    }

    /// Pixels of a channel.
    pub fn pixels(self) -> usize {
        self.rows * self.columns
    }

    fn check(self, expected: Self) -> Result<Self> {
        let dims = |shape: Self| vec![shape.channels, shape.rows, shape.columns];
        if self == expected {
            return Ok(self);
        }
        Err(Error::Shape { argument: "input", found: dims(self), expected: dims(expected) })
    }
}

/// A slice as a matrix, row by row.
pub(crate) fn matrix<T>(numbers: &[T], rows: usize, columns: usize) -> ArrayView2<'_, T> {
    match ArrayView2::from_shape((rows, columns), numbers) {
        Ok(matrix) => matrix,
        Err(_) => panic!("{} numbers, expected {rows} × {columns}", numbers.len()),
    }
}

/// A slice as a matrix that can be written to, row by row.
pub(crate) fn matrix_mut<T>(
    numbers: &mut [T],
    rows: usize,
    columns: usize,
) -> ArrayViewMut2<'_, T> {
    let len = numbers.len();
    match ArrayViewMut2::from_shape((rows, columns), numbers) {
        Ok(matrix) => matrix,
        Err(_) => panic!("{len} numbers, expected {rows} × {columns}"),
    }
}

/// The numbers of a matrix, row by row.
fn flat<'a, T>(matrix: &'a ArrayView2<'_, T>) -> &'a [T] {
    match matrix.as_slice() {
        Some(numbers) => numbers,
        None => panic!("a strided matrix, expected one that is row by row in memory"),
    }
}

/// The numbers of a matrix, row by row, to be written.
fn flat_mut<'a, T>(matrix: &'a mut ArrayViewMut2<'_, T>) -> &'a mut [T] {
    match matrix.as_slice_mut() {
        Some(numbers) => numbers,
        None => panic!("a strided matrix, expected one that is row by row in memory"),
    }
}
