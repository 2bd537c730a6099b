//! Exercises of chapter 6.

pub mod centred_gradient;
