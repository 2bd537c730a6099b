use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::curvature::check_finite;
use crate::{Error, Result, Scalar, linalg};

/// Brings every feature to mean 0 and standard deviation 1: x′ = (x − μ) / σ.
///
/// μ and σ are taken from the training examples (σ with 1/N, as scikit-learn's `StandardScaler`) and
/// applied to all others alike. A feature that never changes has σ = 0 and is only shifted.
///
/// ```
/// use gradus::data::Standardizer;
/// use gradus::prelude::*;
///
/// let train = array![[1.0, 10.0], [3.0, 10.0]];
/// let scaler = Standardizer::fit(train.view())?;
/// assert_eq!(scaler.apply(train.view())?, array![[-1.0, 0.0], [1.0, 0.0]]);
/// assert_eq!(scaler.apply(array![[4.0, 11.0]].view())?, array![[2.0, 1.0]]);
/// assert_eq!(scaler.undo(array![[2.0, 1.0]].view())?, array![[4.0, 11.0]]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Standardizer<T: Scalar = f64> {
    /// μ, of length D.
    pub mean: Array1<T>,
    /// σ, of length D, with 1 in place of 0.
    pub deviation: Array1<T>,
}

impl<T: Scalar> Standardizer<T> {
    /// Takes μ and σ from `inputs`, of shape N × D.
    ///
    /// # Errors
    /// If `inputs` is empty or not finite.
    pub fn fit(inputs: ArrayView2<'_, T>) -> Result<Self> {
        let (mean, centered) = centered(inputs)?;
        let n = centered.nrows() as f64;
        let deviation: Array1<f64> = std::iter::zip(&mean, centered.columns())
            .map(|(mean, column)| {
                let sigma = (column.dot(&column) / n).sqrt();
                // Below this it is the rounding of the mean.
                if sigma > n * f64::EPSILON * mean.abs() { sigma } else { 1.0 }
            })
            .collect();
        Ok(Self { mean: mean.mapv(T::of), deviation: deviation.mapv(T::of) })
    }

    /// (x − μ) / σ for every row.
    ///
    /// # Errors
    /// If `inputs` has another number of columns than the training examples.
    pub fn apply(&self, inputs: ArrayView2<'_, T>) -> Result<Array2<T>> {
        Error::check_len("inputs", inputs.ncols(), self.mean.len())?;
        Ok((&inputs - &self.mean) / &self.deviation)
    }

    /// x′ σ + μ for every row: what [`apply`](Standardizer::apply) did, undone.
    ///
    /// # Errors
    /// As [`apply`](Standardizer::apply).
    pub fn undo(&self, inputs: ArrayView2<'_, T>) -> Result<Array2<T>> {
        Error::check_len("inputs", inputs.ncols(), self.mean.len())?;
        Ok(&inputs * &self.deviation + &self.mean)
    }
}

/// Brings the features to mean 0 and covariance I: x′ = (x − μ) W, so that they are of one scale *and*
/// uncorrelated.
///
/// With the covariance C = V diag(λ) Vᵀ of the training examples (1/N), W is V diag(λ + ε)^−½, whose
/// outputs are the principal components ([`pca`](Whitening::pca)), or V diag(λ + ε)^−½ Vᵀ, which stays
/// as near to the inputs as it can, so that images stay images ([`zca`](Whitening::zca)). ε > 0 keeps
/// directions that hardly vary from being blown up. Directions that do not vary at all (λ ≤ D ε₀ λ₁,
/// with ε₀ the number type's rounding) give 0, and no component.
///
/// Source: A. J. Bell and T. J. Sejnowski, "The 'independent components' of natural scenes are edge
/// filters" (1997); A. Kessy, A. Lewin and K. Strimmer, "Optimal whitening and decorrelation" (2018).
///
/// ```
/// use gradus::data::Whitening;
/// use gradus::prelude::*;
///
/// let train = array![[0.0, 0.0], [2.0, 1.0], [4.0, 4.0], [6.0, 5.0]];
/// let x = Whitening::zca(train.view(), 0.0)?.apply(train.view())?;
/// let covariance = x.t().dot(&x) / 4.0;
/// assert!((covariance - Array2::<f64>::eye(2)).iter().all(|d| d.abs() < 1e-12));
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Whitening<T: Scalar = f64> {
    /// μ, of length D.
    pub mean: Array1<T>,
    /// W, of shape D × K: K is D, or the number of components of PCA.
    pub transform: Array2<T>,
    /// The variances along the components, from the largest; of length D.
    pub variances: Array1<f64>,
}

impl<T: Scalar> Whitening<T> {
    /// To the principal components, from the one of largest variance.
    ///
    /// # Errors
    /// If `inputs` is empty, not finite or never changes, or `epsilon` is not a finite number ≥ 0.
    pub fn pca(inputs: ArrayView2<'_, T>, epsilon: f64) -> Result<Self> {
        Self::fit(inputs, epsilon, |vectors, _| vectors)
    }

    /// To the nearest uncorrelated features.
    ///
    /// # Errors
    /// As [`pca`](Whitening::pca).
    pub fn zca(inputs: ArrayView2<'_, T>, epsilon: f64) -> Result<Self> {
        Self::fit(inputs, epsilon, |scaled, vectors| scaled.dot(&vectors.t()))
    }

