//! Exercises of chapter 21.

pub mod bracket_the_rate;
pub mod expected_best;
pub mod log_uniform;
