use ndarray::Array1;

use super::descent::{Direction, Progress};
use crate::{Objective, Result};

/// Newton's method without the Hessian: H d = −g is solved by conjugate gradients, from Hessian-vector
/// products alone, and only as exactly as is worth it.
///
/// The inner iteration ends at a residual of min(½, √‖g‖) ‖g‖, after `products` products, or where it meets
/// negative curvature; its last point is then the direction, downhill in any case. Source: R. S. Dembo and
/// T. Steihaug (1983); J. Nocedal and S. Wright, algorithm 7.1.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{Descent, NewtonCg, StrongWolfe};
///
/// let f = gradus::problems::nesterov_chain(1000)?;
/// let mut method = Descent::new(NewtonCg::new(2000), StrongWolfe::default());
/// let trace = Minimize::steps(20).stop(Stop::GradientNorm(1e-9)).solve(&f, &f.start, &mut method)?;
/// assert!((trace.value() - f.lowest().unwrap()).abs() < 1e-12);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NewtonCg {
    /// The most Hessian-vector products that one step may take.
    pub products: usize,
    taken: usize,
}

impl NewtonCg {
    /// Newton-CG with at most this many products a step.
    pub fn new(products: usize) -> Self {
        Self { products, taken: 0 }
    }

    /// The number of Hessian-vector products of all steps so far.
    pub fn products_taken(&self) -> usize {
        self.taken
    }
}

impl Direction for NewtonCg {
    fn name(&self) -> &'static str {
        "Newton-CG"
    }

    fn direction<O: Objective + ?Sized>(
        &mut self,
        objective: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()> {
        direction.fill(0.0);
        let mut residual = at.gradient.mapv(|g| -g);
        let mut search = residual.clone();
        let mut square = residual.dot(&residual);
        let norm = square.sqrt();
        let limit = norm.sqrt().min(0.5) * norm;
        for product in 0..self.products.max(1) {
            let h = objective.hessian_vector_product(at.x.view(), search.view());
            self.taken += 1;
            let curvature = search.dot(&h);
            let length = search.dot(&search);
            if curvature <= f64::EPSILON * length || curvature.is_nan() {
                if product == 0 {
                    direction.assign(&search); // −g
                }
                break;
            }
            let alpha = square / curvature;
            direction.scaled_add(alpha, &search);
            residual.scaled_add(-alpha, &h);
            let next = residual.dot(&residual);
            if next.sqrt() <= limit {
                break;
            }
            search *= next / square;
            search += &residual;
            square = next;
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.taken = 0;
    }
}
