// ==== exercise heavy-ball ====
pub use gradus::optim::Momentum as heavy_ball;
