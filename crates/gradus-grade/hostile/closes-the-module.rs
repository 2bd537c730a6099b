// ==== exercise heavy-ball ====
} fn main() {} mod x {
