//! What a reader can set.

use serde_json::{Value, json};

use crate::number::{round, short};

/// Positions of a slider whose numbers are not whole.
const POSITIONS: usize = 240;

/// One thing that can be set.
#[derive(Debug, Clone)]
pub struct Knob {
    /// Its name in links.
    pub key: String,
    /// Its name on the page.
    pub label: String,
    /// The heading that it stands under.
    pub group: String,
    /// What it can be.
    pub kind: Kind,
    /// What it is until somebody sets it.
    pub default: String,
}

/// What a [`Knob`] can be.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A number in an interval: a slider.
    Number {
        /// The least.
        low: f64,
        /// The largest.
        high: f64,
        /// How the slider's positions are spread.
        scale: Scale,
    },
    /// One of some words, each with what the page calls it.
    Choice(Vec<(String, String)>),
    /// `yes` or `no`.
    Switch,
    /// A text that is set by other means than a control; this says whether it is a good one.
    Text(fn(&str) -> Result<(), String>),
}

/// How a slider's positions are spread over its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Whole numbers.
    Whole,
    /// Evenly.
    Linear,
    /// Each position is the same multiple of the one before.
    Log,
    /// 1 − value is spread so: 0, 0.9, 0.99, 0.999 have equal distances.
    Decay,
}

impl Knob {
    /// A number; `default` is rounded to three digits.
    pub(crate) fn number(
        key: impl Into<String>,
        label: impl Into<String>,
        group: &str,
        (low, high, scale): (f64, f64, Scale),
        default: f64,
    ) -> Self {
        let (key, label, group) = (key.into(), label.into(), group.to_string());
        let default =
            format!("{}", if scale == Scale::Decay { default } else { round(default, 3) });
        Self { key, label, group, kind: Kind::Number { low, high, scale }, default }
    }

    /// A choice by name. Each name is also what the page shows.
    pub(crate) fn choice<S: ToString>(
        key: impl Into<String>,
        label: impl Into<String>,
        group: &str,
        names: impl IntoIterator<Item = S>,
        default: &str,
    ) -> Self {
        let names = names.into_iter().map(|name| (name.to_string(), name.to_string())).collect();
        let (key, label, group) = (key.into(), label.into(), group.to_string());
        Self { key, label, group, kind: Kind::Choice(names), default: default.into() }
    }

    /// A switch.
    pub(crate) fn switch(
        key: impl Into<String>,
        label: impl Into<String>,
        group: &str,
        default: bool,
    ) -> Self {
        let (key, label, group) = (key.into(), label.into(), group.to_string());
        let default = if default { "yes" } else { "no" }.into();
        Self { key, label, group, kind: Kind::Switch, default }
    }

    /// Whether `value` can be its value.
    ///
    /// # Errors
    /// A sentence with its name, the value and what was expected.
    pub(crate) fn check(&self, value: &str) -> Result<(), String> {
        let refuse =
            |expected: String| Err(format!("`{}` is `{value}`, expected {expected}", self.key));
        match &self.kind {
            Kind::Number { low, high, scale } => {
                let kind = if *scale == Scale::Whole { "a whole number" } else { "a number" };
                match value.parse::<f64>() {
                    Ok(v)
                        if v >= *low
                            && v <= *high
                            && (*scale != Scale::Whole || v.fract() == 0.0) =>
                    {
                        Ok(())
                    }
                    _ => refuse(format!("{kind} from {} to {}", short(*low, 6), short(*high, 6))),
                }
            }
            Kind::Choice(names) if names.iter().any(|(name, _)| name == value) => Ok(()),
            Kind::Choice(names) => {
                let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
                refuse(format!("one of {}", names.join(", ")))
            }
            Kind::Switch if matches!(value, "yes" | "no") => Ok(()),
            Kind::Switch => refuse("yes or no".into()),
            Kind::Text(check) => check(value)
                .map_err(|expected| format!("`{}` is `{value}`, expected {expected}", self.key)),
        }
    }

