// ==== exercise heavy-ball ====
pub fn f<T>(n: u64, t: T) -> u64 {
    if n == 0 { 0 } else { f(n - 1, (t, n)) }
}
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    (vec![f(9, ()) as f64], vec![])
}
