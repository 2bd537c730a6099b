use std::ops::Range;

use ndarray::{Array1, ArrayView1, ArrayViewMut1, Axis};
use serde::{Deserialize, Serialize};

use crate::objective::Evaluation;
use crate::{Error, FiniteSum, Objective, Result, Scalar};

/// A penalty on the size of weights, λ R(w): added to a data loss, it says which of many fits to prefer.
///
/// | | λ R(w) | gradient | proximal step of length η |
/// |---|---|---|---|
/// | L2 | λ Σ w² | 2 λ w | w / (1 + 2 η λ) |
/// | L1 | λ Σ \|w\| | λ sign(w) | sign(w) max(0, \|w\| − η λ) |
/// | elastic net | λ Σ (β w² + \|w\|) | λ (2 β w + sign(w)) | L1's, then / (1 + 2 η λ β) |
///
/// L1 has a kink at 0, where 0 is taken of its subgradients [−λ, λ]. Steps along the gradient cross the
/// kink back and forth; a [proximal](Regularizer::shrink) step stops there, and its weights become exactly 0.
/// [`Rule::l2`](crate::optim::Rule::l2) has λ/2 ‖w‖² in place of λ ‖w‖². Source: deck 003.
///
/// ```
/// use gradus::prelude::*;
///
/// let sparse = array![1.0, 0.0, 0.0, 0.0];
/// let spread = array![0.25, 0.25, 0.25, 0.25];
/// let l2 = Regularizer::L2(1.0);
/// assert_eq!((l2.value(sparse.view()), l2.value(spread.view())), (1.0, 0.25));
/// let l1 = Regularizer::L1(1.0);
/// assert_eq!(l1.value(sparse.view()), l1.value(spread.view()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regularizer {
    /// λ Σ w², with this λ ≥ 0.
    L2(f64),
    /// λ Σ |w|, with this λ ≥ 0.
    L1(f64),
    /// λ Σ (β w² + |w|).
    ElasticNet {
        /// The strength λ ≥ 0.
        lambda: f64,
        /// The part of L2, β ≥ 0.
        beta: f64,
    },
}

impl Regularizer {
    /// λ R(w).
    pub fn value<T: Scalar>(self, w: ArrayView1<'_, T>) -> T {
        let (l2, l1) = self.strengths::<T>();
        w.iter().map(|&w| l2 * w * w + l1 * w.abs()).sum()
    }

    /// The gradient of λ R at w.
    pub fn gradient<T: Scalar>(self, w: ArrayView1<'_, T>) -> Array1<T> {
        let mut gradient = Array1::zeros(w.len());
        self.add_gradient(w, gradient.view_mut());
        gradient
    }

    /// The proximal step: `w` becomes the u with the least λ R(u) + ‖u − w‖² / 2η.
    ///
    /// ```
    /// use gradus::prelude::*;
    ///
    /// let mut w = [0.5, -0.03, 0.0];
    /// Regularizer::L1(1.0).shrink(&mut w, 0.1);
    /// assert_eq!(w, [0.4, 0.0, 0.0]);
    /// ```
    pub fn shrink<T: Scalar>(self, w: &mut [T], eta: f64) {
        let (l2, l1) = self.strengths::<f64>();
        let (cut, divide) = (T::of(eta * l1), T::of(1.0 + 2.0 * eta * l2));
        for w in w {
            let left = w.abs() - cut;
            // A NaN stays one.
            *w = if left <= T::zero() { T::zero() } else { left.copysign(*w) / divide };
        }
    }

    /// `objective` plus this penalty on all of its parameters.
    ///
    /// ```
    /// use gradus::prelude::*;
    ///
    /// let f = |w: ArrayView1<f64>| (w.sum(), Array1::ones(w.len()));
    /// let g = Regularizer::L2(0.5).on(f)?;
    /// assert_eq!(g.value(array![1.0, 2.0].view()), 3.0 + 2.5);
    /// assert_eq!(g.gradient(array![1.0, 2.0].view()), array![2.0, 3.0]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a strength is negative or not finite.
    pub fn on<O>(self, objective: O) -> Result<Regularized<O>> {
        self.check()?;
        Ok(Regularized { objective, regularizer: self, ranges: None })
    }

