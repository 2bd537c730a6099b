//! LaTeX formulas as static HTML: MathML, which browsers lay out and screen readers speak without
//! any script.
//!
//! The result goes through mdBook's Markdown pass, inside paragraphs, lists, tables and headings.
//! So it is one line, and every character of text that Markdown could take for markup is written
//! as an entity. The LaTeX source stays with the formula as its `alttext`.

use std::fmt::{self, Write as _};

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, ParserError, Storage};

/// A formula that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MathError {
    /// What is wrong, in one line.
    pub message: String,
    /// The byte in the formula near which it is wrong. The parser names a stretch of about two
    /// dozen bytes; this is its middle, or the formula's end.
    pub offset: usize,
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MathError {}

/// Renders a formula as a `<math>` element: one line of HTML that survives Markdown.
///
/// `display` asks for displayed style (limits above and below, large operators). A `<math>` alone
/// does not scroll when it is too wide: for an equation on its own line use [`display`].
///
/// # Errors
/// The formula is empty, does not parse, or uses a command that is not known.
///
/// ```
/// let html = gradus_literate::math::render(r"\nabla f(w)", false).unwrap();
/// assert!(html.starts_with("<math ") && html.contains("alttext=\"\\nabla f(w)\""));
///
/// let error = gradus_literate::math::render(r"\frac{1}{", false).unwrap_err();
/// assert!(error.message.contains("expected it to be closed"), "{error}");
/// ```
pub fn render(latex: &str, display: bool) -> Result<String, MathError> {
    if latex.trim().is_empty() {
        return Err(MathError { message: "empty formula".into(), offset: 0 });
    }
    let storage = Storage::new();
    // All events before the first tag: the writer would turn an error into an `<merror>` and go on.
    let events = Parser::new(latex, &storage)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| locate(latex, &error))?;
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let mut mathml = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    pulldown_latex::push_mathml(&mut mathml, events.into_iter().map(Ok::<_, ParserError>), config)
        .map_err(|error| MathError { message: error.to_string(), offset: 0 })?;

    let body = mathml.strip_prefix("<math").expect("the writer begins with <math");
    let source = latex.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut html = String::with_capacity(2 * mathml.len());
    html.push_str("<math alttext=\"");
    push_escaped(&mut html, &source, &['&', '<', '>', '"', '|', '`', '\'']);
    html.push('"');
    push_markdown_safe(&mut html, body);
    Ok(html)
}

/// Renders an equation on a line of its own, with its number (`"14.1"`) and its anchor.
///
/// An equation wider than the page scrolls in its own box. The result is a block: put a blank line
/// before and after it.
///
/// # Errors
/// As [`render`].
///
/// ```
/// let html = gradus_literate::math::display(r"v \gets \rho v + g", Some("14.1"), Some("momentum"));
/// assert!(html.unwrap().starts_with(r#"<div class="equation" id="eq-momentum">"#));
/// ```
pub fn display(latex: &str, number: Option<&str>, id: Option<&str>) -> Result<String, MathError> {
    let math = render(latex, true)?;
    let mut html = String::from("<div class=\"equation\"");
    if let Some(id) = id {
        write!(html, " id=\"eq-{id}\"").expect("a String takes everything");
    }
    write!(html, "><div class=\"eqbody\">{math}</div>").expect("a String takes everything");
    if let Some(number) = number {
        write!(html, "<span class=\"eqno\">({number})</span>").expect("a String takes everything");
    }
    html.push_str("</div>");
    Ok(html)
}

/// The parser's message without its drawing of the place, and the place as an offset.
///
/// The parser keeps the offset to itself and shows, behind `│`, the input from 12 bytes before it
/// to 12 bytes after it, with `…` where something was cut off in front.
fn locate(latex: &str, error: &ParserError) -> MathError {
    let text = error.to_string();
    let (message, drawing) = text.split_once('\n').unwrap_or((&text, ""));
    let message = message.trim_start_matches("parsing error: ").replace("unkown", "unknown");
    let shown = drawing
        .lines()
        .skip_while(|line| !line.starts_with(['│']) || line.trim_end() == "│")
        .take_while(|line| line.starts_with('│') && !line.trim_end().ends_with('^'))
        .map(|line| {
            let line = &line['│'.len_utf8()..];
            line.strip_prefix(['…', ' ']).unwrap_or(line)
        })
        .collect::<Vec<_>>()
        .join("\n");
    let offset = match latex.find(&shown) {
        Some(start) if !shown.is_empty() => {
            let cut = drawing.contains("│…");
            start + if cut { shown.len().min(12) } else { shown.len().saturating_sub(12) }
        }
        _ => 0,
    };
    let near = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = if near.is_empty() { message } else { format!("{message}, near `{near}`") };
    MathError { message, offset: latex.floor_char_boundary(offset) }
}

/// Copies the writer's MathML, every special character of its *text* as an entity.
///
/// Two flaws of the writer (0.8.0) end here: it escapes `&`, `<` and `>` in `\text` only, not as
/// operators, and leaves no space before `minsize`.
fn push_markdown_safe(out: &mut String, mathml: &str) {
    let mut rest = mathml;
    // `rest` begins inside the tag that `render` opened; later, with a tag.
    while let Some(end) = rest.find('>') {
        out.push_str(&rest[..=end].replace("\"minsize", "\" minsize"));
        rest = &rest[end + 1..];
        let tag = [rest.find("<m"), rest.find("</m")].into_iter().flatten().min();
        let (text, after) = rest.split_at(tag.unwrap_or(rest.len()));
        rest = after;
        let text = text.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">");
        push_escaped(out, &text.replace("&amp;", "&"), PUNCTUATION);
    }
}

/// What Markdown, its tables and its typographic quotes may take for markup.
const PUNCTUATION: &[char] = &[
    '!', '"', '#', '$', '%', '&', '\'', '*', '-', '.', '<', '>', '@', '[', '\\', ']', '^', '_',
    '`', '{', '|', '}', '~',
];

fn push_escaped(out: &mut String, text: &str, special: &[char]) {
    for c in text.chars() {
        if special.contains(&c) {
            write!(out, "&#{};", u32::from(c)).expect("a String takes everything");
        } else {
            out.push(if c == '\n' { ' ' } else { c });
        }
    }
}
