use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use crate::{Error, Result, Scalar};

/// What the numbers of a [`Block`] are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Factors of inputs: what initialisers draw and regularizers shrink.
    Weight,
    /// Added to outputs; begins at 0.
    Bias,
    /// Multiplies a normalised feature; begins at 1.
    Scale,
    /// A running mean, kept by training beside the parameters; begins at 0.
    Mean,
    /// A running variance, kept by training beside the parameters; begins at 1.
    Variance,
}

/// A named part of a model's flat vector of parameters.
///
/// ```
/// use gradus::data::Labelled;
/// use gradus::models::Softmax;
/// use gradus::prelude::*;
///
/// let data = Labelled::new(array![[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]], vec![0, 1], 2)?;
/// let blocks = Softmax::new(&data)?.blocks();
/// assert_eq!((blocks[0].name.as_str(), &blocks[0].shape[..]), ("weight", &[2, 3][..]));
/// assert_eq!((blocks[1].name.as_str(), blocks[1].range.clone()), ("bias", 6..8));
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its name, such as `weight` or `linear1.weight`.
    pub name: String,
    /// Where it lies in the vector.
    pub range: Range<usize>,
    /// Its shape, row by row: outputs × inputs for the weights of a linear layer.
    pub shape: Vec<usize>,
    /// What its numbers are for.
    pub role: Role,
}

impl Block {
    /// The number of its parameters.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether it has no parameters.
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// The block of `w` as a matrix: its first axis by all others.
    ///
    /// # Errors
    /// If `w` ends before the block does.
    pub fn matrix<'a, T: Scalar>(&self, w: ArrayView1<'a, T>) -> Result<ArrayView2<'a, T>> {
        let rows = self.shape.first().copied().unwrap_or(1);
        let fits = self.range.end <= w.len();
        Error::check(fits, "w", format!("{} long", w.len()), "all parameters of the model")?;
        let mut part = w;
        part.slice_axis_inplace(Axis(0), self.range.clone().into());
        let shape = (rows, self.len().checked_div(rows).unwrap_or(0));
        part.into_shape_with_order(shape).map_err(|_| Error::Shape {
            argument: "shape",
            found: self.shape.clone(),
            expected: vec![self.len()],
        })
    }

    /// The rows of [`matrix`](Block::matrix) as images of this many rows and columns, for
    /// [`Panel::image`](crate::plot::Panel::image): the templates of a classifier, what the units of a
    /// first layer look for, or the filters of a convolution.
    ///
    /// # Errors
    /// If `w` ends before the block does, or a row has not rows × columns numbers.
    pub fn images<T: Scalar>(
        &self,
        w: ArrayView1<'_, T>,
        (rows, columns): (usize, usize),
    ) -> Result<Vec<Array2<f64>>> {
        let image = |row: ArrayView1<'_, T>| {
            let found = row.len();
            Array2::from_shape_vec((rows, columns), row.iter().map(|v| v.wide()).collect()).map_err(
                |_| Error::Shape {
                    argument: "w",
                    found: vec![found],
                    expected: vec![rows, columns],
                },
            )
        };
        self.matrix(w)?.rows().into_iter().map(image).collect()
    }
}

/// Blocks one after the other, from names, shapes and roles.
pub(crate) fn layout(parts: impl IntoIterator<Item = (String, Vec<usize>, Role)>) -> Vec<Block> {
    let mut end = 0;
    let place = |(name, shape, role): (String, Vec<usize>, Role)| {
        let start = end;
        end += shape.iter().product::<usize>();
        Block { name, range: start..end, shape, role }
    };
    parts.into_iter().map(place).collect()
}
