//! Functions to minimize: value and gradient in one pass, curvature on top.

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

use crate::Scalar;

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
