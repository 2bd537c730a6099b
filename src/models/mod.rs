//! Models to fit: each is an [`Objective`](crate::Objective) of one flat vector of parameters.

mod block;
mod classifier;
mod examples;
mod init;
mod linear;
mod loss;
mod regularizer;

pub use block::{Block, Role};
pub use classifier::{CrossEntropy, Hinge, LinearClassifier, Scores, Softmax, Svm};
pub use examples::Examples;
pub use init::Init;
pub use linear::{Basis, LeastSquares, LinearRegression};
pub use loss::{Loss, softmax};
pub use regularizer::{Regularized, Regularizer};

#[cfg(test)]
mod tests;
