// ==== exercise heavy-ball ====
this is no Rust
