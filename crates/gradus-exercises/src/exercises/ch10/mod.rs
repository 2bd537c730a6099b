//! Exercises of chapter 10.

pub mod condition_number;
