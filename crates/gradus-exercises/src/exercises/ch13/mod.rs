//! Exercises of chapter 13.

pub mod batch_norm_gradient;
pub mod clip_by_norm;
pub mod dropout;
