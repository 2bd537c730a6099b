use super::cache::{self, Lock};
use super::rust_src::{self, Toolchain};
use super::supervised::Supervised;
use super::{Cache, Error, Installation, Interrupt, VERSION, jupyter_path};
use crate::progress::Progress;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

/// Something that running a notebook needs.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub name: &'static str,
    /// What was found and where; nothing if it is missing.
    pub found: Option<String>,
    /// How to get it.
    pub remedy: String,
    /// Whether [`ensure`] gets it by itself.
    pub automatic: bool,
}

/// What is there and what is missing, for `gradus doctor`.
#[derive(Clone, Debug)]
pub struct Status {
    /// One line each.
    pub findings: Vec<Finding>,
}

impl Status {
    /// Whether notebooks can be run at once, with nothing to fetch or to build.
    pub fn is_ready(&self) -> bool {
        self.findings.iter().all(|finding| finding.found.is_some())
    }
}

/// Looks at what is there. Builds, fetches and changes nothing.
pub fn find() -> Status {
    let cache = Cache::of_user();
    let toolchain = Toolchain::find();
    let kernel = cache.as_ref().ok().map(program).filter(|path| path.is_file());
    let compiler = c_compiler();
    let sources = toolchain.as_ref().ok().and_then(rust_src::find);
    let show = |path: PathBuf| path.display().to_string();
    Status {
        findings: vec![
            Finding {
                name: "Rust",
                found: toolchain.as_ref().ok().map(|toolchain| {
                    toolchain.version.lines().next().unwrap_or_default().to_owned()
                }),
                remedy: "install Rust from https://rustup.rs".into(),
                automatic: false,
            },
            Finding {
                name: "C compiler",
                found: compiler.map(show),
                remedy: c_compiler_remedy(),
                automatic: false,
            },
            Finding {
                name: "Rust kernel",
                found: kernel.map(|path| format!("evcxr_jupyter {VERSION}, {}", path.display())),
                remedy: match &cache {
                    Ok(cache) => format!(
                        "built by the first run, once per machine, in {}",
                        cache.path().display()
                    ),
                    Err(error) => error.to_string(),
                },
                automatic: cache.is_ok(),
            },
            Finding {
                name: "standard library's sources",
                found: sources.map(show),
                remedy: toolchain.as_ref().map_or_else(ToString::to_string, rust_src::remedy),
                automatic: false,
            },
        ],
    }
}

/// The kernel and all that it needs, built if it is missing.
///
/// The build takes 5 to 12 minutes on two cores, once per machine and version. Two at once do not
/// both build: the second waits, and says so. Nothing is left behind by one that fails or that is
/// interrupted.
///
/// # Errors
/// Each names what cannot be had, and its remedy.
pub fn ensure(progress: &Progress, interrupt: &Interrupt) -> Result<Installation, Error> {
    ensure_in(Cache::of_user()?, progress, interrupt)
}

/// [`ensure`] with a cache of the caller's choice.
///
/// # Errors
/// As [`ensure`].
pub fn ensure_in(
    cache: Cache,
    progress: &Progress,
    interrupt: &Interrupt,
) -> Result<Installation, Error> {
    let toolchain = Toolchain::find()?;
    let say = |line: &str| progress.say(line);
    let rust_src = rust_src::ensure(&toolchain, &say, interrupt)?;
    let evcxr = program(&cache);
    if !evcxr.is_file() {
        build(Path::new("cargo"), &cache, progress, interrupt)?;
    }
    let installation = Installation {
        evcxr,
        rust_src,
        libraries: toolchain.libraries(),
        rustc: toolchain.version,
        cache,
    };
    jupyter_path(&installation)?;
    Ok(installation)
}

fn root(cache: &Cache) -> PathBuf {
    cache.path().join(format!("evcxr_jupyter-{VERSION}"))
}

fn program(cache: &Cache) -> PathBuf {
    root(cache).join("bin/evcxr_jupyter")
}

