use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, Axis};

use crate::{Error, FiniteSum, Objective, Result, Scalar, linalg};

/// A family of basis functions φ₀, φ₁, …, φₖ of one variable; φ₀ = 1 carries the intercept.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Basis {
    /// φⱼ(x) = xʲ for j = 0 … degree.
    Polynomial {
        /// The highest power, k.
        degree: usize,
    },
    /// φⱼ(x) = exp(−(x − cⱼ)² / 2 s²), after the constant.
    Gaussian {
        /// The centres c₁ … cₖ.
        centers: Vec<f64>,
        /// The common width s > 0.
        width: f64,
    },
    /// cos(j x), sin(j x) for j = 1 … harmonics, after the constant.
    Fourier {
        /// The number of harmonics; k is twice as many.
        harmonics: usize,
    },
}

impl Basis {
    /// k + 1, the number of basis functions.
    pub fn len(&self) -> usize {
        match self {
            Self::Polynomial { degree } => degree + 1,
            Self::Gaussian { centers, .. } => centers.len() + 1,
            Self::Fourier { harmonics } => 2 * harmonics + 1,
        }
    }

    /// Never true: the constant is always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The design matrix Φ, one row an example: Φᵢⱼ = φⱼ(xᵢ), of shape N × (k + 1).
    ///
    /// ```
    /// use gradus::prelude::*;
    ///
    /// let design = Basis::Polynomial { degree: 2 }.design(array![2.0, 3.0].view());
    /// assert_eq!(design, array![[1.0, 2.0, 4.0], [1.0, 3.0, 9.0]]);
    /// ```
    pub fn design<T: Scalar>(&self, x: ArrayView1<'_, T>) -> Array2<T> {
        Array2::from_shape_fn((x.len(), self.len()), |(i, j)| self.eval(j, x[i]))
    }

    fn eval<T: Scalar>(&self, j: usize, x: T) -> T {
        if j == 0 {
            return T::one();
        }
        match self {
            Self::Polynomial { .. } => x.powi(j as i32),
            Self::Gaussian { centers, width } => {
                let z = (x - T::of(centers[j - 1])) / T::of(*width);
                (-z * z / T::of(2.0)).exp()
            }
            Self::Fourier { .. } => {
                let angle = T::of(j.div_ceil(2) as f64) * x;
                if j % 2 == 1 { angle.cos() } else { angle.sin() }
            }
        }
    }
}

/// Linear regression with basis functions: the mean squared error of ŷ = Φ w.
///
/// J(w) = 1/N ‖Φ w − y‖²,  ∇J(w) = 2/N Φᵀ (Φ w − y),  H = 2/N ΦᵀΦ
///
/// with the design matrix Φ of shape N × (k + 1), targets y of length N and weights w of length
/// k + 1. The decks sum over the examples where this takes their mean, so that a good learning rate
/// does not depend on N. Source: deck 000.
///
/// ```
/// use gradus::prelude::*;
///
/// // Three points on y = 1 + 2 x.
/// let basis = Basis::Polynomial { degree: 1 };
/// let (x, y) = (array![0.0, 1.0, 2.0], array![1.0, 3.0, 5.0]);
/// let loss = LinearRegression::new(basis.design(x.view()), y)?;
/// assert_eq!(loss.value(array![1.0, 2.0].view()), 0.0);
/// assert_eq!(loss.gradient(array![0.0, 0.0].view()), array![-6.0, -26.0 / 3.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRegression<T: Scalar = f64> {
    design: Array2<T>,
    targets: Array1<T>,
}

impl<T: Scalar> LinearRegression<T> {
    /// The loss of fitting `targets` by the columns of `design`.
    ///
    /// # Errors
    /// If `design` is empty, has another number of rows than `targets`, or anything is not finite.
    pub fn new(design: Array2<T>, targets: Array1<T>) -> Result<Self> {
        Error::check(!design.is_empty(), "design", "empty", "at least one row and one column")?;
        Error::check_len("targets", targets.len(), design.nrows())?;
        if let Some(bad) = design.iter().find(|v| !v.is_finite()) {
            Error::check(false, "design", bad, "finite numbers")?;
        }
        if let Some(bad) = targets.iter().find(|v| !v.is_finite()) {
            Error::check(false, "targets", bad, "finite numbers")?;
        }
        Ok(Self { design, targets })
    }

    /// Φ, of shape N × (k + 1).
    pub fn design(&self) -> &Array2<T> {
        &self.design
    }

    /// y, of length N.
    pub fn targets(&self) -> &Array1<T> {
        &self.targets
    }

    /// ŷ = Φ w.
    pub fn predict(&self, w: ArrayView1<'_, T>) -> Array1<T> {
        self.design.dot(&w)
    }

