//! The project as a whole: its chapters, their notebooks, the book.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nbformat::v4;

use crate::book;
use crate::chapter::Chapter;
use crate::compare;
use crate::error::{self, Error, Result};
use crate::index::Index;
use crate::kernel::{self, Interrupt};
use crate::notebook;
use crate::options::Tag;
use crate::progress::Progress;
use crate::run::{CellJob, NotebookJob, RunOptions, run_all};
use crate::{explorer, stale, sync, weave};

/// The chapters of a project, read, and all that their notebooks depend on.
#[derive(Debug)]
pub struct Project {
    /// The folder that holds `book/`, `notebooks/` and the crate.
    pub root: PathBuf,
    /// The chapters in the order of their names.
    pub chapters: Vec<Chapter>,
    index: Index,
    context: String,
}

/// How a notebook stands to its chapter.
#[derive(Debug)]
pub enum State {
    /// Its outputs are those of the chapter's cells; its prose may be older.
    Fresh(Box<v4::Notebook>),
    /// Its cells have to be run.
    Stale {
        /// What changed.
        reason: &'static str,
    },
    /// Somebody edited it in Jupyter.
    Edited,
}

/// What the book has besides its chapters, from those who know more than this crate.
pub struct Additions<'a> {
    /// The Markdown at the end of the chapter with this name.
    pub appended: &'a dyn Fn(&str) -> String,
    /// The HTML of the explorer with this link, or what is wrong with the link.
    pub explorer: &'a dyn Fn(&str) -> std::result::Result<String, String>,
    /// Files beside the pages.
    pub files: Vec<(PathBuf, Vec<u8>)>,
}

/// Where progress is shown, and what can stop a run.
#[derive(Debug)]
pub struct Console {
    /// Bars or lines on standard error.
    pub progress: Progress,
    /// Ctrl-C.
    pub interrupt: Interrupt,
}

