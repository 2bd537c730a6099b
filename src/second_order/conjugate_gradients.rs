use ndarray::{Array1, ArrayView1};

use super::descent::{Direction, Progress};
use super::steepest::step_of_equal_gain;
use crate::{Error, Objective, Result};

/// Nonlinear conjugate gradients with β by Polak and Ribière, never below zero.
///
/// d ← −g + β d with β = max(0, gᵀ(g − g₋) / g₋ᵀg₋), and d = −g at first
///
/// β = 0 restarts it. Three vectors of memory. It needs a line search of some exactness, such as
/// [`StrongWolfe`](super::StrongWolfe) with c₂ = 0.1 to 0.4. Source: E. Polak and G. Ribière (1969);
/// M. J. D. Powell (1986); J. C. Gilbert and J. Nocedal (1992).
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{ConjugateGradients, Descent, StrongWolfe};
///
/// let f = gradus::problems::rosenbrock();
/// let mut method = Descent::new(ConjugateGradients::new(), StrongWolfe::new(1e-4, 0.1)?);
/// let trace = Minimize::steps(100).stop(Stop::GradientNorm(1e-6)).solve(&f, &f.start, &mut method)?;
/// assert!(trace.value() < 1e-12);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConjugateGradients {
    /// g₋ and d₋.
    last: Option<(Array1<f64>, Array1<f64>)>,
}

impl ConjugateGradients {
    /// Conjugate gradients that begin with −g.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Direction for ConjugateGradients {
    fn name(&self) -> &'static str {
        "conjugate gradients"
    }

    fn direction<O: Objective + ?Sized>(
        &mut self,
        _: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()> {
        let g = at.gradient;
        direction.zip_mut_with(g, |d, g| *d = -g);
        match &mut self.last {
            Some((last_gradient, last_direction)) => {
                let length = last_gradient.dot(last_gradient);
                let beta = (g.dot(g) - g.dot(last_gradient)) / length;
                if beta > 0.0 && beta.is_finite() {
                    direction.scaled_add(beta, last_direction);
                    // Not downhill enough: begin again.
                    if direction.dot(g) > -0.01 * g.dot(g) {
                        direction.zip_mut_with(g, |d, g| *d = -g);
                    }
                }
                last_gradient.assign(g);
                last_direction.assign(direction);
            }
            None => self.last = Some((g.clone(), direction.clone())),
        }
        Ok(())
    }

    fn first_step(&self, at: Progress<'_>, slope: f64) -> f64 {
        step_of_equal_gain(at, slope)
    }

    fn reset(&mut self) {
        self.last = None;
    }
}

/// What [`linear_cg`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSolution {
    /// x.
    pub x: Array1<f64>,
    /// ‖b − A xₖ‖ for every k from 0.
    pub residuals: Vec<f64>,
    /// Whether the last residual is small enough.
    pub converged: bool,
}

/// Solves A x = b for a symmetric positive definite A, given as the product v ↦ A v, from x = 0.
///
/// In exact arithmetic at most n products, and about √κ/2 · ln(2/tolerance) in general. Stops when
/// ‖b − A x‖ ≤ `tolerance` ‖b‖. Source: M. R. Hestenes and E. Stiefel (1952).
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::linear_cg;
///
/// let a = array![[4.0, 1.0], [1.0, 3.0]];
/// let solution = linear_cg(|v| a.dot(&v), array![1.0, 2.0].view(), 1e-12, 10)?;
/// assert!(solution.converged && solution.residuals.len() <= 3);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If b is empty or not finite, or A shows itself not positive definite: dᵀAd ≤ 0.
pub fn linear_cg(
    product: impl Fn(ArrayView1<'_, f64>) -> Array1<f64>,
    b: ArrayView1<'_, f64>,
    tolerance: f64,
    steps: usize,
) -> Result<LinearSolution> {
    Error::check(!b.is_empty(), "b", "empty", "at least one coordinate")?;
    let mut square = b.dot(&b);
    Error::check(square.is_finite(), "b", b, "finite numbers")?;
    let limit = tolerance * square.sqrt();
    let mut x = Array1::zeros(b.len());
    let mut residual = b.to_owned();
    let mut direction = residual.clone();
    let mut residuals = vec![square.sqrt()];
    while square.sqrt() > limit && residuals.len() <= steps {
        let ad = product(direction.view());
        let curvature = direction.dot(&ad);
        Error::check(curvature > 0.0, "product", curvature, "a positive definite matrix")?;
        let alpha = square / curvature;
        x.scaled_add(alpha, &direction);
        residual.scaled_add(-alpha, &ad);
        let next = residual.dot(&residual);
        direction *= next / square;
        direction += &residual;
        square = next;
        residuals.push(square.sqrt());
    }
    Ok(LinearSolution { x, converged: square.sqrt() <= limit, residuals })
}
