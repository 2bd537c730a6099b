//! *Weave*: a chapter and its notebook's outputs become a page of the book.
//!
//! The vocabulary of the result is that of `book/theme/README.md`.

use std::fmt::Write as _;
use std::path::PathBuf;

use nbformat::v4::Output;

use crate::book::Page;
use crate::chapter::{Cell, Chapter};
use crate::compare::{figure_data, mime_and_text};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::options::{Options, Tag};
use crate::prose::{self, Target, Values};
use crate::{figure, math, notebook, values};

/// The page of a chapter with these outputs, one list for each code cell.
///
/// # Errors
/// With file and line: a formula that does not parse, a reference to nothing, a figure's cell that
/// shows no figure.
pub fn weave(chapter: &Chapter, index: &Index, outputs: &[Vec<Output>]) -> Result<Page> {
    let mut weaver = Weaver::new(chapter, index, values::of_chapter(chapter, outputs));
    let mut outputs = outputs.iter();
    for cell in &chapter.cells {
        match cell.code() {
            None => weaver.prose(cell)?,
            Some(options) => {
                let outputs = outputs.next().map_or(&[][..], Vec::as_slice);
                weaver.code(cell, options, outputs).map_err(|e| weaver.at(cell, e))?;
            }
        }
        weaver.markdown.push_str("\n\n");
    }
    let title = chapter.title();
    Ok(Page { name: chapter.name.clone(), title, markdown: weaver.markdown, files: weaver.files })
}

/// Prose that belongs to a chapter's page but not to its notebook, with its formulas set.
///
/// # Errors
/// A formula that does not parse, or a dollar sign of none, with its line in this text.
pub fn appended(chapter: &Chapter, index: &Index, markdown: &str) -> Result<String> {
    prose::check_dollars(markdown)
        .and_then(|()| Weaver::new(chapter, index, Values::new()).formulas(markdown))
        .map_err(|e| e.in_file(&chapter.path))
}

/// What can be said of a chapter's page before its cells are run: that its formulas parse and its
/// references lead somewhere. A run of minutes must not end with such an error.
///
/// # Errors
/// As [`weave`]'s, with file and line.
pub fn check(chapter: &Chapter, index: &Index) -> Result<()> {
    let mut weaver = Weaver::new(chapter, index, Values::new());
    for cell in &chapter.cells {
        let caption = cell.code().map(|options| options.caption.as_deref().unwrap_or_default());
        weaver.values = prose::any_values(caption.unwrap_or(&cell.source));
        match caption {
            None => weaver.prose(cell)?,
            Some(caption) => drop(weaver.caption(caption).map_err(|e| weaver.at(cell, e))?),
        }
    }
    Ok(())
}

