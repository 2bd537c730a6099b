//! Whether a fresh run says the same as the recorded one.
//!
//! Text is compared exactly, integers too; floating-point numbers with the cell's relative tolerance.
//! Figures are compared by the data that they carry, not by their pixels. Outputs tagged `measured`
//! are not compared.

use std::fmt;

use jupyter_protocol::media::MediaType;
use nbformat::v4::Output;
use serde_json::Value;

use crate::options::{Options, Tag};

/// A place where two runs of a cell differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where in the cell's outputs.
    pub place: String,
    /// What the notebook holds.
    pub recorded: String,
    /// What the fresh run gave.
    pub fresh: String,
    /// The relative difference and the tolerance, for numbers.
    pub note: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: recorded {}, now {}", self.place, self.recorded, self.fresh)?;
        if !self.note.is_empty() {
            write!(f, " ({})", self.note)?;
        }
        Ok(())
    }
}

/// Below this share of the largest number in an array, differences are rounding: a sum of terms of
/// size s is known to about ε s only, and some hundred operations may have added up.
const ROUNDING: f64 = 1e-13;

/// The first difference between what a cell's outputs were and are.
pub fn outputs(recorded: &[Output], fresh: &[Output], options: &Options) -> Option<Difference> {
    if options.has(Tag::Measured) {
        return None;
    }
    let recorded = parts(recorded);
    let fresh = parts(fresh);
    for (i, ((kind, old), (new_kind, new))) in recorded.iter().zip(&fresh).enumerate() {
        let place = format!("output {} ({kind})", i + 1);
        if kind != new_kind {
            return Some(difference(place, kind, new_kind));
        }
        let figures =
            if kind == "image/svg+xml" { figure_data(old).zip(figure_data(new)) } else { None };
        let found = match figures {
            Some((old, new)) => json(&place, &old, &new, options.tolerance, 0.0),
            None => text(&place, old, new, options.tolerance),
        };
        if found.is_some() {
            return found;
        }
    }
    if recorded.len() != fresh.len() {
        let count = |n: usize| format!("{n} outputs");
        return Some(difference("the cell".into(), &count(recorded.len()), &count(fresh.len())));
    }
    None
}

/// The outputs as pairs of kind and content.
fn parts(outputs: &[Output]) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for output in outputs {
        match output {
            Output::Stream { name, text } => parts.push((name.clone(), text.0.clone())),
            Output::DisplayData(data) => media(&data.data.content, &mut parts),
            Output::ExecuteResult(data) => media(&data.data.content, &mut parts),
            Output::Error(error) => parts.push(("error".into(), error.evalue.clone())),
        }
    }
    parts
}

fn media(content: &[MediaType], parts: &mut Vec<(String, String)>) {
    let mut all: Vec<_> = content.iter().map(mime_and_text).collect();
    all.sort();
    parts.extend(all);
}

