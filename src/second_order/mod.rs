//! Methods that know or learn curvature, split into *which way* and *how far*.
//!
//! A [`Direction`] says which way: [`Newton`], [`NewtonCg`], [`Bfgs`], [`Lbfgs`], [`ConjugateGradients`] or
//! [`Steepest`]. A [`LineSearch`] says how far: [`FullStep`], [`Armijo`], [`StrongWolfe`], [`HagerZhang`].
//! [`Descent`] joins any two, and [`Minimize::solve`](crate::minimize::Minimize::solve) runs them.
//!
//! ```
//! use gradus::prelude::*;
//! use gradus::problems;
//! use gradus::second_order::{Descent, Lbfgs, StrongWolfe};
//!
//! let f = problems::rosenbrock();
//! let mut method = Descent::new(Lbfgs::new(10), StrongWolfe::default());
//! let trace =
//!     Minimize::steps(100).stop(Stop::GradientNorm(1e-8)).solve(&f, &f.start, &mut method)?;
//! assert_eq!(trace.stop, StopReason::Criterion(Stop::GradientNorm(1e-8)));
//! assert!(trace.evaluations < 60);
//! # Ok::<(), gradus::Error>(())
//! ```

mod bfgs;
mod conjugate_gradients;
mod descent;
mod lbfgs;
mod newton;
mod newton_cg;
mod search;
mod steepest;

pub use bfgs::Bfgs;
pub use conjugate_gradients::{ConjugateGradients, LinearSolution, linear_cg};
pub use descent::{Descent, Direction, Progress, Step};
pub(crate) use descent::{Outcome, State};
pub use lbfgs::Lbfgs;
pub use newton::{Curvature, Newton};
pub use newton_cg::NewtonCg;
pub use search::{Armijo, FullStep, HagerZhang, LineSearch, Slice, StrongWolfe, Trial};
pub use steepest::Steepest;

#[cfg(test)]
mod tests;