    pub(crate) fn check(self) -> Result<()> {
        let check = |argument, value: f64| {
            let holds = value >= 0.0 && value.is_finite();
            Error::check(holds, argument, value, "a finite number >= 0")
        };
        match self {
            Self::L2(lambda) | Self::L1(lambda) => check("lambda", lambda),
            Self::ElasticNet { lambda, beta } => check("lambda", lambda).and(check("beta", beta)),
        }
    }

    fn add_gradient<T: Scalar>(self, w: ArrayView1<'_, T>, mut gradient: ArrayViewMut1<'_, T>) {
        let (l2, l1) = self.strengths::<T>();
        for (g, &w) in gradient.iter_mut().zip(w) {
            let sign = if w == T::zero() { T::zero() } else { w.signum() };
            *g += (l2 + l2) * w + l1 * sign;
        }
    }

    /// The factors of Σ w² and of Σ |w|.
    fn strengths<T: Scalar>(self) -> (T, T) {
        let (l2, l1) = match self {
            Self::L2(lambda) => (lambda, 0.0),
            Self::L1(lambda) => (0.0, lambda),
            Self::ElasticNet { lambda, beta } => (lambda * beta, lambda),
        };
        (T::of(l2), T::of(l1))
    }
}

/// An objective plus a penalty: J(w) + λ R(w); made by [`Regularizer::on`] or a model's `regularized`.
///
/// ```
/// use gradus::prelude::*;
///
/// let basis = Basis::Polynomial { degree: 1 };
/// let loss = LinearRegression::new(basis.design(array![0.0, 1.0].view()), array![1.0, 2.0])?;
/// // The weight of x⁰ goes free.
/// let ridge = Regularizer::L2(0.1).on(loss)?.within(1..2);
/// assert_eq!(ridge.value(array![1.0, 1.0].view()), 0.1);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Regularized<O> {
    /// J, the data loss.
    pub objective: O,
    /// λ R.
    pub regularizer: Regularizer,
    ranges: Option<Vec<Range<usize>>>,
}

impl<O> Regularized<O> {
    /// With the penalty within this range of the parameters only, and others that are given so.
    pub fn within(mut self, range: Range<usize>) -> Self {
        self.ranges.get_or_insert_default().push(range);
        self
    }

    /// λ R(w) by itself.
    pub fn penalty<T: Scalar>(&self, w: ArrayView1<'_, T>) -> T {
        self.ranges(w.len()).map(|range| self.regularizer.value(part_of(w, range))).sum()
    }

    /// The penalised ranges of a vector of length n.
    fn ranges(&self, n: usize) -> impl Iterator<Item = Range<usize>> {
        let some = self.ranges.iter().flatten().map(move |r| r.start.min(n)..r.end.min(n));
        some.chain(self.ranges.is_none().then_some(0..n))
    }

    /// Adds the gradient of λ R(w).
    fn add_gradient<T: Scalar>(&self, w: ArrayView1<'_, T>, mut gradient: ArrayViewMut1<'_, T>) {
        for range in self.ranges(w.len()) {
            let part = gradient.slice_axis_mut(Axis(0), range.clone().into());
            self.regularizer.add_gradient(part_of(w, range), part);
        }
    }
}

impl<T: Scalar, O: Objective<T>> Objective<T> for Regularized<O> {
    fn value_and_gradient(&self, w: ArrayView1<'_, T>, mut gradient: ArrayViewMut1<'_, T>) -> T {
        let value = self.objective.value_and_gradient(w, gradient.view_mut());
        self.add_gradient(w, gradient);
        value + self.penalty(w)
    }

    fn value(&self, w: ArrayView1<'_, T>) -> T {
        self.objective.value(w) + self.penalty(w)
    }

