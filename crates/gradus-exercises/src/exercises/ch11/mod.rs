//! Exercises of chapter 11.

pub mod classify_stationary;
pub mod kick_clinic;
pub mod leave_the_saddle;
