//! Exercises of chapter 7.

pub mod mini_batches;
