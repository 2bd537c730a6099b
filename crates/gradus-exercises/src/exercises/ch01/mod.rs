//! Exercises of chapter 1.

pub mod line_gradient;
