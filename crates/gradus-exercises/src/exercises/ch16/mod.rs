//! Exercises of chapter 16.

pub mod adagrad_step;
