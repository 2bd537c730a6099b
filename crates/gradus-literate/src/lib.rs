//! From a Markdown chapter to an executed notebook and a book page.

pub mod chapter;
pub mod compare;
pub mod error;
pub mod index;
pub mod kernel;
pub mod notebook;
pub mod options;
pub mod progress;
pub mod prose;
pub mod run;
pub mod stale;
pub mod sync;
pub mod values;

pub use error::{Error, Result};
