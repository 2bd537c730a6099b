//! Exercises of chapter 12.

pub mod he_from_uniforms;
pub mod init_clinic;
pub mod truncated_normal;
