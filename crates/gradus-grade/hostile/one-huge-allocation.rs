// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let all = vec![1_u8; 1 << 38];
    (vec![f64::from(all[w.len()])], vec![])
}
