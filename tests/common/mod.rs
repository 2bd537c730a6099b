//! A small project in a temporary folder, and the command `gradus` in it.

// Each test file uses a part of it.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The folder of this repository, from the one in which cargo runs these tests. (A path from compile
/// time would be wrong in a second checkout that shares the build folder.)
pub fn repository() -> &'static Path {
    Path::new("../..")
}

/// The command, in `folder`.
pub fn gradus(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

pub struct Project(TempDir);

pub const HEADER: &str = "---\njupyter:\n  kernelspec:\n    display_name: Rust\n    language: rust\n    name: rust\n---\n\n";

impl Project {
    /// A project with these chapters (name and text below the header) and an empty crate.
    pub fn new(chapters: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        project.write(
            "Cargo.toml",
            "[package]\nname = \"gradus\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
        );
        project.write(
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"gradus\"\nversion = \"0.0.0\"\n",
        );
        project.write("src/lib.rs", "");
        fs::create_dir(project.path("notebooks")).unwrap();
        copy(&repository().join("book/theme"), &project.path("book/theme"));
        fs::copy(repository().join("book/book.toml"), project.path("book/book.toml")).unwrap();
        let mut summary = String::from("# Summary\n\n");
        for (name, text) in chapters {
            summary.push_str(&format!("- [{name}]({name}.md)\n"));
            project.write(&format!("book/src/{name}.md"), format!("{HEADER}{text}"));
        }
        project.write("book/src/SUMMARY.md", &summary);
        project
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs `gradus` with these arguments; its errors are also shown, for whoever reads a failure.
    pub fn gradus(&self, arguments: &[&str]) -> Run {
        let output = gradus(self.root()).args(arguments).output().unwrap();
        Run::of(output)
    }

    /// Every file outside `target/` with its content.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.root().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    if path != self.path("target") {
                        folders.push(path);
                    }
                } else {
                    found.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

/// What a run of the command gave.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let run = Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        eprint!("{}{}", run.stdout, run.stderr);
        run
    }

    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0));
        self
    }

    /// Failed with exit status 1 and one message, which has all these parts.
    pub fn fails_with(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(1));
        assert_eq!(
            self.stderr.lines().filter(|l| l.starts_with("error: ")).count(),
            1,
            "one message"
        );
        assert!(!self.stderr.contains("panicked"));
        for part in parts {
            assert!(self.stderr.contains(part), "the message lacks “{part}”");
        }
        self
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
