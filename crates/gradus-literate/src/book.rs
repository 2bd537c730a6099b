//! The book as a folder of HTML: woven chapters through mdBook, with this project's theme.
//!
//! mdBook is a library here. It reads `book.toml`, the theme and `SUMMARY.md`; each chapter's text
//! is replaced in memory by its woven page, so nothing is ever written beside the sources. What a
//! woven page may contain, and how it looks, is defined in `book/theme/README.md`.

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{fs, io};

use mdbook_core::book::{BookItem, SectionNumber};
use mdbook_core::config::Config;
use mdbook_driver::MDBook;

use crate::error::{Error, Result};
use crate::math;

/// One chapter, woven.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The chapter's file name without `.md`, such as `14-momentum`. A number in front is the
    /// chapter's number in the table of contents; 0 shows none.
    pub name: String,
    /// Its title, without the number.
    pub title: String,
    /// Its text in the vocabulary of `book/theme/README.md`.
    pub markdown: String,
    /// Files that the page links to (figures' data), with paths relative to the page's folder.
    pub files: Vec<(PathBuf, Vec<u8>)>,
}

/// A file in the built folder that says who built it: only such a folder is ever replaced.
const MARKER: &str = ".gradus-book";

/// A file in the built folder that changes with every build; pages built for live reload poll it.
const VERSION: &str = "version.txt";

/// mdBook writes these whatever the theme; nothing here links to them. (The prefixes, because mdBook puts hashes into the names.)
const UNUSED: [&str; 5] = ["toc.html", "toc-", "ayu-highlight-", "tomorrow-night-", "clipboard-"];

/// Builds the book in `book_dir` from `pages` into the folder `out`.
///
/// Every chapter of `SUMMARY.md` needs its page and every page its line there. The result is made
/// beside `out` and renamed at the end: if anything fails, `out` is what it was. With
/// `live_reload`, each page watches for the next build and reloads itself.
///
/// # Errors
/// A page without a line in `SUMMARY.md` or the reverse; whatever mdBook reports, its warnings
/// included (an unclosed HTML tag, an unused footnote); an `out` that is not a book; a folder that
/// cannot be written.
pub fn build(book_dir: &Path, pages: &[Page], out: &Path, live_reload: bool) -> Result<()> {
    let marked = out.join(MARKER).is_file();
    let empty = fs::read_dir(out).map_or_else(|_| !out.exists(), |mut d| d.next().is_none());
    if !marked && !empty {
        return Err(Error::new("not a book built by gradus: it will not be replaced").in_file(out));
    }

    let parent = match out.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let beside = fs::create_dir_all(parent)
        .and_then(|()| tempfile::Builder::new().prefix(".gradus-book-").tempdir_in(parent))
        .map_err(|e| Error::io(out, "build the book", &e))?;
    let new = beside.path().join("new");
    let new = std::path::absolute(&new).map_err(|e| Error::io(&new, "find", &e))?;

    let mut formulas = Vec::new();
    render(book_dir, pages, &new, live_reload, &mut formulas)?;
    finish(&new, pages, live_reload, &formulas)
        .map_err(|e| Error::io(out, "write the book", &e))?;

    let old = beside.path().join("old");
    let replace = || -> io::Result<()> {
        if out.exists() {
            fs::rename(out, &old)?;
        }
        fs::rename(&new, out).inspect_err(|_| {
            // Best effort: the error that is reported is the one that led here.
            let _ = fs::rename(&old, out);
        })
    };
    replace().map_err(|e| Error::io(out, "replace the book", &e))
    // Dropping `beside` removes the old book.
}

/// Runs mdBook with the pages in place of the chapters' sources.
fn render<'p>(
    book_dir: &Path,
    pages: &'p [Page],
    out: &Path,
    live_reload: bool,
    formulas: &mut Vec<&'p str>,
) -> Result<()> {
    let failed = |e: &dyn fmt::Display| Error::new(format!("mdBook: {e:#}")).in_file(book_dir);

    // `Config::from_disk` and not `MDBook::load`, which would let MDBOOK_* variables change the book.
    let file = book_dir.join("book.toml");
    let mut config =
        Config::from_disk(&file).map_err(|e| Error::new(format!("{e:#}")).in_file(&file))?;
    config.build.build_dir = out.to_owned();
    config.build.create_missing = false;
    if live_reload {
        config.set("output.html.live-reload-endpoint", VERSION).map_err(|e| failed(&e))?;
    }

    let warnings = Warnings::default();
    let result = tracing::subscriber::with_default(warnings.clone(), || -> Result<()> {
        let mut book = MDBook::load_with_config(book_dir, config).map_err(|e| failed(&e))?;
        place(&mut book, pages, formulas)?;
        book.build().map_err(|e| failed(&e))
    });
    result?;
    let warnings = warnings.0.lock().expect("no thread panicked");
    if warnings.is_empty() { Ok(()) } else { Err(failed(&warnings.join("\nmdBook: "))) }
}

