//! Exercises of chapter 2.

pub mod descent_steps;
pub mod exact_step;
pub mod settle;
