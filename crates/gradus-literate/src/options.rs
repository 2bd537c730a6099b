//! What a code cell says after ```` ```rust ````: its name, tags and limits.

use std::time::Duration;

use serde_json::{Map, Value};

/// The options of a code cell.
///
/// They are written as Jupytext writes cell metadata: `key=JSON`, separated by blanks.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Unique in the chapter; letters, digits and dashes. A cell named `fig-…` shows a figure.
    pub name: Option<String>,
    /// What is to be done with the cell.
    pub tags: Vec<Tag>,
    /// The caption of the cell's figure, in Markdown.
    pub caption: Option<String>,
    /// How long the cell may run.
    pub timeout: Option<Duration>,
    /// The relative tolerance of [check](crate::compare) for this cell's numbers.
    pub tolerance: f64,
    /// Every key with its value as it is written, in the chapter's order.
    pub written: Vec<(String, String)>,
}

/// The relative tolerance of numbers in outputs unless a cell says another.
pub const DEFAULT_TOLERANCE: f64 = 1e-6;

/// A tag of a code cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// The page folds the code away.
    HideInput,
    /// The page does not show the output.
    HideOutput,
    /// The cell asserts what the prose claims; the page folds it away and shows that it holds.
    Check,
    /// Text on stderr does not fail the run.
    AllowStderr,
    /// The output holds times or other numbers of the machine: it is not compared.
    Measured,
}

impl Tag {
    /// Every tag.
    pub const ALL: [Self; 5] =
        [Self::HideInput, Self::HideOutput, Self::Check, Self::AllowStderr, Self::Measured];

    /// The tag as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HideInput => "hide-input",
            Self::HideOutput => "hide-output",
            Self::Check => "check",
            Self::AllowStderr => "allow-stderr",
            Self::Measured => "measured",
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: None,
            tags: Vec::new(),
            caption: None,
            timeout: None,
            tolerance: DEFAULT_TOLERANCE,
            written: Vec::new(),
        }
    }
}

impl Options {
    /// Reads what stands behind `rust` on a fence.
    ///
    /// # Errors
    /// A sentence that names the key, its value and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut written = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let Some((key, after)) = rest.split_once('=') else {
                return Err(format!("`{rest}` is no option; expected key=value"));
            };
            let mut values = serde_json::Deserializer::from_str(after).into_iter::<Value>();
            match values.next() {
                Some(Ok(_)) => {}
                _ => return Err(format!("the value of `{key}` is not JSON: `{after}`")),
            }
            let end = values.byte_offset();
            written.push((key.trim().to_owned(), after[..end].trim().to_owned()));
            if after[end..].starts_with(|c: char| !c.is_whitespace()) {
                return Err(format!("expected a blank before `{}`", &after[end..]));
            }
            rest = after[end..].trim_start();
        }
        Self::from_written(written)
    }

    /// The options of these keys and JSON values.
    ///
    /// # Errors
    /// As [`Options::parse`].
    pub fn from_written(written: Vec<(String, String)>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut reason = false;
        for (i, (key, text)) in written.iter().enumerate() {
            if written[..i].iter().any(|(earlier, _)| earlier == key) {
                return Err(format!("`{key}` is given twice"));
            }
            let value: Value = serde_json::from_str(text)
                .map_err(|_| format!("the value of `{key}` is not JSON: `{text}`"))?;
            let wrong = |expected: &str| format!("`{key}` is {text}, expected {expected}");
            match key.as_str() {
                "name" => {
                    let name = value.as_str().filter(|name| is_name(name));
                    let expected = "a string of at most 48 lower-case letters, digits and dashes";
                    options.name = Some(name.ok_or_else(|| wrong(expected))?.to_owned());
                }
                "tags" => {
                    let tags = value.as_array().ok_or_else(|| wrong("a list of tags"))?;
                    for tag in tags {
                        let known = Tag::ALL.into_iter().find(|t| tag.as_str() == Some(t.as_str()));
                        let tag = known.ok_or_else(|| {
                            let all = Tag::ALL.map(Tag::as_str).join(", ");
                            format!("the tag {tag} is unknown; expected one of: {all}")
                        })?;
                        options.tags.push(tag);
                    }
                }
                "caption" => {
                    let caption = value.as_str().filter(|caption| !caption.trim().is_empty());
                    options.caption = Some(caption.ok_or_else(|| wrong("a sentence"))?.to_owned());
                }
                "timeout" => {
                    let seconds = value.as_f64().filter(|s| *s > 0.0 && *s <= 86_400.0);
                    let seconds =
                        seconds.ok_or_else(|| wrong("seconds, more than 0 and at most a day"))?;
                    options.timeout = Some(Duration::from_secs_f64(seconds));
                }
                "tolerance" => {
                    let tolerance = value.as_f64().filter(|t| (0.0..1.0).contains(t));
                    options.tolerance = tolerance.ok_or_else(|| wrong("a number from 0 to 1"))?;
                }
                "tolerance_reason" => {
                    reason = value.as_str().is_some_and(|reason| !reason.trim().is_empty());
                    if !reason {
                        return Err(wrong("a sentence"));
                    }
                }
                _ => {
                    return Err(format!(
                        "the option `{key}` is unknown; expected one of: name, tags, caption, timeout, \
                         tolerance, tolerance_reason"
                    ));
                }
            }
        }
        if options.tolerance > DEFAULT_TOLERANCE && !reason {
            return Err(format!(
                "a tolerance of {} is larger than {DEFAULT_TOLERANCE}; say why in `tolerance_reason`",
                options.tolerance
            ));
        }
        options.written = written;
        Ok(options)
    }

    /// Whether the cell has this tag.
    pub fn has(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }

    /// Whether the cell's name says that it shows a figure.
    pub fn is_figure(&self) -> bool {
        self.name.as_ref().is_some_and(|name| name.starts_with("fig-"))
    }

    /// The options as the notebook's cell metadata.
    pub fn metadata(&self) -> Map<String, Value> {
        self.written
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), serde_json::from_str(value).ok()?)))
            .collect()
    }

    /// The options that `metadata` says, with the order and spelling of those that did not change.
    ///
    /// # Errors
    /// As [`Options::parse`].
    pub fn updated(&self, metadata: &Map<String, Value>) -> Result<Self, String> {
        let mut written: Vec<(String, String)> = self
            .written
            .iter()
            .filter_map(|(key, text)| {
                let new = metadata.get(key)?;
                let same = serde_json::from_str::<Value>(text).is_ok_and(|old| old == *new);
                Some((key.clone(), if same { text.clone() } else { new.to_string() }))
            })
            .collect();
        for (key, value) in metadata {
            if !written.iter().any(|(known, _)| known == key) {
                written.push((key.clone(), value.to_string()));
            }
        }
        Self::from_written(written)
    }

    /// The opening fence.
    pub fn fence(&self) -> String {
        let mut fence = String::from("```rust");
        for (key, value) in &self.written {
            fence.push_str(&format!(" {key}={value}"));
        }
        fence
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 48
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
