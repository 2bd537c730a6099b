//! Exercises of chapter 5.

pub mod proximal_l1;
pub mod sparse_minimum;
pub mod strength_clinic;
