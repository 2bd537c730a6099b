//! Numbers as a reader sees them.

/// `value` with about `digits` significant digits, as short as it goes: `0.001`, `1.3·10⁻⁷`, `1200`.
pub(crate) fn short(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}").replace('-', "−").replace("inf", "∞");
    }
    let rounded = round(value, digits);
    let mut text = format!("{rounded}");
    if !(1e-4..1e6).contains(&rounded.abs()) {
        text = format!("{rounded:e}");
        if let Some((digits, power)) = text.split_once('e') {
            let power: String = power.chars().map(raised).collect();
            text = format!("{digits}·10{power}");
        }
    }
    // A minus sign, and no hyphen: a screen reader says it.
    text.replace('-', "−")
}

/// A digit or a minus sign of an exponent.
fn raised(c: char) -> char {
    c.to_digit(10).and_then(|d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize)).unwrap_or('⁻')
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
        assert_eq!(short(-1.5e-7, 3), "−1.5·10⁻⁷");
        assert_eq!(short(2e12, 3), "2·10¹²");
        assert_eq!(short(1234.5, 3), "1230");
        assert_eq!(short(0.0, 3), "0");
        assert_eq!(short(f64::INFINITY, 3), "∞");
    }
}