/// A piece of rich output as its MIME type and text.
pub(crate) fn mime_and_text(media: &MediaType) -> (String, String) {
    match serde_json::to_value(media) {
        // MediaType is tagged: {"type": "image/svg+xml", "data": …}
        Ok(Value::Object(map)) => {
            let mime = map.get("type").and_then(Value::as_str).unwrap_or("unknown").to_owned();
            let text = match map.get("data") {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            (mime, text)
        }
        _ => ("unknown".into(), String::new()),
    }
}

/// The JSON in an SVG's `<metadata>`.
pub(crate) fn figure_data(svg: &str) -> Option<Value> {
    let start = svg.find("<metadata")?;
    let start = start + svg[start..].find('>')? + 1;
    let end = start + svg[start..].find("</metadata>")?;
    let content = svg[start..end].trim();
    let content = content
        .strip_prefix("<![CDATA[")
        .and_then(|c| c.strip_suffix("]]>"))
        .map(str::to_owned)
        .unwrap_or_else(|| unescape(content));
    serde_json::from_str(&content).ok()
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn difference(place: String, recorded: &str, fresh: &str) -> Difference {
    Difference { place, recorded: short(recorded), fresh: short(fresh), note: String::new() }
}

fn short(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(120).collect();
    if chars.next().is_some() { format!("“{head}…”") } else { format!("“{head}”") }
}

/// `None` if the numbers agree, else their relative difference.
fn relative(old: f64, new: f64, tolerance: f64, scale: f64) -> Option<f64> {
    if old == new || (old.is_nan() && new.is_nan()) {
        return None;
    }
    let size = old.abs().max(new.abs());
    let apart = (old - new).abs();
    let agree = apart <= tolerance * size || apart <= ROUNDING * scale;
    (!agree).then_some(apart / size)
}

fn note(relative: f64, tolerance: f64) -> String {
    format!("relative difference {relative:.1e}, tolerance {tolerance:.0e}")
}

fn text(place: &str, old: &str, new: &str, tolerance: f64) -> Option<Difference> {
    for (i, (old, new)) in old.lines().zip(new.lines()).enumerate() {
        let place = || format!("{place}, line {}", i + 1);
        let (olds, news) = (pieces(old), pieces(new));
        for (a, b) in olds.iter().zip(&news) {
            match (a, b) {
                (Piece::Float(a), Piece::Float(b)) => {
                    if let Some(by) = relative(number(a), number(b), tolerance, 0.0) {
                        let found = difference(place(), a, b);
                        return Some(Difference { note: note(by, tolerance), ..found });
                    }
                }
                _ if a == b => {}
                _ => return Some(difference(place(), old, new)),
            }
        }
        if olds.len() != news.len() {
            return Some(difference(place(), old, new));
        }
    }
    let (lines, fresh) = (old.lines().count(), new.lines().count());
    (lines != fresh)
        .then(|| difference(place.into(), &format!("{lines} lines"), &format!("{fresh} lines")))
}

#[derive(PartialEq)]
enum Piece<'a> {
    /// A number with a decimal point or an exponent.
    Float(&'a str),
    /// Anything else, integers included.
    Text(&'a str),
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Cuts a line into floating-point numbers and what is between them.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let bytes = line.as_bytes();
    let digits = |mut at: usize| {
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        at
    };
    let mut found = Vec::new();
    let (mut at, mut text) = (0, 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let whole = digits(at);
        let mut end = whole;
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        if end > whole {
            let signed = at > text && matches!(bytes[at - 1], b'-' | b'+');
            let start = at - usize::from(signed);
            found.push(Piece::Text(&line[text..start]));
            found.push(Piece::Float(&line[start..end]));
            text = end;
        }
        at = end;
    }
    found.push(Piece::Text(&line[text..]));
    found
}

fn json(place: &str, old: &Value, new: &Value, tolerance: f64, scale: f64) -> Option<Difference> {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, old) in a {
                let place = format!("{place}, {key}");
                let Some(new) = b.get(key) else {
                    return Some(difference(place, &old.to_string(), "nothing"));
                };
                let found = json(&place, old, new, tolerance, 0.0);
                if found.is_some() {
                    return found;
                }
            }
            let added = b.keys().find(|key| !a.contains_key(*key))?;
            Some(difference(format!("{place}, {added}"), "nothing", &b[added].to_string()))
        }
        (Value::Array(a), Value::Array(b)) => {
            let largest = |items: &[Value]| {
                items.iter().filter_map(Value::as_f64).fold(0.0, |m: f64, v| m.max(v.abs()))
            };
            let scale = scale.max(largest(a)).max(largest(b));
            for (i, (old, new)) in a.iter().zip(b).enumerate() {
                let found = json(&format!("{place}[{i}]"), old, new, tolerance, scale);
                if found.is_some() {
                    return found;
                }
            }
            (a.len() != b.len()).then(|| {
                difference(
                    place.into(),
                    &format!("{} entries", a.len()),
                    &format!("{} entries", b.len()),
                )
            })
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let by = relative(a.as_f64()?, b.as_f64()?, tolerance, scale)?;
            let found = difference(place.into(), &a.to_string(), &b.to_string());
            Some(Difference { note: note(by, tolerance), ..found })
        }
        _ if old == new => None,
        _ => Some(difference(place.into(), &old.to_string(), &new.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nbformat::v4::MultilineString;

    fn printed(text: &str) -> Vec<Output> {
        vec![Output::Stream { name: "stdout".into(), text: MultilineString(text.into()) }]
    }

    fn differs(old: &str, new: &str) -> Option<String> {
        outputs(&printed(old), &printed(new), &Options::default()).map(|d| d.to_string())
    }

    #[test]
    fn floats_agree_within_the_tolerance_and_integers_exactly() {
        assert_eq!(
            differs("loss = 0.5 after 10 steps", "loss = 0.5000000000005 after 10 steps"),
            None
        );
        let found = differs("loss = 0.5 after 10 steps", "loss = 0.5005 after 10 steps").unwrap();
        assert!(
            found.contains("recorded “0.5”, now “0.5005” (relative difference 1.0e-3"),
            "{found}"
        );
        assert!(differs("10 steps", "11 steps").is_some());
        assert!(differs("w = -1.5", "w = 1.5").is_some());
        assert!(differs("1e-3", "1.1e-3").is_some());
        assert!(differs("a 1.0", "b 1.0").is_some());
        assert!(differs("1.0\n2.0", "1.0").is_some());
        assert!(differs("[1.0, 2.0]", "[1.0, 2.0, 3.0]").is_some());
    }

    #[test]
    fn a_wider_tolerance_and_measured_cells_are_respected() {
        let wide = Options { tolerance: 1e-2, ..Options::default() };
        assert_eq!(outputs(&printed("0.5"), &printed("0.5005"), &wide), None);
        let measured = Options { tags: vec![Tag::Measured], ..Options::default() };
        assert_eq!(outputs(&printed("1 ms"), &printed("7 ms"), &measured), None);
        assert!(outputs(&printed("1 ms"), &[], &Options::default()).is_some());
    }

    fn figure(data: &str, pixel: u32) -> Vec<Output> {
        let svg = format!("<svg><metadata>{data}</metadata><path d=\"M0 {pixel}\"/></svg>");
        let media = serde_json::json!({"image/svg+xml": svg});
        let data =
            serde_json::json!({"output_type": "display_data", "data": media, "metadata": {}});
        vec![serde_json::from_value(data).unwrap()]
    }

    #[test]
    fn figures_are_compared_by_their_data() {
        let with = |y: &str| figure(&format!("{{&quot;y&quot;:[1.0,{y}]}}"), 0);
        let differs = |a: &[Output], b: &[Output]| outputs(a, b, &Options::default());
        assert_eq!(differs(&with("2.0"), &with("2.000000000002")), None);
        let found = differs(&with("2.0"), &with("2.002")).unwrap();
        assert_eq!(found.place, "output 1 (image/svg+xml), y[1]");
        assert_eq!(differs(&figure("{\"y\":1}", 3), &figure("{\"y\":1}", 4)), None);
        // Rounding around zero, beside numbers of size one.
        assert_eq!(differs(&with("1e-17"), &with("-3e-17")), None);
        assert!(differs(&with("1e-9"), &with("1.001e-9")).is_some());
    }
}
