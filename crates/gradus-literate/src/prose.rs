//! What prose refers to: values that cells printed, figures, equations, chapters.
//!
//! One syntax serves the page and the notebook:
//!
//! | written | becomes |
//! |---|---|
//! | `{{cell.name}}` | what the cell `cell` printed as `name = …` |
//! | `[](#fig-ravine)` | a link "Figure 14.2" to the figure of the cell `fig-ravine` |
//! | `[](#eq-step)` | a link "(14.1)" to the equation with `\label{eq-step}` |
//! | `[](01-fitting-a-line.md)` | a link "Chapter 1"; with `#…` to a figure, equation or heading of it |
//!
//! A link with a text of its own keeps it. [`expansions`] finds them all; sync uses the same list to
//! put them back.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::error::{Error, Result};
use crate::index::{Anchor, Index};

/// What a chapter's cells printed: cell, then name, then the text after `name = `.
pub type Values = BTreeMap<String, BTreeMap<String, String>>;

/// For whom the prose is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The book: links go to pages, equation labels stay for the weaver.
    Page,
    /// Jupyter: links go to notebooks, equation labels become tags.
    Notebook,
}

/// A part of the prose and what replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// The bytes of the source that are replaced.
    pub range: Range<usize>,
    /// The replacement; it never holds a line break.
    pub text: String,
}

/// The Markdown dialect of chapters.
pub fn dialect() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH
}

/// A formula in prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// With its dollar signs.
    pub range: Range<usize>,
    /// Between the dollar signs, without its label.
    pub latex: String,
    /// Whether it stands between double dollar signs.
    pub display: bool,
    /// `eq-…`, from `\label{eq-…}`.
    pub label: Option<String>,
}

/// The formulas in `source`.
pub fn formulas(source: &str) -> Vec<Formula> {
    Parser::new_ext(source, dialect())
        .into_offset_iter()
        .filter_map(|(event, range)| {
            let (latex, display) = match event {
                Event::InlineMath(latex) => (latex, false),
                Event::DisplayMath(latex) => (latex, true),
                _ => return None,
            };
            let (latex, label) = match label(&latex) {
                Some((at, name)) => {
                    let without = format!("{}{}", &latex[..at.start], &latex[at.end..]);
                    (without, Some(name.to_owned()))
                }
                None => (latex.into_string(), None),
            };
            Some(Formula { range, latex, display, label })
        })
        .collect()
}

/// Refuses a dollar sign that belongs to no formula: mostly a formula with a brace too many, or with a line that
/// Markdown takes for a list's.
pub fn check_dollars(source: &str) -> Result<()> {
    let mut in_code = false;
    for (event, range) in Parser::new_ext(source, dialect()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            _ => {}
        }
        if in_code || !matches!(event, Event::Text(_)) {
            continue;
        }
        let text = &source[range.clone()];
        let stray = text
            .char_indices()
            .find(|&(at, c)| c == '$' && !source[..range.start + at].ends_with('\\'));
        if let Some((at, _)) = stray {
            let line = 1 + source[..range.start + at].matches('\n').count();
            let rest: String =
                source[range.start + at..].lines().take(2).collect::<Vec<_>>().join(" ");
            return Err(Error::at(
                line,
                format!(
                    "`{rest}` is no formula: a brace or a dollar sign is not closed, or a line begins with - or + (a plain dollar is \\$)"
                ),
            ));
        }
    }
    Ok(())
}

fn label(latex: &str) -> Option<(Range<usize>, &str)> {
    let start = latex.find("\\label{")?;
    let name = start + "\\label{".len();
    let end = name + latex[name..].find('}')?;
    Some((start..end + 1, &latex[name..end]))
}

