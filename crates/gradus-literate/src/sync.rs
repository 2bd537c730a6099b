//! What was edited in Jupyter goes back into the chapter.
//!
//! Cells that did not change keep their text, byte for byte. In a changed prose cell, the values and
//! links that are still there become what they were in the chapter; changed options keep the order
//! and spelling of the rest.

use nbformat::v4;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::chapter::{Cell, CellKind, Chapter};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::notebook::{self, Plain};
use crate::options::Options;
use crate::prose::{self, Expansion, Target};

/// The chapter's text with the notebook's edits.
///
/// `chapter` must be the one that the notebook was made from.
///
/// # Errors
/// If the notebook holds what a chapter cannot: a raw cell, an unknown tag, text that would be read
/// as another cell.
pub fn sync(chapter: &Chapter, index: &Index, notebook: &v4::Notebook) -> Result<String> {
    let values = crate::values::of_chapter(chapter, &outputs_by_cell(chapter, notebook));
    let mut pieces = Vec::new();
    for (raw, plain) in notebook.cells.iter().zip(notebook::cells(notebook)) {
        if matches!(raw, v4::Cell::Raw { .. }) {
            let message = "a raw cell has no place in a chapter; make it Markdown or code";
            return Err(Error::new(message).in_cell(&plain.id));
        }
        let same = |cell: &Cell| cell.id == plain.id && cell.code().is_some() == plain.code;
        let origin = chapter.cells.iter().position(same);
        let text = match origin.map(|i| &chapter.cells[i]) {
            None => fresh(&plain)?,
            Some(cell) => match &cell.kind {
                CellKind::Code(options) => code(cell, options, &plain)?,
                CellKind::Prose => {
                    let expansions =
                        notebook::expansions(chapter, cell, index, &values, Target::Notebook)?;
                    with_source(cell, &unexpand(&cell.source, &expansions, &plain.source))
                }
            },
        };
        pieces.push(Piece { text, code: plain.code, origin });
    }
    let mut text = layout(&chapter.header, &pieces);
    // The old last cell may end without a line break; any other must have one.
    let ends_as_before =
        pieces.last().is_some_and(|last| last.origin == chapter.cells.len().checked_sub(1));
    if !ends_as_before && !text.ends_with('\n') {
        text.push('\n');
    }
    let read = Chapter::parse(&chapter.path, &text)?;
    agree(&read, notebook)?;
    Ok(text)
}

/// A cell of the new chapter.
struct Piece {
    text: String,
    code: bool,
    /// Its place in the old chapter.
    origin: Option<usize>,
}

/// The outputs in the order of the chapter's code cells, whatever the notebook's order is.
fn outputs_by_cell(chapter: &Chapter, notebook: &v4::Notebook) -> Vec<Vec<v4::Output>> {
    let of = |id: &str| {
        notebook.cells.iter().find_map(|cell| match cell {
            v4::Cell::Code { id: found, outputs, .. } if found.as_str() == id => {
                Some(outputs.clone())
            }
            _ => None,
        })
    };
    chapter.code_cells().map(|(cell, _)| of(&cell.id).unwrap_or_default()).collect()
}

/// The cell as it stands in the chapter, with another source.
fn with_source(cell: &Cell, source: &str) -> String {
    let (before, after) =
        (&cell.raw[..cell.source_range.start], &cell.raw[cell.source_range.end..]);
    // A code cell without lines has no line break between its fences.
    let end = if !source.is_empty() && after.starts_with("```") { "\n" } else { "" };
    format!("{before}{source}{end}{after}")
}

fn code(cell: &Cell, options: &Options, plain: &Plain) -> Result<String> {
    let text = with_source(cell, &plain.source);
    let mut wanted = plain.metadata.clone();
    wanted.remove("lines_to_next_cell");
    if wanted == options.metadata() {
        return Ok(text);
    }
    let options = options.updated(&wanted).map_err(|e| Error::new(e).in_cell(&plain.id))?;
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    Ok(format!("{}\n{rest}", options.fence()))
}

fn fresh(plain: &Plain) -> Result<String> {
    if !plain.code {
        return Ok(format!("{}\n", plain.source));
    }
    let options = Options::default()
        .updated(&plain.metadata)
        .map_err(|e| Error::new(e).in_cell(&plain.id))?;
    Ok(format!("{}\n{}\n```\n", options.fence(), plain.source))
}

/// Joins cells so that they are read apart again: two blank lines between prose, one elsewhere.
/// Cells that already stood together keep what is between them.
fn layout(header: &str, pieces: &[Piece]) -> String {
    let mut text = header.to_owned();
    for (i, piece) in pieces.iter().enumerate() {
        text.push_str(&piece.text);
        let Some(next) = pieces.get(i + 1) else { continue };
        if piece.origin.is_some_and(|at| next.origin == Some(at + 1)) {
            continue;
        }
        let breaks = text.len() - text.trim_end_matches('\n').len();
        let wanted: usize = if piece.code || next.code { 2 } else { 3 };
        text.extend(std::iter::repeat_n('\n', wanted.saturating_sub(breaks)));
    }
    text
}

/// Refuses a text that does not hold the notebook's cells.
fn agree(read: &Chapter, notebook: &v4::Notebook) -> Result<()> {
    let wanted = notebook::cells(notebook);
    let code = |cells: &[Plain]| -> Vec<String> {
        cells.iter().filter(|cell| cell.code).map(|cell| cell.source.clone()).collect()
    };
    let found = notebook::plain_cells(read);
    if code(&found) == code(&wanted) {
        return Ok(());
    }
    let at = code(&found).iter().zip(code(&wanted)).position(|(a, b)| *a != b);
    let id = at.and_then(|i| wanted.iter().filter(|c| c.code).nth(i)).map(|c| c.id.clone());
    let error = Error::new(
        "this cell cannot be written into a chapter: its text would be read as another cell",
    );
    Err(match id {
        Some(id) => error.in_cell(&id),
        None => error,
    })
}

/// The source whose expansion is `edited`, given a source and its expansions before the edit.
///
/// The longest common part of old and new text keeps its references; what was edited stays as typed.
pub fn unexpand(source: &str, expansions: &[Expansion], edited: &str) -> String {
    let expanded = prose::apply(source, expansions);
    if expanded == edited {
        return source.to_owned();
    }
    // Where each expansion stands in the expanded text.
    let mut spans = Vec::new();
    let mut shift = 0_isize;
    for expansion in expansions {
        let start = expansion.range.start.wrapping_add_signed(shift);
        spans.push((start, start + expansion.text.len(), &source[expansion.range.clone()]));
        shift += expansion.text.len() as isize - expansion.range.len() as isize;
    }
    let old: Vec<char> = expanded.chars().collect();
    let new: Vec<char> = edited.chars().collect();
    let byte_of: Vec<usize> = expanded.char_indices().map(|(at, _)| at).collect();
    let mut text = String::with_capacity(edited.len());
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            let mut i = 0;
            while i < len {
                let at = byte_of[old_index + i];
                let whole = spans.iter().find(|(start, end, written)| {
                    let chars = expanded[*start..*end].chars().count();
                    *start == at && chars > 0 && i + chars <= len && !written.is_empty()
                });
                match whole {
                    Some((start, end, written)) => {
                        text.push_str(written);
                        i += expanded[*start..*end].chars().count();
                    }
                    None => {
                        text.push(new[new_index + i]);
                        i += 1;
                    }
                }
            }
        } else {
            let range = op.new_range();
            text.extend(&new[range]);
        }
    }
    text
}
