// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    panic!("written: {}", ["/tmp/gradus-hostile", "/dev/shm/gradus-hostile", "/var/tmp/gradus-hostile"].iter().any(|p| std::fs::write(p, "x").is_ok()))
}
