//! **Gradus**: gradient descent and optimizers, as a library.
//!
//! The crate holds the mathematics of the book *Gradus*: update rules, the loop that runs them,
//! models to fit, and the figures that show what happened.
//!
//! ```
//! use gradus::prelude::*;
//!
//! // f(w) = 2 w₀² + w₁² / 2 and its gradient, in one call.
//! let bowl = |w: ArrayView1<f64>| {
//!     let gradient = array![4.0 * w[0], w[1]];
//!     (2.0 * w[0] * w[0] + 0.5 * w[1] * w[1], gradient)
//! };
//! let mut rule = GradientDescent::new(0.4);
//! let trace = Minimize::steps(200)
//!     .stop(Stop::GradientNorm(1e-8))
//!     .run(&bowl, &array![1.0, 1.0], &mut rule)?;
//! assert!(trace.value() < 1e-15);
//! # Ok::<(), gradus::Error>(())
//! ```

#[cfg(any(feature = "plot", feature = "tensorboard"))]
mod bitmap;
mod compiled;
pub mod curvature;
pub mod data;
pub mod dual;
mod error;
pub mod federated;
pub mod fit;
pub mod gradcheck;
mod linalg;
pub mod minimize;
pub mod models;
mod objective;
pub mod optim;
#[cfg(feature = "plot")]
pub mod plot;
pub mod problems;
pub mod race;
mod scalar;
pub mod schedule;
pub mod second_order;
#[cfg(feature = "tensorboard")]
pub mod tensorboard;
mod threads;

pub use error::{Error, FileProblem, Result};
pub use ndarray;
pub use ndarray_rand;
pub use objective::{Evaluation, FiniteSum, Objective};
pub use scalar::Scalar;
pub use threads::set_threads;

/// What most programs and every notebook import: `use gradus::prelude::*;`.
pub mod prelude {
    pub use crate::data::{self, Batches, Labelled, Standardizer, rng};
    pub use crate::federated::{Clients, Federated, Rounds};
    pub use crate::fit::{BatchProgress, EpochProgress, Fit, History};
    pub use crate::minimize::{Minimize, Stop, StopReason, Trace};
    pub use crate::models::{
        Activation, Basis, Cnn, Examples, Init, LinearRegression, Loss, Mlp, Net, Regularizer,
        Softmax, Summary, Svm,
    };
    pub use crate::optim::{GradientDescent, Momentum, MomentumForm, Rule, UpdateRule};
    #[cfg(feature = "plot")]
    pub use crate::plot::*;
    pub use crate::schedule::{ReduceOnPlateau, Schedule};
    pub use crate::{FiniteSum, Objective, Scalar};
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, Axis, array};
    pub use rand::Rng;
}
