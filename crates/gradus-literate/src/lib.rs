//! From a Markdown chapter to an executed notebook and a book page.

pub mod book;
pub mod chapter;
pub mod error;
pub mod math;
pub mod options;

pub use error::{Error, Result};
