//! Exercises of chapter 3.

pub mod violating_chord;
