use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Record, Results};
use crate::{Error, FileProblem, Result};

/// The journal of a race under way: the head of its results, then each run as it ended, a line each.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// Locked for as long as it is open.
    file: File,
    results: PathBuf,
    header: Results,
}

impl Journal {
    /// Opens the journal beside `results` or begins one with this header; returns what it already holds. A
    /// last line that a killed race left unfinished is cut off.
    pub fn open(results: &Path, header: Results) -> Result<(Self, Vec<Record>)> {
        let path = beside(results, "journal");
        let problem = |doing, error: &std::io::Error| FileProblem::system(doing, error).of(&path);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(|e| problem("open", &e))?;
        if let Err(error) = file.try_lock() {
            let reason = match error {
                fs::TryLockError::WouldBlock => "another race writes it".into(),
                fs::TryLockError::Error(error) => error.to_string(),
            };
            return Err(FileProblem::System { doing: "lock", reason }.of(&path));
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(|e| problem("read", &e))?;
        let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).map_err(|e| problem("shorten", &e))?;
        file.seek(SeekFrom::End(0)).map_err(|e| problem("read", &e))?;
        let mut journal = Self { path, file, results: results.into(), header };
        if whole == 0 {
            let line = line(&journal.header);
            journal.write(&line)?;
            return Ok((journal, Vec::new()));
        }
        let mut found = Results::parse(&journal.path, &text[..whole])?;
        if found.plan != journal.header.plan {
            return Err(FileProblem::Kind {
                found: "it has another; run that one, or delete the journal".into(),
                expected: "a journal of this plan",
            }
            .of(&journal.path));
        }
        let records = std::mem::take(&mut found.records);
        journal.header = found;
        Ok((journal, records))
    }

    /// Deletes the journal beside `results`, if there is one: all that it holds is there.
    pub fn forget(results: &Path) -> Result<()> {
        let path = beside(results, "journal");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(FileProblem::system("delete", &error).of(&path))
            }
            _ => Ok(()),
        }
    }

    /// Adds a run that has ended.
    pub fn append(&mut self, record: &Record) -> Result<()> {
        self.write(&line(record))
    }

    /// What is wrong with a record that no run of the plan can have.
    pub fn foreign(&self, line: u64, record: &Record) -> Error {
        let Record { model, rule, learning_rate, seed, .. } = record;
        let found = format!("{model}, {rule}, {learning_rate}, {seed}");
        FileProblem::Line { line, found, expected: "a run of the plan".into() }.of(&self.path)
    }

    /// Writes the results beside their place, renames them, and deletes the journal.
    pub fn finish(self, records: Vec<Record>) -> Result<Results> {
        let part = beside(&self.results, "part");
        let text: Vec<u8> =
            std::iter::once(line(&self.header)).chain(records.iter().map(line)).flatten().collect();
        let written = fs::write(&part, text).and_then(|()| fs::rename(&part, &self.results));
        written.map_err(|e| FileProblem::system("write", &e).of(&self.results))?;
        Self::forget(&self.results)?;
        Ok(Results { records, ..self.header })
    }

    fn write(&mut self, line: &[u8]) -> Result<()> {
        let written = self.file.write_all(line).and_then(|()| self.file.flush());
        written.map_err(|e| FileProblem::system("write", &e).of(&self.path))
    }
}

/// A line of JSON. These types have text for keys, so that nothing of them cannot be written.
fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The path with a further ending.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}
