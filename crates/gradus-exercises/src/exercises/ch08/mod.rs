//! Exercises of chapter 8.

pub mod reduce_on_plateau;
pub mod step_decay;
pub mod warm_up_cosine;
