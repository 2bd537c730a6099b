// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    (vec![0.0; 10_000_000], vec![])
}
