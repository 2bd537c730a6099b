//! Numerical derivatives, and the check of a gradient against them.
//!
//! For derivatives that are exact to rounding see [`dual`](crate::dual).

use std::fmt;

use ndarray::{Array1, Array2, ArrayView1};
use rand::Rng;
use rand_distr::StandardNormal;

use crate::{Error, Objective, Result, Scalar, data};

/// A formula for a derivative from values of the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// (f(x + h) − f(x)) / h, with an error of ½ h f″.
    Forward,
    /// (f(x + h) − f(x − h)) / 2h, with an error of ⅙ h² f‴.
    Centred,
    /// (8 (f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12h, with an error of h⁴ f⁽⁵⁾/30.
    FivePoint,
}

impl Difference {
    /// The order p of the error hᵖ.
    pub fn order(self) -> i32 {
        match self {
            Self::Forward => 1,
            Self::Centred => 2,
            Self::FivePoint => 4,
        }
    }

    /// The step that balances the formula's error, about hᵖ, against that of rounding, about ε/h:
    /// ε^(1/(p+1)) · max(1, |x|).
    ///
    /// ```
    /// use gradus::gradcheck::Difference;
    ///
    /// assert_eq!(Difference::Forward.step(0.0_f64), f64::EPSILON.sqrt());
    /// assert_eq!(Difference::Centred.step(-100.0_f64), 100.0 * f64::EPSILON.powf(1.0 / 3.0));
    /// ```
    pub fn step<T: Scalar>(self, x: T) -> T {
        let power = 1.0 / f64::from(self.order() + 1);
        T::of(T::epsilon().wide().powf(power)) * x.abs().max(T::one())
    }

    /// The derivative at `x`, with the step h.
    ///
    /// ```
    /// use gradus::gradcheck::Difference;
    ///
    /// // Centred differences are exact for parabolas.
    /// assert_eq!(Difference::Centred.derivative(|x: f64| x * x, 3.0, 0.5), 6.0);
    /// assert_eq!(Difference::Forward.derivative(|x: f64| x * x, 3.0, 0.5), 6.5);
    /// ```
    pub fn derivative<T: Scalar>(self, mut f: impl FnMut(T) -> T, x: T, h: T) -> T {
        let terms = self.terms().iter();
        terms.map(|&(offset, weight)| T::of(weight) * f(x + T::of(offset) * h)).sum::<T>() / h
    }

    /// The points, in steps from x, and their weights.
    fn terms(self) -> &'static [(f64, f64)] {
        match self {
            Self::Forward => &[(1.0, 1.0), (0.0, -1.0)],
            Self::Centred => &[(1.0, 0.5), (-1.0, -0.5)],
            Self::FivePoint => {
                &[(1.0, 2.0 / 3.0), (-1.0, -2.0 / 3.0), (2.0, -1.0 / 12.0), (-2.0, 1.0 / 12.0)]
            }
        }
    }
}

/// ∇f at `x` from values alone, component by component, each with its own step.
///
/// ```
/// use gradus::gradcheck::{Difference, gradient};
/// use gradus::prelude::*;
///
/// let f = |w: ArrayView1<f64>| (w[0].sin() * w[1], array![0.0, 0.0]); // only the value is used
/// let g = gradient(&f, array![0.0, 3.0].view(), Difference::Centred);
/// assert!((g[0] - 3.0).abs() < 1e-9 && g[1].abs() < 1e-9);
/// ```
pub fn gradient<T: Scalar, O: Objective<T> + ?Sized>(
    objective: &O,
    x: ArrayView1<'_, T>,
    difference: Difference,
) -> Array1<T> {
    let mut point = x.to_owned();
    let component = |(i, &x): (usize, &T)| {
        let along = |v| {
            point[i] = v;
            objective.value(point.view())
        };
        let derivative = difference.derivative(along, x, representable(x, difference.step(x)));
        point[i] = x;
        derivative
    };
    x.iter().enumerate().map(component).collect()
}

/// The h for which x + h is x + h exactly, as near as possible to the one given.
fn representable<T: Scalar>(x: T, h: T) -> T {
    (x + h) - x
}

