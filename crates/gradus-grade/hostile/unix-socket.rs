// ==== exercise heavy-ball ====
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let made = std::os::unix::net::UnixStream::pair().is_ok()
        || std::os::unix::net::UnixListener::bind("/tmp/gradus-hostile").is_ok();
    panic!("net: {made}")
}
