use super::supervised::Supervised;
use super::{Error, Interrupt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// `rustup component add` fetches 3 MB; without a network it would try for minutes.
const RUSTUP_LIMIT: Duration = Duration::from_secs(90);

/// The compiler that the kernel will call.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    pub(crate) sysroot: PathBuf,
    /// `rustc -vV`.
    pub(crate) version: String,
}

impl Toolchain {
    pub(crate) fn find() -> Result<Self, Error> {
        let ask = |arguments: &[&str]| {
            let failure = |message: String| Error::Program { program: "rustc".into(), message };
            let output =
                Command::new("rustc").args(arguments).stdin(Stdio::null()).output().map_err(
                    |error| failure(format!("{error}; get Rust from https://rustup.rs")),
                )?;
            if output.status.success() {
                Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
            } else {
                Err(failure(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
            }
        };
        Ok(Self { sysroot: ask(&["--print", "sysroot"])?.into(), version: ask(&["-vV"])? })
    }

    /// The folder of the host's `libstd`.
    pub(crate) fn libraries(&self) -> PathBuf {
        let host =
            self.version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        self.sysroot.join("lib/rustlib").join(host).join("lib")
    }

    /// The minor version: 95 for 1.95.0.
    fn minor(&self) -> u32 {
        self.version
            .lines()
            .find_map(|line| line.strip_prefix("release: 1."))
            .and_then(minor)
            .unwrap_or(0)
    }

    /// Whether rustup manages it, so that `rustup component add` concerns it.
    fn of_rustup(&self) -> bool {
        self.sysroot.parent().is_some_and(|parent| parent.ends_with("toolchains"))
    }
}

fn minor(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// A folder is the standard library's if it holds `core`.
fn library(path: PathBuf) -> Option<PathBuf> {
    path.join("core/src/lib.rs").is_file().then_some(path)
}

/// Looks for the sources without fetching anything: `RUST_SRC_PATH`, the toolchain's own, and those
/// of Debian's packages `rust-web-src` and `rust-src` if they are no older than the compiler.
pub(crate) fn find(toolchain: &Toolchain) -> Option<PathBuf> {
    std::env::var_os("RUST_SRC_PATH")
        .and_then(|path| library(path.into()))
        .or_else(|| library(toolchain.sysroot.join("lib/rustlib/src/rust/library")))
        .or_else(|| {
            let (version, path) = debian(Path::new("/usr/src"))?;
            (version >= toolchain.minor()).then_some(path)
        })
}

/// The newest of Debian's sources, `/usr/src/rustc-VERSION/library`, with its minor version.
fn debian(folder: &Path) -> Option<(u32, PathBuf)> {
    std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let version = minor(entry.file_name().to_str()?.strip_prefix("rustc-1.")?)?;
            Some((version, library(entry.path().join("library"))?))
        })
        .max()
}

/// The sources, fetched through rustup if need be and if rustup manages this toolchain. Should that
/// fail, older ones of Debian's do.
pub(crate) fn ensure(
    toolchain: &Toolchain,
    say: &dyn Fn(&str),
    interrupt: &Interrupt,
) -> Result<PathBuf, Error> {
    if let Some(found) = find(toolchain) {
        return Ok(found);
    }
    if toolchain.of_rustup() {
        say("fetching the standard library's sources: rustup component add rust-src");
        match add_component(Path::new("rustup"), RUSTUP_LIMIT, interrupt) {
            Ok(()) => {
                if let Some(found) = find(toolchain) {
                    return Ok(found);
                }
            }
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => say(&error.to_string()),
        }
    }
    debian(Path::new("/usr/src"))
        .map(|(_, path)| path)
        .ok_or_else(|| Error::NoRustSrc { remedy: remedy(toolchain) })
}

fn add_component(rustup: &Path, limit: Duration, interrupt: &Interrupt) -> Result<(), Error> {
    let log = tempfile::NamedTempFile::new()
        .map_err(Error::io("cannot write in", &std::env::temp_dir()))?;
    let failure = |message: String| Error::Program {
        program: "rustup component add rust-src".into(),
        message,
    };
    let arguments = ["component", "add", "rust-src"];
    let process = Supervised::start(
        rustup,
        &arguments.map(AsRef::as_ref),
        super::supervised::log_file(log.path())?,
        |_| (),
    )?;
    let start = Instant::now();
    loop {
        match process.ended() {
            Some(Some(0)) => return Ok(()),
            Some(_) => {
                let text = std::fs::read_to_string(log.path()).unwrap_or_default();
                let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("failed");
                return Err(failure(line.trim().to_owned()));
            }
            None if interrupt.is_triggered() => return Err(Error::Interrupted),
            None if start.elapsed() > limit => {
                return Err(failure(format!("no answer in {} s", limit.as_secs())));
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// What to type to get the sources.
pub(crate) fn remedy(toolchain: &Toolchain) -> String {
    let mut lines = Vec::new();
    if toolchain.of_rustup() {
        lines.push("rustup component add rust-src".to_owned());
    }
    if Path::new("/etc/debian_version").exists() {
        lines.push("sudo apt-get install rust-web-src   (or rust-src; Debian, Ubuntu)".to_owned());
    } else if Path::new("/etc/fedora-release").exists() {
        lines.push("sudo dnf install rust-src".to_owned());
    }
    lines.push(
        "export RUST_SRC_PATH=/path/to/rust/library   (the sources of any Rust at hand)".to_owned(),
    );
    format!("One of:\n  {}", lines.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_debians_sources_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["rustc-1.63.0", "rustc-1.96.0", "rustc-1.85.0", "linux-6.1"] {
            let core = folder.path().join(name).join("library/core/src");
            std::fs::create_dir_all(&core).unwrap();
            std::fs::write(core.join("lib.rs"), "").unwrap();
        }
        std::fs::create_dir_all(folder.path().join("rustc-1.99.0")).unwrap();
        let (version, path) = debian(folder.path()).unwrap();
        assert_eq!(version, 96);
        assert_eq!(path, folder.path().join("rustc-1.96.0/library"));
    }

    #[test]
    fn rustup_without_a_network_ends_in_time_and_tells_why() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let rustup = |script: &str| {
            let path = folder.path().join("rustup");
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        let run = |script: &str, limit: u64| {
            let limit = Duration::from_secs(limit);
            add_component(&rustup(script), limit, &Interrupt::new())
                .map_err(|error| error.to_string())
        };
        assert_eq!(run("exit 0", 60), Ok(()));
        assert!(
            run("echo 'info: x' >&2; echo 'error: could not download' >&2; exit 1", 60)
                .unwrap_err()
                .ends_with("error: could not download")
        );
        assert!(run("sleep 98705", 1).unwrap_err().ends_with("no answer in 1 s"));
    }

    #[test]
    fn the_remedy_is_commands() {
        let toolchain = Toolchain {
            sysroot: "/home/u/.rustup/toolchains/stable".into(),
            version: "release: 1.95.0".into(),
        };
        assert_eq!(toolchain.minor(), 95);
        assert!(remedy(&toolchain).contains("rustup component add rust-src"));
        assert!(remedy(&toolchain).contains("RUST_SRC_PATH"));
    }
}
