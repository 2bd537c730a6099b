//! What is set: the part of a link after its `?`.

use std::collections::BTreeMap;

use crate::{Explorer, Knob};

/// The values of an explorer's knobs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    given: BTreeMap<String, String>,
    defaults: BTreeMap<String, String>,
}

impl Settings {
    /// Reads `key=value&key=value`.
    ///
    /// # Errors
    /// A sentence that names the first key with its value and what was expected.
    pub fn parse(explorer: &dyn Explorer, query: &str) -> Result<Self, String> {
        let mut settings = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair
                .split_once('=')
                .ok_or_else(|| format!("`{pair}` is no setting, expected `name=value`"))?;
            settings.given.insert(decode(key)?, decode(value)?);
        }
        let knobs = settings.complete(explorer);
        for (key, value) in &settings.given {
            let knob = knobs.iter().find(|knob| knob.key == *key).ok_or_else(|| {
                format!("`{key}` is set to `{value}`, but with these settings there is no `{key}`")
            })?;
            knob.check(value)?;
        }
        Ok(settings)
    }

    /// Fills in what nobody set, and gives the knobs.
    pub(crate) fn complete(&mut self, explorer: &dyn Explorer) -> Vec<Knob> {
        self.defaults.clear();
        // The knobs may depend on defaults of other knobs: the second round knows them all.
        for _ in 0..2 {
            let knobs = explorer.knobs(self);
            self.defaults = knobs.into_iter().map(|knob| (knob.key, knob.default)).collect();
        }
        explorer.knobs(self)
    }

    /// Forgets what no knob knows or takes: after a change of another knob.
    pub(crate) fn tidy(&mut self, explorer: &dyn Explorer) {
        let knobs = self.complete(explorer);
        self.given.retain(|key, value| {
            knobs.iter().any(|knob| knob.key == *key && knob.check(value).is_ok())
        });
        self.complete(explorer);
    }

    /// The settings that differ from what they would be anyhow, as in a link.
    pub fn query(&self) -> String {
        let set = self.given.iter().filter(|(key, value)| self.defaults.get(*key) != Some(value));
        let pairs: Vec<String> =
            set.map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        pairs.join("&")
    }

    /// The value of a knob.
    pub fn text(&self, key: &str) -> &str {
        self.given.get(key).or_else(|| self.defaults.get(key)).map_or("", String::as_str)
    }

    /// The value of a knob that is a number.
    pub fn number(&self, key: &str) -> f64 {
        self.text(key).parse().unwrap_or_default()
    }

    /// The value of a knob that is a whole number.
    pub fn count(&self, key: &str) -> usize {
        self.number(key) as usize
    }

    /// The value of a knob that is a switch.
    pub fn is_on(&self, key: &str) -> bool {
        self.text(key) == "yes"
    }

    /// Sets a knob.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.given.insert(key.into(), value.into());
    }

    /// Forgets what was set of the knobs of which this holds.
    pub(crate) fn forget(&mut self, which: impl Fn(&str) -> bool) {
        self.given.retain(|key, _| !which(key));
    }
}

/// Percent-encoding of all that is not plain in a fragment.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b','
            | b';'
            | b':' => {
                out.push(byte as char);
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

pub(crate) fn decode(text: &str) -> Result<String, String> {
    let broken = || format!("`{text}` is broken, expected two hexadecimal digits behind each %");
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|b| (b as char).to_digit(16));
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                (high.ok_or_else(broken)? * 16 + low.ok_or_else(broken)?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_a_link() {
        for text in ["six-hump camel", "50 %", "a&b=c", "κ = 3 + 4"] {
            assert_eq!(decode(&encode(text)).unwrap(), text);
        }
        assert!(decode("50%").is_err() && decode("%C3").is_err());
    }
}
