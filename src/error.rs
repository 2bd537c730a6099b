//! What can be wrong with a caller's data.

use std::path::{Path, PathBuf};

/// The result of a function of this crate that checks what it is given.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Bad input: names the argument, its value and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number or choice outside its range.
    #[error("`{argument}` is {value}, expected {expected}")]
    Argument {
        /// The argument's name, as in the signature or the struct's field.
        argument: &'static str,
        /// What was given.
        value: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A setting in a file or table, whose key is no argument's name.
    #[error("`{key}` is {value}, expected {expected}")]
    Setting {
        /// The key, such as `rules[2].beta1`.
        key: String,
        /// What was given.
        value: String,
        /// What would have been right.
        expected: String,
    },
    /// An array of the wrong length or shape.
    #[error("`{argument}` has shape {found:?}, expected {expected:?}")]
    Shape {
        /// The argument's name.
        argument: &'static str,
        /// The shape that was given.
        found: Vec<usize>,
        /// The shape that fits.
        expected: Vec<usize>,
    },
    /// A file that is not there, damaged or of another kind.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: FileProblem,
    },
}

/// What can be wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// A set of files is nowhere.
    #[error("not found in {places}; to get it: {remedy}")]
    Missing {
        /// Where it was looked for.
        places: String,
        /// How to get it.
        remedy: String,
    },
    /// The system cannot read or write it.
    #[error("cannot {doing}: {reason}")]
    System {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        reason: String,
    },
    /// It ends too early.
    #[error("is truncated: {found} bytes, expected {expected}")]
    Truncated {
        /// The number of bytes that are there, after decompression.
        found: usize,
        /// The number that its header promises, or that of the header itself.
        expected: u128,
    },
    /// It goes on behind its end.
    #[error("is longer than the {expected} bytes that its header promises")]
    TooLong {
        /// The number of bytes that its header promises.
        expected: usize,
    },
    /// It is compressed, and the compressed data are damaged.
    #[error("is a damaged gzip file: {0}")]
    Gzip(String),
    /// It is of another kind.
    #[error("is not {expected}: {found}")]
    Kind {
        /// What shows it.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A line of a text is wrong.
    #[error("line {line}: {found}, expected {expected}")]
    Line {
        /// The number of the line, from 1.
        line: u64,
        /// What is there.
        found: String,
        /// What was expected.
        expected: String,
    },
}

impl FileProblem {
    /// The problem of this file.
    pub(crate) fn of(self, path: &Path) -> Error {
        Error::File { path: path.to_owned(), problem: self }
    }

    /// What the system said when asked to do this.
    pub(crate) fn system(doing: &'static str, error: &std::io::Error) -> Self {
        Self::System { doing, reason: error.to_string() }
    }
}

impl Error {
    /// `value` if `holds`, else an [`Error::Argument`].
    pub(crate) fn check<V: std::fmt::Display>(
        holds: bool,
        argument: &'static str,
        value: V,
        expected: &'static str,
    ) -> Result<()> {
        if holds {
            Ok(())
        } else {
            Err(Self::Argument { argument, value: value.to_string(), expected })
        }
    }

    /// Refuses lengths that differ.
    pub(crate) fn check_len(argument: &'static str, found: usize, expected: usize) -> Result<()> {
        if found == expected {
            Ok(())
        } else {
            Err(Self::Shape { argument, found: vec![found], expected: vec![expected] })
        }
    }
}
