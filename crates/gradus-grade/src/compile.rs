//! A solution cell becomes a program that answers cases.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gradus_exercises::allow;
use gradus_exercises::exercise::Exercise;
use gradus_exercises::mark::{Marks, mark};
use gradus_exercises::variant::Variant;
use tempfile::TempDir;

use crate::Error;
use crate::process::{CaseLimits, Process, end};
use crate::sandbox::{self, Cage};

/// The sources of `gradus-student`, which `rustc` alone compiles.
const SUPPORT: [(&str, &str); 5] = [
    ("lib.rs", include_str!("../../gradus-student/src/lib.rs")),
    ("serve.rs", include_str!("../../gradus-student/src/serve.rs")),
    ("tools.rs", include_str!("../../gradus-student/src/tools.rs")),
    ("value.rs", include_str!("../../gradus-student/src/value.rs")),
    ("wire.rs", include_str!("../../gradus-student/src/wire.rs")),
];

/// Longer than any exercise takes; endless constant evaluation ends here.
const SECONDS: u64 = 20;

/// The compiler with the support library ready.
#[derive(Debug)]
pub struct Compiler {
    rustc: PathBuf,
    sysroot: PathBuf,
    /// This command's own file, which enters the sandbox; none without a sandbox.
    gradus: Option<PathBuf>,
    folder: TempDir,
}

/// A compiled solution.
#[derive(Debug)]
pub struct Program {
    /// The file to run. Its folder goes when the program does.
    pub path: PathBuf,
    _folder: TempDir,
}

fn temporary() -> Result<TempDir, Error> {
    use std::os::unix::fs::PermissionsExt;
    // Programs run as another user, who has to get at them.
    tempfile::Builder::new()
        .prefix("gradus-grade-")
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir()
        .map_err(Error::io(&std::env::temp_dir()))
}

