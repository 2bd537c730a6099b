//! Exercises of chapter 19.

pub mod newton_step;
