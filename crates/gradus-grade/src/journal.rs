//! What is already graded, written down at once, so that a batch that was interrupted goes on where it
//! stopped and gives the same report.
//!
//! The journal lies beside the report: its first line says how the batch is graded, each other line is
//! a submission's report with a hash of what was handed in.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::report::SubmissionReport;
use crate::submission::Submission;

/// How a batch is graded. A journal of another batch is not gone on with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The seed of the cases.
    pub seed: u64,
    /// The course, in words that differ when it does.
    pub course: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    hash: String,
    report: SubmissionReport,
}

/// The journal of a batch.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
    done: HashMap<String, SubmissionReport>,
}

fn hash(submission: &Submission) -> String {
    let mut sum = Sha256::new();
    // Debug output separates the parts; the hash only has to differ when they do.
    sum.update(format!("{submission:?}"));
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The journal's place beside a report.
pub fn beside(report: &Path) -> PathBuf {
    let mut name = report.as_os_str().to_owned();
    name.push(".journal");
    PathBuf::from(name)
}

/// The batch that a journal is about, if there is one that can be read.
pub fn batch(path: &Path) -> Option<Batch> {
    serde_json::from_str(fs::read_to_string(path).ok()?.lines().next()?).ok()
}

impl Journal {
    /// Begins a journal, or goes on with the one that is there if it is about the same batch.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn open(path: &Path, batch: &Batch, resume: bool) -> Result<Self, Error> {
        let mut done = HashMap::new();
        let old = if resume { fs::read_to_string(path).unwrap_or_default() } else { String::new() };
        let mut lines = old.lines();
        let head = lines.next().and_then(|line| serde_json::from_str::<Batch>(line).ok());
        if head.as_ref() == Some(batch) {
            // The last line may be cut; it is graded again.
            let whole = lines.filter_map(|line| serde_json::from_str::<Line>(line).ok());
            done.extend(whole.map(|line| (line.hash, line.report)));
        }
        let goes_on = head.as_ref() == Some(batch);
        let mut options = OpenOptions::new();
        options.create(true);
        let options =
            if goes_on { options.append(true) } else { options.write(true).truncate(true) };
        let file = options.open(path).map_err(Error::io(path))?;
        let journal = Self { path: path.to_owned(), file: Mutex::new(file), done };
        // What was cut is ended, and stays a line that nobody can read.
        if goes_on {
            journal.write("\n")?
        } else {
            journal.line(batch)?
        }
        Ok(journal)
    }

    /// The report on a submission that is graded already.
    pub fn known(&self, submission: &Submission) -> Option<&SubmissionReport> {
        self.done.get(&hash(submission))
    }

    /// Writes down a report.
    ///
    /// # Errors
    /// If that fails.
    pub fn add(&self, submission: &Submission, report: &SubmissionReport) -> Result<(), Error> {
        self.line(&Line { hash: hash(submission), report: report.clone() })
    }

    fn line(&self, line: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_string(line).expect("plain data");
        text.push('\n');
        self.write(&text)
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.write_all(text.as_bytes()).map_err(Error::io(&self.path))
    }

    /// The report is written: the journal is not needed any more.
    pub fn end(self) {
        // Left behind it would be overwritten by the next batch.
        let _ = fs::remove_file(&self.path);
    }
}
