//! What a process of the grader may not do.
//!
//! The grader starts itself again as `gradus sandbox CAGE PROGRAM ...`; that process calls [`enter`],
//! which gives up what the [`Cage`] says and then becomes the program. On Linux it needs Landlock and
//! seccomp, both without root; elsewhere there is no sandbox.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

/// The limits of a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cage {
    /// Files and folders that may be read and executed.
    pub read: Vec<PathBuf>,
    /// Folders in which files may be made and changed.
    pub write: Vec<PathBuf>,
    /// Whether it may start processes, as the compiler starts the linker.
    pub fork: bool,
    /// The user to become, if it runs as root.
    pub uid: Option<u32>,
    /// Seconds of processor time.
    pub cpu: u64,
    /// Bytes of address space.
    pub memory: u64,
    /// Bytes of a file that it writes.
    pub file_size: u64,
}

/// The name of the hidden subcommand that enters a cage.
pub const SUBCOMMAND: &str = "sandbox";

/// The folders that a program needs to be loaded.
pub fn system_libraries() -> Vec<PathBuf> {
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"].map(PathBuf::from).into()
}

/// Starts a program in a cage, which this command's own file enters; `None` runs it freely. Standard output and error go nowhere.
pub fn command(cage: Option<(&Path, &Cage)>, program: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;

    let mut command = match cage {
        None => Command::new(program),
        Some((gradus, cage)) => {
            let mut command = Command::new(gradus);
            let cage = serde_json::to_string(cage).expect("a cage is plain data");
            command.arg(SUBCOMMAND).arg(cage).arg(program);
            command
        }
    };
    command.process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Enters the cage and becomes the program. Returns only if that fails, with the reason.
pub fn enter(cage: &str, program: &[String]) -> String {
    use std::os::unix::process::CommandExt;

    let attempt = || -> Result<std::convert::Infallible, String> {
        let cage: Cage = serde_json::from_str(cage).map_err(|e| format!("no cage: {e}"))?;
        let (program, args) = program.split_first().ok_or("no program")?;
        lock(&cage)?;
        if program == PROBE {
            let holes = holes();
            if holes.is_empty() {
                std::process::exit(0);
            }
            return Err(holes.join(", "));
        }
        Err(Command::new(program).args(args).exec().to_string())
    };
    match attempt() {
        Err(why) => why,
    }
}

/// The program that only looks whether the cage holds.
const PROBE: &str = "probe";

/// Whether the sandbox holds on this machine.
///
/// # Errors
/// With what does not.
pub fn probe(gradus: &Path) -> Result<(), String> {
    let cage = Cage {
        read: system_libraries(),
        write: Vec::new(),
        fork: false,
        uid: Some(FIRST_UID),
        cpu: 5,
        memory: 1 << 30,
        file_size: 0,
    };
    let mut command = command(Some((gradus, &cage)), Path::new(PROBE));
    let output = command
        .stderr(std::process::Stdio::piped())
        .output()
        .map_err(|e| format!("{} cannot be started: {e}", gradus.display()))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("error: ").to_owned())
    }
}

/// The users that submissions run as when the grader is root begin here: far from real ones.
pub const FIRST_UID: u32 = 1_879_048_192;

/// The user for the submissions of one of this grader's jobs. Another grader on the machine has others, so
/// that what one's submissions use up is not missing to the other's.
pub fn uid(job: u32) -> u32 {
    const JOBS: u32 = 64;
    FIRST_UID + (std::process::id() % (1 << 22)) * JOBS + job % JOBS
}

/// What the process can still do and should not.
fn holes() -> Vec<&'static str> {
    use std::fs::{self, File};
    let mut holes = Vec::new();
    if File::open("/etc/passwd").is_ok() {
        holes.push("files can be read");
    }
    let probe = std::env::temp_dir().join(format!("gradus-probe-{}", std::process::id()));
    if File::create(&probe).is_ok() {
        let _ = fs::remove_file(&probe);
        holes.push("files can be written");
    }
    if std::net::UdpSocket::bind("127.0.0.1:0").is_ok() {
        holes.push("sockets can be made");
    }
    if Command::new("/bin/true").status().is_ok() {
        holes.push("processes can be started");
    }
    if nix::unistd::geteuid().is_root() {
        holes.push("it is still root");
    }
    holes
}

fn limits(cage: &Cage) -> Result<(), String> {
    use nix::sys::resource::{Resource, setrlimit};
    let set = |resource, value| {
        setrlimit(resource, value, value).map_err(|e| format!("no limit of {resource:?}: {e}"))
    };
    set(Resource::RLIMIT_CPU, cage.cpu)?;
    set(Resource::RLIMIT_AS, cage.memory)?;
    set(Resource::RLIMIT_FSIZE, cage.file_size)?;
    set(Resource::RLIMIT_CORE, 0)?;
    set(Resource::RLIMIT_NOFILE, 256)
}

/// Becomes another user, whose processes are then counted apart, so that they can be limited.
fn drop_root(cage: &Cage) -> Result<(), String> {
    use nix::sys::resource::{Resource, setrlimit};
    use nix::unistd::{Gid, Uid, geteuid, setgid, setuid};
    let Some(uid) = cage.uid.filter(|_| geteuid().is_root()) else { return Ok(()) };
    let fail = |what: &str, e: nix::Error| format!("{what}: {e}");
    #[cfg(target_os = "linux")]
    nix::unistd::setgroups(&[]).map_err(|e| fail("groups cannot be given up", e))?;
    setgid(Gid::from_raw(uid)).map_err(|e| fail("the group cannot be changed", e))?;
    setuid(Uid::from_raw(uid)).map_err(|e| fail("the user cannot be changed", e))?;
    setrlimit(Resource::RLIMIT_NPROC, 64, 64).map_err(|e| fail("no limit of processes", e))
}