    /// `finish` makes W of V diag(λ + ε)^−½ and V.
    fn fit(
        inputs: ArrayView2<'_, T>,
        epsilon: f64,
        finish: impl Fn(Array2<f64>, &Array2<f64>) -> Array2<f64>,
    ) -> Result<Self> {
        Error::check(
            epsilon >= 0.0 && epsilon.is_finite(),
            "epsilon",
            epsilon,
            "a finite number >= 0",
        )?;
        let (mean, centered) = centered(inputs)?;
        let features = centered.ncols();
        let eigen =
            linalg::symmetric_eigen(&(centered.t().dot(&centered) / centered.nrows() as f64));
        // From the largest.
        let order: Vec<usize> = (0..features).rev().collect();
        let variances = eigen.values.select(Axis(0), &order);
        let limit = features as f64 * T::epsilon().wide() * variances[0];
        let kept = variances.iter().take_while(|&&v| v > limit).count();
        Error::check(kept > 0, "inputs", "constant", "at least one feature that changes")?;
        let vectors = eigen.vectors.select(Axis(1), &order[..kept]);
        let scale: Array1<f64> =
            variances.iter().take(kept).map(|v| 1.0 / (v + epsilon).sqrt()).collect();
        Ok(Self {
            mean: mean.mapv(T::of),
            transform: finish(&vectors * &scale, &vectors).mapv(T::of),
            variances: variances.mapv(|v| v.max(0.0)),
        })
    }

    /// (x − μ) W for every row.
    ///
    /// # Errors
    /// If `inputs` has another number of columns than the training examples.
    pub fn apply(&self, inputs: ArrayView2<'_, T>) -> Result<Array2<T>> {
        Error::check_len("inputs", inputs.ncols(), self.mean.len())?;
        Ok((&inputs - &self.mean).dot(&self.transform))
    }
}

/// The mean of every column, and the inputs without it.
fn centered<T: Scalar>(inputs: ArrayView2<'_, T>) -> Result<(Array1<f64>, Array2<f64>)> {
    let inputs = inputs.mapv(T::wide);
    check_finite("inputs", &inputs)?;
    let n = inputs.nrows() as f64;
    let mean = inputs.sum_axis(Axis(0)) / n;
    let centered = inputs - &mean;
    Ok((mean, centered))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;
    use ndarray::array;

    fn covariance(x: &Array2<f64>) -> Array2<f64> {
        let (_, x) = centered(x.view()).unwrap();
        x.t().dot(&x) / x.nrows() as f64
    }

    #[test]
    fn digits_are_standardised_where_they_vary() {
        let train = data::digits().train.inputs;
        let scaler = Standardizer::fit(train.view()).unwrap();
        let scaled = scaler.apply(train.view()).unwrap();
        let (mean, _) = centered(scaled.view()).unwrap();
        // Sums of 1,079 numbers of size 1 to 8.
        assert!(mean.iter().all(|m| m.abs() < 1e-13));
        for (j, v) in covariance(&scaled).diag().iter().enumerate() {
            // The corners of the images are always white.
            let expected =
                if train.column(j).iter().all(|&x| x == train[(0, j)]) { 0.0 } else { 1.0 };
            assert!((v - expected).abs() < 1e-12, "{j}: {v}");
        }
        let back = scaler.undo(scaled.view()).unwrap();
        assert!((back - &train).iter().all(|d| d.abs() < 1e-13));
        assert!(scaler.apply(array![[1.0]].view()).is_err());
    }

    #[test]
    fn a_large_constant_stays_constant() {
        // The mean of many 0.1 is not exactly 0.1; the difference must not be taken for variation.
        let x = Array2::<f64>::from_elem((1000, 1), 0.1);
        let scaler = Standardizer::fit(x.view()).unwrap();
        assert_ne!(scaler.mean[0], 0.1);
        assert!(scaler.apply(x.view()).unwrap().iter().all(|v| v.abs() < 1e-13));
    }

    #[test]
    fn whitened_digits_are_uncorrelated() {
        let train = data::digits().train.inputs;
        let pca = Whitening::pca(train.view(), 0.0).unwrap();
        let components = pca.transform.ncols();
        assert!((50..64).contains(&components), "{components}");
        let x = pca.apply(train.view()).unwrap();
        // The smallest variance that is kept is 1e-4 of the largest or so: a dozen digits stay.
        assert!((covariance(&x) - Array2::<f64>::eye(components)).iter().all(|d| d.abs() < 1e-9));

        // ZCA: the projection onto the directions that vary, symmetric, and of the digits' own shape.
        let zca = Whitening::zca(train.view(), 0.1).unwrap();
        assert_eq!(zca.transform.dim(), (64, 64));
        assert!((&zca.transform - &zca.transform.t()).iter().all(|d| d.abs() < 1e-12));
        assert_eq!(zca.variances, pca.variances);
    }

    #[test]
    fn epsilon_shrinks_by_what_it_says() {
        // Variances 4 and 1 along the axes.
        let x = array![[2.0, 1.0], [2.0, -1.0], [-2.0, 1.0], [-2.0, -1.0]];
        let w = Whitening::zca(x.view(), 5.0).unwrap().transform;
        let expected = array![[1.0 / 3.0, 0.0], [0.0, 1.0 / 6.0_f64.sqrt()]];
        assert!((w - expected).iter().all(|d| d.abs() < 1e-15));
        assert!(Whitening::pca(x.view(), -1.0).is_err());
        assert!(Whitening::pca(Array2::from_elem((3, 2), 7.0).view(), 0.0).is_err());
        assert!(Whitening::pca(array![[f64::NAN]].view(), 0.0).is_err());
        assert!(Standardizer::<f64>::fit(Array2::zeros((0, 2)).view()).is_err());
    }
}
