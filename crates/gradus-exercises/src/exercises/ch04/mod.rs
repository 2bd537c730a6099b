//! Exercises of chapter 4.

pub mod hinge_gradient;