#[cfg(not(target_os = "linux"))]
fn lock(_: &Cage) -> Result<(), String> {
    Err("there is a sandbox on Linux only".to_owned())
}

#[cfg(target_os = "linux")]
fn lock(cage: &Cage) -> Result<(), String> {
    limits(cage)?;
    drop_root(cage)?;
    linux::landlock(cage)?;
    linux::seccomp(cage)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
    };
    use libc::c_long;
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch, apply_filter,
    };

    use super::Cage;

    pub(super) fn landlock(cage: &Cage) -> Result<(), String> {
        let fail = |e: landlock::RulesetError| format!("no Landlock: {e}");
        // Files are required as Linux 5.13 guards them; what later versions add is taken where it is.
        let all = AccessFs::from_all(ABI::V5);
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V1))
            .map_err(fail)?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(all)
            .map_err(fail)?
            .handle_access(AccessNet::from_all(ABI::V4))
            .map_err(fail)?
            .scope(Scope::from_all(ABI::V6))
            .map_err(fail)?
            .create()
            .map_err(fail)?
            .add_rules(path_beneath_rules(&cage.read, AccessFs::from_read(ABI::V5)))
            .map_err(fail)?
            .add_rules(path_beneath_rules(&cage.write, all))
            .map_err(fail)?
            .restrict_self()
            .map_err(fail)?;
        if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
            return Err("Landlock is not enforced".to_owned());
        }
        Ok(())
    }

    /// The compiler and the linker are not the student's code: they are only denied what they never
    /// need. The student's program may do nothing but what this list says.
    pub(super) fn seccomp(cage: &Cage) -> Result<(), String> {
        let errno = |n: i32| SeccompAction::Errno(n as u32);
        if cage.fork {
            apply(
                DENIED.iter().map(|&n| (n, Vec::new())).collect(),
                SeccompAction::Allow,
                errno(libc::EPERM),
            )
        } else {
            // glibc falls back to clone, whose flags can be seen.
            let clone3 = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
            apply(clone3, SeccompAction::Allow, errno(libc::ENOSYS))?;
            let mut allowed: BTreeMap<c_long, Vec<SeccompRule>> =
                ALLOWED.iter().map(|&n| (n, Vec::new())).collect();
            #[cfg(target_arch = "x86_64")]
            allowed.extend(ALLOWED_X86.iter().map(|&n| (n, Vec::new())));
            let thread = libc::CLONE_THREAD as u64;
            allowed.insert(libc::SYS_clone, vec![when(0, SeccompCmpOp::MaskedEq(thread), thread)?]);
            // Signals to itself only: abort() sends one.
            let own = u64::from(std::process::id());
            allowed.insert(libc::SYS_tgkill, vec![when(0, SeccompCmpOp::Eq, own)?]);
            // Allowed so that the first filter can answer.
            allowed.insert(libc::SYS_clone3, Vec::new());
            apply(allowed, errno(libc::EPERM), SeccompAction::Allow)
        }
    }

    fn when(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, String> {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
            .and_then(|condition| SeccompRule::new(vec![condition]))
            .map_err(|e| format!("no seccomp rule: {e}"))
    }

    fn apply(
        rules: BTreeMap<c_long, Vec<SeccompRule>>,
        otherwise: SeccompAction,
        matched: SeccompAction,
    ) -> Result<(), String> {
        let arch = TargetArch::try_from(std::env::consts::ARCH)
            .map_err(|e| format!("no seccomp for this processor: {e}"))?;
        let filter = SeccompFilter::new(rules, otherwise, matched, arch)
            .map_err(|e| format!("no seccomp filter: {e}"))?;
        let program: BpfProgram =
            filter.try_into().map_err(|e| format!("no seccomp filter: {e}"))?;
        apply_filter(&program).map_err(|e| format!("no seccomp: {e}"))
    }

    const ALLOWED: &[c_long] = &[
        // Memory.
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_mmap,
        libc::SYS_mprotect,
        libc::SYS_mremap,
        libc::SYS_munmap,
        // Threads, and the signals of their own process.
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_rseq,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sched_getaffinity,
        libc::SYS_sched_yield,
        libc::SYS_set_robust_list,
        libc::SYS_set_tid_address,
        libc::SYS_sigaltstack,
        // Files that Landlock lets it open, and the connection that it has.
        libc::SYS_close,
        libc::SYS_execve,
        libc::SYS_faccessat,
        libc::SYS_fcntl,
        libc::SYS_fstat,
        libc::SYS_getcwd,
        libc::SYS_lseek,
        libc::SYS_newfstatat,
        libc::SYS_openat,
        libc::SYS_ppoll,
        libc::SYS_pread64,
        libc::SYS_read,
        libc::SYS_readlinkat,
        libc::SYS_readv,
        libc::SYS_statx,
        libc::SYS_write,
        libc::SYS_writev,
        // The rest of a program's start, clocks and random numbers.
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_getrandom,
        libc::SYS_prlimit64,
        libc::SYS_nanosleep,
        libc::SYS_uname,
    ];

    #[cfg(target_arch = "x86_64")]
    const ALLOWED_X86: &[c_long] = &[
        libc::SYS_access,
        libc::SYS_arch_prctl,
        libc::SYS_open,
        libc::SYS_poll,
        libc::SYS_readlink,
        libc::SYS_stat,
    ];

    const DENIED: &[c_long] = &[
        libc::SYS_socket,
        libc::SYS_io_uring_setup,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_setsid,
        libc::SYS_setpgid,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_chroot,
        libc::SYS_pivot_root,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_userfaultfd,
        libc::SYS_shmget,
        libc::SYS_msgget,
        libc::SYS_semget,
        libc::SYS_mq_open,
    ];
}
