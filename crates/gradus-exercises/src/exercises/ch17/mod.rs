//! Exercises of chapter 17.

pub mod adadelta_clinic;
pub mod come_to_rest;
pub mod rmsprop_clinic;
