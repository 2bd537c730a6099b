//! Models to fit: each is an [`Objective`](crate::Objective) of one flat vector of parameters.
//!
//! Linear models are losses of their own data. A [`Net`] is an architecture by itself;
//! [`loss_on`](Net::loss_on) makes it a loss.

mod block;
pub(crate) mod classifier;
pub(crate) mod examples;
mod init;
pub mod layer;
mod linear;
mod loss;
pub(crate) mod net;
mod net_loss;
mod pass;
mod regularizer;

pub use block::{Block, Role};
pub use classifier::{CrossEntropy, Hinge, LinearClassifier, Scores, Softmax, Svm};
pub use examples::Examples;
pub use init::Init;
pub use layer::Activation;
pub use linear::{Basis, LeastSquares, LinearRegression};
pub use loss::{Loss, softmax};
pub use net::{Cnn, Mlp, Net};
pub use net_loss::{LayerPass, NetLoss, Summary};
pub use regularizer::{Regularized, Regularizer};

#[cfg(test)]
mod tests;
