//! The grader. A student's function is an oracle: it is compiled and run in a sandbox, gets seeded
//! inputs over a socket, and its answers are judged here, outside. Exit codes and printed text never
//! count, and the right answers never enter the sandbox.
//!
//! | module | does |
//! |---|---|
//! | [`submission`] | finds the solution cells in what was handed in; reads nothing else |
//! | [`compile`] | a solution cell and a few lines of ours become a program |
//! | [`sandbox`] | what a process may not do: Landlock, seccomp, limits, another user |
//! | [`process`] | plays an exercise's cases with that program |
//! | [`course`] | a course's file: what is graded, for whom, until when |
//! | [`mod@grade`] | all of it, for many submissions at once |
//! | [`hostile`] | submissions that try to get points or do harm |
//! | [`journal`] | what is graded already, so that an interrupted batch goes on |
//! | [`notebook`] | the notebooks that students work in |
//! | [`report`] | what is said of them: text, JSON, CSV, Gradescope, JUnit |

pub mod compile;
pub mod course;
pub mod grade;
pub mod hostile;
pub mod journal;
pub mod notebook;
pub mod process;
pub mod report;
pub mod sandbox;
pub mod submission;

use std::path::{Path, PathBuf};

/// What keeps the grader from grading. A bad submission is no error: it is a line in the report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or made.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A course's file or roster is not as expected.
    #[error("{}: {why}", path.display())]
    Course {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The support library could not be compiled.
    #[error("rustc cannot compile what is linked with the submissions: {0}")]
    Support(String),
    /// The sandbox does not hold here.
    #[error(
        "the sandbox does not hold on this machine: {0}. Nothing was run; \
         `--trusted` grades without a sandbox, for submissions that you trust"
    )]
    Sandbox(String),
}

impl Error {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}
