use super::cache::{self, Lock};
use super::{Error, Installation, VERSION, environment};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A `JUPYTER_PATH` whose kernelspec `rust` is this installation: what JupyterLab is started with.
///
/// The kernel rewrites `$JUPYTER_PATH/kernels/rust`, else the user's own, whenever that has another
/// version; so the kernelspec names this folder to the kernel too.
///
/// # Errors
/// When the folder cannot be written or the kernel cannot be run.
pub fn jupyter_path(installation: &Installation) -> Result<PathBuf, Error> {
    let root = installation.cache.folder("")?;
    let path = root.join(format!("jupyter-{VERSION}"));
    let spec = path.join("kernels/rust/kernel.json");
    let wanted = json!({
        "JUPYTER_PATH": path,
        "RUST_SRC_PATH": installation.rust_src,
    });
    let read = || -> Option<Value> { serde_json::from_slice(&fs::read(&spec).ok()?).ok() };
    let right = |value: &Value| {
        value["env"] == wanted
            && value["argv"][0].as_str().map(PathBuf::from) == Some(installation.evcxr.clone())
    };
    if read().as_ref().is_some_and(right) {
        return Ok(path);
    }
    let _lock = Lock::brief(&root.join("jupyter.lock"))?;
    if read().as_ref().is_some_and(right) {
        return Ok(path);
    }
    let beside = tempfile::tempdir_in(&root).map_err(Error::io("cannot write in", &root))?;
    let mut install = Command::new(&installation.evcxr);
    environment::clean(&mut install);
    let output = install
        .arg("--install")
        .env("JUPYTER_PATH", beside.path())
        .stdin(Stdio::null())
        .output()
        .map_err(Error::io("cannot start", &installation.evcxr))?;
    let made = beside.path().join("kernels/rust/kernel.json");
    let mut value: Value = fs::read(&made)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| Error::Program {
            program: format!("{} --install", installation.evcxr.display()),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })?;
    value["env"] = wanted;
    cache::write(&made, &format!("{value:#}\n"))?;
    if path.exists() {
        fs::remove_dir_all(&path).map_err(Error::io("cannot replace", &path))?;
    }
    fs::rename(beside.keep(), &path).map_err(Error::io("cannot write", &path))?;
    Ok(path)
}
