//! Exercises of chapter 1.

pub mod line_gradient;
pub mod polynomial_clinic;
pub mod valley_end;
