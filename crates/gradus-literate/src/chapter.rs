//! A chapter: an mdBook page in Jupytext's Markdown notebook format, read without loss.
//!
//! A YAML header names the kernel; fences of the language `rust` are code cells; everything else is
//! prose, which two blank lines cut into cells. The reader follows Jupytext line by line, so that
//! JupyterLab with Jupytext sees the same cells, and refuses what Jupytext and CommonMark would read
//! differently. Putting the raw pieces back together gives the file, byte for byte.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use crate::error::{self, Error, Result};
use crate::options::Options;

/// A chapter of the book.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The file it was read from.
    pub path: PathBuf,
    /// The file's name without its ending, such as `14-momentum`.
    pub name: String,
    /// The YAML header with its fences and the blank line after it, as it stands in the file.
    pub header: String,
    /// The cells in their order.
    pub cells: Vec<Cell>,
}

/// A cell of prose or code.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Unique in the chapter: a code cell's name, or the preceding name and a counter.
    pub id: String,
    /// Prose, or code with its options.
    pub kind: CellKind,
    /// The text of the prose, or the code between the fences, without the last line break.
    pub source: String,
    /// The line of the chapter on which `source` begins, from 1.
    pub line: usize,
    /// What Jupytext notes when not exactly one blank line follows.
    pub lines_to_next: Option<usize>,
    /// The cell as it stands in the file, with its fences and the blank lines after it.
    pub raw: String,
    /// The part of `raw` that is `source`.
    pub source_range: Range<usize>,
}

/// What a cell is.
#[derive(Debug, Clone)]
pub enum CellKind {
    /// Markdown.
    Prose,
    /// Rust, run by the kernel.
    Code(Options),
}

impl Cell {
    /// The options, if this is a code cell.
    pub fn code(&self) -> Option<&Options> {
        match &self.kind {
            CellKind::Prose => None,
            CellKind::Code(options) => Some(options),
        }
    }
}

impl Chapter {
    /// Reads a chapter's file.
    ///
    /// # Errors
    /// If it cannot be read, is not UTF-8, or [`Chapter::parse`] refuses it.
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(path, &error::read(path)?)
    }

    /// Reads a chapter from its text.
    ///
    /// # Errors
    /// With file and line: a missing header, an unclosed fence, unknown or malformed options, a
    /// name that is used twice, a fence of another of Jupyter's languages without `.noeval`.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        parse(path, text).map_err(|e| e.in_file(path))
    }

    /// The chapter's text, as it was read.
    pub fn text(&self) -> String {
        let cells: usize = self.cells.iter().map(|cell| cell.raw.len()).sum();
        let mut text = String::with_capacity(self.header.len() + cells);
        text.push_str(&self.header);
        text.extend(self.cells.iter().map(|cell| cell.raw.as_str()));
        text
    }

    /// The number at the front of the name: 14 for `14-momentum`; `None` for an appendix.
    pub fn number(&self) -> Option<usize> {
        self.name.split('-').next()?.parse().ok()
    }

    /// How figures and equations of this chapter are numbered: `14`, or `A` for `a-gallery`.
    pub fn label(&self) -> String {
        match self.number() {
            Some(number) => number.to_string(),
            None => self.name.split('-').next().unwrap_or(&self.name).to_uppercase(),
        }
    }

    /// The text of the first heading.
    pub fn title(&self) -> String {
        self.cells
            .iter()
            .filter(|cell| cell.code().is_none())
            .flat_map(|cell| cell.source.lines())
            .find_map(|line| line.strip_prefix("# "))
            .unwrap_or(&self.name)
            .trim()
            .to_owned()
    }

    /// The code cells with their options.
    pub fn code_cells(&self) -> impl Iterator<Item = (&Cell, &Options)> {
        self.cells.iter().filter_map(|cell| Some((cell, cell.code()?)))
    }

    /// The code cell with this name.
    pub fn code_cell(&self, name: &str) -> Option<(&Cell, &Options)> {
        self.code_cells().find(|(cell, _)| cell.id == name)
    }
}

