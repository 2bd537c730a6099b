//! Exercises of chapter 21.

pub mod log_uniform;
