//! Exercises of chapter 8.

pub mod step_decay;
pub mod warm_up_cosine;
