//! Exercises of chapter 15.

pub mod nesterov_step;