impl Compiler {
    /// Finds `rustc` and compiles the support library. `gradus` is this command's own file, which enters the
    /// sandbox; without it there is none.
    ///
    /// # Errors
    /// If there is no `rustc`, or it fails.
    pub fn new(gradus: Option<&Path>) -> Result<Self, Error> {
        let folder = temporary()?;
        let sysroot = Command::new("rustc")
            .args(["--print", "sysroot"])
            .stderr(Stdio::null())
            .output()
            .map_err(|e| Error::Support(format!("rustc: {e}")))?;
        let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
        // The compiler itself, not rustup's stand-in, which wants to read its settings.
        let rustc = sysroot.join("bin/rustc");
        for (name, text) in SUPPORT {
            let path = folder.path().join(name);
            fs::write(&path, text).map_err(Error::io(&path))?;
        }
        let output = Command::new(&rustc)
            .current_dir(folder.path())
            .args(["--edition=2024", "--crate-name=gradus_student", "--crate-type=rlib"])
            .args(["-Copt-level=2", "-Cdebuginfo=0", "--cap-lints=allow", "lib.rs"])
            .output()
            .map_err(|e| Error::Support(format!("{}: {e}", rustc.display())))?;
        if !output.status.success() {
            return Err(Error::Support(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        Ok(Self { rustc, sysroot, gradus: gradus.map(Path::to_owned), folder })
    }

    /// Compiles a solution cell and plays the cases of a seed with it, as this user if the grader is
    /// root.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn mark(
        &self,
        exercise: &Exercise,
        code: &str,
        variant: &Variant,
        seed: u64,
        uid: u32,
        limits: CaseLimits,
    ) -> Result<Result<Marks, String>, Error> {
        Ok(self.compile(exercise, code)?.map(|program| {
            let mut process = Process::new(&program, self.gradus.as_deref(), uid, limits);
            mark(exercise, variant, seed, &mut process)
        }))
    }

    /// Compiles a solution cell.
    ///
    /// # Errors
    /// The outer error is the grader's, the inner text is for the student.
    pub fn compile(
        &self,
        exercise: &Exercise,
        code: &str,
    ) -> Result<Result<Program, String>, Error> {
        if let Err(why) = allow::check(exercise, code) {
            return Ok(Err(why));
        }
        let folder = temporary()?;
        let at = |name: &str| folder.path().join(name);
        let write =
            |name: &str, text: &str| fs::write(at(name), text).map_err(Error::io(&at(name)));
        write("student.rs", code)?;
        write("main.rs", &harness(exercise))?;
        let messages = File::create(at("messages")).map_err(Error::io(&at("messages")))?;
        let cage = Cage {
            read: ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/urandom"]
                .map(PathBuf::from)
                .into_iter()
                .chain([self.sysroot.clone(), self.folder.path().to_owned()])
                .collect(),
            write: vec![folder.path().to_owned(), PathBuf::from("/dev/null")],
            fork: true,
            // The compiler runs none of the student's code and may lie in this user's home.
            uid: None,
            cpu: SECONDS,
            memory: 8 << 30,
            file_size: 64 << 20,
        };
        let cage = self.gradus.as_deref().map(|gradus| (gradus, &cage));
        let mut child = sandbox::command(cage, &self.rustc)
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TMPDIR", folder.path())
            .args(["--edition=2024", "--crate-name=oracle", "-Copt-level=1", "-Cdebuginfo=0"])
            .args(["-Funsafe_code", "-Awarnings", "--color=never"])
            .arg("--extern")
            .arg(format!(
                "gradus_student={}",
                self.folder.path().join("libgradus_student.rlib").display()
            ))
            .args(["-o", "oracle", "main.rs"])
            .stderr(messages)
            .spawn()
            .map_err(Error::io(&self.rustc))?;
        let deadline = Instant::now() + Duration::from_secs(SECONDS);
        let status = loop {
            match child.try_wait().map_err(Error::io(&self.rustc))? {
                Some(status) => break Some(status),
                None if Instant::now() > deadline => break None,
                None => std::thread::sleep(Duration::from_millis(4)),
            }
        };
        end(&mut child);
        let Some(status) = status else {
            return Ok(Err(format!("it was not compiled after {SECONDS} s")));
        };
        if status.success() {
            return Ok(Ok(Program { path: at("oracle"), _folder: folder }));
        }
        let mut text = Vec::new();
        File::open(at("messages"))
            .and_then(|file| file.take(4000).read_to_end(&mut text))
            .map_err(Error::io(&at("messages")))?;
        Ok(Err(complaint(&String::from_utf8_lossy(&text))))
    }
}

/// The program around the student's code. Its names are written out in full, so that nothing which the
/// student defines stands in their place; what the exercise allows gives way to it.
fn harness(exercise: &Exercise) -> String {
    let tools: String = exercise.allow.iter().map(|tool| format!("tools::{tool}, ")).collect();
    let call = exercise.call;
    format!(
        "mod allowed {{
    pub use ::gradus_student::{{{tools}Ask}};
}}
mod student {{
    use super::allowed::*;
    ::core::include!(\"student.rs\");
}}
fn main() {{
    ::gradus_student::serve(|x: &::gradus_student::Args, ask: &mut ::gradus_student::Ask<'_>| {{
        use student::*;
        let _ = (&x, &ask);
        ::gradus_student::Answer::into_value({call})
    }});
}}
"
    )
}

/// What a student is told of a failed compilation: the first error, as the compiler has it.
fn complaint(messages: &str) -> String {
    let first = messages.find("error").map_or(messages, |at| &messages[at..]);
    let first = first.split("\n\n").next().unwrap_or_default();
    let plain: String =
        first.chars().filter(|c| !c.is_control() || *c == '\n').take(1500).collect();
    if plain.is_empty() {
        "it was not compiled: the compiler was ended by a limit of time, memory or file size"
            .to_owned()
    } else {
        format!("it does not compile: {plain}")
    }
}
