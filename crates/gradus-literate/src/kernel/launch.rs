use super::cache::{self, Lock};
use super::supervised::{Supervised, log_file};
use super::{Error, Installation, jupyter_path};
use jupyter_protocol::{ConnectionInfo, Transport};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How notebooks' own cells and their dependencies are compiled, and what a panic does.
///
/// `preserve_vars_on_panic = false` makes a panic an error; otherwise the kernel answers "ok".
const CONFIGURATION: &str = "[evcxr]\npreserve_vars_on_panic = false\nopt_level = \"2\"\n";

/// evcxr compiles everything with debug assertions; ndarray alone is several times slower with them.
/// Cargo reads this from a folder above the kernel's own.
const PROFILE: &str = "[profile.dev.package.\"*\"]\nopt-level = 3\ndebug-assertions = false\noverflow-checks = false\n";

/// All of the above that shapes what is compiled.
pub(crate) const RECIPE: [&str; 2] = [CONFIGURATION, PROFILE];

/// A kernel's folder below the cache. It goes with this value; should this process be killed, the
/// next one to start a kernel removes it.
#[derive(Debug)]
pub(crate) struct Session {
    path: PathBuf,
    _lock: Lock,
}

impl Session {
    pub(crate) fn new(installation: &Installation) -> Result<Self, Error> {
        let sessions = installation.cache.folder("sessions")?;
        let _lock = Lock::brief(&sessions.join("lock"))?;
        for entry in fs::read_dir(&sessions).into_iter().flatten().flatten() {
            let abandoned = entry.path();
            if abandoned.is_dir() && Lock::at_once(&abandoned.join("lock")).is_some() {
                let _ = fs::remove_dir_all(&abandoned);
            }
        }
        let path = sessions.join(uuid::Uuid::new_v4().simple().to_string());
        fs::create_dir(&path).map_err(Error::io("cannot create", &path))?;
        let lock = Lock::brief(&path.join("lock"))?;
        Ok(Self { path, _lock: lock })
    }

    /// The folder that the kernel will compile in.
    pub(crate) fn workshop(&self) -> PathBuf {
        self.path.join("workshop")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A compiler that was just killed may still be closing files: once more if need be.
        if fs::remove_dir_all(&self.path).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(100));
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// A running kernel. Dropping it kills it and all that it started, and removes its folder.
#[derive(Debug)]
pub(crate) struct Kernel {
    // The order matters: the processes first, then their folder.
    pub(crate) process: Supervised,
    pub(crate) connection: ConnectionInfo,
    workshop: PathBuf,
    session: Session,
}

impl Kernel {
    /// What the kernel itself wrote as errors.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.session.path.join("log")).unwrap_or_default()
    }

    /// Pins the versions of what the first `:dep` will bring: to be called when the kernel is up,
    /// because its start compiles a cell without dependencies, which empties the file.
    pub(crate) fn pin(&self, lockfile: &Path) -> Result<(), Error> {
        let target = self.workshop.join("Cargo.lock");
        fs::copy(lockfile, &target).map(drop).map_err(Error::io("cannot copy to", &target))
    }

    /// The last program that the kernel compiled.
    pub(crate) fn last_program(&self) -> String {
        fs::read_to_string(self.workshop.join("src/lib.rs")).unwrap_or_default()
    }
}

/// Launches a kernel: the one place where that is done.
///
/// `dir` is its working directory; it will listen on the ports of `connection`. It compiles in `workshop`, by default in the session's own.
pub(crate) fn launch(
    installation: &Installation,
    session: Session,
    workshop: Option<&Path>,
    dir: &Path,
    connection: ConnectionInfo,
) -> Result<Kernel, Error> {
    let own = dir.join("evcxr.toml");
    if own.exists() {
        return Err(Error::Start(format!(
            "{} would override the configuration that notebooks are run with; remove it",
            own.display()
        )));
    }
    let workshop = workshop.map_or_else(|| session.workshop(), Path::to_path_buf);
    let profile = workshop.parent().unwrap_or(&session.path).join(".cargo");
    let temporary = session.path.join("tmp");
    for folder in [&workshop, &profile, &temporary] {
        fs::create_dir_all(folder).map_err(Error::io("cannot create", folder))?;
    }
    cache::write(&profile.join("config.toml"), PROFILE)?;
    cache::write(&session.path.join("evcxr.toml"), CONFIGURATION)?;
    let file = session.path.join("connection.json");
    let text =
        serde_json::to_string(&connection).map_err(|error| Error::Start(error.to_string()))?;
    cache::write(&file, &text)?;
    let jupyter = jupyter_path(installation)?;
    // The kernel moves each compiled cell one folder up, where its relative path to `libstd` is
    // wrong, unless the folder and the toolchain have nothing but `/` in common.
    let libraries = std::env::var_os("LD_LIBRARY_PATH")
        .into_iter()
        .flat_map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>());
    let libraries =
        std::env::join_paths([installation.libraries.clone()].into_iter().chain(libraries))
            .map_err(|error| Error::Start(error.to_string()))?;
    let process = Supervised::start(
        &installation.evcxr,
        &["--control_file".as_ref(), file.as_os_str()],
        log_file(&session.path.join("log"))?,
        |command: &mut Command| {
            command
                .current_dir(dir)
                .env("JUPYTER_PATH", jupyter)
                .env("GRADUS_LIBRARIES", libraries)
                .env("EVCXR_CONFIG_DIR", &session.path)
                .env("EVCXR_TMPDIR", &workshop)
                .env("RUST_SRC_PATH", &installation.rust_src)
                .env("TMPDIR", &temporary);
        },
    )?;
    Ok(Kernel { process, connection, workshop, session })
}

/// Five free ports and a key. Another program may take a port before the kernel does: then the
/// kernel ends at once, and whoever launched it tries again.
pub(crate) fn free_ports() -> std::io::Result<ConnectionInfo> {
    let listeners =
        (0..5).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<Vec<_>, _>>()?;
    let mut ports =
        listeners.iter().map(|listener| listener.local_addr().map(|address| address.port()));
    let mut port =
        || ports.next().unwrap_or_else(|| Err(std::io::ErrorKind::AddrNotAvailable.into()));
    Ok(ConnectionInfo {
        ip: "127.0.0.1".into(),
        transport: Transport::TCP,
        shell_port: port()?,
        iopub_port: port()?,
        stdin_port: port()?,
        control_port: port()?,
        hb_port: port()?,
        key: uuid::Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".into(),
        kernel_name: Some("rust".into()),
    })
}
