//! Exercises of chapter 10.

pub mod best_fixed_step;
pub mod condition_number;
pub mod stable_rate;