    /// The value at a position of its slider.
    pub(crate) fn at(&self, position: usize) -> String {
        let Kind::Number { low, high, scale } = self.kind else { return self.default.clone() };
        let part = (position as f64 / self.positions() as f64).min(1.0);
        let between = |a: f64, b: f64| a + (b - a) * part;
        let value = match scale {
            Scale::Whole => low + position as f64,
            Scale::Linear => (between(low, high) * 1e9).round() / 1e9,
            Scale::Log => round(between(low.ln(), high.ln()).exp(), 3),
            Scale::Decay => {
                let left = between((1.0 - low).ln(), (1.0 - high).ln()).exp();
                ((1.0 - round(left, 3)) * 1e9).round() / 1e9
            }
        };
        format!("{}", value.clamp(low, high))
    }

    /// The nearest value that it can have, with as many digits as a reader wants to see.
    pub(crate) fn nearest(&self, value: f64) -> String {
        let Kind::Number { low, high, scale } = self.kind else { return self.default.clone() };
        let value = match scale {
            Scale::Whole => value.round(),
            Scale::Log => round(value, 3),
            _ => {
                let unit = 10_f64.powf(((high - low).log10() - 3.0).floor());
                // Divided by a whole number where it can be: 0.3, and not 0.30000000000000004.
                if unit < 1.0 {
                    (value / unit).round() / (1.0 / unit).round()
                } else {
                    (value / unit).round() * unit
                }
            }
        };
        format!("{}", value.clamp(low, high))
    }

    /// The number of its slider's last position.
    fn positions(&self) -> usize {
        match self.kind {
            Kind::Number { low, high, scale: Scale::Whole } => (high - low) as usize,
            _ => POSITIONS,
        }
    }

    /// The position of its slider that is nearest to `value`.
    pub(crate) fn position(&self, value: &str) -> usize {
        let (Kind::Number { low, high, scale }, Ok(value)) = (&self.kind, value.parse::<f64>())
        else {
            return 0;
        };
        let part = match scale {
            Scale::Whole | Scale::Linear => (value - low) / (high - low),
            Scale::Log => (value / low).ln() / (high / low).ln(),
            Scale::Decay => ((1.0 - value) / (1.0 - low)).ln() / ((1.0 - high) / (1.0 - low)).ln(),
        };
        (part * self.positions() as f64).round().max(0.0) as usize
    }

    /// What the page needs to make its control.
    pub(crate) fn describe(&self, value: &str) -> Option<Value> {
        let mut described = json!({ "key": self.key, "label": self.label, "group": self.group });
        let more = match &self.kind {
            Kind::Number { .. } => json!({
                "kind": "slider",
                "last": self.positions(),
                "position": self.position(value),
                "shown": value.parse().map_or_else(|_| value.to_string(), |v: f64| short(v, 5)),
            }),
            Kind::Choice(names) => json!({ "kind": "choice", "options": names, "value": value }),
            Kind::Switch => json!({ "kind": "switch", "on": value == "yes" }),
            Kind::Text(_) => return None,
        };
        if let (Value::Object(all), Value::Object(more)) = (&mut described, more) {
            all.extend(more);
        }
        Some(described)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slider_moves_at_every_position() {
        for (range, default) in [
            ((1e-5, 10.0, Scale::Log), 0.1),
            ((0.0, 0.9999, Scale::Decay), 0.9),
            ((-3.0, 7.0, Scale::Linear), 1.0),
            ((1.0, 30.0, Scale::Whole), 5.0),
        ] {
            let knob = Knob::number("k", "k", "", range, default);
            for position in 0..=knob.positions() {
                let value = knob.at(position);
                knob.check(&value).unwrap();
                assert_eq!(knob.position(&value), position, "{value} in {range:?}");
            }
            knob.check(&knob.default).unwrap();
        }
    }

    #[test]
    fn a_pointer_finds_round_numbers() {
        let knob = Knob::number("x", "x", "", (-1.5, 1.5, Scale::Linear), 0.0);
        assert_eq!(knob.nearest(0.300_000_1), "0.3");
        assert_eq!(knob.nearest(9.0), "1.5");
    }
}
