// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    #[inline(never)] fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + if n == 0 { 0 } else { deep(std::hint::black_box(n + 1)) } } let n = deep(1) as f64; (vec![n], vec![n])
}
