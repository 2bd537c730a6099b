//! One axis of a panel: its range, its ticks and how their numbers are written.

use std::ops::Range;

use plotters::coord::ranged1d::{
    KeyPointHint, KeyPointWeight, NoDefaultFormatting, Ranged, ValueFormatter,
};

/// How values are laid along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Linear,
    Log,
}

impl Scale {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
        }
    }

    /// Where `value` stands on an axis whose positions are evenly spaced.
    pub(super) fn position(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => value.log10(),
        }
    }

    /// The value at a position.
    pub(super) fn value(self, position: f64) -> f64 {
        match self {
            Self::Linear => position,
            Self::Log => 10f64.powf(position),
        }
    }
}

/// A range with its ticks.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    ticks: Vec<(f64, String)>,
    minor: Vec<f64>,
}

impl Axis {
    /// `low` and `high` are values (not positions), finite and different; `count` is about how many
    /// ticks there is room for.
    pub(super) fn new(scale: Scale, low: f64, high: f64, count: usize) -> Self {
        let (ticks, minor) = match scale {
            Scale::Linear => (linear_ticks(low, high, count), Vec::new()),
            Scale::Log => log_ticks(low, high, count),
        };
        Self { scale, low: scale.position(low), high: scale.position(high), ticks, minor }
    }

    /// Whether doubles can tell places on an axis from `low` to `high` apart.
    pub(super) fn can_show(scale: Scale, low: f64, high: f64) -> bool {
        let (low, high) = (scale.position(low), scale.position(high));
        let span = high - low;
        span.is_finite() && span > 1e-290 && span > 1e-13 * low.abs().max(high.abs())
    }

    /// The range that shows all of `low..=high` with a little room on the sides that ask for it; if
    /// that has no length, some range around it.
    pub(super) fn padded(scale: Scale, low: f64, high: f64, pad: [bool; 2]) -> (f64, f64) {
        let (a, b) = (scale.position(low), scale.position(high));
        let least = if scale == Scale::Log { f64::MIN_POSITIVE } else { -f64::MAX };
        let value = |position| scale.value(position).clamp(least, f64::MAX);
        if (b - a).is_finite() && !Self::can_show(scale, low, high) {
            let half = match scale {
                Scale::Linear if a.abs() < 1e-280 => 1.0,
                Scale::Linear => a.abs() * 0.1,
                Scale::Log => 0.5,
            };
            return (value(a - half), value(b + half));
        }
        let room = 0.04 * (b - a);
        (if pad[0] { value(a - room) } else { low }, if pad[1] { value(b + room) } else { high })
    }

    /// The fraction of the axis at which `value` stands: 0 at the low end, 1 at the high end.
    pub(super) fn fraction(&self, value: f64) -> f64 {
        (self.scale.position(value) - self.low) / (self.high - self.low)
    }

    /// The ticks: value and text.
    pub(super) fn ticks(&self) -> &[(f64, String)] {
        &self.ticks
    }

    pub(super) fn scale(&self) -> Scale {
        self.scale
    }

