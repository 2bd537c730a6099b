//! Exercises of chapter 7.

pub mod mini_batches;
pub mod noise_ball;
pub mod shuffle_clinic;
