//! Exercises of chapter 20.

pub mod backtracking;
pub mod secant_update;
pub mod strong_wolfe;
pub mod two_loops;
