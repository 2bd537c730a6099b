//! Exercises of chapter 23.

pub mod average_clients;
