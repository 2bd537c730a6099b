// ==== exercise heavy-ball ====
pub trait Answer {
    fn into_value(self) -> u8;
}
pub mod gradus_student {
    pub fn serve() {}
}
pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    (w.to_vec(), v.to_vec())
}
