//! Exercises of chapter 6.

pub mod centred_gradient;
pub mod dual_quotient;
pub mod gradient_check_clinic;
