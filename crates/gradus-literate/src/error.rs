//! What went wrong, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of an operation of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A message with its place: a file, and where it is known a line and a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The file that the message is about.
    pub file: Option<PathBuf>,
    /// The line in that file, from 1.
    pub line: Option<usize>,
    /// The cell's name.
    pub cell: Option<String>,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl Error {
    /// An error without a place yet.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { file: None, line: None, cell: None, message: message.to_string() }
    }

    /// An error at a line of a text whose file is not known yet.
    pub fn at(line: usize, message: impl fmt::Display) -> Self {
        Self { line: Some(line), ..Self::new(message) }
    }

    /// The same error, in `file`.
    pub fn in_file(self, file: &Path) -> Self {
        Self { file: self.file.or_else(|| Some(file.to_owned())), ..self }
    }

    /// The same error, in the cell `name`.
    pub fn in_cell(self, name: &str) -> Self {
        Self { cell: self.cell.or_else(|| Some(name.to_owned())), ..self }
    }

    /// An error of the operating system, at `file`.
    pub fn io(file: &Path, doing: &str, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {doing}: {error}")).in_file(file)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{}:{line}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if let Some(cell) = &self.cell {
            write!(f, "cell `{cell}`: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Reads a UTF-8 file.
pub fn read(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).map_err(|e| Error::io(file, "read", &e))?;
    String::from_utf8(bytes).map_err(|e| {
        let line = 1 + e.as_bytes()[..e.utf8_error().valid_up_to()]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        Error::at(line, "not valid UTF-8").in_file(file)
    })
}

/// Writes a file beside its place and renames it, so that nobody ever sees half of it.
pub fn write(file: &Path, content: &[u8]) -> Result<()> {
    use std::io::Write;
    let folder = file.parent().unwrap_or(Path::new("."));
    let attempt = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut temporary = tempfile::Builder::new().prefix(".gradus-").tempfile_in(folder)?;
        temporary.write_all(content)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.metadata().map_or(0o644, |m| m.permissions().mode());
            temporary.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
        }
        temporary.persist(file).map_err(|e| e.error)?;
        Ok(())
    };
    attempt().map_err(|e| Error::io(file, "write", &e))
}