/// The m × n matrix ∂Fᵢ/∂xⱼ of a map F: ℝⁿ → ℝᵐ, column by column.
///
/// With F = ∇f it is the Hessian.
///
/// ```
/// use gradus::gradcheck::{Difference, jacobian};
/// use gradus::prelude::*;
///
/// let polar = |x: ArrayView1<f64>| array![x[0] * x[1].cos(), x[0] * x[1].sin()];
/// let j = jacobian(polar, array![2.0, 0.0].view(), Difference::Centred);
/// let exact = array![[1.0, 0.0], [0.0, 2.0]];
/// assert!((j - exact).iter().all(|d: &f64| d.abs() < 1e-9));
/// ```
pub fn jacobian<T: Scalar>(
    map: impl Fn(ArrayView1<'_, T>) -> Array1<T>,
    x: ArrayView1<'_, T>,
    difference: Difference,
) -> Array2<T> {
    let mut point = x.to_owned();
    let mut jacobian = Array2::zeros((map(x).len(), x.len()));
    for (j, mut column) in jacobian.columns_mut().into_iter().enumerate() {
        let h = representable(x[j], difference.step(x[j]));
        for &(offset, weight) in difference.terms() {
            point[j] = x[j] + T::of(offset) * h;
            column.scaled_add(T::of(weight) / h, &map(point.view()));
        }
        point[j] = x[j];
    }
    jacobian
}

/// One compared derivative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// The index of the parameter, or of the direction.
    pub index: usize,
    /// What the objective says.
    pub analytic: f64,
    /// What differences say.
    pub numeric: f64,
    /// |analytic − numeric| / max(|analytic|, |numeric|, floor). The floor is ∛ε times the largest component, or
    /// more where the rounding of f, about ε |f| / h, hides more than the tolerance: a derivative is not held
    /// to digits that the differences do not have.
    pub relative_error: f64,
    /// Whether the function has a kink here, within the reach of the differences: the analytic value then
    /// counts as right if it is one of the slopes beside the kink or between them.
    pub kink: bool,
}

/// The outcome of a gradient check; its `Display` is a sentence for people.
#[derive(Debug, Clone, PartialEq)]
pub struct GradientCheck {
    /// What was compared.
    pub components: Vec<Component>,
    /// The relative error that is allowed: 10⁻⁶ in f64, 10⁻² in f32.
    pub tolerance: f64,
    /// Whether the check ran in f32, which has too few digits for it to say much.
    pub single_precision: bool,
    what: &'static str,
}

impl GradientCheck {
    /// Whether no component is off by more than the tolerance, kinks apart.
    pub fn passed(&self) -> bool {
        self.worst().relative_error <= self.tolerance
    }

    /// The component with the largest relative error; one without a kink, if there is any.
    pub fn worst(&self) -> Component {
        let smooth = |c: &&Component| !c.kink;
        let by_error =
            |a: &&Component, b: &&Component| a.relative_error.total_cmp(&b.relative_error);
        let worst = self.components.iter().filter(smooth).max_by(by_error);
        match worst.or_else(|| self.components.first()) {
            Some(worst) if worst.kink => Component { relative_error: 0.0, ..*worst },
            Some(worst) => *worst,
            None => unreachable!("a check compares at least one component"),
        }
    }

    /// The components with kinks.
    pub fn kinks(&self) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(|c| c.kink)
    }
}

impl fmt::Display for GradientCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worst = self.worst();
        let verdict = if self.passed() { "right" } else { "wrong" };
        write!(
            f,
            "{verdict}: {} {} is worst, analytic {:.6e}, numeric {:.6e}, relative error {:.1e} (allowed {:e})",
            self.what,
            worst.index,
            worst.analytic,
            worst.numeric,
            worst.relative_error,
            self.tolerance
        )?;
        match self.kinks().count() {
            0 => {}
            kinks => write!(f, "; {kinks} at a kink")?,
        }
        if self.single_precision {
            write!(f, "; in f32 a check has few digits: use f64")?;
        }
        Ok(())
    }
}