    /// The length of the axis, in units of its positions.
    pub(super) fn span(&self) -> f64 {
        self.high - self.low
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        start + (self.fraction(*value) * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight() {
            KeyPointWeight::Bold => self.ticks.iter().map(|(value, _)| *value).collect(),
            KeyPointWeight::Any => self.minor.clone(),
        }
    }

    fn range(&self) -> Range<f64> {
        self.scale.value(self.low)..self.scale.value(self.high)
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks
            .iter()
            .find(|(tick, _)| tick == value)
            .map_or_else(String::new, |(_, text)| text.clone())
    }
}

/// Multiples of 1, 2 or 5 times a power of ten.
fn linear_ticks(low: f64, high: f64, count: usize) -> Vec<(f64, String)> {
    let rough = (high - low) / count.max(2) as f64;
    let mut exponent = rough.log10().floor() as i32;
    let mantissa = match rough / decimal(1, exponent) {
        m if m <= 1.5 => 1,
        m if m <= 3.0 => 2,
        m if m <= 7.0 => 5,
        _ => {
            exponent += 1;
            1
        }
    };
    // A tick is an integer multiple of the step. Read as a decimal it is the double nearest to the
    // number that is printed: 0.3 and not 3 · 0.1.
    let at = |k: i64| decimal(k * mantissa, exponent);
    let step = at(1);
    let slack = 1e-9 * (high - low);
    let first = ((low - slack) / step).ceil() as i64;
    let last = ((high + slack) / step).floor() as i64;
    let largest = low.abs().max(high.abs());
    (first..=last)
        .map(|k| {
            let value = at(k);
            let text = if largest >= 1e5 || step < 1e-4 {
                // One power of ten for all: comparing mantissas is easier than comparing exponents.
                let shared = largest.log10().floor() as i32;
                let decimals = (shared - exponent).max(0) as usize;
                let mantissa = value / decimal(1, shared);
                if k == 0 {
                    "0".to_string()
                } else {
                    format!(
                        "{}·10{}",
                        minus(&format!("{mantissa:.decimals$}")),
                        superscript(shared)
                    )
                }
            } else {
                minus(&format!("{value:.*}", (-exponent).max(0) as usize))
            };
            (value, text)
        })
        .collect()
}

/// Powers of ten, with 2 and 5 between them where there is room, and minor ticks without text.
fn log_ticks(low: f64, high: f64, count: usize) -> (Vec<(f64, String)>, Vec<f64>) {
    let slack = 1e-9;
    let first = (low.log10() - slack).ceil() as i32;
    let last = (high.log10() + slack).floor() as i32;
    let inside = |v: f64| v >= low * (1.0 - slack) && v <= high * (1.0 + slack);
    let decades = last - first + 1;
    let small = low >= 0.99e-3 && high <= 1.01e4;
    if decades >= 2 {
        let every = (decades as usize).div_ceil(count.max(2)).max(1) as i32;
        let ticks: Vec<(f64, String)> = (first..=last)
            .filter(|k| k.rem_euclid(every) == 0)
            .map(|k| {
                let value = decimal(1, k);
                (value, if small { number(value) } else { format!("10{}", superscript(k)) })
            })
            .collect();
        let minor = if every == 1 && decades <= 6 {
            (first - 1..=last)
                .flat_map(|k| (2..10).map(move |m| decimal(m, k)))
                .filter(|v| inside(*v))
                .collect()
        } else {
            (first..=last).filter(|k| k.rem_euclid(every) != 0).map(|k| decimal(1, k)).collect()
        };
        return (ticks, minor);
    }
    let ticks: Vec<(f64, String)> = (first - 1..=last)
        .flat_map(|k| [1, 2, 5].map(|m| (decimal(m, k), m, k)))
        .filter(|(v, ..)| inside(*v))
        .map(|(v, m, k)| {
            let text = if small {
                number(v)
            } else if m == 1 {
                format!("10{}", superscript(k))
            } else {
                format!("{m}·10{}", superscript(k))
            };
            (v, text)
        })
        .collect();
    if ticks.len() >= 2 {
        (ticks, Vec::new())
    } else {
        (linear_ticks(low, high, count), Vec::new())
    }
}

/// The double nearest to m · 10ᵏ, also where 10ᵏ alone is beyond the doubles.
fn decimal(m: i64, k: i32) -> f64 {
    format!("{m}e{k}").parse().unwrap_or(f64::NAN)
}

/// A number for reading, with at most three significant digits: level, colour bar, legend.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    let size = rounded.abs();
    if (1e-3..1e5).contains(&size) {
        minus(&format!("{rounded}"))
    } else {
        let exponent = size.log10().floor() as i32;
        let mantissa = format!("{:.2}", rounded / decimal(1, exponent));
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
        match mantissa {
            "1" => format!("10{}", superscript(exponent)),
            _ => format!("{}·10{}", minus(mantissa), superscript(exponent)),
        }
    }
}

/// A typographic minus sign in place of the hyphen; no negative zero.
fn minus(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_string(),
        Some(digits) => format!("−{digits}"),
        None => text.to_string(),
    }
}

fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            d => char::from_u32('⁰' as u32 + d as u32 - '0' as u32).unwrap_or(d),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scale: Scale, low: f64, high: f64, count: usize) -> Vec<String> {
        Axis::new(scale, low, high, count).ticks.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn linear_ticks_are_round_numbers() {
        assert_eq!(texts(Scale::Linear, 0.0, 0.5, 5), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(texts(Scale::Linear, -2.0, 2.0, 4), ["−2", "−1", "0", "1", "2"]);
        assert_eq!(
            texts(Scale::Linear, 0.0, 2e6, 4),
            ["0", "0.5·10⁶", "1.0·10⁶", "1.5·10⁶", "2.0·10⁶"]
        );
        let axis = Axis::new(Scale::Linear, 0.0, 1.0, 10);
        assert_eq!(axis.ticks[3].0, 0.3);
    }

    #[test]
    fn log_ticks_are_powers_of_ten() {
        assert_eq!(texts(Scale::Log, 1e-6, 1.0, 3), ["10⁻⁶", "10⁻³", "10⁰"]);
        assert_eq!(texts(Scale::Log, 0.01, 100.0, 6), ["0.01", "0.1", "1", "10", "100"]);
        assert_eq!(texts(Scale::Log, 1.5, 12.0, 6), ["2", "5", "10"]);
        assert_eq!(texts(Scale::Log, 3.0, 4.5, 4), ["3.0", "3.5", "4.0", "4.5"]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(-1234.6), "−1230");
        assert_eq!(number(2.5e-7), "2.5·10⁻⁷");
        assert_eq!(number(1e9), "10⁹");
        assert_eq!(minus("-0.0"), "0.0");
    }

    #[test]
    fn a_range_without_length_gets_one() {
        assert_eq!(Axis::padded(Scale::Linear, 0.0, 0.0, [true; 2]), (-1.0, 1.0));
        let (low, high) = Axis::padded(Scale::Linear, 5.0, 5.0, [false; 2]);
        assert!(low < 5.0 && 5.0 < high);
    }
}
