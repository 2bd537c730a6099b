//! Plays an exercise's cases with a compiled solution: a fresh process for each case.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use gradus_exercises::exercise::{Player, panicked};
use gradus_student::serve::catch;
use gradus_student::wire::{self, Message, WireError};
use gradus_student::{Args, Ask, Value};

use crate::compile::Program;
use crate::sandbox::{self, Cage};

/// The limits of one case.
#[derive(Debug, Clone, Copy)]
pub struct CaseLimits {
    /// Seconds on the clock.
    pub seconds: u64,
    /// Bytes of memory.
    pub memory: u64,
    /// Bytes of one message.
    pub message: usize,
}

impl Default for CaseLimits {
    /// Five seconds, 512 MiB, 4 MiB a message.
    fn default() -> Self {
        Self { seconds: 5, memory: 512 << 20, message: 4 << 20 }
    }
}

/// A compiled solution in its sandbox.
#[derive(Debug)]
pub struct Process<'a> {
    program: &'a Program,
    cage: Option<(PathBuf, Cage)>,
    limits: CaseLimits,
    /// Once a case took too long no other is tried: an exercise must not take minutes.
    given_up: bool,
}

impl<'a> Process<'a> {
    /// The program, to be run as this user if the grader is root. `gradus` enters the sandbox; `None`
    /// runs the program without one.
    pub fn new(program: &'a Program, gradus: Option<&Path>, uid: u32, limits: CaseLimits) -> Self {
        let cage = Cage {
            read: sandbox::system_libraries().into_iter().chain([program.path.clone()]).collect(),
            write: Vec::new(),
            fork: false,
            uid: Some(uid),
            cpu: limits.seconds,
            memory: limits.memory,
            file_size: 0,
        };
        let cage = gradus.map(|gradus| (gradus.to_owned(), cage));
        Self { program, cage, limits, given_up: false }
    }
}

impl Player for Process<'_> {
    fn play(&mut self, args: &Args, ask: &mut Ask<'_>) -> Result<Value, String> {
        if self.given_up {
            return Err(self.late());
        }
        let broken = |e: io::Error| format!("the grader could not run it: {e}");
        let (ours, theirs) = UnixStream::pair().map_err(broken)?;
        let cage = self.cage.as_ref().map(|(gradus, cage)| (gradus.as_path(), cage));
        let mut child = sandbox::command(cage, &self.program.path)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .spawn()
            .map_err(broken)?;
        let answer = self.converse(ours, args, ask);
        let status = end(&mut child);
        let is_late = matches!(&answer, Err(Failure::Wire(WireError::Io(e))) if is_timeout(e));
        self.given_up = is_late || status.is_some_and(|s| s.signal() == Some(libc_signal::XCPU));
        answer.map_err(|why| match why {
            Failure::Said(why) => why,
            Failure::Wire(WireError::Io(e)) if is_timeout(&e) => self.late(),
            Failure::Wire(WireError::Io(_)) => self.gone(status),
            Failure::Wire(WireError::TooLong(n)) => {
                format!("your function's answer has {n} bytes; {} are allowed", self.limits.message)
            }
            Failure::Wire(WireError::Malformed) => "what came back is no answer".to_owned(),
        })
    }
}

enum Failure {
    Said(String),
    Wire(WireError),
}

impl From<WireError> for Failure {
    fn from(e: WireError) -> Self {
        Self::Wire(e)
    }
}

fn is_timeout(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

impl Process<'_> {
    fn converse(
        &self,
        stream: UnixStream,
        args: &Args,
        ask: &mut Ask<'_>,
    ) -> Result<Value, Failure> {
        let deadline = Instant::now() + Duration::from_secs(self.limits.seconds);
        let mut stream = Timed { stream, deadline };
        wire::write_frame(&mut stream, &wire::encode_args(args))?;
        loop {
            let frame = wire::read_frame(&mut stream, self.limits.message)?;
            match wire::decode_message(&frame)? {
                Message::Answer(value) => return Ok(value),
                Message::Panicked(why) => {
                    let why: String = why.chars().filter(|c| !c.is_control()).take(300).collect();
                    return Err(Failure::Said(panicked(&why)));
                }
                Message::Ask(question) => {
                    // The judge ends a dialogue by a panic, as it does with a function in this process.
                    let reply = catch(|| ask.ask(question)).map_err(Failure::Said)?;
                    wire::write_frame(&mut stream, &wire::encode_value(&reply))?;
                }
            }
        }
    }

    fn late(&self) -> String {
        format!("your function did not answer within {} s", self.limits.seconds)
    }

    /// Why the process is gone, as far as its end tells.
    fn gone(&self, status: Option<ExitStatus>) -> String {
        let signal = status.and_then(|status| status.signal());
        match (signal, status.and_then(|status| status.code())) {
            (Some(libc_signal::XCPU | libc_signal::KILL), _) => self.late(),
            (Some(libc_signal::ABRT | libc_signal::SEGV), _) => {
                "your function was aborted: it recursed too deep, took \
                more memory than allowed, or called abort"
                    .to_owned()
            }
            (Some(signal), _) => format!("your function was ended by signal {signal}"),
            (None, Some(code)) => {
                format!("your function left the program (exit code {code}) instead of answering")
            }
            (None, None) => "your function did not answer".to_owned(),
        }
    }
}

/// Numbers of signals, the same on Linux and macOS.
mod libc_signal {
    pub(super) const ABRT: i32 = 6;
    pub(super) const KILL: i32 = 9;
    pub(super) const SEGV: i32 = 11;
    pub(super) const XCPU: i32 = 24;
}

/// A stream whose every read and write ends at the deadline.
struct Timed {
    stream: UnixStream,
    deadline: Instant,
}

impl Timed {
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl io::Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl io::Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Ends a process and all that it started. What it would still have said about itself is waited for
/// briefly.
pub(crate) fn end(child: &mut Child) -> Option<ExitStatus> {
    let soon = Instant::now() + Duration::from_millis(20);
    let mut status = None;
    while status.is_none() && Instant::now() < soon {
        status = child.try_wait().ok().flatten();
        if status.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let group = i32::try_from(child.id()).map(nix::unistd::Pid::from_raw);
    if let Ok(group) = group {
        // Nobody is left in the group: nothing to end.
        let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
    }
    status.or_else(|| child.wait().ok().filter(|status| status.signal() != Some(libc_signal::KILL)))
}
