use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use crate::data::Labelled;
use crate::{Error, Result, Scalar};

/// What a model learns from: inputs of shape N × D, and for each its class or the values to predict.
///
/// Models take `&Labelled`, whose inputs they copy, or `Labelled`, or examples that were made once: a
/// clone of these shares its numbers.
///
/// ```
/// use gradus::models::Examples;
/// use gradus::prelude::*;
///
/// // y = (x², x³) at three points.
/// let x = array![[0.0], [1.0], [2.0]];
/// let examples = Examples::values(x, array![[0.0, 0.0], [1.0, 1.0], [4.0, 8.0]])?;
/// assert_eq!((examples.len(), examples.outputs()), (3, 2));
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Examples<T: Scalar = f64>(Arc<Stored<T>>);

#[derive(Debug, PartialEq)]
struct Stored<T: Scalar> {
    inputs: Array2<T>,
    targets: Targets<T>,
    image: Option<(usize, usize)>,
}

/// What an example should give.
#[derive(Debug, PartialEq)]
pub(crate) enum Targets<T: Scalar> {
    /// A class for each example.
    Classes { labels: Vec<usize>, classes: usize },
    /// Values for each example, N × K.
    Values(Array2<T>),
}

/// What one example should give.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a, T> {
    Class(usize),
    Values(&'a [T]),
}

impl<T: Scalar> Examples<T> {
    /// Inputs of shape N × D with values to predict of shape N × K.
    ///
    /// # Errors
    /// If the numbers of rows differ.
    pub fn values(inputs: Array2<T>, targets: Array2<T>) -> Result<Self> {
        Error::check_len("targets", targets.nrows(), inputs.nrows())?;
        let targets = Targets::Values(rows(targets));
        Ok(Self(Arc::new(Stored { inputs: rows(inputs), targets, image: None })))
    }

    /// N, the number of examples.
    pub fn len(&self) -> usize {
        self.0.inputs.nrows()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// D, the number of features.
    pub fn features(&self) -> usize {
        self.0.inputs.ncols()
    }

    /// The number of classes, or of values to predict.
    pub fn outputs(&self) -> usize {
        match &self.0.targets {
            Targets::Classes { classes, .. } => *classes,
            Targets::Values(values) => values.ncols(),
        }
    }

    /// The inputs, N × D.
    pub fn inputs(&self) -> ArrayView2<'_, T> {
        self.0.inputs.view()
    }

    /// The class of each example, if classes are what is to be predicted.
    pub fn labels(&self) -> Option<&[usize]> {
        match &self.0.targets {
            Targets::Classes { labels, .. } => Some(labels),
            Targets::Values(_) => None,
        }
    }

    /// Rows and columns of the image that an input is, if it is one.
    pub fn image(&self) -> Option<(usize, usize)> {
        self.0.image
    }

    /// The examples with these indices only.
    ///
    /// # Errors
    /// If `examples` is empty or names an example that is not there.
    pub fn subset(&self, examples: &[usize]) -> Result<Self> {
        T::subset(self, examples)
    }

    /// [`subset`](Examples::subset), compiled once.
    pub(crate) fn select(&self, examples: &[usize]) -> Result<Self> {
        self.check_indices(examples)?;
        let axis = ndarray::Axis(0);
        let targets = match &self.0.targets {
            Targets::Classes { labels, classes } => Targets::Classes {
                labels: examples.iter().map(|&i| labels[i]).collect(),
                classes: *classes,
            },
            Targets::Values(values) => Targets::Values(values.select(axis, examples)),
        };
        let inputs = self.0.inputs.select(axis, examples);
        Ok(Self(Arc::new(Stored { inputs, targets, image: self.0.image })))
    }

    pub(crate) fn target(&self, i: usize) -> Target<'_, T> {
        match &self.0.targets {
            Targets::Classes { labels, .. } => Target::Class(labels[i]),
            // Rows of a standard layout are slices.
            Targets::Values(values) => Target::Values(values.row(i).to_slice().unwrap_or(&[])),
        }
    }

    /// Copies the inputs of these examples into `rows`, one after the other.
    pub(crate) fn gather(&self, examples: impl Iterator<Item = usize>, rows: &mut Vec<T>) {
        rows.clear();
        for i in examples {
            // Rows of a standard layout are slices.
            rows.extend_from_slice(self.0.inputs.row(i).to_slice().unwrap_or(&[]));
        }
    }

    /// Refuses an empty list and indices that are not there.
    pub(crate) fn check_indices(&self, examples: &[usize]) -> Result<()> {
        Error::check(!examples.is_empty(), "examples", "empty", "at least one index")?;
        match examples.iter().find(|&&i| i >= self.len()) {
            Some(bad) => {
                Error::check(false, "examples", bad, "indices below the number of examples")
            }
            None => Ok(()),
        }
    }

    /// Refuses what no model can learn from.
    pub(crate) fn check(&self) -> Result<()> {
        let Stored { inputs, targets, .. } = &*self.0;
        Error::check(!inputs.is_empty(), "examples", "empty", "at least one row and one column")?;
        if let Some(bad) = inputs.iter().find(|v| !v.is_finite()) {
            Error::check(false, "inputs", bad, "finite numbers")?;
        }
        match targets {
            Targets::Classes { labels, classes } => {
                Error::check_len("labels", labels.len(), inputs.nrows())?;
                match labels.iter().find(|&label| label >= classes) {
                    Some(bad) => {
                        Error::check(false, "labels", bad, "classes below the number of classes")
                    }
                    None => Ok(()),
                }
            }
            Targets::Values(values) => match values.iter().find(|v| !v.is_finite()) {
                Some(bad) => Error::check(false, "targets", bad, "finite numbers"),
                None => Ok(()),
            },
        }
    }
}

impl<T: Scalar> From<Labelled<T>> for Examples<T> {
    fn from(data: Labelled<T>) -> Self {
        let targets = Targets::Classes { labels: data.labels, classes: data.classes };
        Self(Arc::new(Stored { inputs: rows(data.inputs), targets, image: data.image }))
    }
}

impl<T: Scalar> From<&Labelled<T>> for Examples<T> {
    fn from(data: &Labelled<T>) -> Self {
        data.clone().into()
    }
}

impl<T: Scalar> From<&Examples<T>> for Examples<T> {
    fn from(examples: &Examples<T>) -> Self {
        examples.clone()
    }
}

/// The same matrix, row by row in memory.
fn rows<T: Scalar>(matrix: Array2<T>) -> Array2<T> {
    if matrix.is_standard_layout() { matrix } else { matrix.as_standard_layout().into_owned() }
}
