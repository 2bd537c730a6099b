//! Exercises of chapter 20.

pub mod backtracking;
pub mod secant_update;