/// Languages besides Rust that Jupytext would make code cells of.
const JUPYTER_LANGUAGES: &[&str] = &[
    "bash",
    "c#",
    "c++",
    "clojure",
    "coconut",
    "cs",
    "csharp",
    "cython",
    "f#",
    "fs",
    "fsharp",
    "gnuplot",
    "go",
    "groovy",
    "haskell",
    "html",
    "idl",
    "java",
    "javascript",
    "jenner",
    "js",
    "julia",
    "latex",
    "logtalk",
    "lua",
    "markdown",
    "matlab",
    "maxima",
    "ocaml",
    "octave",
    "perl",
    "powershell",
    "pypy",
    "python",
    "python2",
    "python3",
    "q",
    "r",
    "robotframework",
    "ruby",
    "rust",
    "sage",
    "sas",
    "scala",
    "scheme",
    "script",
    "sh",
    "sos",
    "spark",
    "sql",
    "stata",
    "svg",
    "tcl",
    "typescript",
    "wolfram language",
    "xonsh",
];

/// How Jupytext reads a line that begins with three backticks.
enum Fence<'a> {
    /// A code cell, with the options after `rust`.
    Cell(&'a str),
    /// Prose in a language that Jupytext knows, marked `.noeval`.
    Noeval,
    /// Prose in any other language.
    Prose,
}

