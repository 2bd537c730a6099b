//! Numbers as a reader sees them.

/// `value` with about `digits` significant digits, as short as it goes: `0.001`, `1.3e-7`, `1200`.
pub(crate) fn short(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}").replace('-', "−").replace("inf", "∞");
    }
    let rounded = round(value, digits);
    let text = if (1e-4..1e6).contains(&rounded.abs()) {
        format!("{rounded}")
    } else {
        format!("{rounded:e}")
    };
    // A minus sign, and no hyphen: a screen reader says it.
    text.replace('-', "−")
}

/// `value` with this many significant digits.
pub(crate) fn round(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

/// A point of the plane: `(0.5, −1.2)`.
pub(crate) fn point(x: f64, y: f64) -> String {
    format!("({}, {})", short(x, 3), short(y, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(short(0.000_666_666, 3), "0.000667");
        assert_eq!(short(-1.5e-7, 3), "−1.5e−7");
        assert_eq!(short(1234.5, 3), "1230");
        assert_eq!(short(0.0, 3), "0");
        assert_eq!(short(f64::INFINITY, 3), "∞");
    }
}