/// Holds the gradient of `objective` at `x` against five-point differences, component by component.
///
/// It takes sixteen values of f for each component; for many parameters use [`check_directions`].
///
/// ```
/// use gradus::gradcheck::check_gradient;
/// use gradus::prelude::*;
///
/// let wrong = |w: ArrayView1<f64>| (w[0].powi(3) + w[1], array![3.0 * w[0], 1.0]);
/// let check = check_gradient(&wrong, array![2.0, 1.0].view())?;
/// assert!(!check.passed());
/// assert_eq!(check.worst().index, 0); // 6 in place of 12
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `x` is empty or not finite, or the value or the gradient there is not finite.
pub fn check_gradient<T: Scalar, O: Objective<T> + ?Sized>(
    objective: &O,
    x: ArrayView1<'_, T>,
) -> Result<GradientCheck> {
    let analytic = checked_gradient(objective, x)?;
    let mut point = x.to_owned();
    let mut pairs = Vec::with_capacity(x.len());
    for (i, (&analytic, &x)) in analytic.iter().zip(x).enumerate() {
        let along = |t| {
            point[i] = x + t;
            objective.value(point.view())
        };
        pairs.push(Pair::measure(analytic, along, x));
        point[i] = x;
    }
    Ok(compare(pairs, "component"))
}

/// Holds the gradient of `objective` at `x` against differences along random directions of length 1.
///
/// A gradient that is wrong in any component fails in nearly every direction, at sixteen values of f for
/// each, whatever the number of parameters.
///
/// ```
/// use gradus::gradcheck::check_directions;
/// use gradus::prelude::*;
///
/// let f = |w: ArrayView1<f64>| (w.mapv(f64::sin).sum(), w.mapv(f64::cos));
/// assert!(check_directions(&f, Array1::ones(10_000).view(), 3, 0)?.passed());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`check_gradient`], and if there are no directions.
pub fn check_directions<T: Scalar, O: Objective<T> + ?Sized>(
    objective: &O,
    x: ArrayView1<'_, T>,
    directions: usize,
    seed: u64,
) -> Result<GradientCheck> {
    Error::check(directions > 0, "directions", directions, "at least 1")?;
    let analytic = checked_gradient(objective, x)?;
    let length = x.dot(&x).sqrt();
    let mut rng = data::rng(seed);
    let pairs = (0..directions).map(|_| {
        let mut direction: Array1<T> =
            (0..x.len()).map(|_| T::of(rng.sample(StandardNormal))).collect();
        direction /= direction.dot(&direction).sqrt();
        let along = |t: T| {
            let mut point = x.to_owned();
            point.scaled_add(t, &direction);
            objective.value(point.view())
        };
        Pair::measure(analytic.dot(&direction), along, length)
    });
    Ok(compare(pairs.collect(), "direction"))
}

/// Holds the Hessian of `objective` at `x` against five-point differences of its gradient.
///
/// ```
/// use gradus::gradcheck::check_hessian;
/// use gradus::problems;
///
/// let f = problems::rosenbrock();
/// assert!(check_hessian(&f, f.start.view())?.passed());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`check_gradient`].
pub fn check_hessian<O: Objective + ?Sized>(
    objective: &O,
    x: ArrayView1<'_, f64>,
) -> Result<GradientCheck> {
    checked_gradient(objective, x)?;
    let analytic = objective.hessian(x);
    let gradient = objective.gradient(x);
    let mut point = x.to_owned();
    let mut pairs = Vec::with_capacity(analytic.len());
    for ((row, column), &analytic) in analytic.indexed_iter() {
        let along = |t| {
            point[column] = x[column] + t;
            objective.gradient(point.view())[row]
        };
        let mut pair = Pair::measure(analytic, along, x[column]);
        // A component of the gradient carries the rounding of the largest, and kinks are no excuse.
        let largest = gradient.iter().fold(0.0_f64, |max, g| max.max(g.abs()));
        pair.noise = rounding(largest, Difference::FivePoint.step(x[column]));
        pair.beside = None;
        pairs.push(pair);
        point[column] = x[column];
    }
    Ok(compare(pairs, "entry"))
}

