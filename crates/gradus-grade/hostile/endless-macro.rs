// ==== exercise heavy-ball ====
macro_rules! again {
    ($($t:tt)*) => { again! { $($t)* $($t)* x } };
}
again!(x);
