//! Exercises of chapter 19.

pub mod newton_1d;
pub mod newton_cg;
pub mod newton_step;