/// Puts each page in the place of the chapter with its name.
fn place<'p>(book: &mut MDBook, pages: &'p [Page], formulas: &mut Vec<&'p str>) -> Result<()> {
    let summary = book.source_dir().join("SUMMARY.md");
    let mut unused: Vec<_> = pages.iter().collect();
    let mut missing = Vec::new();
    book.book.for_each_mut(|item| {
        let BookItem::Chapter(chapter) = item else { return };
        let Some(path) = &chapter.path else { return };
        let name = path.with_extension("").to_string_lossy().into_owned();
        let Some(at) = unused.iter().position(|page| page.name == name) else {
            missing.push(name);
            return;
        };
        let page = unused.swap_remove(at);
        chapter.name.clone_from(&page.title);
        let number = number(&page.name);
        let kind = match (number, page.name.split_once('-')) {
            (Some(n), _) => format!("Chapter {n}"),
            (None, Some((letter, _))) if letter.len() == 1 => {
                format!("Appendix {}", letter.to_uppercase())
            }
            _ => String::new(),
        };
        let eyebrow = match kind.as_str() {
            "" => kind,
            kind => format!("<p class=\"eyebrow\">{kind}</p>\n\n"),
        };
        chapter.content = eyebrow + &take_formulas(&page.markdown, formulas);
        chapter.number = number.map(|n| SectionNumber::new([n]));
    });
    match (missing.first(), unused.first()) {
        (Some(name), _) => {
            Err(Error::new(format!("`{name}.md` is listed, but there is no such chapter")))
        }
        (None, Some(page)) => {
            Err(Error::new(format!("the chapter `{}.md` is not listed", page.name)))
        }
        (None, None) => Ok(()),
    }
    .map_err(|e| e.in_file(&summary))
}

/// What stands for the formula with this number while mdBook works.
///
/// A rendered formula is a hundred elements. mdBook would parse each as Markdown (where `*`, `_` and
/// `|` mean something) and as HTML, and put their text into the search index; an empty element is
/// left alone, in a paragraph, a table and a heading alike.
const STAND_IN: (&str, &str) = ("<span data-formula=\"", "\"></span>");

/// Puts stand-ins in the place of the formulas.
fn take_formulas<'p>(markdown: &'p str, formulas: &mut Vec<&'p str>) -> String {
    let mut out = String::with_capacity(markdown.len() / 4);
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once(math::OPEN) {
        let Some((formula, after)) = after.split_once(math::CLOSE) else { break };
        write!(out, "{before}{}{}{}", STAND_IN.0, formulas.len(), STAND_IN.1)
            .expect("a String takes everything");
        formulas.push(formula);
        rest = after;
    }
    out + rest
}

/// Puts the formulas in the place of their stand-ins.
fn put_formulas(html: &str, formulas: &[&str]) -> String {
    let mut out = String::with_capacity(4 * html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(STAND_IN.0) {
        out.push_str(before);
        let number =
            after.split_once(STAND_IN.1).and_then(|(n, after)| Some((n.parse().ok()?, after)));
        match number.and_then(|(n, after): (usize, _)| Some((formulas.get(n)?, after))) {
            Some((formula, after)) => {
                out.push_str(formula);
                rest = after;
                // A word joiner: a line must not begin with the comma after a formula.
                if rest.starts_with([',', '.', ';', ':', '?', '!', ')', ']', '’', '”']) {
                    out.push('\u{2060}');
                }
            }
            None => {
                out.push_str(STAND_IN.0);
                rest = after;
            }
        }
    }
    out + rest
}

/// The number in front of a chapter's name, if it is not 0.
fn number(name: &str) -> Option<u32> {
    name.split('-').next()?.parse().ok().filter(|&n| n > 0)
}

/// Adds what mdBook does not write and takes away what nothing uses.
fn finish(out: &Path, pages: &[Page], live_reload: bool, formulas: &[&str]) -> io::Result<()> {
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if UNUSED.iter().any(|unused| name.starts_with(unused)) {
            fs::remove_file(path)?;
        } else if name.ends_with(".html") {
            fs::write(&path, put_formulas(&fs::read_to_string(&path)?, formulas))?;
        }
    }
    for (path, content) in pages.iter().flat_map(|page| &page.files) {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        fs::write(path, content)?;
    }
    fs::write(
        out.join(MARKER),
        "This folder is made by `gradus book`, which replaces all of it.\n",
    )?;
    if live_reload {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        fs::write(out.join(VERSION), now.unwrap_or_default().as_nanos().to_string())?;
    }
    Ok(())
}

/// Collects what mdBook only logs: to a book that is built unattended a warning is an error.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::WARN
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        // The first line says what and where; the others quote a whole page.
        let message = message.0.lines().next().unwrap_or_default().to_owned();
        let mut warnings = self.0.lock().expect("no thread panicked");
        if !warnings.contains(&message) {
            warnings.push(message);
        }
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// An event's message, without its other fields.
struct Message(String);

impl tracing::field::Visit for Message {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").expect("a String takes everything");
        }
    }
}
