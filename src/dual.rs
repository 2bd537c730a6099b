//! Dual numbers: derivatives that are exact to rounding, without a step to choose.
//!
//! A dual number a + b ε with ε² = 0 carries a value and its derivative through a computation:
//! f(x + ε) = f(x) + f′(x) ε. Nesting them, [`Dual<Dual>`](Dual), gives second derivatives. This is
//! forward-mode automatic differentiation; a gradient costs n evaluations. Source: W. K. Clifford (1873);
//! A. Griewank and A. Walther, *Evaluating Derivatives* (2008), chapter 3.

use std::ops::{Add, Div, Mul, Neg, Sub};

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

use crate::Objective;

/// What a [`Formula`] may do with a number: arithmetic, also with constants, and the usual functions.
///
/// ```
/// use gradus::dual::{Dual, Real};
///
/// fn f<R: Real>(x: R) -> R {
///     x.sin() * x.exp() + 1.0
/// }
/// assert_eq!(f(0.0_f64), 1.0);
/// assert_eq!(f(Dual::variable(0.0)).derivative, 1.0); // cos 0 · e⁰ + sin 0 · e⁰
/// ```
pub trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// The constant `value`.
    fn of(value: f64) -> Self;
    /// The number without its derivatives.
    fn value(self) -> f64;
    /// eˣ.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// sin x.
    fn sin(self) -> Self;
    /// cos x.
    fn cos(self) -> Self;
    /// arctan x.
    fn atan(self) -> Self;
    /// xⁿ for an integer n.
    fn powi(self, n: i32) -> Self;
    /// x².
    fn square(self) -> Self {
        self * self
    }
    /// |x|; at 0 the derivative is taken as 0.
    fn abs(self) -> Self {
        if self.value() > 0.0 {
            self
        } else if self.value() < 0.0 {
            -self
        } else {
            self * 0.0
        }
    }
    /// tanh x.
    fn tanh(self) -> Self {
        // 1 − 2 / (e²ˣ + 1) neither overflows to NaN nor loses more than a rounding near ±1.
        -(Self::of(2.0) / ((self * 2.0).exp() + 1.0)) + 1.0
    }
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
    fn exp(self) -> Self {
        f64::exp(self)
    }
    fn ln(self) -> Self {
        f64::ln(self)
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    fn sin(self) -> Self {
        f64::sin(self)
    }
    fn cos(self) -> Self {
        f64::cos(self)
    }
    fn atan(self) -> Self {
        f64::atan(self)
    }
    fn powi(self, n: i32) -> Self {
        f64::powi(self, n)
    }
}

/// value + derivative · ε with ε² = 0.
///
/// ```
/// use gradus::dual::{Dual, Real};
///
/// let x = Dual::variable(3.0);
/// let y = x * x + x * 2.0;
/// assert_eq!((y.value, y.derivative), (15.0, 8.0));
///
/// // x³ at 2, twice differentiated: 6 x = 12.
/// let x = Dual::variable(Dual::variable(2.0));
/// assert_eq!(x.powi(3).derivative.derivative, 12.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dual<R = f64> {
    /// The value.
    pub value: R,
    /// Its derivative in the direction of ε.
    pub derivative: R,
}

impl<R: Real> Dual<R> {
    /// value + ε, the variable that is differentiated by.
    pub fn variable(value: R) -> Self {
        Self { value, derivative: R::of(1.0) }
    }

    /// f(x) for a function with this value and slope at x: the chain rule.
    fn chain(self, value: R, slope: R) -> Self {
        Self { value, derivative: slope * self.derivative }
    }
}

impl<R: Real> Real for Dual<R> {
    fn of(value: f64) -> Self {
        Self { value: R::of(value), derivative: R::of(0.0) }
    }
    fn value(self) -> f64 {
        self.value.value()
    }
    fn exp(self) -> Self {
        let e = self.value.exp();
        self.chain(e, e)
    }
    fn ln(self) -> Self {
        self.chain(self.value.ln(), R::of(1.0) / self.value)
    }
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, R::of(0.5) / root)
    }
    fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }
    fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }
    fn atan(self) -> Self {
        self.chain(self.value.atan(), R::of(1.0) / (self.value * self.value + 1.0))
    }
    fn powi(self, n: i32) -> Self {
        if n == 0 {
            return Self::of(1.0);
        }
        self.chain(self.value.powi(n), self.value.powi(n - 1) * f64::from(n))
    }
}

impl<R: Real> Add for Dual<R> {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        Self { value: self.value + b.value, derivative: self.derivative + b.derivative }
    }
}

impl<R: Real> Sub for Dual<R> {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        Self { value: self.value - b.value, derivative: self.derivative - b.derivative }
    }
}

impl<R: Real> Mul for Dual<R> {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        Self {
            value: self.value * b.value,
            derivative: self.derivative * b.value + self.value * b.derivative,
        }
    }
}

impl<R: Real> Div for Dual<R> {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let value = self.value / b.value;
        Self { value, derivative: (self.derivative - value * b.derivative) / b.value }
    }
}

impl<R: Real> Neg for Dual<R> {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, derivative: -self.derivative }
    }
}

impl<R: Real> Add<f64> for Dual<R> {
    type Output = Self;
    fn add(self, b: f64) -> Self {
        Self { value: self.value + b, ..self }
    }
}

