use super::{Error, environment};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;

/// The shell that leads the group. Descriptor 3 is a pipe from us: when it closes, because we drop
/// it or because we were killed, the whole group dies, compilers and all. When the program ends by
/// itself its exit code is written to standard output, and what it left behind dies too.
/// (`GRADUS_LIBRARIES` goes this way because macOS takes `DYLD_LIBRARY_PATH` from its own shell.)
const SUPERVISOR: &str = r#"
exec 3<&0
if [ -n "$GRADUS_LIBRARIES" ]; then
    export LD_LIBRARY_PATH="$GRADUS_LIBRARIES" DYLD_LIBRARY_PATH="$GRADUS_LIBRARIES"
fi
"$@" </dev/null >&2 3<&- &
program=$!
( read -r _ <&3; kill -KILL 0 ) >/dev/null &
wait "$program"
echo "$?"
kill -KILL 0
"#;

/// A program in a process group of its own that lives no longer than this value or this process.
///
/// This needs no unsafe code, and works where `prctl` is not to be had.
#[derive(Debug)]
pub(crate) struct Supervised {
    shell: Child,
    pipe: Option<ChildStdin>,
    ended: mpsc::Receiver<Option<i32>>,
}

impl Supervised {
    /// Starts a program. Its output and its errors go to `log`; `prepare` sets environment and
    /// working directory.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&OsStr],
        log: Stdio,
        prepare: impl FnOnce(&mut Command),
    ) -> Result<Self, Error> {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SUPERVISOR, "gradus"])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .process_group(0);
        environment::clean(&mut command);
        prepare(&mut command);
        let mut shell = command.spawn().map_err(Error::io("cannot start", program))?;
        let pipe = shell.stdin.take();
        let (send, ended) = mpsc::channel();
        let stdout = shell.stdout.take();
        std::thread::spawn(move || {
            let mut line = String::new();
            if let Some(stdout) = stdout {
                let _ = BufReader::new(stdout).read_line(&mut line);
            }
            let _ = send.send(line.trim().parse().ok());
        });
        Ok(Self { shell, pipe, ended })
    }

    /// What the program writes as errors, and the value that watches it.
    pub(crate) fn start_piped(
        program: &Path,
        arguments: &[&OsStr],
        prepare: impl FnOnce(&mut Command),
    ) -> Result<(Self, std::process::ChildStderr), Error> {
        let mut this = Self::start(program, arguments, Stdio::piped(), prepare)?;
        let stderr = this.shell.stderr.take().ok_or_else(|| {
            Error::io("cannot read from", program)(std::io::ErrorKind::BrokenPipe.into())
        })?;
        Ok((this, stderr))
    }

    /// `Some` once it has ended: its exit code, as a shell gives it (128 and the signal's number
    /// for a signal), or nothing if the group was killed.
    pub(crate) fn ended(&self) -> Option<Option<i32>> {
        match self.ended.try_recv() {
            Ok(code) => Some(code),
            Err(mpsc::TryRecvError::Disconnected) => Some(None),
            Err(mpsc::TryRecvError::Empty) => None,
        }
    }

    /// Kills the group and waits until its leader is gone.
    pub(crate) fn kill(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A new file to write a log to.
pub(crate) fn log_file(path: &Path) -> Result<Stdio, Error> {
    File::create(path).map(Stdio::from).map_err(Error::io("cannot create", path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn shell(script: &str) -> Supervised {
        let arguments = ["-c", script].map(AsRef::as_ref);
        Supervised::start(Path::new("/bin/sh"), &arguments, Stdio::null(), |_| ()).unwrap()
    }

    fn within_seconds(what: &str, done: impl Fn() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether a process sleeps for so many seconds; each test has a number of its own.
    fn sleeps(seconds: &str) -> bool {
        let list = Command::new("ps").args(["-A", "-o", "args="]).output().unwrap();
        let wanted = format!("sleep {seconds}");
        String::from_utf8_lossy(&list.stdout).lines().any(|line| line.trim() == wanted)
    }

    #[test]
    fn the_exit_code_is_told() {
        let process = shell("exit 7");
        within_seconds("it ends", || process.ended.try_recv().is_ok_and(|code| code == Some(7)));
    }

    /// The kernel runs cells in a child, and that and cargo start others.
    #[test]
    fn grandchildren_die_with_it() {
        let process = shell("sleep 98701 & sleep 98701");
        within_seconds("it runs", || sleeps("98701"));
        drop(process);
        within_seconds("it is gone", || !sleeps("98701"));
    }

    #[test]
    fn what_it_leaves_behind_dies_too() {
        let process = shell("sleep 98702 & exit 0");
        within_seconds("it ends", || process.ended().is_some());
        within_seconds("its child is gone", || !sleeps("98702"));
    }

    /// Nobody can clean up after SIGKILL: the pipe closes by itself.
    #[test]
    fn it_dies_when_this_process_is_killed() {
        if std::env::var_os("GRADUS_TEST_TO_BE_KILLED").is_some() {
            let _process = shell("sleep 98703");
            loop {
                std::thread::sleep(Duration::from_secs(60));
            }
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kernel::supervised::tests::it_dies_when_this_process_is_killed"])
            .env("GRADUS_TEST_TO_BE_KILLED", "1")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        within_seconds("it runs", || sleeps("98703"));
        child.kill().unwrap();
        child.wait().unwrap();
        within_seconds("it is gone", || !sleeps("98703"));
    }
}
