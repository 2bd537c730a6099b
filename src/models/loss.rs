use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2};
use serde::{Deserialize, Serialize};

use super::examples::Target;
use crate::{Error, Result, Scalar};

/// How wrong a model's outputs are: a number for each example, whose mean is what training lowers.
///
/// With the scores s ∈ ℝᶜ of an example and its class y:
///
/// | loss | of one example | its gradient |
/// |---|---|---|
/// | cross-entropy | −ln p_y, p = eˢ / Σⱼ e^sⱼ | p − 1_y |
/// | hinge | Σ_{j ≠ y} max(0, sⱼ − s_y + 1) | 1 where a margin is broken; at y, minus their number |
/// | squared error | Σⱼ (sⱼ − tⱼ)² | 2 (s − t) |
///
/// The squared error's targets t are given, or are 1 at y and 0 elsewhere. At a kink the hinge loss
/// takes the smaller slope. Source: deck 003; PyTorch's `cross_entropy` is the same, its `mse_loss` also
/// divides by the number of outputs.
///
/// ```
/// use gradus::models::Loss;
/// use gradus::prelude::*;
///
/// // The cat of deck 003.
/// let scores = array![[3.2, 5.1, -1.7]];
/// let hinge = Loss::Hinge.of_each(scores.view(), &[0])?;
/// assert!((hinge[0] - 2.9_f64).abs() < 1e-12);
/// let entropy = Loss::CrossEntropy.of_each(scores.view(), &[0])?;
/// assert!((entropy[0] - 2.04_f64).abs() < 0.01);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Minus the logarithm of the right class's probability: the softmax classifier's.
    CrossEntropy,
    /// What the margins of 1 lack: the multiclass support vector machine's.
    Hinge,
    /// The squared distance from the targets.
    SquaredError,
}

impl Loss {
    /// The loss of each example, from scores of shape N × C and N labels.
    ///
    /// # Errors
    /// If the number of labels is not N, or one is not below C.
    pub fn of_each<T: Scalar>(
        self,
        scores: ArrayView2<'_, T>,
        labels: &[usize],
    ) -> Result<Array1<T>> {
        check_labels(scores, labels)?;
        let mut scratch = Vec::new();
        let of = |(row, &label): (ndarray::ArrayView1<'_, T>, _)| {
            scratch.clear();
            scratch.extend(row);
            self.row(&mut scratch, Target::Class(label))
        };
        Ok(scores.rows().into_iter().zip(labels).map(of).collect())
    }

    /// The gradient of the mean loss with respect to the scores, N × C.
    ///
    /// ```
    /// use gradus::models::Loss;
    /// use gradus::prelude::*;
    ///
    /// let g = Loss::Hinge.gradient(array![[3.2, 5.1, -1.7], [1.3, 4.9, 2.0]].view(), &[0, 1])?;
    /// assert_eq!(g, array![[-0.5, 0.5, 0.0], [0.0, 0.0, 0.0]]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`of_each`](Loss::of_each).
    pub fn gradient<T: Scalar>(
        self,
        scores: ArrayView2<'_, T>,
        labels: &[usize],
    ) -> Result<Array2<T>> {
        check_labels(scores, labels)?;
        let mut scores = scores.as_standard_layout().into_owned();
        self.mean(scores.view_mut(), labels.iter().map(|&label| Target::Class(label)));
        Ok(scores)
    }

