//! Exercises of chapter 9.

pub mod backward_relu_layer;
pub mod mlp_update_clinic;
pub mod tape_adjoints;
