//! Hostile submissions, each with a part of the line that the report must have, and none with a point.
//! The tests grade them, and so does `gradus grade --self-test` on a teacher's machine.

use std::fs;
use std::io;
use std::path::Path;

/// A file that somebody could hand in.
#[derive(Debug)]
pub struct Hostile {
    /// What it tries.
    pub class: &'static str,
    /// Its name.
    pub file: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
    /// A part of what the report says of it.
    pub expected: &'static str,
}

macro_rules! hostile {
    ($class:literal, $file:literal, $expected:literal) => {
        Hostile {
            class: $class,
            file: $file,
            bytes: include_bytes!(concat!("../hostile/", $file)),
            expected: $expected,
        }
    };
}

/// The exercise that the files hand in.
pub const EXERCISE: &str = "heavy-ball";

/// What no file can hold: a link out of the folder, and a folder in a file's place.
pub const LINKS: [(&str, &str); 2] =
    [("link.rs", "not a plain file"), ("folder.rs", "no notebook and no .rs file")];

/// The files.
pub static SUITE: &[Hostile] = &[
    hostile!("abort", "abort.rs", "aborted"),
    hostile!("abort", "divides-by-zero-in-a-drop.rs", "aborted"),
    hostile!("bad answers", "infinite.rs", "not finite"),
    hostile!("bad answers", "empty.rs", "entries were expected, 0 came back"),
    hostile!("bad answers", "wrong-type.rs", "the exercise cannot take `Duration` as an answer"),
    hostile!("code before main", "before-main.rs", "does not compile"),
    hostile!("code before main", "constructor-section.rs", "does not compile"),
    hostile!("endless compilation", "endless-constant.rs", "compile"),
    hostile!("endless compilation", "endless-macro.rs", "compile"),
    hostile!("endless compilation", "exponential-types.rs", "compile"),
    hostile!("endless loops", "loop.rs", "did not answer within 5 s"),
    hostile!("endless loops", "sleep.rs", "within 5 s"),
    hostile!("endless loops", "answers-a-crumb-at-a-time.rs", "did not answer within 5 s"),
    hostile!("full disks", "fills-the-disk.rs", "panicked: written: 0"),
    hostile!("full disks", "fills-its-own-output.rs", "did not answer within 5 s"),
    hostile!("giant output", "giant-answer.rs", "bytes; 4194304 are allowed"),
    hostile!("giant output", "a-long-text-in-a-panic.rs", "your function"),
    hostile!("leaving early", "exit.rs", "left the program (exit code 0)"),
    hostile!("leaving early", "exit-3.rs", "left the program (exit code 3)"),
    hostile!("malformed files", "not-utf8.rs", "not UTF-8"),
    hostile!("malformed files", "not-json.ipynb", "no notebook"),
    hostile!("malformed files", "no-cells.ipynb", "no cells"),
    hostile!("malformed files", "deep.ipynb", "no notebook"),
    hostile!("memory", "memory.rs", "aborted"),
    hostile!("memory", "one-huge-allocation.rs", "aborted"),
    hostile!("network", "tcp.rs", "panicked: net: false"),
    hostile!("network", "udp.rs", "panicked: net: false"),
    hostile!("network", "unix-socket.rs", "panicked: net: false"),
    hostile!("no code", "not-rust.rs", "does not compile"),
    hostile!("no code", "an-empty-cell.rs", "does not compile"),
    hostile!("panics", "panic-without-text.rs", "panicked: a panic without a message"),
    hostile!("panics", "catches-and-hides-panics.rs", "off by more than"),
    hostile!("panics", "panics-while-panicking.rs", "aborted"),
    hostile!("paths that leave the folder", "a-path-as-a-name.ipynb", "not handed in"),
    hostile!("printing passes", "prints.rs", "panicked: passed"),
    hostile!("printing passes", "prints-a-report.rs", "left the program (exit code 0)"),
    hostile!("printing passes", "outputs-that-claim-points.ipynb", "not handed in"),
    hostile!("reading files at compile time", "reads-at-compile-time.rs", "does not compile"),
    hostile!("reading files at compile time", "path-attribute.rs", "does not compile"),
    hostile!("reading files at compile time", "assembler.rs", "does not compile"),
    hostile!("reading files at run time", "reads-a-file.rs", "panicked: read: false"),
    hostile!("reading files at run time", "reads-the-report.rs", "panicked: seen: false"),
    hostile!("reading files at run time", "reads-the-grader.rs", "panicked: seen: false"),
    hostile!("shadowing names", "closes-the-module.rs", "does not compile"),
    hostile!("shadowing names", "shadows-the-answer.rs", "names `gradus_student`"),
    hostile!("shadowing names", "shadows-macros-and-types.rs", "off by more than"),
    hostile!("shadowing names", "second-main.rs", "left the program (exit code 0)"),
    hostile!("stack overflow", "recursion.rs", "aborted"),
    hostile!("stack overflow", "overflows-in-a-thread.rs", "aborted"),
    hostile!("the connection", "takes-standard-input.rs", "your function"),
    hostile!("the connection", "answers-by-itself-and-leaves.rs", "is no answer"),
    hostile!("threads and processes", "threads.rs", "your function"),
    hostile!("threads and processes", "processes.rs", "panicked: no process"),
    hostile!("threads and processes", "threads-that-go-on.rs", "off by more than"),
    hostile!("unsafe code", "unsafe.rs", "does not compile"),
    hostile!("unsafe code", "lifetime-hole.rs", "your function"),
    hostile!("what is not allowed", "the-rule-itself.rs", "names `gradus`"),
    hostile!("what is not allowed", "tool-by-its-full-path.rs", "names `gradus_student`"),
    hostile!("writing files", "writes-a-file.rs", "panicked: written: false"),
    hostile!("writing files", "replaces-its-own-program.rs", "panicked: replaced: false"),
    hostile!("writing files", "replaces-the-report.rs", "panicked: written: false"),
];

/// Writes all of it into a folder, as submissions.
///
/// # Errors
/// If that fails.
pub fn write(folder: &Path) -> io::Result<()> {
    for hostile in SUITE {
        fs::write(folder.join(hostile.file), hostile.bytes)?;
    }
    std::os::unix::fs::symlink("/etc/passwd", folder.join(LINKS[0].0))?;
    fs::create_dir(folder.join(LINKS[1].0))
}

/// Names and expected lines of all that [`write`](fn@write) writes.
pub fn expected() -> impl Iterator<Item = (&'static str, &'static str)> {
    SUITE.iter().map(|hostile| (hostile.file, hostile.expected)).chain(LINKS)
}
