//! What a reader has solved so far, in the reader's own state folder: a file for each exercise, which
//! holds the most points that a check gave.

use std::fs;
use std::io;
use std::path::PathBuf;

/// The folder: `$XDG_STATE_HOME/gradus/exercises`, else `~/.local/state/gradus/exercises`.
pub fn folder() -> Option<PathBuf> {
    let variable =
        |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state =
        variable("XDG_STATE_HOME").or_else(|| variable("HOME").map(|h| h.join(".local/state")))?;
    Some(state.join("gradus/exercises"))
}

/// The most points so far, if there was a check.
pub fn best(id: &str) -> Option<f64> {
    fs::read_to_string(folder()?.join(id)).ok()?.trim().parse().ok()
}

/// Keeps these points if there were never more.
///
/// # Errors
/// If they cannot be written.
pub fn record(id: &str, points: f64) -> io::Result<()> {
    let Some(folder) = folder() else { return Ok(()) };
    if best(id).is_some_and(|best| best >= points) {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    // Written beside and renamed, so that no reader sees half of it.
    let beside = folder.join(format!(".{id}.{}", std::process::id()));
    fs::write(&beside, format!("{points}\n"))?;
    fs::rename(beside, folder.join(id))
}
