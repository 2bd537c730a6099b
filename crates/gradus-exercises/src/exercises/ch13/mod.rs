//! Exercises of chapter 13.

pub mod clip_by_norm;
