//! Notebooks: made from a chapter (*tangle*), read, compared and written.

use std::path::Path;

use nbformat::v4;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::chapter::{Cell, CellKind, Chapter};
use crate::error::{self, Error, Result};
use crate::index::Index;
use crate::prose::{self, Expansion, Target, Values};

/// A cell as nbformat sees it, without outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Plain {
    /// The cell's id.
    pub id: String,
    /// Whether it is code.
    pub code: bool,
    /// Its text.
    pub source: String,
    /// Its metadata.
    pub metadata: Map<String, Value>,
}

/// What a notebook of ours remembers about its making, in its metadata under `gradus`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The chapter's cells as they were: see [`chapter_hash`].
    pub chapter: String,
    /// The notebook's own sources as they were written: see [`sources_hash`].
    pub sources: String,
    /// The outputs as they were written: see [`outputs_hash`].
    pub outputs: String,
    /// All that the outputs depend on: see [`stale`](crate::stale).
    pub inputs: String,
    /// The version of rustc that compiled the cells; for information.
    pub rustc: String,
}

/// The cells that Jupytext would make of the chapter: nothing resolved, Jupytext's notes included.
pub fn plain_cells(chapter: &Chapter) -> Vec<Plain> {
    chapter.cells.iter().map(plain).collect()
}

fn plain(cell: &Cell) -> Plain {
    let mut metadata = cell.code().map(|options| options.metadata()).unwrap_or_default();
    if let Some(lines) = cell.lines_to_next {
        metadata.insert("lines_to_next_cell".into(), json!(lines));
    }
    let code = cell.code().is_some();
    Plain { id: cell.id.clone(), code, source: cell.source.clone(), metadata }
}

/// The expansions of a prose cell for the notebook, with lines counted in the chapter.
pub fn expansions(
    chapter: &Chapter,
    cell: &Cell,
    index: &Index,
    values: &Values,
    target: Target,
) -> Result<Vec<Expansion>> {
    prose::expansions(&cell.source, &chapter.name, index, values, target).map_err(|e| {
        Error { line: e.line.map(|line| line + cell.line - 1), ..e }.in_file(&chapter.path)
    })
}

/// The notebook of a chapter with these outputs, one list for each code cell.
///
/// # Errors
/// If the prose refers to a value that no cell printed, or to nothing.
pub fn tangle(
    chapter: &Chapter,
    index: &Index,
    outputs: &[Vec<v4::Output>],
    inputs: String,
    rustc: String,
) -> Result<v4::Notebook> {
    let values = crate::values::of_chapter(chapter, outputs);
    let mut cells = Vec::new();
    let mut code_cells = 0;
    for cell in &chapter.cells {
        let mut plain = plain(cell);
        if !plain.code {
            let expansions = expansions(chapter, cell, index, &values, Target::Notebook)?;
            plain.source = prose::apply(&cell.source, &expansions);
        }
        let id = v4::CellId::new(&cell.id)
            .map_err(|e| Error::at(cell.line, e).in_file(&chapter.path))?;
        let source = split_lines(&plain.source);
        let metadata: v4::CellMetadata = serde_json::from_value(Value::Object(plain.metadata))
            .map_err(|e| Error::at(cell.line, e).in_file(&chapter.path).in_cell(&cell.id))?;
        cells.push(if plain.code {
            let outputs = outputs.get(code_cells).cloned().unwrap_or_default();
            code_cells += 1;
            let execution_count = i32::try_from(code_cells).ok();
            v4::Cell::Code { id, metadata, execution_count, source, outputs }
        } else {
            v4::Cell::Markdown { id, metadata, source, attachments: None }
        });
    }
    let mut notebook = v4::Notebook {
        metadata: serde_json::from_value(json!({
            "kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"},
            "language_info": {
                "codemirror_mode": "rust",
                "file_extension": ".rs",
                "mimetype": "text/rust",
                "name": "Rust",
                "pygments_lexer": "rust",
                "version": "",
            },
        }))
        .map_err(Error::new)?,
        nbformat: 4,
        nbformat_minor: 5,
        cells,
    };
    let record = Record {
        chapter: chapter_hash(chapter),
        sources: sources_hash(&notebook),
        outputs: outputs_hash(&notebook),
        inputs,
        rustc,
    };
    let record = serde_json::to_value(record).map_err(Error::new)?;
    notebook.metadata.additional.insert("gradus".into(), record);
    Ok(notebook)
}

