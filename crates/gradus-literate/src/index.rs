//! Where everything is that a chapter can refer to, and its number.

use std::collections::BTreeMap;

use crate::chapter::Chapter;
use crate::error::{Error, Result};
use crate::prose;

/// The figures, equations and headings of all chapters.
#[derive(Debug, Clone, Default)]
pub struct Index {
    chapters: BTreeMap<String, Entry>,
}

/// One chapter of the index.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `14`, or `A`.
    pub label: String,
    /// The text of the first heading.
    pub title: String,
    /// What can stand after `#` in a link.
    pub anchors: BTreeMap<String, Anchor>,
}

/// What a link goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// A chapter as a whole.
    Chapter {
        /// `14`, or `A`.
        label: String,
    },
    /// A figure, `14.2`.
    Figure {
        /// The chapter's label and the figure's place.
        number: String,
    },
    /// An equation, `14.1`.
    Equation {
        /// The chapter's label and the equation's place.
        number: String,
    },
    /// A page that is neither chapter nor appendix, such as a glossary.
    Page {
        /// Its title.
        title: String,
    },
    /// A heading.
    Heading {
        /// Its text.
        title: String,
    },
}

impl Anchor {
    /// The text of a link that has none of its own.
    pub fn text(&self, same_chapter: bool) -> String {
        match self {
            Self::Chapter { label } if label.parse::<usize>().is_ok() => format!("Chapter {label}"),
            Self::Chapter { label } => format!("Appendix {label}"),
            Self::Figure { number } => format!("Figure {number}"),
            Self::Equation { number } if same_chapter => format!("({number})"),
            Self::Equation { number } => format!("equation ({number})"),
            Self::Page { title } | Self::Heading { title } => title.clone(),
        }
    }
}

impl Index {
    /// The index of these chapters.
    ///
    /// # Errors
    /// With file and line: an equation's name that is used twice or is not `eq-…`; a figure without a
    /// caption; a chapter without a title.
    pub fn of<'a>(chapters: impl IntoIterator<Item = &'a Chapter>) -> Result<Self> {
        let mut index = Self::default();
        for chapter in chapters {
            let entry = entry(chapter).map_err(|e| e.in_file(&chapter.path))?;
            index.chapters.insert(chapter.name.clone(), entry);
        }
        Ok(index)
    }

    /// The entry of the chapter `name`.
    pub fn chapter(&self, name: &str) -> Option<&Entry> {
        self.chapters.get(name)
    }

    /// What a link to `chapter` as a whole goes to.
    pub fn whole(&self, chapter: &str) -> Option<Anchor> {
        let Entry { label, title, .. } = self.chapter(chapter)?;
        // Chapters have numbers, appendices a letter.
        Some(match label.parse::<usize>().is_ok() || label.len() == 1 {
            true => Anchor::Chapter { label: label.clone() },
            false => Anchor::Page { title: title.clone() },
        })
    }

    /// The number of the equation `label` in `chapter`.
    pub fn equation(&self, chapter: &str, label: &str) -> Option<String> {
        match self.chapter(chapter)?.anchors.get(label)? {
            Anchor::Equation { number } => Some(number.clone()),
            _ => None,
        }
    }

    /// The number of the figure that the cell `name` in `chapter` shows.
    pub fn figure(&self, chapter: &str, name: &str) -> Option<String> {
        match self.chapter(chapter)?.anchors.get(name)? {
            Anchor::Figure { number } => Some(number.clone()),
            _ => None,
        }
    }
}

fn entry(chapter: &Chapter) -> Result<Entry> {
    let label = chapter.label();
    let mut anchors = BTreeMap::new();
    let (mut figures, mut equations, mut titled) = (0, 0, false);
    let mut add =
        |line: usize, name: String, anchor: Anchor| match anchors.insert(name.clone(), anchor) {
            Some(Anchor::Heading { .. }) | None => Ok(()),
            Some(_) => Err(Error::at(line, format!("`{name}` is named twice in this chapter"))),
        };
    for cell in &chapter.cells {
        if let Some(options) = cell.code() {
            if options.is_figure() {
                let line = cell.line.saturating_sub(1);
                if options.caption.is_none() {
                    return Err(Error::at(line, "a figure needs a caption=\"…\"").in_cell(&cell.id));
                }
                figures += 1;
                add(
                    line,
                    cell.id.clone(),
                    Anchor::Figure { number: format!("{label}.{figures}") },
                )?;
            }
            continue;
        }
        prose::check_dollars(&cell.source)
            .map_err(|e| Error { line: e.line.map(|line| line + cell.line - 1), ..e })?;
        for (slug, title) in prose::headings(&cell.source) {
            titled = true;
            add(cell.line, slug, Anchor::Heading { title })?;
        }
        for formula in prose::formulas(&cell.source) {
            let line = cell.line + cell.source[..formula.range.start].matches('\n').count();
            if let Some(name) = formula.label {
                if !name.starts_with("eq-") || !formula.display {
                    return Err(Error::at(
                        line,
                        format!(
                            "`\\label{{{name}}}`: expected a name eq-… in a formula between $$"
                        ),
                    ));
                }
                equations += 1;
                add(line, name, Anchor::Equation { number: format!("{label}.{equations}") })?;
            }
        }
    }
    if !titled {
        return Err(Error::at(1, "the chapter has no title; expected a line `# …`"));
    }
    Ok(Entry { label, title: chapter.title(), anchors })
}
