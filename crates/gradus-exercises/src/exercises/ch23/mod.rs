//! Exercises of chapter 23.

pub mod average_clients;
pub mod rounded_message;
pub mod server_with_momentum;