struct Weaver<'a> {
    chapter: &'a Chapter,
    index: &'a Index,
    values: Values,
    markdown: String,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl<'a> Weaver<'a> {
    fn new(chapter: &'a Chapter, index: &'a Index, values: Values) -> Self {
        Self { chapter, index, values, markdown: String::new(), files: Vec::new() }
    }

    /// An error of a code cell, at its fence if it knows no line of its own.
    fn at(&self, cell: &Cell, e: Error) -> Error {
        let line = e.line.or(Some(cell.line.saturating_sub(1)));
        Error { line, ..e }.in_file(&self.chapter.path).in_cell(&cell.id)
    }

    fn prose(&mut self, cell: &Cell) -> Result<()> {
        let expansions =
            notebook::expansions(self.chapter, cell, self.index, &self.values, Target::Page)?;
        let text = prose::apply(&cell.source, &expansions);
        let text = self.formulas(&text).map_err(|e| {
            let line = e.line.map(|line| line + cell.line - 1);
            Error { line, ..e }.in_file(&self.chapter.path)
        })?;
        self.markdown.push_str(&text);
        Ok(())
    }

    /// The text with its formulas rendered; errors have lines within the text.
    fn formulas(&self, text: &str) -> Result<String> {
        let mut woven = String::with_capacity(2 * text.len());
        let mut at = 0;
        for formula in prose::formulas(text) {
            let line = 1 + text[..formula.range.start].matches('\n').count();
            let number =
                formula.label.as_ref().and_then(|l| self.index.equation(&self.chapter.name, l));
            let id = formula.label.as_deref().map(|label| label.trim_start_matches("eq-"));
            let html = if formula.display {
                math::display(&formula.latex, number.as_deref(), id)
            } else {
                math::render(&formula.latex, false)
            };
            let html = html.map_err(|e| {
                Error::at(line, format!("the formula `{}`: {e}", formula.latex.trim()))
            })?;
            woven.push_str(&unbroken(&text[at..formula.range.start]));
            woven.push_str(&html);
            at = formula.range.end;
        }
        woven.push_str(&unbroken(&text[at..]));
        Ok(woven)
    }

    fn code(&mut self, cell: &Cell, options: &Options, outputs: &[Output]) -> Result<()> {
        let is_figure = options.is_figure();
        let mut printed = String::new();
        let mut figure = None;
        for output in outputs {
            match output {
                Output::Stream { name, text } => printed.push_str(&pre(name, &text.0)),
                Output::DisplayData(data) => {
                    for media in &data.data.content {
                        self.media(&mime_and_text(media), is_figure, &mut printed, &mut figure)?;
                    }
                }
                Output::ExecuteResult(data) => {
                    for media in &data.data.content {
                        self.media(&mime_and_text(media), is_figure, &mut printed, &mut figure)?;
                    }
                }
                Output::Error(error) => {
                    return Err(Error::new(format!("the cell failed: {}", error.evalue)));
                }
            }
        }
        if is_figure && figure.is_none() {
            return Err(Error::new(
                "a cell named fig-… must show a figure, but its output has none; its last expression \
                 must be the figure, and a variable that is moved into it must be borrowed instead",
            ));
        }

        let (open, close) = if options.has(Tag::Check) {
            ("<details class=\"input check\"><summary>Check</summary>", "</details>")
        } else if options.has(Tag::HideInput) {
            ("<details class=\"input\"><summary>Code</summary>", "</details>")
        } else {
            ("<div class=\"input\">", "</div>")
        };
        let page = &mut self.markdown;
        let _ = write!(
            page,
            "<div class=\"cell\" id=\"cell-{}\">\n{open}\n\n```rust\n{}\n```\n\n{close}\n",
            cell.id, cell.source
        );
        if !printed.is_empty() && !options.has(Tag::HideOutput) {
            let measured = if options.has(Tag::Measured) { " measured" } else { "" };
            let _ = write!(page, "<div class=\"output{measured}\">\n\n{printed}\n</div>\n");
        }
        if let Some(svg) = figure {
            self.figure(cell, options, &svg)?;
        }
        self.markdown.push_str("</div>\n");
        Ok(())
    }

    fn media(
        &self,
        (mime, text): &(String, String),
        is_figure: bool,
        printed: &mut String,
        figure: &mut Option<String>,
    ) -> Result<()> {
        match mime.as_str() {
            "image/svg+xml" if is_figure => *figure = Some(text.trim().to_owned()),
            "image/svg+xml" => {
                return Err(Error::new(
                    "the cell shows a figure; name it fig-… and give it a caption",
                ));
            }
            "text/html" => {
                // A blank line would end the block of HTML.
                let lines: Vec<&str> =
                    text.lines().filter(|line| !line.trim().is_empty()).collect();
                let _ = write!(
                    printed,
                    "<div class=\"table-wrapper\">\n{}\n</div>\n\n",
                    lines.join("\n")
                );
            }
            "text/plain" => printed.push_str(&pre("stdout", text)),
            other => {
                return Err(Error::new(format!("the book cannot show an output of type {other}")));
            }
        }
        Ok(())
    }

    /// A figure's caption, written out. Its errors have no line.
    fn caption(&self, caption: &str) -> Result<String> {
        prose::expansions(caption, &self.chapter.name, self.index, &self.values, Target::Page)
            .and_then(|expansions| self.formulas(&prose::apply(caption, &expansions)))
            .map_err(|e| Error { line: None, ..e })
    }

    fn figure(&mut self, cell: &Cell, options: &Options, svg: &str) -> Result<()> {
        let name = &self.chapter.name;
        let number = self.index.figure(name, &cell.id).unwrap_or_default();
        let caption = self.caption(options.caption.as_deref().unwrap_or_default())?;
        let mut link = String::new();
        if let Some(data) = figure_data(svg) {
            let file = PathBuf::from(name).join(format!("{}.csv", cell.id));
            let _ = write!(
                link,
                " <a class=\"data\" href=\"{}\" download>data (CSV)</a>",
                file.display()
            );
            self.files.push((file, figure::csv(&data).into_bytes()));
        }
        let part =
            figure::part(svg).map_or(String::new(), |part| format!(" style=\"--part: {part:.3}\""));
        let _ = write!(
            self.markdown,
            "<figure class=\"plot\" id=\"{}\">\n<div class=\"drawing\"{part}>{}</div>\n<figcaption>\n\n\
             <span class=\"fignum\">Figure {number}.</span> {caption}{link}\n\n</figcaption>\n</figure>\n",
            cell.id,
            figure::inline(svg),
        );
        Ok(())
    }
}

/// Text between formulas with spaces at which no line ends: in a number with its power of ten, and between a
/// number or a formula and its per cent sign.
fn unbroken(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for (k, part) in text.replace(" × 10", "\u{a0}×\u{a0}10").split(" %").enumerate() {
        if k > 0 {
            let number = kept.is_empty() || kept.ends_with(|c: char| c.is_ascii_digit());
            kept.push_str(if number { "\u{a0}%" } else { " %" });
        }
        kept.push_str(part);
    }
    kept
}

fn pre(class: &str, text: &str) -> String {
    let text = text.trim_end_matches('\n');
    if text.is_empty() {
        return String::new();
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<pre class=\"{class}\"><code>{text}</code></pre>\n\n")
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn a_number_stays_with_what_belongs_to_it() {
        assert_eq!(unbroken("3 × 10⁻⁹ or 5 % of a"), "3\u{a0}×\u{a0}10⁻⁹ or 5\u{a0}% of a");
        assert_eq!(unbroken(" % of them"), "\u{a0}% of them"); // after a formula
        assert_eq!(unbroken("i % 2, some % and 1 × 2"), "i % 2, some % and 1 × 2");
    }
}
