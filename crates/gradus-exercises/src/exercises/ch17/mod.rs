//! Exercises of chapter 17.

pub mod rmsprop_clinic;
