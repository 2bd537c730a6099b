//! `gradus-web` as WebAssembly.
//!
//! The target's standard library comes from where it can be had, in this order: built from the toolchain's
//! own sources, which the notebooks' kernel needs anyhow, and without the texts of panics; installed with a
//! compiler (`rustup target add`), a tenth larger; built from Debian's sources by Debian's compiler, where a
//! toolchain cannot fetch its own. What was made is kept, and made again only if its sources change.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gradus_literate::progress::Progress;
use gradus_literate::stale;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// How to get what is missing.
const REMEDY: &str = "`rustup target add wasm32-unknown-unknown`, `rustup component add rust-src` or, on Debian, `apt-get install rustc-web rust-web-src` helps";

/// Where Debian's package `rustc-web` puts its compiler.
const DEBIAN: &str = "/usr/bin/rustc";

/// WebAssembly and the JavaScript that calls it.
pub(super) struct Made {
    pub(super) wasm: Vec<u8>,
    pub(super) glue: String,
}

/// Builds it.
///
/// # Errors
/// In a sentence: what is missing and how to get it, or what failed.
pub(super) fn build(root: &Path, progress: &Progress) -> Result<Made, String> {
    let kept = Kept { folder: root.join("target/gradus/explorers"), key: key(root)? };
    if let Some(made) = kept.read() {
        return Ok(made);
    }
    let way = Way::find()?;
    progress.say("Building the explorers (some minutes the first time).");
    let file = compile(root, &way)?;
    let made = bind(&file)?;
    // Where it cannot be kept it is made again.
    let _ = kept.write(&made);
    Ok(made)
}

/// What was made of which sources: asking Cargo and wasm-bindgen would take seconds.
struct Kept {
    folder: PathBuf,
    key: String,
}

const FILES: [&str; 3] = ["key", "gradus_web.js", "gradus_web_bg.wasm"];

impl Kept {
    fn read(&self) -> Option<Made> {
        let [key, glue, wasm] = FILES.map(|name| self.folder.join(name));
        if std::fs::read_to_string(key).ok()? != self.key {
            return None;
        }
        Some(Made { glue: std::fs::read_to_string(glue).ok()?, wasm: std::fs::read(wasm).ok()? })
    }

    fn write(&self, made: &Made) -> std::io::Result<()> {
        let [key, glue, wasm] = FILES.map(|name| self.folder.join(name));
        std::fs::create_dir_all(&self.folder)?;
        // The key goes first and comes last, so that it never stands beside what it is not about.
        if key.exists() {
            std::fs::remove_file(&key)?;
        }
        std::fs::write(glue, &made.glue)?;
        std::fs::write(wasm, &made.wasm)?;
        std::fs::write(key, &self.key)
    }
}

/// A hash of all that the WebAssembly is made of.
fn key(root: &Path) -> Result<String, String> {
    let mut files = ["Cargo.toml", "Cargo.lock", "crates/gradus-web/Cargo.toml"]
        .map(|name| root.join(name))
        .to_vec();
    for folder in ["src", "crates/gradus-web/src"] {
        files.extend(stale::files(&root.join(folder)).map_err(|e| e.to_string())?);
    }
    let mut sum = Sha256::new();
    for file in files {
        let content = std::fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        sum.update(file.strip_prefix(root).unwrap_or(&file).to_string_lossy().as_bytes());
        sum.update(content.len().to_le_bytes());
        sum.update(content);
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A compiler and the folder of its libraries.
struct Compiler {
    rustc: PathBuf,
    sysroot: PathBuf,
}

impl Compiler {
    fn ask(rustc: PathBuf) -> Result<Self, String> {
        let out = Command::new(&rustc).args(["--print", "sysroot"]).stdin(Stdio::null()).output();
        let out = out.map_err(|e| format!("cannot run {}: {e}", rustc.display()))?;
        let sysroot = PathBuf::from(String::from_utf8_lossy(&out.stdout).trim());
        if !out.status.success() || !sysroot.is_dir() {
            return Err(format!("{} does not tell its sysroot", rustc.display()));
        }
        Ok(Self { rustc, sysroot })
    }

    fn libraries(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib")
    }

    /// Whether the target's standard library is installed.
    fn has_target(&self) -> bool {
        let files = std::fs::read_dir(self.libraries().join(TARGET).join("lib"));
        files.into_iter().flatten().flatten().map(|file| file.file_name()).any(|name| {
            let name = name.to_string_lossy();
            name.starts_with("libcore-") && name.ends_with(".rlib")
        })
    }

    /// Whether the standard library's sources are.
    fn has_sources(&self) -> bool {
        self.libraries().join("src/rust/library/std/Cargo.toml").is_file()
    }

    /// The linker that comes with it.
    fn linker(&self) -> Option<PathBuf> {
        let hosts = std::fs::read_dir(self.libraries()).ok()?.flatten();
        hosts.map(|host| host.path().join("bin/rust-lld")).find(|lld| lld.is_file())
    }
}

/// Where the target's standard library comes from.
struct Way {
    rustc: PathBuf,
    sysroot: PathBuf,
    linker: PathBuf,
    from_sources: bool,
}

impl Way {
    fn find() -> Result<Self, String> {
        let own = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut compilers = vec![Compiler::ask(own.into())?];
        compilers.extend(Compiler::ask(DEBIAN.into()));
        Self::choose(compilers)
    }

    /// The toolchain itself comes first among the compilers.
    fn choose(mut compilers: Vec<Compiler>) -> Result<Self, String> {
        let linker = compilers.iter().find_map(Compiler::linker);
        let linker = linker.unwrap_or_else(|| "rust-lld".into());
        let sources = compilers.iter().position(Compiler::has_sources);
        let (k, from_sources) = match (sources, compilers.iter().position(Compiler::has_target)) {
            (Some(0), _) => (0, true),
            (_, Some(installed)) => (installed, false),
            (Some(sources), None) => (sources, true),
            (None, None) => {
                return Err(format!(
                    "there is no standard library for {TARGET}, and none can be built; {REMEDY}"
                ));
            }
        };
        let Compiler { rustc, sysroot } = compilers.swap_remove(k);
        Ok(Self { rustc, sysroot, linker, from_sources })
    }
}

/// Runs Cargo; gives the file that it made.
fn compile(root: &Path, way: &Way) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "gradus-web",
            "--lib",
            "--profile",
            "web",
        ])
        .args(["--target", TARGET, "--message-format", "json-render-diagnostics"])
        // Flags for the host's programs would reach the target's, too.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTC", &way.rustc)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &way.linker)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags(root, way))
        .stderr(Stdio::inherit());
    if way.from_sources {
        command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
    }
    let out = command.output().map_err(|e| format!("cannot run cargo: {e}"))?;
    if !out.status.success() {
        return Err("cargo could not build `gradus-web` for WebAssembly".into());
    }
    let messages = String::from_utf8_lossy(&out.stdout);
    let mut files = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let files = message["filenames"].as_array()?.clone();
        files
            .iter()
            .filter_map(|file| file.as_str())
            .find(|file| file.ends_with(".wasm"))
            .map(PathBuf::from)
    });
    files.next_back().ok_or_else(|| "cargo made no WebAssembly".into())
}