fn build(
    cargo: &Path,
    cache: &Cache,
    progress: &Progress,
    interrupt: &Interrupt,
) -> Result<(), Error> {
    let folder = cache.folder("")?;
    let _lock = Lock::exclusive(&folder.join("build.lock"), interrupt, || {
        progress.say("waiting for another gradus, which is building the Rust kernel");
    })?;
    if program(cache).is_file() {
        return Ok(());
    }
    if c_compiler().is_none() {
        return Err(Error::Build {
            reason: "no C compiler was found".into(),
            remedy: c_compiler_remedy(),
        });
    }
    let root = root(cache);
    progress.say(&format!(
        "building the Rust kernel evcxr_jupyter {VERSION}, once per machine, in {}",
        root.display()
    ));
    // One folder for all that is temporary: what an earlier, killed build left is used again.
    let temporary = cache.folder("build")?;
    let installed = temporary.join("installed");
    let result = cargo_install(cargo, &temporary.join("target"), &installed, progress, interrupt)
        .and_then(|()| fs::rename(&installed, &root).map_err(Error::io("cannot write", &root)));
    let _ = fs::remove_dir_all(&temporary);
    result?;
    progress.say(&format!(
        "the Rust kernel is in {} ({} MB)",
        root.display(),
        cache::size(&root) / 1_000_000
    ));
    Ok(())
}

fn cargo_install(
    cargo: &Path,
    target: &Path,
    installed: &Path,
    progress: &Progress,
    interrupt: &Interrupt,
) -> Result<(), Error> {
    let package = format!("evcxr_jupyter@{VERSION}");
    let arguments = ["install", "--locked", "--root"].map(AsRef::as_ref);
    let arguments = [&arguments[..], &[installed.as_os_str(), package.as_ref()]].concat();
    let (process, mut stderr) =
        Supervised::start_piped(cargo, &arguments, |command: &mut Command| {
            command
                .env("CARGO_TARGET_DIR", target)
                // Cargo's own bar, because its counts are the only ones that know the total.
                .env("CARGO_TERM_PROGRESS_WHEN", "always")
                .env("CARGO_TERM_PROGRESS_WIDTH", "100")
                .env("CARGO_TERM_COLOR", "never");
        })?;
    let (send, received) = mpsc::channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stderr.read(&mut buffer) {
            let _ = send.send(String::from_utf8_lossy(&buffer[..count]).into_owned());
        }
    });
    let task = progress.task("evcxr_jupyter", 0, None);
    task.step("fetching", 0);
    let mut tail = String::new();
    let ended = loop {
        match received.recv_timeout(Duration::from_millis(200)) {
            Ok(text) => {
                if let Some((done, of)) = counts(&text) {
                    task.count(done, of);
                }
                tail.push_str(&text);
                keep_end(&mut tail, 8_000);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                std::thread::sleep(Duration::from_millis(50))
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
        task.tick();
        if interrupt.is_triggered() {
            task.end("interrupted");
            return Err(Error::Interrupted);
        }
        if let Some(code) = process.ended() {
            break code;
        }
    };
    task.end(if ended == Some(0) { "built" } else { "failed" });
    if ended == Some(0) { Ok(()) } else { Err(failure(&tail)) }
}

/// The last `done/total` of cargo's bar in a piece of its output.
fn counts(text: &str) -> Option<(usize, usize)> {
    let after = &text[text.rfind("Building [")?..];
    let (_, after) = after.split_once("] ")?;
    let (counts, _) = after.split_once([':', ' ', '\r', '\n'])?;
    let (done, of) = counts.split_once('/')?;
    Some((done.parse().ok()?, of.parse().ok()?))
}

fn keep_end(text: &mut String, length: usize) {
    if let Some(mut cut) = text.len().checked_sub(length) {
        while !text.is_char_boundary(cut) {
            cut += 1;
        }
        text.drain(..cut);
    }
}

/// Cargo's message without its bar, and what to do about it.
fn failure(tail: &str) -> Error {
    let plain = console::strip_ansi_codes(tail);
    let lines: Vec<&str> = plain
        .split(['\n', '\r'])
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.contains("Building ["))
        .collect();
    let from = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .unwrap_or_else(|| lines.len().saturating_sub(12));
    let reason = lines[from..].iter().take(20).copied().collect::<Vec<_>>().join("\n");
    let says = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let remedy = if says(&["linker `cc` not found", "failed to find tool", "is `cc` not installed"])
    {
        c_compiler_remedy()
    } else if says(&[
        "Could not resolve host",
        "download of",
        "failed to download",
        "failed to fetch",
        "network",
        "Couldn't connect",
        "Could not connect",
        "Failed to connect",
        "timed out",
    ]) {
        "It is fetched from crates.io. Check the network; behind a proxy set HTTPS_PROXY, or `[http] proxy` in ~/.cargo/config.toml. Then run the same command again.".into()
    } else if says(&["No space left"]) {
        "The build needs 3 GB; make room, or set GRADUS_CACHE to a folder with room.".into()
    } else {
        format!(
            "To see all of it: cargo install --locked --root /tmp/evcxr evcxr_jupyter@{VERSION}"
        )
    };
    Error::Build { reason, remedy }
}

