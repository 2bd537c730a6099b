//! Exercises of chapter 20.

pub mod backtracking;