/// The headings in `source`: anchor and text.
pub fn headings(source: &str) -> Vec<(String, String)> {
    let mut headings = Vec::new();
    let mut open: Option<(Option<String>, String)> = None;
    for event in Parser::new_ext(source, dialect()) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                open = Some((id.map(|id| id.into_string()), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((id, text)) = open.take() {
                    headings.push((id.unwrap_or_else(|| slug(&text)), text));
                }
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => {
                if let Some((_, heading)) = &mut open {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    headings
}

/// The anchor that mdBook gives a heading.
fn slug(text: &str) -> String {
    text.trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

/// What is to be replaced in the prose `source` of the chapter `chapter`, in order.
///
/// # Errors
/// With the line within `source` (from 1): a value that no cell printed, a reference to nothing.
pub fn expansions(
    source: &str,
    chapter: &str,
    index: &Index,
    values: &Values,
    target: Target,
) -> Result<Vec<Expansion>> {
    let line = |at: usize| 1 + source[..at].matches('\n').count();
    let mut found = Vec::new();
    let mut code: Vec<Range<usize>> = Vec::new();
    let mut links: Vec<(Range<usize>, String, LinkType)> = Vec::new();
    for (event, range) in Parser::new_ext(source, dialect()).into_offset_iter() {
        match event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => code.push(range),
            Event::Start(Tag::Link { dest_url, link_type, .. }) => {
                links.push((range, dest_url.into_string(), link_type));
            }
            Event::Start(Tag::Image { dest_url, .. }) if is_remote(&dest_url) => {
                return Err(Error::at(
                    line(range.start),
                    format!("the image `{dest_url}` is on another host"),
                ));
            }
            _ => {}
        }
    }
    for (range, destination, kind) in links {
        let expanded = link(&source[range.clone()], &destination, kind, chapter, index, target)
            .map_err(|message| Error::at(line(range.start), message))?;
        if let Some(text) = expanded {
            found.push(Expansion { range, text });
        }
    }
    let formulas = formulas(source);
    if target == Target::Notebook {
        for formula in &formulas {
            if let (Some(name), Some((at, _))) =
                (&formula.label, label(&source[formula.range.clone()]))
            {
                let number = index.equation(chapter, name).unwrap_or_default();
                let from = formula.range.start;
                let range = from + at.start..from + at.end;
                found.push(Expansion { range, text: format!("\\tag{{{number}}}") });
            }
        }
    }
    for (range, inner) in placeholders(source) {
        if code.iter().any(|code| code.start <= range.start && range.end <= code.end) {
            continue;
        }
        let in_math =
            formulas.iter().any(|f| f.range.start <= range.start && range.end <= f.range.end);
        let at = line(range.start);
        let Some((cell, name)) = split_placeholder(inner) else {
            if in_math {
                continue; // braces of LaTeX
            }
            return Err(Error::at(
                at,
                format!("`{{{{{inner}}}}}` is no value; write {{{{cell.name}}}}"),
            ));
        };
        let value = values.get(cell).and_then(|values| values.get(name)).ok_or_else(|| {
            Error::at(
                at,
                format!(
                    "no value {{{{{cell}.{name}}}}}: the cell `{cell}` does not print `{name} = …`"
                ),
            )
        })?;
        let text = if in_math { number_in_math(value) } else { number_in_prose(value) };
        found.push(Expansion { range, text });
    }
    found.sort_by_key(|expansion| expansion.range.start);
    if let Some(pair) = found.windows(2).find(|pair| pair[0].range.end > pair[1].range.start) {
        return Err(Error::at(
            line(pair[1].range.start),
            "a value inside a link's text cannot be resolved; write it outside",
        ));
    }
    Ok(found)
}

/// A value for everything that `source` asks for, when no cell has printed one yet.
pub(crate) fn any_values(source: &str) -> Values {
    let mut values = Values::new();
    for (cell, name) in placeholders(source).into_iter().filter_map(|(_, p)| split_placeholder(p)) {
        values.entry(cell.to_owned()).or_default().insert(name.to_owned(), "0".to_owned());
    }
    values
}

/// `source` with its expansions written out.
pub fn apply(source: &str, expansions: &[Expansion]) -> String {
    let mut text = String::with_capacity(source.len());
    let mut at = 0;
    for expansion in expansions {
        text.push_str(&source[at..expansion.range.start]);
        text.push_str(&expansion.text);
        at = expansion.range.end;
    }
    text.push_str(&source[at..]);
    text
}

/// `{{…}}` in `source`, with what is between the braces; never across lines.
fn placeholders(source: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = source[at..].find("{{").map(|i| at + i) {
        let rest = &source[start + 2..];
        let line = rest.split('\n').next().unwrap_or(rest);
        match line.find("}}") {
            Some(end) if !line[..end].contains(['{', '}']) => {
                found.push((start..start + end + 4, &line[..end]));
                at = start + end + 4;
            }
            _ => at = start + 1,
        }
    }
    found
}

fn split_placeholder(inner: &str) -> Option<(&str, &str)> {
    let (cell, name) = inner.split_once('.')?;
    let is_cell = !cell.is_empty() && cell.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_cell && is_value_name(name)).then_some((cell, name))
}

/// Whether `name` can be the name of a printed value.
pub(crate) fn is_value_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `-1.5e-7` as (`-1.5`, `-7`); `None` if this is no number, an exponent of `None` if it has none.
fn number(text: &str) -> Option<(&str, Option<&str>)> {
    text.parse::<f64>().ok().filter(|value| value.is_finite())?;
    Some(match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    })
}

/// A number as prose writes it: `-1.5e-7` becomes −1.5 × 10⁻⁷. Other text stays.
pub fn number_in_prose(text: &str) -> String {
    let Some((mantissa, exponent)) = number(text) else { return text.to_owned() };
    let mut written = mantissa.replace('-', "−");
    if let Some(exponent) = exponent {
        written.push_str(" × 10");
        written.extend(exponent.chars().filter_map(|c| match c {
            '-' => Some('⁻'),
            '1' => Some('¹'),
            '2' => Some('²'),
            '3' => Some('³'),
            '0' | '4'..='9' => char::from_u32('⁰' as u32 + (c as u32 - '0' as u32)),
            _ => None,
        }));
    }
    written
}

/// A number as a formula writes it; other text becomes `\text{…}`.
fn number_in_math(text: &str) -> String {
    match number(text) {
        Some((mantissa, Some(exponent))) => {
            format!("{mantissa} \\times 10^{{{}}}", exponent.trim_start_matches('+'))
        }
        Some((mantissa, None)) => mantissa.to_owned(),
        None => format!("\\text{{{text}}}"),
    }
}

fn is_remote(destination: &str) -> bool {
    destination.contains("://")
        || destination.starts_with("//")
        || destination.starts_with("mailto:")
}

/// The link written out, or `None` if it stays as it is.
fn link(
    source: &str,
    destination: &str,
    kind: LinkType,
    chapter: &str,
    index: &Index,
    target: Target,
) -> std::result::Result<Option<String>, String> {
    if is_remote(destination) || matches!(kind, LinkType::Autolink | LinkType::Email) {
        return Ok(None);
    }
    let (file, anchor) = destination.split_once('#').unwrap_or((destination, ""));
    let other = match file {
        "" => chapter,
        _ => file.strip_suffix(".md").ok_or_else(|| {
            format!("the link goes to `{destination}`; expected a chapter (NN-topic.md), #figure, #equation or an address")
        })?,
    };
    let whole = index.whole(other).ok_or_else(|| {
        format!("the link goes to `{destination}`, but there is no chapter `{other}`")
    })?;
    let anchors = index.chapter(other).map(|chapter| &chapter.anchors);
    let anchor = match anchor {
        "" => whole,
        anchor => anchors.and_then(|anchors| anchors.get(anchor).cloned()).ok_or_else(|| {
            format!("the link goes to `{destination}`, but `{other}` has no figure, equation or heading `{anchor}`")
        })?,
    };
    if !matches!(kind, LinkType::Inline) {
        return Err(format!("write the link to `{destination}` inline: [text]({destination})"));
    }
    let written =
        source.strip_prefix('[').and_then(|s| s.rfind("](").map(|end| &s[..end])).unwrap_or("");
    let mut text = written.to_owned();
    if text.is_empty() {
        text = anchor.text(other == chapter);
        let titled = matches!(anchor, Anchor::Page { .. } | Anchor::Heading { .. });
        if target == Target::Page && !titled {
            text = text.replace(' ', "\u{a0}"); // a name stays beside its number
        }
    }
    let destination = match target {
        Target::Page => destination.to_owned(),
        Target::Notebook => {
            let file = if file.is_empty() { String::new() } else { format!("{other}.ipynb") };
            // A notebook has no anchors at figures and equations.
            match (&anchor, file.is_empty()) {
                (Anchor::Heading { title }, _) => format!("{file}#{}", title.replace(' ', "-")),
                (_, false) => file,
                (_, true) => return Ok(Some(text)),
            }
        }
    };
    Ok(Some(format!("[{text}]({destination})")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_that_markdown_takes_apart_is_refused_with_its_line() {
        assert!(check_dollars("$$ a\n   = b - c $$, and `$5`, and \\$5\n").is_ok());
        let list = check_dollars("text\n\n$$ a\n   - b $$\n").unwrap_err();
        assert_eq!(list.line, Some(3));
        assert!(list.to_string().contains("begins with -"), "{list}");
        assert!(check_dollars("$a_{b$ is open\n").is_err());
    }
}
