use std::path::{Path, PathBuf};

/// Why there is no kernel to run a notebook in, with the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No folder for the cache can be named.
    #[error(
        "no folder for the cache: neither GRADUS_CACHE, XDG_CACHE_HOME nor HOME holds an absolute path; set GRADUS_CACHE to a folder with 2 GB of room"
    )]
    NoCache,
    /// A file or folder of the cache, or of a kernel's session.
    #[error("{doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// A program that was started and failed, or could not be started.
    #[error("{program}: {message}")]
    Program {
        /// Its name.
        program: String,
        /// What it said.
        message: String,
    },
    /// The kernel could not be built.
    #[error("cannot build the Rust kernel evcxr_jupyter {version}: {reason}\n{remedy}", version = super::VERSION)]
    Build {
        /// The end of cargo's message.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The standard library's sources are not there.
    #[error(
        "the standard library's sources are missing, and without them the kernel cannot tell the type of any variable\n{remedy}"
    )]
    NoRustSrc {
        /// The commands that get them.
        remedy: String,
    },
    /// The kernel did not start.
    #[error("the kernel did not start: {0}")]
    Start(String),
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Io { doing, path, source }
    }
}
