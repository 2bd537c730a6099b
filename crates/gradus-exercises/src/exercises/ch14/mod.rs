//! Exercises of chapter 14.

pub mod heavy_ball;