impl Project {
    /// Reads the project in `root`.
    ///
    /// # Errors
    /// If a chapter is malformed, or the crate cannot be read.
    pub fn open(root: &Path) -> Result<Self> {
        let folder = root.join("book/src");
        let entries = fs::read_dir(&folder).map_err(|e| Error::io(&folder, "list", &e))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| Error::io(&folder, "list", &e))?.path();
            let is_chapter = path.extension().is_some_and(|e| e == "md")
                && path.file_name().is_some_and(|name| name != "SUMMARY.md");
            if is_chapter {
                paths.push(path);
            }
        }
        paths.sort();
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_owned();
        let mut chapters = Vec::new();
        for path in paths {
            let text = error::read(&path)?;
            chapters.push(Chapter::parse(&shown(&path), &text)?);
        }
        let index = Index::of(&chapters)?;
        let context = stale::context(root, &format!("evcxr_jupyter {}", kernel::VERSION))?;
        Ok(Self { root: root.to_owned(), chapters, index, context })
    }

    /// The project that `folder` lies in: the nearest folder above with a `book/book.toml`.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(folder: &Path) -> Result<PathBuf> {
        let found = folder.ancestors().find(|folder| folder.join("book/book.toml").is_file());
        found.map(Path::to_owned).ok_or_else(|| {
            Error::new("no `book/book.toml` here or above; run this in the project's folder")
                .in_file(folder)
        })
    }

    /// Only one process at a time changes the project; a second one waits and says so.
    ///
    /// # Errors
    /// If the lock's file cannot be made.
    pub fn lock(root: &Path, progress: &Progress) -> Result<File> {
        let path = root.join("target/gradus/lock");
        let fail = |e: std::io::Error| Error::io(&path, "lock", &e);
        fs::create_dir_all(root.join("target/gradus")).map_err(fail)?;
        let file = File::create(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.say("Another gradus is at work in this folder; waiting for it.");
                file.lock().map_err(fail)?;
            }
            Err(TryLockError::Error(e)) => return Err(fail(e)),
        }
        Ok(file)
    }

    /// The chapters with these names; all if there are none.
    ///
    /// # Errors
    /// If a name is no chapter's.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Chapter>> {
        if names.is_empty() {
            return Ok(self.chapters.iter().collect());
        }
        let find = |name: &String| {
            let wanted = name.trim_end_matches(".md").trim_end_matches(".ipynb");
            let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
            let matches =
                |c: &&Chapter| c.name == wanted || c.name.split('-').next() == Some(wanted);
            self.chapters.iter().find(matches).ok_or_else(|| {
                let all: Vec<&str> = self.chapters.iter().map(|c| c.name.as_str()).collect();
                Error::new(format!(
                    "there is no chapter `{name}`; the chapters are: {}",
                    all.join(", ")
                ))
            })
        };
        names.iter().map(find).collect()
    }

    /// The file of a chapter's notebook.
    pub fn notebook_path(&self, chapter: &Chapter) -> PathBuf {
        self.root.join("notebooks").join(format!("{}.ipynb", chapter.name))
    }

    /// How the chapter's notebook stands.
    ///
    /// # Errors
    /// If there is a file that is no notebook.
    pub fn state(&self, chapter: &Chapter) -> Result<State> {
        let path = self.notebook_path(chapter);
        if !path.exists() {
            return Ok(State::Stale { reason: "it was never run" });
        }
        let read = notebook::read(&path)?;
        let Some(record) = notebook::record(&read) else {
            return Ok(State::Stale { reason: "it was not made by gradus" });
        };
        if notebook::sources_hash(&read) != record.sources {
            return Ok(State::Edited);
        }
        if record.inputs != self.inputs(chapter) {
            return Ok(State::Stale {
                reason: "its code, the crate, the lockfile or the kernel changed",
            });
        }
        if notebook::outputs_hash(&read) != record.outputs {
            return Ok(State::Stale { reason: "its outputs were changed" });
        }
        Ok(State::Fresh(Box::new(read)))
    }

    fn inputs(&self, chapter: &Chapter) -> String {
        notebook::inputs_hash(chapter, &self.context)
    }

    /// Brings the notebooks of these chapters up to date: runs what is stale, or everything if
    /// `force`, which also overwrites edits. Returns how many were run.
    ///
    /// # Errors
    /// All that failed: an edited notebook, a cell that failed. What succeeded is written.
    pub fn update(
        &self,
        chapters: &[&Chapter],
        force: bool,
        console: &Console,
    ) -> std::result::Result<usize, Vec<Error>> {
        let mut errors = Vec::new();
        let mut to_run = Vec::new();
        for &chapter in chapters {
            match self.state(chapter) {
                Err(e) if !force => errors.push(e),
                Ok(State::Edited) if !force => errors.push(self.edited(chapter)),
                Ok(State::Fresh(read)) if !force => {
                    let rustc = notebook::record(&read).map(|r| r.rustc).unwrap_or_default();
                    errors.extend(self.write(chapter, notebook::outputs(&read), rustc).err());
                }
                _ => match weave::check(chapter, &self.index) {
                    Err(e) => errors.push(e),
                    Ok(()) => to_run.push(chapter),
                },
            }
        }
        // A chapter without code has nothing to run.
        to_run.retain(|chapter| {
            let runs = chapter.code_cells().next().is_some();
            if !runs {
                errors.extend(self.write(chapter, Vec::new(), String::new()).err());
            }
            runs
        });
        if to_run.is_empty() {
            return if errors.is_empty() { Ok(0) } else { Err(errors) };
        }
        let mut ran = 0;
        match self.run(&to_run, console) {
            Err(e) => errors.push(e),
            Ok((rustc, results)) => {
                for (chapter, result) in to_run.into_iter().zip(results) {
                    match result.and_then(|outputs| self.write(chapter, outputs, rustc.clone())) {
                        Ok(()) => ran += 1,
                        Err(e) => errors.push(e),
                    }
                }
            }
        }
        if errors.is_empty() { Ok(ran) } else { Err(errors) }
    }

    fn edited(&self, chapter: &Chapter) -> Error {
        let name = &chapter.name;
        Error::new(format!(
            "was edited in Jupyter; `gradus sync {name}` brings the edit into the chapter, \
             `gradus notebooks --force {name}` throws it away"
        ))
        .in_file(&PathBuf::from("notebooks").join(format!("{name}.ipynb")))
    }

    /// Writes the chapter's notebook with these outputs, if it is not so already.
    fn write(&self, chapter: &Chapter, outputs: Vec<Vec<v4::Output>>, rustc: String) -> Result<()> {
        let made = notebook::tangle(chapter, &self.index, &outputs, self.inputs(chapter), rustc)?;
        let text = notebook::to_json(&made)?;
        let path = self.notebook_path(chapter);
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        // A page that cannot be woven must not leave a notebook that claims to be fresh.
        weave::weave(chapter, &self.index, &outputs)?;
        error::write(&path, text.as_bytes())
    }

    /// Runs the chapters' cells afresh: rustc's version, and for each chapter its outputs.
    #[allow(clippy::type_complexity)]
    fn run(
        &self,
        chapters: &[&Chapter],
        console: &Console,
    ) -> Result<(String, Vec<Result<Vec<Vec<v4::Output>>>>)> {
        let installation =
            kernel::ensure(&console.progress, &console.interrupt).map_err(Error::new)?;
        let folder = self.root.join("notebooks");
        fs::create_dir_all(&folder).map_err(|e| Error::io(&folder, "make", &e))?;
        let jobs = chapters.iter().map(|chapter| self.job(chapter)).collect();
        let options = RunOptions {
            lockfile: Some(self.root.join("Cargo.lock")),
            interrupt: console.interrupt.clone(),
            ..RunOptions::default()
        };
        let results = run_all(jobs, &installation, &options, &console.progress);
        let results = chapters.iter().zip(results).map(|(chapter, (_, result))| match result {
            Ok(cells) => {
                let times: Vec<f64> = cells.iter().map(|cell| cell.elapsed.as_secs_f64()).collect();
                // Only for the next run's estimate: without it there is none.
                let _ = self.write_times(chapter, &times);
                Ok(cells.into_iter().map(|cell| cell.outputs).collect())
            }
            Err(e) => Err(Error::new(e)),
        });
        let rustc = installation.rustc.lines().next().unwrap_or_default().to_owned();
        Ok((rustc, results.collect()))
    }

    fn job(&self, chapter: &Chapter) -> NotebookJob {
        let cells = chapter.code_cells().map(|(cell, options)| CellJob {
            name: cell.id.clone(),
            source: cell.source.clone(),
            line: cell.line,
            timeout: options.timeout,
            allow_stderr: options.has(Tag::AllowStderr),
        });
        NotebookJob {
            name: chapter.name.clone(),
            chapter: chapter.path.clone(),
            dir: self.root.join("notebooks"),
            cells: cells.collect(),
            expected: self.read_times(chapter),
        }
    }

    fn times_path(&self, chapter: &Chapter) -> PathBuf {
        self.root.join("target/gradus/times").join(format!("{}.json", chapter.name))
    }

    fn write_times(&self, chapter: &Chapter, seconds: &[f64]) -> Result<()> {
        let text = serde_json::to_string(seconds).map_err(Error::new)?;
        error::write(&self.times_path(chapter), text.as_bytes())
    }

    fn read_times(&self, chapter: &Chapter) -> Option<Vec<Duration>> {
        let text = fs::read_to_string(self.times_path(chapter)).ok()?;
        let seconds: Vec<f64> = serde_json::from_str(&text).ok()?;
        seconds.into_iter().map(|s| Duration::try_from_secs_f64(s).ok()).collect()
    }

    /// Runs these chapters afresh and compares with their notebooks; nothing is written.
    ///
    /// # Errors
    /// Everything that differs or failed, with notebook and cell.
    pub fn check(
        &self,
        chapters: &[&Chapter],
        console: &Console,
    ) -> std::result::Result<(), Vec<Error>> {
        let mut errors = Vec::new();
        let mut recorded = Vec::new();
        let mut to_run = Vec::new();
        for &chapter in chapters {
            let path = self.notebook_path(chapter);
            let shown = PathBuf::from("notebooks").join(format!("{}.ipynb", chapter.name));
            match self.state(chapter) {
                Err(e) => errors.push(e),
                Ok(State::Edited) => errors.push(self.edited(chapter)),
                Ok(State::Stale { reason: reason @ "it was never run" }) => {
                    errors.push(Error::new(format!("stale: {reason}")).in_file(&shown));
                }
                Ok(_) => match notebook::read(&path) {
                    Err(e) => errors.push(e),
                    Ok(_) if chapter.code_cells().next().is_none() => {}
                    Ok(read) => {
                        recorded.push((shown, notebook::outputs(&read)));
                        to_run.push(chapter);
                    }
                },
            }
        }
        if !to_run.is_empty() {
            match self.run(&to_run, console) {
                Err(e) => errors.push(e),
                Ok((_, results)) => {
                    for ((chapter, (path, old)), result) in to_run.iter().zip(recorded).zip(results)
                    {
                        match result {
                            Err(e) => errors.push(e),
                            Ok(new) => errors.extend(differences(chapter, &path, &old, &new)),
                        }
                    }
                }
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Every chapter's notebook, if all are up to date; else what is wrong with those that are not.
    fn fresh(&self) -> std::result::Result<Vec<v4::Notebook>, Vec<Error>> {
        let mut notebooks = Vec::new();
        let mut errors = Vec::new();
        for chapter in &self.chapters {
            match self.state(chapter) {
                Err(e) => errors.push(e),
                Ok(State::Edited) => errors.push(self.edited(chapter)),
                Ok(State::Stale { reason }) => {
                    let path = PathBuf::from("notebooks").join(format!("{}.ipynb", chapter.name));
                    let message = format!("is stale ({reason}); `gradus notebooks` runs it");
                    errors.push(Error::new(message).in_file(&path));
                }
                Ok(State::Fresh(read)) => notebooks.push(*read),
            }
        }
        if errors.is_empty() { Ok(notebooks) } else { Err(errors) }
    }

    /// Whether a chapter has an explorer.
    pub fn has_explorers(&self) -> bool {
        self.chapters.iter().any(explorer::is_in)
    }

    /// Weaves every chapter, with what others add to it, and builds the book into `out`; the notebooks must
    /// be up to date.
    ///
    /// # Errors
    /// If a notebook is stale or edited, a page cannot be woven, or mdBook fails.
    pub fn book(
        &self,
        out: &Path,
        live_reload: bool,
        additions: Additions<'_>,
    ) -> std::result::Result<(), Vec<Error>> {
        let weave = |chapter: &Chapter, read: &v4::Notebook| {
            let mut page = weave::weave(chapter, &self.index, &notebook::outputs(read))?;
            page.markdown = explorer::put(chapter, &page.markdown, additions.explorer)?;
            let more = (additions.appended)(&chapter.name);
            let more = weave::appended(chapter, &self.index, &more)?;
            page.markdown.push_str(&more);
            Ok(page)
        };
        let notebooks = self.fresh()?;
        let pages: Result<Vec<_>> = self
            .chapters
            .iter()
            .zip(&notebooks)
            .map(|(chapter, read)| weave(chapter, read))
            .collect();
        pages
            .and_then(|mut pages| {
                // They lie beside the pages; which one brings them does not matter.
                if let Some(page) = pages.first_mut() {
                    page.files.extend(additions.files);
                }
                book::build(&self.root.join("book"), &pages, out, live_reload)
            })
            .map_err(|e| vec![e])
    }

    /// Brings what was edited in a chapter's notebook into the chapter. Returns whether anything was.
    ///
    /// # Errors
    /// If both were edited, or the edit has no place in a chapter. Nothing is written then.
    pub fn sync(&self, chapter: &Chapter) -> Result<bool> {
        let path = self.notebook_path(chapter);
        let mut read = notebook::read(&path)?;
        let Some(record) = notebook::record(&read) else {
            return Err(Error::new(
                "was not made by gradus, so its edits cannot be told from the chapter's",
            )
            .in_file(&path));
        };
        if notebook::sources_hash(&read) == record.sources {
            return Ok(false);
        }
        if notebook::chapter_hash(chapter) != record.chapter {
            return Err(Error::new(format!(
                "both this notebook and {} were edited since they last agreed; undo one of the edits",
                chapter.path.display()
            ))
            .in_file(&path));
        }
        let text = sync::sync(chapter, &self.index, &read).map_err(|e| e.in_file(&path))?;
        error::write(&self.root.join(&chapter.path), text.as_bytes())?;
        // The notebook now says what the chapter says: let both be remembered so. If its code was
        // edited too, its inputs no longer fit, and the next run replaces its outputs.
        let chapter = Chapter::parse(&chapter.path, &text)?;
        let record = notebook::Record {
            chapter: notebook::chapter_hash(&chapter),
            sources: notebook::sources_hash(&read),
            ..record
        };
        let record = serde_json::to_value(record).map_err(Error::new)?;
        read.metadata.additional.insert("gradus".into(), record);
        error::write(&path, notebook::to_json(&read)?.as_bytes())?;
        Ok(true)
    }
}

fn differences(
    chapter: &Chapter,
    path: &Path,
    old: &[Vec<v4::Output>],
    new: &[Vec<v4::Output>],
) -> Vec<Error> {
    let error = |message: String| Error::new(message).in_file(path);
    let mut errors = Vec::new();
    for (i, (cell, options)) in chapter.code_cells().enumerate() {
        let none = Vec::new();
        let old = old.get(i).unwrap_or(&none);
        let new = new.get(i).unwrap_or(&none);
        if let Some(difference) = compare::outputs(old, new, options) {
            errors.push(error(difference.to_string()).in_cell(&cell.id));
        }
    }
    if old.len() != chapter.code_cells().count() {
        errors.push(error(format!(
            "{} code cells recorded, the chapter has {}",
            old.len(),
            chapter.code_cells().count()
        )));
    }
    errors
}
