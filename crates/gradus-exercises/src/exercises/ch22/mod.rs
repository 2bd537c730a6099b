//! Exercises of chapter 22.

pub mod data_leak;
