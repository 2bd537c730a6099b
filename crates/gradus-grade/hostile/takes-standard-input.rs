// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    use std::io::Read; let mut all = vec![]; let _ = std::io::stdin().read_to_end(&mut all); (w.to_vec(), v.to_vec())
}