fn checked_gradient<T: Scalar, O: Objective<T> + ?Sized>(
    objective: &O,
    x: ArrayView1<'_, T>,
) -> Result<Array1<T>> {
    Error::check(!x.is_empty(), "x", "empty", "at least one coordinate")?;
    if let Some(bad) = x.iter().find(|v| !v.is_finite()) {
        Error::check(false, "x", bad, "finite coordinates")?;
    }
    let mut gradient = Array1::zeros(x.len());
    let value = objective.value_and_gradient(x, gradient.view_mut());
    let finite = value.is_finite() && gradient.iter().all(|g| g.is_finite());
    Error::check(finite, "x", x, "a point where the value and the gradient are finite")?;
    Ok(gradient)
}

/// What rounding may do to a difference of values of this size over h.
fn rounding<T: Scalar>(value: T, h: T) -> f64 {
    4.0 * (T::epsilon() * value.abs() / h).wide()
}

/// A derivative in question.
struct Pair<T> {
    analytic: T,
    numeric: T,
    noise: f64,
    beside: Option<Sides>,
}

impl<T: Scalar> Pair<T> {
    /// Measures the slope of `along` at 0; `x` gives the scale.
    ///
    /// The function may change within a smaller length than |x| or 1: if a smaller step agrees better, it
    /// counts. A wrong derivative agrees at no step.
    fn measure(analytic: T, mut along: impl FnMut(T) -> T, x: T) -> Self {
        let h = Difference::FivePoint.step(x);
        let mut slope = |factor| {
            let h = representable(x, h * T::of(factor));
            Difference::FivePoint.derivative(&mut along, T::zero(), h)
        };
        let mut numeric = slope(1.0);
        for factor in [1.0 / 16.0, 1.0 / 256.0] {
            let finer = slope(factor);
            if numeric.is_nan() || (finer - analytic).abs() < (numeric - analytic).abs() {
                numeric = finer;
            }
        }
        let noise = rounding(along(T::zero()), h);
        Self { analytic, numeric, noise, beside: Some(Sides::at(&mut along, x)) }
    }
}

/// The slopes to both sides, from steps so small that a kink of no concern is out of reach.
#[derive(Clone, Copy)]
struct Sides {
    ahead: f64,
    behind: f64,
}

impl Sides {
    fn at<T: Scalar>(along: &mut impl FnMut(T) -> T, x: T) -> Self {
        let h = Difference::Forward.step(x);
        let (behind, here, ahead) = (along(-h), along(T::zero()), along(h));
        Self { ahead: ((ahead - here) / h).wide(), behind: ((here - behind) / h).wide() }
    }

    /// Whether the slope `analytic` explains what is seen: the function bends, and it is a slope of it.
    fn explain(&self, analytic: f64, digits: f64, floor: f64) -> bool {
        let (low, high) = (self.ahead.min(self.behind), self.ahead.max(self.behind));
        // One-sided differences are good to half the digits.
        let slack = digits.sqrt() * low.abs().max(high.abs()).max(floor);
        analytic >= low - slack && analytic <= high + slack
    }
}

