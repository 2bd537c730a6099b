//! Exercises of chapter 4.

pub mod hinge_gradient;
pub mod stable_softmax;
