//! From a Markdown chapter to an executed notebook and a book page.
//!
//! [`chapter`] reads a chapter without loss; [`notebook`] makes a notebook of it; [`kernel`] and
//! [`run`] execute it; [`weave`] makes a page, [`book`] the pages a book. [`sync`] goes the other
//! way, [`compare`] holds a fresh run against the recorded one, [`stale`] says when one is needed.
//! [`project`] puts them together for the command.

pub mod book;
pub mod chapter;
pub mod compare;
pub mod error;
mod explorer;
pub mod figure;
pub mod index;
pub mod kernel;
pub mod math;
pub mod notebook;
pub mod options;
pub mod progress;
pub mod project;
pub mod prose;
pub mod run;
pub mod stale;
pub mod sync;
pub mod values;
pub mod weave;

pub use error::{Error, Result};
