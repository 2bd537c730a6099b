//! Runs the code cells of notebooks in real kernels, many notebooks at once.
//!
//! Each notebook has a kernel of its own, started afresh. A failing cell ends its notebook; the
//! others still run. What a kernel is known to do otherwise than one would expect is dealt with
//! here, and each such trap has a test in `tests/kernel_traps.rs` that names it.

mod client;
mod error;
mod locate;
mod memory;
mod notebook;
mod template;

pub use error::{Failure, RunError};
pub use locate::Origin;

use crate::kernel::{Installation, Interrupt};
use crate::progress::Progress;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// One code cell to run.
#[derive(Clone, Debug)]
pub struct CellJob {
    /// The cell's id.
    pub name: String,
    /// Its text.
    pub source: String,
    /// The line in the chapter, from 1, of the first line of `source`.
    pub line: usize,
    /// Its own time limit, if it has one.
    pub timeout: Option<Duration>,
    /// Whether it may write to standard error. A `?` that fails in such a cell goes unnoticed: the
    /// kernel shows it as text on standard error and in no other way.
    pub allow_stderr: bool,
}

/// The cells of one notebook.
#[derive(Clone, Debug)]
pub struct NotebookJob {
    /// Such as `14-momentum`.
    pub name: String,
    /// Where the cells come from, for messages.
    pub chapter: PathBuf,
    /// The kernel's working directory: `notebooks/`.
    pub dir: PathBuf,
    /// The cells, in order.
    pub cells: Vec<CellJob>,
    /// How long each cell took the last time, for the estimate.
    pub expected: Option<Vec<Duration>>,
}

/// What came of one cell.
#[derive(Clone, Debug)]
pub struct CellResult {
    /// Counted from 1 (the kernel itself starts at 2).
    pub execution_count: i32,
    /// In the order in which they came; a stream's lines are joined.
    pub outputs: Vec<nbformat::v4::Output>,
    /// How long it took, with its compilation.
    pub elapsed: Duration,
}

/// How to run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Time limit of a cell that has none of its own. Default: 120 s.
    pub timeout: Duration,
    /// Time limit of a notebook's first cell that has none of its own: it compiles the
    /// dependencies. Default: 600 s.
    pub first_timeout: Duration,
    /// The lockfile that pins the dependencies' versions: the workspace's `Cargo.lock`.
    pub lockfile: Option<PathBuf>,
    /// How many notebooks run at once. Default: one a core, and one a gigabyte of free memory
    /// (a kernel takes 700 MB, a compiler the rest).
    pub at_once: Option<usize>,
    /// Stops everything when it is triggered.
    pub interrupt: Interrupt,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(120),
            first_timeout: Duration::from_secs(600),
            lockfile: None,
            at_once: None,
            interrupt: Interrupt::new(),
        }
    }
}

/// Runs notebooks, as many at once as memory and cores allow, and returns what came of each, in the
/// order of `jobs`. When it returns no kernel is left, nor any of its files.
pub fn run_all(
    jobs: Vec<NotebookJob>,
    kernel: &Installation,
    options: &RunOptions,
    progress: &Progress,
) -> Vec<(String, Result<Vec<CellResult>, RunError>)> {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let failed = |job: NotebookJob| {
                let failure = Failure::Start(format!("cannot start a thread: {error}"));
                (job.name.clone(), Err(RunError::of_notebook(&job, failure)))
            };
            return jobs.into_iter().map(failed).collect();
        }
    };
    runtime.block_on(run_in_order(jobs, kernel, options, progress))
}

async fn run_in_order(
    jobs: Vec<NotebookJob>,
    kernel: &Installation,
    options: &RunOptions,
    progress: &Progress,
) -> Vec<(String, Result<Vec<CellResult>, RunError>)> {
    let templates = template::prepare(&jobs, kernel, options, progress).await;
    let places = options.at_once.unwrap_or_else(memory::kernels_at_once).max(1);
    let places = Arc::new(tokio::sync::Semaphore::new(places));
    let runs = jobs.iter().zip(&templates).map(|(job, template)| {
        let places = places.clone();
        async move {
            let result = tokio::select! {
                () = options.interrupt.triggered() => Err(RunError::of_notebook(job, Failure::Interrupted)),
                result = async {
                    // The semaphore is never closed.
                    let _place = places.acquire().await;
                    notebook::run(job, kernel, template.as_ref(), options, progress).await
                } => result,
            };
            (job.name.clone(), result)
        }
    });
    futures::future::join_all(runs).await
}
