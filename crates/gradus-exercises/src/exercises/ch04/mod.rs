//! Exercises of chapter 4.

pub mod hinge_gradient;
pub mod softmax_update;
pub mod stable_softmax;
