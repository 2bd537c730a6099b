//! `gradus book --serve`: the book on this machine, made again whenever its sources change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use gradus_literate::error::Error;
use gradus_literate::project::Console;
use tower_http::services::ServeDir;

use crate::say;

/// How often the sources are looked at.
const PERIOD: Duration = Duration::from_millis(300);

pub(crate) fn serve(
    root: &Path,
    out: &Path,
    open: bool,
    console: &Console,
) -> Result<(), Vec<Error>> {
    let one = |message: String| vec![Error::new(message)];
    let mut seen = times(root);
    crate::make(root, out, false, true, console)?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| one(format!("cannot start the server: {e}")))?;
    let listener = runtime
        .block_on(async {
            // The usual port, or any other that is free.
            match tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await {
                Ok(listener) => Ok(listener),
                Err(_) => tokio::net::TcpListener::bind(("127.0.0.1", 0)).await,
            }
        })
        .map_err(|e| one(format!("cannot listen on 127.0.0.1: {e}")))?;
    let address = listener.local_addr().map_err(|e| one(format!("no address: {e}")))?;
    let app = axum::Router::new().fallback_service(ServeDir::new(out));
    runtime.spawn(async move { axum::serve(listener, app).await });

    let address = format!("http://{address}/");
    say(&format!("The book is at {address} (Ctrl-C ends this)."))?;
    if open && !(crate::has_display() && opener::open(&address).is_ok()) {
        console.progress.say("No browser could be started here; open that address yourself.");
    }
    while !console.interrupt.is_triggered() {
        std::thread::sleep(PERIOD);
        let now = times(root);
        if now == seen {
            continue;
        }
        // Making the book writes notebooks: what counts as seen is the time after it.
        match crate::make(root, out, false, true, console) {
            Ok(()) => say("The book is made again.")?,
            Err(errors) => {
                for error in errors {
                    console.progress.say(&format!("error: {error}"));
                }
            }
        }
        seen = times(root);
        // What was saved while it was being made is made next.
        for (path, time) in now {
            if seen.get(&path).is_some_and(|later| *later != time)
                && path.extension().is_none_or(|e| e != "ipynb")
            {
                seen.insert(path, time);
            }
        }
    }
    Ok(())
}

/// When each source was last changed.
fn times(root: &Path) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.join("book"), root.join("src"), root.join("notebooks")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path, entry.metadata().ok().and_then(|m| m.modified().ok()));
            }
        }
    }
    found
}
