use std::marker::PhantomData;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, Axis};

use super::block::layout;
use super::loss::argmax;
use super::{Block, Examples, Init, Loss, Regularized, Regularizer, Role, softmax};
use crate::objective::Evaluation;
use crate::{Error, FiniteSum, Objective, Result, Scalar};

/// A linear classifier: scores z = W x + b, and a loss of them.
///
/// J(W, b) = 1/N Σᵢ L(W xᵢ + b, yᵢ),  ∂J/∂W = 1/N Σᵢ gᵢ xᵢᵀ,  ∂J/∂b = 1/N Σᵢ gᵢ,  gᵢ = ∂L/∂z
///
/// The parameters are one vector of length C (D + 1): W of shape C × D row by row, then b of length C,
/// for N examples with D features in C classes. The loss is that of [`Softmax`] or [`Svm`]. Source:
/// deck 003, whose bias trick is a feature that is always 1.
///
/// ```
/// use gradus::data::Labelled;
/// use gradus::prelude::*;
///
/// let data = Labelled::new(array![[0.0, 1.0], [2.0, 0.0], [3.0, 1.0]], vec![0, 1, 1], 2)?;
/// let loss = Softmax::new(&data)?;
/// let start = loss.initial(Init::Zero, 0);
/// assert_eq!(loss.value(start.view()), 2.0_f64.ln()); // at chance
/// let trace = Minimize::steps(100).run(&loss, &start, &mut GradientDescent::new(1.0))?;
/// assert_eq!(loss.accuracy(trace.x.view())?, 1.0);
/// assert_eq!(loss.predict(trace.x.view(), array![[5.0, 0.0]].view())?, [1]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearClassifier<L: Scores, T: Scalar = f64> {
    examples: Examples<T>,
    kind: PhantomData<L>,
}

/// The softmax classifier: a [`LinearClassifier`] with the cross-entropy loss.
pub type Softmax<T = f64> = LinearClassifier<CrossEntropy, T>;

/// The multiclass support vector machine: a [`LinearClassifier`] with the hinge loss of margin 1.
pub type Svm<T = f64> = LinearClassifier<Hinge, T>;

/// The loss that makes a [`LinearClassifier`] what it is.
pub trait Scores {
    /// The loss.
    const LOSS: Loss;
}

/// Makes a [`LinearClassifier`] a softmax classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossEntropy {}

/// Makes a [`LinearClassifier`] a support vector machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hinge {}

impl Scores for CrossEntropy {
    const LOSS: Loss = Loss::CrossEntropy;
}

impl Scores for Hinge {
    const LOSS: Loss = Loss::Hinge;
}

impl<L: Scores, T: Scalar> LinearClassifier<L, T> {
    /// The loss of classifying these examples: `&Labelled` or [`Examples`].
    ///
    /// # Errors
    /// If there are no examples or features, an input is not finite, a label is not below the number of
    /// classes, or the examples have values in place of classes.
    pub fn new(examples: impl Into<Examples<T>>) -> Result<Self> {
        let examples = examples.into();
        examples.check()?;
        let labelled = examples.labels().is_some();
        Error::check(labelled, "examples", "values to predict", "examples with classes")?;
        Ok(Self { examples, kind: PhantomData })
    }

    /// The examples.
    pub fn examples(&self) -> &Examples<T> {
        &self.examples
    }

    /// `weight`, C × D, and `bias`, of length C.
    pub fn blocks(&self) -> Vec<Block> {
        let (classes, features) = (self.examples.outputs(), self.examples.features());
        layout([
            ("weight".into(), vec![classes, features], Role::Weight),
            ("bias".into(), vec![classes], Role::Bias),
        ])
    }

    /// Parameters to begin with, of length C (D + 1).
    pub fn initial(&self, init: Init, seed: u64) -> Array1<T> {
        init.weights(&self.blocks(), seed)
    }

    /// Scores X Wᵀ + b of other examples, M × C, from inputs of shape M × D.
    ///
    /// # Errors
    /// If `w` has not C (D + 1) parameters or `inputs` not D columns.
    pub fn scores(&self, w: ArrayView1<'_, T>, inputs: ArrayView2<'_, T>) -> Result<Array2<T>> {
        let (classes, features) = (self.examples.outputs(), self.examples.features());
        Error::check_len("w", w.len(), classes * (features + 1))?;
        Error::check_len("inputs", inputs.ncols(), features)?;
        Ok(T::scores(&self.examples, w, inputs))
    }

    /// The class with the largest score for each row of `inputs`.
    ///
    /// # Errors
    /// As [`scores`](LinearClassifier::scores).
    pub fn predict(&self, w: ArrayView1<'_, T>, inputs: ArrayView2<'_, T>) -> Result<Vec<usize>> {
        Ok(argmax(self.scores(w, inputs)?.view()))
    }

    /// The probability of each class for each row of `inputs`: the [`softmax`] of the scores.
    ///
    /// # Errors
    /// As [`scores`](LinearClassifier::scores).
    pub fn probabilities(
        &self,
        w: ArrayView1<'_, T>,
        inputs: ArrayView2<'_, T>,
    ) -> Result<Array2<T>> {
        Ok(softmax(self.scores(w, inputs)?.view()))
    }

    /// The part of its own examples that it classifies rightly.
    ///
    /// # Errors
    /// As [`scores`](LinearClassifier::scores).
    pub fn accuracy(&self, w: ArrayView1<'_, T>) -> Result<f64> {
        let predicted = self.predict(w, self.examples.inputs())?;
        let right = predicted.iter().zip(self.labels()).filter(|(p, y)| p == y).count();
        Ok(right as f64 / self.examples.len() as f64)
    }

