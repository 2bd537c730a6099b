//! Exercises of chapter 18.

pub mod adam_clinic;
pub mod average_regret;
pub mod decoupled_decay;
