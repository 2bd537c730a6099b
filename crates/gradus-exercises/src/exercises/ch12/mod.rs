//! Exercises of chapter 12.

pub mod he_from_uniforms;
