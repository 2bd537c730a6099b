// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> std::time::Duration { std::time::Duration::ZERO }
