//! Models to fit: each is an [`Objective`](crate::Objective) of its parameters.

mod linear;

pub use linear::{Basis, LeastSquares, LinearRegression};
