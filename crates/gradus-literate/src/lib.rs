//! From a Markdown chapter to an executed notebook and a book page.

pub mod chapter;
pub mod error;
pub mod options;

pub use error::{Error, Result};
