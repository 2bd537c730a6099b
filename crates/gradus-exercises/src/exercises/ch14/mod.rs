//! Exercises of chapter 14.

pub mod heavy_ball;
pub mod long_ravine;
pub mod rate_clinic;
