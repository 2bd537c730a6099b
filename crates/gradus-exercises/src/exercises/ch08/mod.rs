//! Exercises of chapter 8.

pub mod warm_up_cosine;
