//! Exercises of chapter 2.

pub mod exact_step;