    /// The rows of W, one a class, as images for [`Panel::image`](crate::plot::Panel::image): what the
    /// classifier looks for.
    ///
    /// # Errors
    /// If `w` has not C (D + 1) parameters, or the inputs are no images.
    pub fn templates(&self, w: ArrayView1<'_, T>) -> Result<Vec<Array2<f64>>> {
        Error::check_len("w", w.len(), self.examples.outputs() * (self.examples.features() + 1))?;
        let shape = self.examples.image().ok_or(Error::Argument {
            argument: "examples",
            value: "no images".into(),
            expected: "inputs that are images",
        })?;
        self.blocks()[0].images(w, shape)
    }

    /// The same loss over the examples with these indices only: what a mini-batch sees.
    ///
    /// # Errors
    /// If `examples` is empty or names an example that is not there.
    pub fn subset(&self, examples: &[usize]) -> Result<Self> {
        Ok(Self { examples: self.examples.subset(examples)?, kind: PhantomData })
    }

    /// This loss plus a penalty on W; b goes free, as it should.
    ///
    /// [`Regularizer::on`] puts the penalty on all parameters.
    ///
    /// # Errors
    /// If the penalty's strength is negative or not finite.
    pub fn regularized(self, regularizer: Regularizer) -> Result<Regularized<Self>> {
        let weights = self.blocks().swap_remove(0).range;
        Ok(regularizer.on(self)?.within(weights))
    }

    fn labels(&self) -> &[usize] {
        self.examples.labels().unwrap_or(&[])
    }
}

impl<L: Scores, T: Scalar> Objective<T> for LinearClassifier<L, T> {
    fn value_and_gradient(&self, w: ArrayView1<'_, T>, gradient: ArrayViewMut1<'_, T>) -> T {
        T::mean_loss(&self.examples, L::LOSS, w, Some(gradient))
    }

    fn value(&self, w: ArrayView1<'_, T>) -> T {
        T::mean_loss(&self.examples, L::LOSS, w, None)
    }

    fn hessian_vector_product(&self, w: ArrayView1<'_, T>, v: ArrayView1<'_, T>) -> Array1<T> {
        let mut scores = T::scores(&self.examples, w, self.examples.inputs());
        let mut change = T::scores(&self.examples, v, self.examples.inputs());
        for (mut s, mut ds) in scores.rows_mut().into_iter().zip(change.rows_mut()) {
            if let (Some(s), Some(ds)) = (s.as_slice_mut(), ds.as_slice_mut()) {
                L::LOSS.curvature(s, ds);
            }
        }
        change /= T::of(self.examples.len() as f64);
        let mut product = Array1::zeros(w.len());
        pull_back(&self.examples, &change, product.view_mut());
        product
    }
}

impl<L: Scores, T: Scalar> FiniteSum<T> for LinearClassifier<L, T> {
    fn terms(&self) -> usize {
        self.examples.len()
    }

    fn on_batch(
        &self,
        batch: &[usize],
        _: u64,
        w: ArrayView1<'_, T>,
        gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T> {
        let classes = self.examples.outputs();
        Error::check_len("w", w.len(), classes * (self.examples.features() + 1))?;
        Error::check_len("gradient", gradient.len(), w.len())?;
        Ok(self.subset(batch)?.value_and_gradient(w, gradient))
    }

    fn evaluate(&self, w: ArrayView1<'_, T>) -> Result<Evaluation> {
        let accuracy = Some(self.accuracy(w)?);
        Ok(Evaluation { loss: self.value(w).wide(), accuracy })
    }
}

/// X Wᵀ + b.
pub(crate) fn scores<T: Scalar>(
    examples: &Examples<T>,
    w: ArrayView1<'_, T>,
    inputs: ArrayView2<'_, T>,
) -> Array2<T> {
    let (classes, features) = (examples.outputs(), examples.features());
    let (weight, bias) = w.split_at(Axis(0), classes * features);
    let Ok(weight) = weight.to_shape((classes, features)) else {
        unreachable!("C · D parameters are a matrix of that shape");
    };
    let mut scores = Array2::zeros((inputs.nrows(), classes));
    scores.assign(&bias);
    general_mat_mul(T::one(), &inputs, &weight.t(), T::one(), &mut scores);
    scores
}

/// The mean loss; writes its gradient if there is a place.
pub(crate) fn mean_loss<T: Scalar>(
    examples: &Examples<T>,
    loss: Loss,
    w: ArrayView1<'_, T>,
    gradient: Option<ArrayViewMut1<'_, T>>,
) -> T {
    let mut scores = scores(examples, w, examples.inputs());
    let targets = (0..examples.len()).map(|i| examples.target(i));
    let value = loss.mean(scores.view_mut(), targets);
    if let Some(gradient) = gradient {
        pull_back(examples, &scores, gradient);
    }
    value
}

/// Writes gᵀ X and the sums of g's rows, where g is N × C.
fn pull_back<T: Scalar>(examples: &Examples<T>, g: &Array2<T>, mut gradient: ArrayViewMut1<'_, T>) {
    let (classes, features) = (examples.outputs(), examples.features());
    let weight = g.t().dot(&examples.inputs());
    let (mut to_weight, mut to_bias) = gradient.view_mut().split_at(Axis(0), classes * features);
    to_weight.iter_mut().zip(&weight).for_each(|(to, &v)| *to = v);
    to_bias.assign(&g.sum_axis(Axis(0)));
}
