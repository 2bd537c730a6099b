use super::{CellJob, NotebookJob};
use crate::progress::human;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What ended a notebook's run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// There was no kernel to run it in.
    Start(String),
    /// The cell does not compile.
    Compile(String),
    /// The cell panicked.
    Panic(String),
    /// A `?` returned an error.
    QuestionMark(String),
    /// The cell wrote to standard error and may not.
    Stderr(String),
    /// The kernel, or the process in which it runs cells, has ended.
    Died(String),
    /// The cell took longer than this.
    TimedOut(Duration),
    /// The user stopped everything.
    Interrupted,
}

/// A notebook's run that failed: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// The chapter's file.
    pub chapter: PathBuf,
    /// The cell's name; nothing if the failure is the notebook's.
    pub cell: Option<String>,
    /// The line in the chapter, from 1: the line at fault where the kernel tells it, else the
    /// cell's first.
    pub line: Option<usize>,
    /// What happened.
    pub failure: Failure,
}

impl RunError {
    pub(super) fn of_notebook(job: &NotebookJob, failure: Failure) -> Self {
        Self { chapter: job.chapter.clone(), cell: None, line: None, failure }
    }

    pub(super) fn of_cell(
        job: &NotebookJob,
        cell: &CellJob,
        line: Option<usize>,
        failure: Failure,
    ) -> Self {
        Self {
            chapter: job.chapter.clone(),
            cell: Some(cell.name.clone()),
            line: Some(line.unwrap_or(cell.line)),
            failure,
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.chapter.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": ")?;
        if let Some(cell) = &self.cell {
            write!(f, "cell `{cell}` ")?;
        }
        match &self.failure {
            Failure::Start(message) => write!(f, "cannot run: {message}"),
            Failure::Compile(message) => write!(f, "does not compile\n{message}"),
            Failure::Panic(message) => write!(f, "panicked: {message}"),
            Failure::QuestionMark(message) => write!(f, "returned an error through `?`: {message}"),
            Failure::Stderr(message) => {
                write!(f, "wrote to standard error (tag it `allow-stderr` if it may): {message}")
            }
            Failure::Died(message) => write!(f, "ended the kernel: {message}"),
            Failure::TimedOut(limit) => {
                write!(
                    f,
                    "took longer than its time limit of {} (give it `timeout` in seconds)",
                    human(*limit)
                )
            }
            Failure::Interrupted => write!(f, "interrupted"),
        }
    }
}

impl std::error::Error for RunError {}
