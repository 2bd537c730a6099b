//! From a Markdown chapter to an executed notebook and a book page.