    /// The mean loss; `scores`, row by row in memory, become its gradient.
    pub(crate) fn mean<'a, T: Scalar>(
        self,
        mut scores: ArrayViewMut2<'_, T>,
        targets: impl Iterator<Item = Target<'a, T>>,
    ) -> T {
        let scale = T::of(1.0 / scores.nrows() as f64);
        // The sum in double precision: single loses digits over many examples.
        let mut sum = 0.0;
        for (mut row, target) in scores.rows_mut().into_iter().zip(targets) {
            if let Some(row) = row.as_slice_mut() {
                sum += T::loss(self, row, target).wide();
                row.iter_mut().for_each(|v| *v *= scale);
            }
        }
        T::of(sum / scores.nrows() as f64)
    }

    /// The loss of one example; its scores become the gradient.
    pub(crate) fn row<T: Scalar>(self, s: &mut [T], target: Target<'_, T>) -> T {
        match (self, target) {
            (Self::CrossEntropy, Target::Class(y)) => {
                let right = s[y];
                let log_sum = softmax_row(s);
                s[y] -= T::one();
                log_sum - right
            }
            (Self::Hinge, Target::Class(y)) => {
                let (right, mut loss, mut broken) = (s[y], T::zero(), T::zero());
                for (j, v) in s.iter_mut().enumerate() {
                    let margin = *v - right + T::one();
                    *v = T::zero();
                    if j != y && (margin > T::zero() || margin.is_nan()) {
                        loss += margin;
                        broken += T::one();
                        *v = T::one();
                    }
                }
                s[y] = -broken;
                loss
            }
            (_, target) => {
                let mut loss = T::zero();
                for (j, v) in s.iter_mut().enumerate() {
                    let wanted = match target {
                        Target::Class(y) if y == j => T::one(),
                        Target::Class(_) => T::zero(),
                        Target::Values(values) => values[j],
                    };
                    *v -= wanted;
                    loss += *v * *v;
                    *v += *v;
                }
                loss
            }
        }
    }

    /// The Hessian of the loss of one example at the scores `s`, times `ds`, which it replaces.
    pub(crate) fn curvature<T: Scalar>(self, s: &mut [T], ds: &mut [T]) {
        match self {
            Self::CrossEntropy => {
                // (diag(p) − p pᵀ) ds
                softmax_row(s);
                let mean = s.iter().zip(ds.iter()).map(|(&p, &d)| p * d).sum::<T>();
                ds.iter_mut().zip(s.iter()).for_each(|(d, &p)| *d = p * (*d - mean));
            }
            Self::Hinge => ds.fill(T::zero()),
            Self::SquaredError => ds.iter_mut().for_each(|d| *d += *d),
        }
    }
}

/// Probabilities p = eˢ / Σⱼ e^sⱼ from scores, row by row, of shape N × C.
///
/// The largest score of a row is taken off first, which changes nothing but keeps eˢ finite.
///
/// ```
/// use gradus::models::softmax;
/// use gradus::prelude::*;
///
/// let p = softmax(array![[0.0, 3.0_f64.ln()], [1000.0, 1000.0]].view());
/// assert!((p - array![[0.25, 0.75], [0.5, 0.5]]).iter().all(|d: &f64| d.abs() < 1e-15));
/// ```
pub fn softmax<T: Scalar>(scores: ArrayView2<'_, T>) -> Array2<T> {
    let mut scores = scores.as_standard_layout().into_owned();
    for mut row in scores.rows_mut() {
        if let Some(row) = row.as_slice_mut() {
            softmax_row(row);
        }
    }
    scores
}

/// Scores become probabilities; returns ln Σⱼ e^sⱼ.
fn softmax_row<T: Scalar>(s: &mut [T]) -> T {
    let largest = s.iter().copied().fold(T::neg_infinity(), T::max);
    let mut sum = T::zero();
    for v in s.iter_mut() {
        *v = (*v - largest).exp();
        sum += *v;
    }
    s.iter_mut().for_each(|v| *v /= sum);
    largest + sum.ln()
}

/// The column with the largest score of each row, the first of several.
pub(crate) fn argmax<T: Scalar>(scores: ArrayView2<'_, T>) -> Vec<usize> {
    let best = |row: ndarray::ArrayView1<'_, T>| {
        let mut best = 0;
        for (j, v) in row.iter().enumerate() {
            if *v > row[best] {
                best = j;
            }
        }
        best
    };
    scores.rows().into_iter().map(best).collect()
}

fn check_labels<T>(scores: ArrayView2<'_, T>, labels: &[usize]) -> Result<()> {
    Error::check_len("labels", labels.len(), scores.nrows())?;
    match labels.iter().find(|&&label| label >= scores.ncols()) {
        Some(bad) => Error::check(false, "labels", bad, "less than the number of scores"),
        None => Ok(()),
    }
}