impl<R: Real> Sub<f64> for Dual<R> {
    type Output = Self;
    fn sub(self, b: f64) -> Self {
        Self { value: self.value - b, ..self }
    }
}

impl<R: Real> Mul<f64> for Dual<R> {
    type Output = Self;
    fn mul(self, b: f64) -> Self {
        Self { value: self.value * b, derivative: self.derivative * b }
    }
}

impl<R: Real> Div<f64> for Dual<R> {
    type Output = Self;
    fn div(self, b: f64) -> Self {
        Self { value: self.value / b, derivative: self.derivative / b }
    }
}

/// A function ℝⁿ → ℝ written once for every kind of number.
pub trait Formula {
    /// f(x).
    fn at<R: Real>(&self, x: &[R]) -> R;
}

/// A [`Formula`] as an [`Objective`] whose derivatives come from dual numbers.
///
/// A gradient costs n evaluations of the formula, a Hessian-vector product n, a Hessian n (n + 1) / 2.
///
/// ```
/// use gradus::dual::{Exact, Formula, Real};
/// use gradus::prelude::*;
///
/// struct Product;
/// impl Formula for Product {
///     fn at<R: Real>(&self, x: &[R]) -> R {
///         x[0] * x[1].exp()
///     }
/// }
/// let f = Exact(Product);
/// let x = array![2.0, 0.0];
/// assert_eq!(f.gradient(x.view()), array![1.0, 2.0]);
/// assert_eq!(f.hessian(x.view()), array![[0.0, 1.0], [1.0, 2.0]]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exact<F>(pub F);

impl<F: Formula> Objective for Exact<F> {
    fn value_and_gradient(
        &self,
        x: ArrayView1<'_, f64>,
        mut gradient: ArrayViewMut1<'_, f64>,
    ) -> f64 {
        let mut point: Vec<Dual> = x.iter().map(|&v| Dual::of(v)).collect();
        let mut value = None;
        for (i, g) in gradient.iter_mut().enumerate() {
            point[i].derivative = 1.0;
            let y = self.0.at(&point);
            point[i].derivative = 0.0;
            *g = y.derivative;
            value = Some(y.value);
        }
        value.unwrap_or_else(|| self.value(x))
    }

    fn value(&self, x: ArrayView1<'_, f64>) -> f64 {
        match x.as_slice() {
            Some(x) => self.0.at(x),
            None => self.0.at(&x.to_vec()),
        }
    }

    fn hessian_vector_product(
        &self,
        x: ArrayView1<'_, f64>,
        direction: ArrayView1<'_, f64>,
    ) -> Array1<f64> {
        let mut point: Vec<Dual<Dual>> = x
            .iter()
            .zip(direction)
            .map(|(&value, &derivative)| Dual {
                value: Dual { value, derivative },
                derivative: Dual::of(0.0),
            })
            .collect();
        (0..x.len())
            .map(|i| {
                point[i].derivative.value = 1.0;
                let y = self.0.at(&point);
                point[i].derivative.value = 0.0;
                y.derivative.derivative
            })
            .collect()
    }

    fn hessian(&self, x: ArrayView1<'_, f64>) -> Array2<f64> {
        let n = x.len();
        let mut hessian = Array2::zeros((n, n));
        let mut point: Vec<Dual<Dual>> = x.iter().map(|&v| Dual::of(v)).collect();
        for i in 0..n {
            point[i].derivative.value = 1.0;
            for j in 0..=i {
                point[j].value.derivative = 1.0;
                let second = self.0.at(&point).derivative.derivative;
                point[j].value.derivative = 0.0;
                hessian[[i, j]] = second;
                hessian[[j, i]] = second;
            }
            point[i].derivative.value = 0.0;
        }
        hessian
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every function of [`Real`], at a point where none is special, against its known derivatives.
    #[test]
    fn first_and_second_derivatives_are_known_ones() {
        let x = Dual::variable(Dual::variable(0.7_f64));
        let (s, c, e) = (0.7_f64.sin(), 0.7_f64.cos(), 0.7_f64.exp());
        let q = 1.0 + 0.49;
        let t = 0.7_f64.tanh();
        let cases = [
            ("exp", x.exp(), e, e),
            ("ln", x.ln(), 1.0 / 0.7, -1.0 / 0.49),
            ("sqrt", x.sqrt(), 0.5 / 0.7_f64.sqrt(), -0.25 / 0.7_f64.powf(1.5)),
            ("sin", x.sin(), c, -s),
            ("cos", x.cos(), -s, -c),
            ("atan", x.atan(), 1.0 / q, -1.4 / (q * q)),
            ("powi", x.powi(-2), -2.0 / 0.343, 6.0 / 0.2401),
            ("abs", (-x).abs() * x, 1.4, 2.0),
            ("tanh", x.tanh(), 1.0 - t * t, -2.0 * t * (1.0 - t * t)),
            ("div", Dual::of(1.0) / (x + 1.0), -1.0 / 2.89, 2.0 / 4.913),
            ("constants", (x * 3.0 - 1.0) / 2.0 * x, 3.0 * 0.7 - 0.5, 3.0),
        ];
        for (name, y, first, second) in cases {
            // A few roundings of numbers of order ten.
            assert!((y.derivative.value - first).abs() < 1e-14, "{name}: {}", y.derivative.value);
            assert!((y.derivative.derivative - second).abs() < 1e-13, "{name}, second");
        }
    }
}
