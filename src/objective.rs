//! Functions to minimize: value and gradient in one pass, curvature on top.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

use crate::{Result, Scalar};

/// A function f: ℝⁿ → ℝ that knows its gradient.
///
/// Value and gradient come from **one** call, because they share nearly all of their work. A closure
/// that returns both is an objective:
///
/// ```
/// use gradus::prelude::*;
///
/// let f = |w: ArrayView1<f64>| (w.dot(&w) / 2.0, w.to_owned());
/// let w = array![3.0, 4.0];
/// assert_eq!(f.value(w.view()), 12.5);
/// assert_eq!(f.gradient(w.view()), w);
/// ```
///
/// A type of your own implements [`value_and_gradient`](Objective::value_and_gradient), which fills
/// a buffer and so costs no allocation. Hessians are central differences of gradients unless the type
/// knows better.
pub trait Objective<T: Scalar = f64> {
    /// Returns f(x) and writes ∇f(x) into `gradient`, which has the length of `x`.
    fn value_and_gradient(&self, x: ArrayView1<'_, T>, gradient: ArrayViewMut1<'_, T>) -> T;

    /// f(x).
    fn value(&self, x: ArrayView1<'_, T>) -> T {
        let mut gradient = Array1::zeros(x.len());
        self.value_and_gradient(x, gradient.view_mut())
    }

    /// ∇f(x), in a new array.
    fn gradient(&self, x: ArrayView1<'_, T>) -> Array1<T> {
        let mut gradient = Array1::zeros(x.len());
        self.value_and_gradient(x, gradient.view_mut());
        gradient
    }

    /// H(x) v, the Hessian at `x` times `direction`, without the Hessian.
    ///
    /// The default is the centred difference (∇f(x + h v) − ∇f(x − h v)) / 2h with
    /// h = ∛ε · max(1, ‖x‖) / ‖v‖: two gradients, an error of about ε^⅔.
    fn hessian_vector_product(
        &self,
        x: ArrayView1<'_, T>,
        direction: ArrayView1<'_, T>,
    ) -> Array1<T> {
        let length = direction.dot(&direction).sqrt();
        if length == T::zero() {
            return Array1::zeros(x.len());
        }
        let h = T::epsilon().cbrt() * x.dot(&x).sqrt().max(T::one()) / length;
        let mut ahead = x.to_owned();
        ahead.scaled_add(h, &direction);
        let mut behind = x.to_owned();
        behind.scaled_add(-h, &direction);
        (self.gradient(ahead.view()) - self.gradient(behind.view())) / (h + h)
    }

    /// The Hessian at `x`, n × n and symmetric.
    ///
    /// The default takes n Hessian-vector products and averages the result with its transpose.
    fn hessian(&self, x: ArrayView1<'_, T>) -> Array2<T> {
        let n = x.len();
        let mut hessian = Array2::zeros((n, n));
        let mut axis = Array1::zeros(n);
        for (i, mut column) in hessian.columns_mut().into_iter().enumerate() {
            axis[i] = T::one();
            column.assign(&self.hessian_vector_product(x, axis.view()));
            axis[i] = T::zero();
        }
        (&hessian + &hessian.t()) / T::of(2.0)
    }
}

impl<T: Scalar, F> Objective<T> for F
where
    F: Fn(ArrayView1<'_, T>) -> (T, Array1<T>),
{
    fn value_and_gradient(&self, x: ArrayView1<'_, T>, mut gradient: ArrayViewMut1<'_, T>) -> T {
        let (value, g) = self(x);
        gradient.assign(&g);
        value
    }
}

/// A mean over examples, f(w) = 1/N Σ fᵢ(w), that can also be had over a few of them: what training by
/// mini-batches needs.
///
/// ```
/// use gradus::prelude::*;
///
/// let basis = Basis::Polynomial { degree: 1 };
/// let (x, y) = (array![0.0, 1.0, 2.0], array![1.0, 3.0, 5.0]);
/// let loss = LinearRegression::new(basis.design(x.view()), y)?;
/// let w = array![0.0, 0.0];
/// assert_eq!(loss.batch_gradient(&[0, 1], w.view())?, array![-4.0, -3.0]);
/// assert_eq!(loss.batch_gradient(&[0, 1, 2], w.view())?, loss.gradient(w.view()));
/// # Ok::<(), gradus::Error>(())
/// ```
pub trait FiniteSum<T: Scalar = f64>: Objective<T> {
    /// N, the number of terms.
    fn terms(&self) -> usize;

    /// The mean of the terms with the indices in `batch`, as a step of training sees it; writes its gradient.
    ///
    /// What is random about it, such as dropout's masks, is drawn with `seed`. In the ranges that
    /// [`running`](FiniteSum::running) names, the gradient becomes the batch's own statistics.
    ///
    /// # Errors
    /// If `batch` is empty or names a term that is not there, or `w` or `gradient` has not the length that
    /// the objective expects.
    fn on_batch(
        &self,
        batch: &[usize],
        seed: u64,
        w: ArrayView1<'_, T>,
        gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T>;

    /// The gradient of [`on_batch`](FiniteSum::on_batch), in a new array.
    ///
    /// # Errors
    /// As [`on_batch`](FiniteSum::on_batch).
    fn batch_gradient(&self, batch: &[usize], w: ArrayView1<'_, T>) -> Result<Array1<T>> {
        let mut gradient = Array1::zeros(w.len());
        self.on_batch(batch, 0, w, gradient.view_mut())?;
        Ok(gradient)
    }

    /// How good `w` is, over all examples.
    ///
    /// # Errors
    /// If `w` has not the length that the objective expects.
    fn evaluate(&self, w: ArrayView1<'_, T>) -> Result<Evaluation> {
        Ok(Evaluation { loss: self.value(w).wide(), accuracy: None })
    }

    /// The ranges of `w` that hold running means: training moves them towards each batch's statistics, and
    /// no rule does.
    fn running(&self) -> Vec<Range<usize>> {
        Vec::new()
    }
}

/// How good a model is on some examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// The mean loss.
    pub loss: f64,
    /// The part of the examples that are classified rightly, if classes are what is to be predicted.
    pub accuracy: Option<f64>,
}
