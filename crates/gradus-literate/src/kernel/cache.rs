use super::{Error, Interrupt};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder below which everything is kept that can be made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache(PathBuf);

impl Cache {
    /// The user's cache: `$GRADUS_CACHE`, else `$XDG_CACHE_HOME/gradus`, else `~/.cache/gradus`.
    ///
    /// # Errors
    /// When none of these names an absolute path.
    pub fn of_user() -> Result<Self, Error> {
        let variable =
            |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        variable("GRADUS_CACHE")
            .or_else(|| variable("XDG_CACHE_HOME").map(|path| path.join("gradus")))
            .or_else(|| variable("HOME").map(|path| path.join(".cache/gradus")))
            .map(Self)
            .ok_or(Error::NoCache)
    }

    /// A cache in a folder of the caller's choice.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A folder below the cache, made if it is missing.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.0.join(name);
        fs::create_dir_all(&path).map_err(Error::io("cannot create", &path))?;
        Ok(path)
    }
}

/// A lock on a file. It ends with this value or with the process, however that ends.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code)] File);

impl Lock {
    fn open(path: &Path) -> Result<File, Error> {
        File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::io("cannot open", path))
    }

    /// Waits until nobody else has the lock, which will be soon.
    pub(crate) fn brief(path: &Path) -> Result<Self, Error> {
        let file = Self::open(path)?;
        file.lock().map_err(Error::io("cannot lock", path))?;
        Ok(Self(file))
    }

    /// Waits until nobody else has the lock, which may be minutes; `waiting` is called once if
    /// somebody has.
    pub(crate) fn exclusive(
        path: &Path,
        interrupt: &Interrupt,
        waiting: impl FnOnce(),
    ) -> Result<Self, Error> {
        Self::wait(path, interrupt, waiting, File::try_lock)
    }

    /// Waits until nobody has the lock exclusively; others may share it.
    pub(crate) fn shared(path: &Path, interrupt: &Interrupt) -> Result<Self, Error> {
        Self::wait(path, interrupt, || (), File::try_lock_shared)
    }

    fn wait(
        path: &Path,
        interrupt: &Interrupt,
        waiting: impl FnOnce(),
        attempt: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Self, Error> {
        let file = Self::open(path)?;
        let mut waiting = Some(waiting);
        loop {
            match attempt(&file) {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {
                    if let Some(waiting) = waiting.take() {
                        waiting();
                    }
                }
                Err(TryLockError::Error(source)) => {
                    return Err(Error::io("cannot lock", path)(source));
                }
            }
            if interrupt.is_triggered() {
                return Err(Error::Interrupted);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The lock if it can be had at once.
    pub(crate) fn at_once(path: &Path) -> Option<Self> {
        let file = Self::open(path).ok()?;
        file.try_lock().ok()?;
        Some(Self(file))
    }
}

/// Writes a file so that a reader finds the old or the new text and never a part.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside =
        tempfile::NamedTempFile::new_in(folder).map_err(Error::io("cannot write beside", path))?;
    fs::write(beside.path(), text).map_err(Error::io("cannot write", path))?;
    beside.persist(path).map_err(|error| Error::io("cannot write", path)(error.error))?;
    Ok(())
}

/// The bytes below a folder; hard links count each time.
pub(crate) fn size(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => size(&entry.path()),
            Ok(_) => entry.metadata().map_or(0, |metadata| metadata.len()),
            Err(_) => 0,
        })
        .sum()
}