/// The lines of a cell's source as nbformat stores them, each with its line break.
pub fn split_lines(source: &str) -> Vec<String> {
    source.split_inclusive('\n').map(str::to_owned).collect()
}

/// Reads a notebook's file.
///
/// # Errors
/// If it cannot be read, is not JSON, or no notebook of format 4.5.
pub fn read(path: &Path) -> Result<v4::Notebook> {
    let text = error::read(path)?;
    let wrong =
        |e: &dyn std::fmt::Display| Error::new(format!("not a notebook: {e}")).in_file(path);
    match nbformat::parse_notebook(&text).map_err(|e| wrong(&e))? {
        nbformat::Notebook::V4(notebook) => Ok(notebook),
        nbformat::Notebook::V4QuirksMode(quirks) => Ok(quirks.repair()),
        nbformat::Notebook::Legacy(old) => {
            nbformat::upgrade_legacy_notebook(old).map_err(|e| wrong(&e))
        }
        _ => Err(wrong(&"expected nbformat 4.5")),
    }
}

/// The notebook's file as nbformat writes it.
///
/// # Errors
/// If nbformat refuses the notebook.
pub fn to_json(notebook: &v4::Notebook) -> Result<String> {
    nbformat::serialize_notebook(&nbformat::Notebook::V4(notebook.clone())).map_err(Error::new)
}

/// What the notebook remembers about its making, if we made it.
pub fn record(notebook: &v4::Notebook) -> Option<Record> {
    serde_json::from_value(notebook.metadata.additional.get("gradus")?.clone()).ok()
}

/// The outputs of the code cells, in order.
pub fn outputs(notebook: &v4::Notebook) -> Vec<Vec<v4::Output>> {
    notebook
        .cells
        .iter()
        .filter_map(|cell| match cell {
            v4::Cell::Code { outputs, .. } => Some(outputs.clone()),
            _ => None,
        })
        .collect()
}

/// The cells of a notebook, with the metadata that belongs to the chapter.
pub fn cells(notebook: &v4::Notebook) -> Vec<Plain> {
    notebook
        .cells
        .iter()
        .map(|cell| {
            let metadata = match serde_json::to_value(cell.metadata()) {
                Ok(Value::Object(metadata)) => metadata,
                _ => Map::new(),
            };
            Plain {
                id: cell.id().to_string(),
                code: matches!(cell, v4::Cell::Code { .. }),
                source: cell.source().concat(),
                metadata: metadata.into_iter().filter(|(key, _)| belongs(key)).collect(),
            }
        })
        .collect()
}

/// Metadata that Jupyter's front ends add for themselves does not belong to the chapter.
fn belongs(key: &str) -> bool {
    const OF_JUPYTER: [&str; 12] = [
        "id",
        "collapsed",
        "scrolled",
        "deletable",
        "editable",
        "jupyter",
        "execution",
        "trusted",
        "ExecuteTime",
        "autoscroll",
        "slideshow",
        "vscode",
    ];
    !OF_JUPYTER.contains(&key)
}

fn hash(parts: impl IntoIterator<Item = String>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A fingerprint of a chapter's cells before anything is resolved.
pub fn chapter_hash(chapter: &Chapter) -> String {
    hash(plain_cells(chapter).into_iter().map(|cell| fingerprint(&cell)))
}

/// A fingerprint of a notebook's sources and metadata, as far as a person edits them.
pub fn sources_hash(notebook: &v4::Notebook) -> String {
    hash(cells(notebook).iter().map(fingerprint))
}

fn fingerprint(cell: &Plain) -> String {
    json!([cell.id, cell.code, cell.source, cell.metadata]).to_string()
}

/// A fingerprint of a notebook's outputs.
pub fn outputs_hash(notebook: &v4::Notebook) -> String {
    hash(outputs(notebook).iter().map(|outputs| {
        let value = serde_json::to_value(outputs).unwrap_or_default();
        sorted(value).to_string()
    }))
}

/// The same value with the keys of every object in order, whatever map the reader used.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// A fingerprint of what a run depends on: the code cells, in order, and the rest in `context`.
pub fn inputs_hash(chapter: &Chapter, context: &str) -> String {
    let code = chapter.cells.iter().filter_map(|cell| match &cell.kind {
        CellKind::Code(_) => Some(cell.source.clone()),
        CellKind::Prose => None,
    });
    hash(code.chain(std::iter::once(context.to_owned())))
}
