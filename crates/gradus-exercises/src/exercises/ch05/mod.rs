//! Exercises of chapter 5.

pub mod proximal_l1;
