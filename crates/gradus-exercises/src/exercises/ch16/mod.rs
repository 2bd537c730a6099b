//! Exercises of chapter 16.

pub mod adagrad_step;
pub mod parameter_groups_clinic;
pub mod sparse_adagrad;
