//! The command `gradus`.

fn main() {}
