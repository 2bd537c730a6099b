//! The Rust kernel for Jupyter (evcxr): found or built once per machine, launched one way only.
//!
//! Everything that this module writes is below one folder, the *cache*: `$GRADUS_CACHE`, else
//! `$XDG_CACHE_HOME/gradus`, else `~/.cache/gradus` (on macOS too).
//!
//! | below the cache | what |
//! |---|---|
//! | `evcxr_jupyter-VERSION/` | the kernel, built by `cargo install` |
//! | `jupyter-VERSION/` | a private `JUPYTER_PATH` with the kernelspec `rust` |
//! | `templates/` | compiled dependencies of notebooks, copied for each running kernel |
//! | `sessions/` | one folder per running kernel, removed when it ends |
//!
//! The user's own kernels, configuration and `~/.cargo/bin` are never touched.

mod cache;
mod environment;
mod error;
mod install;
mod interrupt;
mod launch;
mod rust_src;
mod spec;
mod supervised;

pub use cache::Cache;
pub use error::Error;
pub use install::{Finding, Status, ensure, ensure_in, find};
pub use interrupt::Interrupt;
pub use spec::jupyter_path;

pub(crate) use cache::{Lock, size};
pub(crate) use launch::{Kernel, RECIPE, Session, free_ports, launch};

use std::path::PathBuf;

/// The kernel's version. It is pinned: notebooks are stale when it changes.
pub const VERSION: &str = "0.22.0";

/// A kernel that can be launched: [`ensure`] makes one.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The program `evcxr_jupyter`.
    pub evcxr: PathBuf,
    /// The standard library's sources (the folder that holds `core/`), without which the kernel
    /// cannot tell any variable's type.
    pub rust_src: PathBuf,
    /// What `rustc -vV` says of the compiler that the kernel will call.
    pub rustc: String,
    /// The folder of the compiler's own shared libraries, which compiled cells need.
    pub libraries: PathBuf,
    /// Where everything is kept.
    pub cache: Cache,
}