fn fence(line: &str) -> Option<std::result::Result<Fence<'_>, String>> {
    let info = line.strip_prefix("```")?;
    if info.starts_with('`') {
        return Some(Err(
            "a fence of more than three backticks: Jupytext reads these otherwise than \
                         Markdown does; use `~~~` outside"
                .into(),
        ));
    }
    let info = info.trim();
    let (language, options) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
    if language.eq_ignore_ascii_case("rust") {
        if options.split_whitespace().any(|word| word == ".noeval") {
            return Some(Ok(Fence::Noeval));
        }
        if language != "rust" {
            return Some(Err(format!("the language is `{language}`, expected `rust`")));
        }
        return Some(Ok(Fence::Cell(options)));
    }
    let lower = info.to_lowercase();
    let is_jupyter = JUPYTER_LANGUAGES.iter().any(|l| {
        lower.strip_prefix(l).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    if !is_jupyter {
        return Some(Ok(Fence::Prose));
    }
    Some(if info.split_whitespace().any(|word| word == ".noeval") {
        Ok(Fence::Noeval)
    } else {
        Err(format!(
            "Jupytext would run a fence of the language `{language}`; write ```{language} .noeval"
        ))
    })
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Where a cell ends: the line after its source, the line after its end marker, and whether that
/// marker was explicit.
struct End {
    source: usize,
    next: usize,
    explicit: bool,
}

fn parse(path: &Path, text: &str) -> Result<Chapter> {
    if let Some(at) = text.find(|c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{2028}' | '\u{2029}')
    }) {
        let line = 1 + text[..at].matches('\n').count();
        return Err(Error::at(
            line,
            "a carriage return or control character; only line feeds and tabs are allowed",
        ));
    }
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .chain(std::iter::once(text.len()))
        .collect();
    // Byte offset of a line; the end of the text for the line after the last.
    let offset = |line: usize| if line >= lines.len() { text.len() } else { starts[line] };

    let body = header_end(&lines)?;
    let mut cells: Vec<Cell> = Vec::new();
    let mut pos = body;
    let mut fences = HashSet::new();
    while pos < lines.len() {
        let rest = &lines[pos..];
        let (opening, end) = match fence(rest[0]) {
            Some(Ok(Fence::Cell(options))) => (Some(options), code_end(rest)),
            Some(Ok(Fence::Noeval)) => (None, noeval_end(rest)),
            Some(Err(message)) => (None, Err(Error::at(1, message))),
            Some(Ok(Fence::Prose)) | None => (None, prose_end(rest)),
        };
        let end = end.map_err(|e| Error { line: e.line.map(|line| line + pos), ..e })?;
        let first = pos + usize::from(opening.is_some());
        let last = pos + end.source;
        let kind = match opening {
            Some(options) => {
                fences.insert(starts[pos]);
                CellKind::Code(Options::parse(options).map_err(|e| Error::at(pos + 1, e))?)
            }
            None => CellKind::Prose,
        };
        let (next, lines_to_next) = next_cell(rest, &end);
        let raw = offset(pos)..offset(pos + next);
        // The source's last line break belongs to the layout, not to the source.
        let from = offset(first).min(offset(last));
        let mut to = offset(last);
        if to > from && text[..to].ends_with('\n') {
            to -= 1;
        }
        cells.push(Cell {
            id: String::new(),
            source: lines[first..last].join("\n"),
            kind,
            line: first + 1,
            lines_to_next,
            source_range: from - raw.start..to - raw.start,
            raw: text[raw].to_owned(),
        });
        pos += next;
    }
    agree_with_commonmark(text, offset(body), &fences)?;
    name_cells(&mut cells)?;
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let header = text[..offset(body)].to_owned();
    Ok(Chapter { path: path.to_owned(), name, header, cells })
}

/// The line after the YAML header and its blank line.
fn header_end(lines: &[&str]) -> Result<usize> {
    let wanted =
        "expected a YAML header with `jupyter:` alone at its top, its kernelspec named `rust`";
    if lines.first() != Some(&"---") {
        return Err(Error::at(1, format!("no header; {wanted}")));
    }
    let Some(close) = lines.iter().skip(1).position(|&line| line == "---").map(|i| i + 1) else {
        return Err(Error::at(1, "the header is not closed by a line `---`"));
    };
    let header = &lines[1..close];
    let strange = header.iter().position(|l| !l.starts_with(' ') && *l != "jupyter:");
    if let Some(i) = strange {
        return Err(Error::at(
            i + 2,
            format!("`{}` at the top of the header; {wanted}", header[i]),
        ));
    }
    if !header.iter().any(|line| line.trim() == "name: rust") {
        return Err(Error::at(close + 1, format!("the header names no kernel; {wanted}")));
    }
    Ok(close + 1 + usize::from(lines.get(close + 1).is_some_and(|line| is_blank(line))))
}

/// The end of the code cell whose opening fence is `lines[0]`.
fn code_end(lines: &[&str]) -> Result<End> {
    for (i, line) in lines.iter().enumerate().skip(1) {
        if line.contains("\"\"\"") || line.contains("'''") {
            return Err(Error::at(
                i + 1,
                "three quotes in a row: Jupytext would not find the end of this cell; write them apart",
            ));
        }
        if let Some(rest) = line.strip_prefix("```") {
            return if rest.trim().is_empty() {
                Ok(End { source: i, next: i + 1, explicit: true })
            } else {
                Err(Error::at(i + 1, format!("`{line}` inside a cell; expected the closing ```")))
            };
        }
    }
    Err(Error::at(1, "this fence is never closed"))
}

/// The end of the prose that begins with `lines[0]`, as Jupytext finds it.
fn prose_end(lines: &[&str]) -> Result<End> {
    let mut blank = 0;
    let mut open_fence = None;
    let mut indented = false;
    for (i, line) in lines.iter().enumerate() {
        if open_fence.is_some() && line.starts_with("```") && is_blank(&line[3..]) {
            open_fence = None;
            continue;
        }
        if open_fence.is_some() && line.starts_with("```") {
            return Err(Error::at(
                i + 1,
                "a fence inside a fence: Jupytext and Markdown differ here",
            ));
        }
        if blank > 0 && line.starts_with("    ") && !is_blank(line) {
            indented = true;
            blank = 0;
            continue;
        }
        if indented && !is_blank(line) && !line.starts_with("    ") {
            indented = false;
        }
        if indented || open_fence.is_some() {
            continue;
        }
        let comment = line.strip_prefix("<!--").map(str::trim_start);
        if comment.is_some_and(|c| {
            ["#region", "#markdown", "#md", "#raw"].iter().any(|m| c.starts_with(m))
        }) {
            return Err(Error::at(i + 1, "Jupytext's cell markers in comments are not supported"));
        }
        match fence(line) {
            Some(Ok(Fence::Cell(_))) => {
                let cut = i - usize::from(i > 1 && blank > 0);
                return Ok(End { source: cut, next: i, explicit: false });
            }
            Some(Ok(Fence::Prose)) if blank >= 2 && !line.starts_with("```{") => {
                return Ok(End { source: i - 2, next: i, explicit: true });
            }
            Some(Ok(Fence::Prose | Fence::Noeval)) => {
                open_fence = Some(i);
                blank = 0;
                continue;
            }
            Some(Err(message)) => return Err(Error::at(i + 1, message)),
            None => {}
        }
        if is_blank(line) {
            blank += 1;
        } else if blank >= 2 {
            return Ok(End { source: i - 2, next: i, explicit: true });
        } else {
            blank = 0;
        }
    }
    match open_fence {
        Some(i) => Err(Error::at(i + 1, "this fence is never closed")),
        None => Ok(End { source: lines.len(), next: lines.len(), explicit: false }),
    }
}

/// The end of prose that begins with a `.noeval` fence: Jupytext makes a cell of that fence alone.
fn noeval_end(lines: &[&str]) -> Result<End> {
    let close = lines.iter().skip(1).position(|line| line.starts_with("```"));
    match close {
        Some(i) => Ok(End { source: i + 2, next: i + 2, explicit: false }),
        None => Err(Error::at(1, "this fence is never closed")),
    }
}

/// Where the next cell begins, and Jupytext's note if the blank lines before it are not one.
fn next_cell(lines: &[&str], end: &End) -> (usize, Option<usize>) {
    let blank = |i: usize| lines.get(i).is_some_and(|line| is_blank(line));
    let text = |i: usize| lines.get(i).is_some_and(|line| !is_blank(line));
    let mut next = end.next;
    if blank(next) && text(next + 1) {
        next += 1;
    } else if end.explicit && blank(next) && blank(next + 1) && text(next + 2) {
        next += 2;
    }
    let count = if end.source < lines.len() {
        let at_end = usize::from(next >= lines.len());
        next + at_end - end.source - usize::from(end.explicit)
    } else {
        1
    };
    (next, (count != 1).then_some(count))
}

/// Refuses a chapter in which Markdown sees other Rust fences than Jupytext does.
fn agree_with_commonmark(text: &str, body: usize, cells: &HashSet<usize>) -> Result<()> {
    let line_of = |at: usize| 1 + text[..at].matches('\n').count();
    let mut seen = HashSet::new();
    for (event, range) in Parser::new(&text[body..]).into_offset_iter() {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event {
            let at = body + range.start;
            let language = info.split_whitespace().next().unwrap_or("");
            let runs = language == "rust" && !info.split_whitespace().any(|word| word == ".noeval");
            if runs {
                seen.insert(at);
                if !cells.contains(&at) {
                    return Err(Error::at(
                        line_of(at),
                        "a Rust fence inside a list, a quotation or another block cannot be a cell; \
                         write ```rust .noeval, or move it to the margin",
                    ));
                }
            }
        }
    }
    match cells.difference(&seen).min() {
        Some(&at) => Err(Error::at(
            line_of(at),
            "Jupytext reads this as a cell, Markdown does not: it is inside another block",
        )),
        None => Ok(()),
    }
}

/// Gives every cell its id.
fn name_cells(cells: &mut [Cell]) -> Result<()> {
    let mut taken: HashSet<String> = HashSet::new();
    let (mut base, mut counter) = (String::from("start"), 0);
    for cell in cells {
        let name = cell.code().and_then(|options| options.name.clone());
        cell.id = match name {
            Some(name) => {
                base.clone_from(&name);
                counter = 0;
                name
            }
            None => {
                counter += 1;
                format!("{base}-{counter}")
            }
        };
        if !taken.insert(cell.id.clone()) {
            return Err(Error::at(
                cell.line.saturating_sub(1),
                format!("the name `{}` is used twice in this chapter", cell.id),
            ));
        }
    }
    Ok(())
}