fn c_compiler() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("cc")).find(|cc| cc.is_file())
}

fn c_compiler_remedy() -> String {
    "Install a C compiler (Rust links with it): sudo apt-get install build-essential (Debian, Ubuntu), sudo dnf install gcc (Fedora), xcode-select --install (macOS)".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_bar_is_read() {
        assert_eq!(
            counts("   Compiling syn v2\n    Building [=====>     ] 120/270: syn, ra_ap_hir\r"),
            Some((120, 270))
        );
        assert_eq!(counts("   Compiling syn v2\n"), None);
    }

    /// A program in place of cargo: it counts its calls beside itself.
    fn cargo(folder: &Path, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.join("cargo");
        let text =
            format!("#!/bin/sh\necho called >> {}.calls\nroot=$4\n{script}\n", path.display());
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    const MAKES_IT: &str = "printf '   Building [=> ] 1/2: a\\r' >&2; sleep 1; mkdir -p $root/bin $CARGO_TARGET_DIR; touch $root/bin/evcxr_jupyter";

    #[test]
    fn two_at_once_do_not_both_build() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("cache"));
        let cargo = cargo(folder.path(), MAKES_IT);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    build(&cargo, &cache, &Progress::hidden(), &Interrupt::new()).unwrap()
                });
            }
        });
        assert!(program(&cache).is_file());
        let calls = fs::read_to_string(folder.path().join("cargo.calls")).unwrap();
        assert_eq!(calls, "called\n");
        assert!(!cache.path().join("build").exists(), "nothing temporary is left");
    }

    #[test]
    fn a_build_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("cache"));
        let cargo = cargo(
            folder.path(),
            "mkdir -p $root/bin; echo 'error: linker `cc` not found' >&2; exit 101",
        );
        let error = build(&cargo, &cache, &Progress::hidden(), &Interrupt::new()).unwrap_err();
        assert!(
            error.to_string().contains("linker `cc` not found\nInstall a C compiler"),
            "{error}"
        );
        assert!(!root(&cache).exists() && !cache.path().join("build").exists());
    }

    #[test]
    fn an_interrupted_build_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("cache"));
        let cargo = cargo(folder.path(), "mkdir -p $root/bin; sleep 98704");
        let interrupt = Interrupt::new();
        std::thread::scope(|scope| {
            let building = scope.spawn(|| build(&cargo, &cache, &Progress::hidden(), &interrupt));
            while !cache.path().join("build/installed/bin").exists() {
                std::thread::sleep(Duration::from_millis(20));
            }
            interrupt.trigger();
            assert!(matches!(building.join().unwrap(), Err(Error::Interrupted)));
        });
        assert!(!root(&cache).exists() && !cache.path().join("build").exists());
    }

    #[test]
    fn a_failed_build_names_its_remedy() {
        let text = |tail: &str| failure(tail).to_string();
        assert!(text("error: linker `cc` not found\n").contains("build-essential"));
        assert!(
            text("error: failed to download from `https://x`\n  Could not resolve host: x\n")
                .contains("HTTPS_PROXY")
        );
        assert!(
            text("warning: a\nerror: b\n   Building [=> ] 1/2\r").contains("error: b\nTo see all")
        );
    }
}
