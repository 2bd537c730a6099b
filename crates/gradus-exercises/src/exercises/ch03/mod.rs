//! Exercises of chapter 3.

pub mod curvature_witness;
pub mod one_minimum;
pub mod violating_chord;