fn compare<T: Scalar>(pairs: Vec<Pair<T>>, what: &'static str) -> GradientCheck {
    let digits = T::epsilon().wide();
    let single_precision = digits > 1e-10;
    let tolerance = if single_precision { 1e-2 } else { 1e-6 };
    let size = |pair: &Pair<T>| pair.analytic.wide().abs().max(pair.numeric.wide().abs());
    let largest = pairs.iter().map(size).fold(0.0, f64::max);
    let small = (digits.cbrt() * largest).max(f64::MIN_POSITIVE);
    let components = pairs.into_iter().enumerate().map(|(index, pair)| {
        let (analytic, numeric) = (pair.analytic.wide(), pair.numeric.wide());
        let floor = small.max(pair.noise / tolerance);
        let relative_error = (analytic - numeric).abs() / size(&pair).max(floor);
        let off = relative_error.is_nan() || relative_error > tolerance;
        let explained = |sides: Sides| sides.explain(analytic, digits, small);
        let kink = off && pair.beside.is_some_and(explained);
        Component { index, analytic, numeric, relative_error, kink }
    });
    GradientCheck { components: components.collect(), tolerance, single_precision, what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems;
    use ndarray::array;

    /// The measured error against h is a V whose bottom is where the theory says, for each formula.
    #[test]
    fn the_step_is_near_the_best_one() {
        for difference in [Difference::Forward, Difference::Centred, Difference::FivePoint] {
            let error = |h: f64| (difference.derivative(f64::exp, 1.0, h) - 1.0_f64.exp()).abs();
            let at_step = error(difference.step(1.0));
            let best = (0..160).map(|i| error(10.0_f64.powf(-i as f64 / 10.0))).fold(1.0, f64::min);
            // The best of many steps is lucky by a factor that rounding decides.
            assert!(at_step < 1e4 * best.max(1e-15), "{difference:?}: {at_step} against {best}");
            assert!(error(100.0 * difference.step(1.0)) > at_step);
            assert!(error(1e-3 * difference.step(1.0)) > at_step);
        }
    }

    #[test]
    fn a_wrong_component_is_named() {
        let f = |w: ArrayView1<'_, f64>| {
            let mut g = w.mapv(|v| 2.0 * v);
            g[3] *= 1.0 + 1e-4;
            (w.dot(&w), g)
        };
        let check = check_gradient(&f, array![1.0, 2.0, 3.0, 4.0, 5.0].view()).unwrap();
        assert!(!check.passed());
        assert_eq!(check.worst().index, 3);
        assert!((check.worst().relative_error - 1e-4).abs() < 1e-6);
        assert!(check.to_string().starts_with("wrong: component 3 is worst"), "{check}");
        assert!(
            !check_directions(&f, array![1.0, 2.0, 3.0, 4.0, 5.0].view(), 3, 0).unwrap().passed()
        );
    }

    #[test]
    fn a_kink_is_not_an_error_but_a_wrong_slope_beside_it_is() {
        let relu =
            |slope: f64| move |w: ArrayView1<'_, f64>| (w[0].max(0.0) + w[1], array![slope, 1.0]);
        for slope in [0.0, 0.5, 1.0] {
            let check = check_gradient(&relu(slope), array![0.0, 1.0].view()).unwrap();
            assert!(check.passed(), "{check}");
            assert_eq!(check.kinks().count(), usize::from(slope != 0.5));
        }
        // The kink lies within the five points but the slope at x is clear.
        assert!(check_gradient(&relu(1.0), array![1e-4, 1.0].view()).unwrap().passed());
        assert!(!check_gradient(&relu(0.0), array![1e-4, 1.0].view()).unwrap().passed());
        assert!(!check_gradient(&relu(1.3), array![0.0, 1.0].view()).unwrap().passed());
    }

    #[test]
    fn single_precision_is_warned_about() {
        let f = |w: ArrayView1<'_, f32>| (w.dot(&w), 2.0 * &w);
        let check = check_gradient(&f, array![1.0_f32, -2.0].view()).unwrap();
        assert!(check.passed() && check.single_precision);
        assert!(check.to_string().ends_with("use f64"), "{check}");
    }

    #[test]
    fn bad_points_are_refused() {
        let f = |w: ArrayView1<'_, f64>| (w[0].ln(), array![1.0 / w[0]]);
        assert!(check_gradient(&f, array![-1.0].view()).is_err());
        assert!(check_gradient(&f, array![f64::NAN].view()).is_err());
        assert!(check_gradient(&f, Array1::zeros(0).view()).is_err());
        assert!(check_directions(&f, array![1.0].view(), 0, 0).is_err());
    }

    /// Every gradient and Hessian of the gallery, at random points of its domain.
    #[test]
    fn the_gallery_passes() {
        let mut rng = data::rng(3);
        let mut all = problems::gallery();
        all.push(problems::ellipse(50.0, 0.3).unwrap());
        all.push(problems::nesterov_chain(6).unwrap());
        for f in all {
            for _ in 0..20 {
                let x: Array1<f64> =
                    f.domain.iter().map(|&(low, high)| rng.random_range(low..high)).collect();
                let check = check_gradient(&f, x.view()).unwrap();
                assert!(check.passed(), "{} at {x}: {check}", f.name);
                let check = check_hessian(&f, x.view()).unwrap();
                assert!(check.passed(), "{} at {x}, Hessian: {check}", f.name);
            }
        }
    }
}
