// ==== exercise heavy-ball ====
#[allow(long_running_const_eval)] const X: u64 = { let mut i = 0u64; while i < u64::MAX { i += 1; } i }; pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) { (vec![X as f64], vec![]) }
