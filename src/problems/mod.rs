//! Functions to minimize that know where their minima are.
//!
//! Each is a [`Problem`]: an [`Objective`] with exact derivatives, a start, a domain for
//! plotting, its known minima and its source.

mod chain;
mod extended_rosenbrock;
mod gallery;
mod mgh;
mod quadratic;
mod reddi;

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

use crate::Objective;

pub use chain::Chain;
pub use extended_rosenbrock::ExtendedRosenbrock;
pub use gallery::*;
pub use mgh::more_garbow_hillstrom;
pub use quadratic::Quadratic;
pub use reddi::Reddi;

/// A known minimum of a [`Problem`].
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum {
    /// Where it is, as exactly as it is known; `None` if the source gives only the value.
    pub x: Option<Array1<f64>>,
    /// f there.
    pub value: f64,
    /// Whether no other point has a lower value.
    pub global: bool,
}

/// A function with what is known of it.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::problems;
///
/// let f = problems::rosenbrock();
/// let minimum = f.minima[0].x.clone().unwrap();
/// assert_eq!(f.value(minimum.view()), 0.0);
/// assert_eq!(f.gradient(minimum.view()), array![0.0, 0.0]);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Problem {
    /// The name under which the literature knows it.
    pub name: String,
    /// The usual start.
    pub start: Array1<f64>,
    /// For each coordinate the interval that a plot should show.
    pub domain: Vec<(f64, f64)>,
    /// The known minima, the global ones first; empty if there is none.
    pub minima: Vec<Minimum>,
    /// Author and year.
    pub source: &'static str,
    function: Arc<dyn Objective + Send + Sync>,
}

impl Problem {
    /// A problem with no known minimum, on [−1, 1]ⁿ around the start until said otherwise.
    pub fn new(
        name: impl Into<String>,
        source: &'static str,
        start: impl Into<Array1<f64>>,
        function: impl Objective + Send + Sync + 'static,
    ) -> Self {
        let start = start.into();
        Self {
            name: name.into(),
            domain: start.iter().map(|x| (x - 1.0, x + 1.0)).collect(),
            start,
            minima: Vec::new(),
            source,
            function: Arc::new(function),
        }
    }

    /// The same problem with the same interval for every coordinate.
    pub fn on(self, low: f64, high: f64) -> Self {
        Self { domain: vec![(low, high); self.start.len()], ..self }
    }

    /// The same problem with these intervals.
    pub fn on_box(self, domain: Vec<(f64, f64)>) -> Self {
        Self { domain, ..self }
    }

    /// The same problem with a further global minimum.
    pub fn minimum(mut self, x: impl Into<Array1<f64>>, value: f64) -> Self {
        self.minima.push(Minimum { x: Some(x.into()), value, global: true });
        self
    }

    /// The same problem with a further local minimum.
    pub fn local_minimum(mut self, x: impl Into<Array1<f64>>, value: f64) -> Self {
        self.minima.push(Minimum { x: Some(x.into()), value, global: false });
        self
    }

    /// The same problem with a further minimum of which only the value is known.
    pub fn minimum_value(mut self, value: f64, global: bool) -> Self {
        self.minima.push(Minimum { x: None, value, global });
        self
    }

    /// n, the number of coordinates.
    pub fn dim(&self) -> usize {
        self.start.len()
    }

    /// The lowest known value.
    pub fn lowest(&self) -> Option<f64> {
        self.minima.iter().map(|minimum| minimum.value).reduce(f64::min)
    }
}

impl std::fmt::Debug for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Problem")
            .field("name", &self.name)
            .field("start", &self.start)
            .field("domain", &self.domain)
            .field("minima", &self.minima)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl Objective for Problem {
    fn value_and_gradient(&self, x: ArrayView1<'_, f64>, gradient: ArrayViewMut1<'_, f64>) -> f64 {
        self.function.value_and_gradient(x, gradient)
    }

    fn value(&self, x: ArrayView1<'_, f64>) -> f64 {
        self.function.value(x)
    }

    fn hessian_vector_product(
        &self,
        x: ArrayView1<'_, f64>,
        direction: ArrayView1<'_, f64>,
    ) -> Array1<f64> {
        self.function.hessian_vector_product(x, direction)
    }

    fn hessian(&self, x: ArrayView1<'_, f64>) -> Array2<f64> {
        self.function.hessian(x)
    }
}

/// An [`Objective`] from an expression in the coordinates, with exact derivatives.
macro_rules! formula {
    (|$x:ident| $value:expr) => {{
        struct Function;
        impl $crate::dual::Formula for Function {
            #[inline(never)] // once for each kind of number is enough
            fn at<R: $crate::dual::Real>(&self, $x: &[R]) -> R {
                $value
            }
        }
        $crate::dual::Exact(Function)
    }};
}
use formula;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curvature::spectrum;

    fn all() -> Vec<Problem> {
        let mut all = gallery();
        all.extend([ellipse(50.0, 0.7).unwrap(), nesterov_chain(7).unwrap()]);
        all
    }

    #[test]
    fn known_minima_are_minima() {
        for f in all() {
            for minimum in &f.minima {
                let x = minimum.x.as_ref().unwrap();
                let scale = minimum.value.abs().max(1.0);
                // Roundings in a handful of operations on numbers of this size.
                assert!((f.value(x.view()) - minimum.value).abs() < 1e-13 * scale, "{}", f.name);
                assert!(minimum.value >= f.lowest().unwrap() - 1e-13 * scale, "{}", f.name);
                let is_lowest = minimum.value <= f.lowest().unwrap() + 1e-13 * scale;
                assert_eq!(minimum.global, is_lowest, "{}", f.name);
                if f.name == "Ackley" {
                    continue; // its minimum is a cone's tip: no derivative
                }
                // Sixteen digits of x times a curvature of at most 10⁴.
                let gradient = f.gradient(x.view());
                assert!(gradient.dot(&gradient).sqrt() < 1e-11, "{}: {gradient}", f.name);
                assert!(spectrum(&f.hessian(x.view())).unwrap().min() > 0.0, "{}", f.name);
                assert!(
                    x.iter().zip(&f.domain).all(|(x, (low, high))| low < x && x < high),
                    "{} lies outside its domain",
                    f.name
                );
            }
        }
    }

    #[test]
    fn ellipse_has_the_curvatures_and_axis_that_were_asked_for() {
        let f = Quadratic::ellipse(9.0, 0.3).unwrap();
        let spectrum = spectrum(f.matrix()).unwrap();
        assert!((spectrum.min() - 1.0).abs() < 1e-14 && (spectrum.max() - 9.0).abs() < 1e-14);
        let flat = spectrum.vectors.column(0);
        assert!((flat[1] / flat[0] - 0.3_f64.tan()).abs() < 1e-14);
        assert!(Quadratic::ellipse(0.5, 0.0).is_err());
        assert!(ellipse(f64::NAN, 0.0).is_err());
    }
}