    fn hessian_vector_product(&self, w: ArrayView1<'_, T>, v: ArrayView1<'_, T>) -> Array1<T> {
        let mut product = self.objective.hessian_vector_product(w, v);
        let (l2, _) = self.regularizer.strengths::<T>();
        for range in self.ranges(w.len()) {
            let part = part_of(v, range.clone());
            product.slice_axis_mut(Axis(0), range.into()).scaled_add(l2 + l2, &part);
        }
        product
    }
}

impl<T: Scalar, O: FiniteSum<T>> FiniteSum<T> for Regularized<O> {
    fn terms(&self) -> usize {
        self.objective.terms()
    }

    fn on_batch(
        &self,
        batch: &[usize],
        seed: u64,
        w: ArrayView1<'_, T>,
        mut gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T> {
        let value = self.objective.on_batch(batch, seed, w, gradient.view_mut())?;
        // Running statistics are not penalised: they are no gradient.
        self.add_gradient(w, gradient);
        Ok(value + self.penalty(w))
    }

    fn evaluate(&self, w: ArrayView1<'_, T>) -> Result<Evaluation> {
        let evaluation = self.objective.evaluate(w)?;
        Ok(Evaluation { loss: evaluation.loss + self.penalty(w).wide(), ..evaluation })
    }

    fn running(&self) -> Vec<Range<usize>> {
        self.objective.running()
    }
}

fn part_of<T>(mut w: ArrayView1<'_, T>, range: Range<usize>) -> ArrayView1<'_, T> {
    w.slice_axis_inplace(Axis(0), range.into());
    w
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check_gradient, check_hessian};
    use ndarray::array;

    const ALL: [Regularizer; 3] = [
        Regularizer::L2(0.3),
        Regularizer::L1(0.3),
        Regularizer::ElasticNet { lambda: 0.2, beta: 0.5 },
    ];

    fn bowl(w: ArrayView1<f64>) -> (f64, Array1<f64>) {
        (w.dot(&w) / 2.0, w.to_owned())
    }

    #[test]
    fn penalties_have_their_gradient_and_curvature() {
        for regularizer in ALL {
            let f = regularizer.on(bowl).unwrap().within(0..1).within(2..4);
            let w = array![0.7, -1.2, -0.4, 2.0];
            let check = check_gradient(&f, w.view()).unwrap();
            assert!(check.passed(), "{regularizer:?}: {check}");
            let check = check_hessian(&f, w.view()).unwrap();
            assert!(check.passed(), "{regularizer:?}: {check}");
            let free = f.gradient(w.view())[1];
            assert_eq!(free, -1.2);
            assert_eq!(f.value(w.view()), bowl(w.view()).0 + f.penalty(w.view()));
        }
    }

    /// The proximal step against its definition: no u near it has less of λ R(u) + (u − w)² / 2η.
    #[test]
    fn a_proximal_step_is_the_least_of_penalty_and_distance() {
        let eta = 0.7;
        for regularizer in ALL {
            for w in [-1.0, -0.1, 0.0, 0.05, 0.3, 2.0] {
                let mut at = [w];
                regularizer.shrink(&mut at, eta);
                let cost =
                    |u: f64| regularizer.value(array![u].view()) + (u - w) * (u - w) / (2.0 * eta);
                for shift in [-0.1, -1e-4, 1e-4, 0.1] {
                    assert!(cost(at[0]) <= cost(at[0] + shift), "{regularizer:?} at {w}");
                }
            }
        }
    }

    #[test]
    fn bad_strengths_are_refused() {
        let message = Regularizer::L1(-1.0).on(()).unwrap_err().to_string();
        assert_eq!(message, "`lambda` is -1, expected a finite number >= 0");
        let net = Regularizer::ElasticNet { lambda: 1.0, beta: f64::NAN };
        assert!(net.on(()).unwrap_err().to_string().starts_with("`beta` is NaN"));
    }
}