/// Nothing here draws unseeded numbers; a panic's place is told without this machine's folders, and where the
/// standard library is built anyhow, a panic says nothing: its texts are a fifth of the whole.
fn flags(root: &Path, way: &Way) -> String {
    let mut flags = String::from("--cfg getrandom_backend=\"unsupported\"");
    if way.from_sources {
        flags += " -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";
    }
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    for (from, to) in
        [(Some(root.to_owned()), "gradus"), (home, "cargo"), (Some(way.sysroot.clone()), "rust")]
    {
        if let Some(from) = from.and_then(|from| std::path::absolute(from).ok())
            && !from.to_string_lossy().contains(' ')
        {
            flags += &format!(" --remap-path-prefix={}={to}", from.display());
        }
    }
    flags
}

/// What wasm-bindgen makes of it: a script that any page can load, and the WebAssembly that it calls.
fn bind(file: &Path) -> Result<Made, String> {
    let failed = |e: &dyn std::fmt::Display| format!("wasm-bindgen: {e:#}");
    let folder = tempfile::tempdir().map_err(|e| failed(&e))?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(file)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(false)
        .no_modules(true)
        .and_then(|bindgen| bindgen.generate(folder.path()))
        .map_err(|e| failed(&e))?;
    let read = |name: &str| std::fs::read(folder.path().join(name)).map_err(|e| failed(&e));
    let glue = String::from_utf8(read("gradus_web.js")?).map_err(|e| failed(&e))?;
    Ok(Made { wasm: read("gradus_web_bg.wasm")?, glue })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_sources_come_before_an_installed_target_before_debian() {
        let folder = tempfile::tempdir().unwrap();
        let compiler = |name: &str, files: &[&str]| {
            let sysroot = folder.path().join(name);
            for file in files {
                let file = sysroot.join("lib/rustlib").join(file);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, "").unwrap();
            }
            Compiler { rustc: name.into(), sysroot }
        };
        let bare = || compiler("bare", &["x86_64-unknown-linux-gnu/bin/rust-lld"]);
        let sources = || compiler("sources", &["src/rust/library/std/Cargo.toml"]);
        let debian = || compiler("debian", &["src/rust/library/std/Cargo.toml"]);
        let target = || compiler("target", &["wasm32-unknown-unknown/lib/libcore-1f.rlib"]);

        let choice = |compilers| {
            let way = Way::choose(compilers).unwrap();
            (way.rustc.display().to_string(), way.from_sources)
        };
        assert_eq!(choice(vec![sources(), debian()]), ("sources".into(), true));
        assert_eq!(choice(vec![bare(), debian()]), ("debian".into(), true));
        assert_eq!(choice(vec![sources(), target()]), ("sources".into(), true));
        assert_eq!(choice(vec![target(), debian()]), ("target".into(), false));
        // The toolchain's linker does for another compiler, too.
        let linker = Way::choose(vec![bare(), debian()]).unwrap().linker;
        assert!(linker.starts_with(folder.path().join("bare")), "{}", linker.display());
        let error = Way::choose(vec![bare()]).err().unwrap();
        assert!(error.contains("rustup target add") && error.contains("rustc-web"), "{error}");
    }

    #[test]
    fn what_was_made_is_kept_until_a_source_changes() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("src/deep")).unwrap();
        std::fs::create_dir_all(at("crates/gradus-web/src")).unwrap();
        for name in ["Cargo.toml", "Cargo.lock", "crates/gradus-web/Cargo.toml", "src/deep/a.rs"] {
            std::fs::write(at(name), "a").unwrap();
        }
        let kept = || Kept { folder: at("kept"), key: key(root.path()).unwrap() };
        assert!(kept().read().is_none());
        let made = Made { wasm: vec![0, 1], glue: "script".into() };
        kept().write(&made).unwrap();
        let again = kept().read().unwrap();
        assert_eq!((again.wasm, again.glue), (made.wasm, made.glue));
        std::fs::write(at("src/deep/a.rs"), "b").unwrap();
        assert!(kept().read().is_none());
        assert!(key(&at("nowhere")).is_err());
    }
}
