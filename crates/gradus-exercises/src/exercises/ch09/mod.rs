//! Exercises of chapter 9.

pub mod backward_relu_layer;