    /// The weights of least loss, from a singular value decomposition of Φ.
    ///
    /// Where features are dependent many weights share the least loss; of these it is the shortest, and
    /// [`LeastSquares::rank`] is below k + 1. Singular values of at most ε · max(N, k + 1) · σ₁ count as
    /// zero, as in NumPy's `lstsq`.
    ///
    /// ```
    /// use gradus::prelude::*;
    ///
    /// // The second feature is the first, doubled: w₀ + 2 w₁ = 1 has many solutions.
    /// let loss = LinearRegression::new(array![[1.0, 2.0], [2.0, 4.0]], array![1.0, 2.0])?;
    /// let solution = loss.solve();
    /// assert_eq!(solution.rank, 1);
    /// assert!((&solution.weights - array![0.2, 0.4]).iter().all(|d: &f64| d.abs() < 1e-15));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    pub fn solve(&self) -> LeastSquares<T> {
        let svd = linalg::svd(&self.design.mapv(T::wide));
        let (rows, columns) = self.design.dim();
        let limit = T::epsilon().wide() * rows.max(columns) as f64 * svd.sigma[0];
        let weights = svd.solve(self.targets.mapv(T::wide).view(), limit);
        LeastSquares {
            weights: weights.mapv(T::of),
            rank: svd.rank(limit),
            singular_values: svd.sigma,
        }
    }

    /// The solution of the normal equations ΦᵀΦ w = Φᵀy, by Cholesky's decomposition: quicker than
    /// [`solve`](LinearRegression::solve), with half the digits.
    ///
    /// ```
    /// use gradus::prelude::*;
    ///
    /// let design = Basis::Polynomial { degree: 1 }.design(array![0.0, 1.0, 2.0].view());
    /// let w = LinearRegression::new(design, array![1.0, 3.0, 5.0])?.normal_equations()?;
    /// assert!((w - array![1.0, 2.0]).iter().all(|d: &f64| d.abs() < 1e-14));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// If ΦᵀΦ is not positive definite: the features are dependent.
    pub fn normal_equations(&self) -> Result<Array1<T>> {
        let gram = self.design.t().dot(&self.design).mapv(T::wide);
        let right = self.design.t().dot(&self.targets).mapv(T::wide);
        let factor = linalg::cholesky(&gram).ok_or(Error::Argument {
            argument: "design",
            value: "a matrix with dependent columns".into(),
            expected: "independent columns",
        })?;
        Ok(linalg::cholesky_solve(&factor, right.view()).mapv(T::of))
    }

    /// The same loss over the examples with these indices only: what a mini-batch sees.
    ///
    /// # Errors
    /// If `examples` is empty or names an example that is not there.
    pub fn subset(&self, examples: &[usize]) -> Result<Self> {
        if let Some(bad) = examples.iter().find(|&&i| i >= self.targets.len()) {
            Error::check(false, "examples", bad, "indices below the number of examples")?;
        }
        Self::new(self.design.select(Axis(0), examples), self.targets.select(Axis(0), examples))
    }

    /// The mean of the squared residuals; writes its gradient.
    pub(crate) fn squares(&self, w: ArrayView1<'_, T>, mut gradient: ArrayViewMut1<'_, T>) -> T {
        let residual = self.predict(w) - &self.targets;
        gradient.assign(&(self.design.t().dot(&residual) * self.scale()));
        residual.dot(&residual) / T::of(self.targets.len() as f64)
    }

    fn scale(&self) -> T {
        T::of(2.0 / self.targets.len() as f64)
    }
}

/// What [`LinearRegression::solve`] finds.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares<T: Scalar = f64> {
    /// The weights, of length k + 1.
    pub weights: Array1<T>,
    /// The number of independent features.
    pub rank: usize,
    /// The singular values of Φ, from the largest; their squares times 2/N are the curvatures.
    pub singular_values: Array1<f64>,
}

impl<T: Scalar> Objective<T> for LinearRegression<T> {
    fn value_and_gradient(&self, w: ArrayView1<'_, T>, gradient: ArrayViewMut1<'_, T>) -> T {
        T::squares(self, w, gradient)
    }

    fn hessian_vector_product(&self, _: ArrayView1<'_, T>, v: ArrayView1<'_, T>) -> Array1<T> {
        self.design.t().dot(&self.design.dot(&v)) * self.scale()
    }

    fn hessian(&self, _: ArrayView1<'_, T>) -> Array2<T> {
        self.design.t().dot(&self.design) * self.scale()
    }
}

impl<T: Scalar> FiniteSum<T> for LinearRegression<T> {
    fn terms(&self) -> usize {
        self.targets.len()
    }

    fn on_batch(
        &self,
        batch: &[usize],
        _: u64,
        w: ArrayView1<'_, T>,
        gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T> {
        Error::check_len("w", w.len(), self.design.ncols())?;
        Error::check_len("gradient", gradient.len(), w.len())?;
        Ok(self.subset(batch)?.value_and_gradient(w, gradient))
    }
}
