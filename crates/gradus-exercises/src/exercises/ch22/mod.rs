//! Exercises of chapter 22.

pub mod data_leak;
pub mod paired_seeds;
pub mod unfair_race;
