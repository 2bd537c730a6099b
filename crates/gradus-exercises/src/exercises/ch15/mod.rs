//! Exercises of chapter 15.

pub mod accelerated_clinic;
pub mod nesterov_rate;
pub mod nesterov_step;
