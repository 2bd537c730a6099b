//! Explorers: pieces of a page that a reader moves.
//!
//! In a chapter an explorer is one line of HTML, which shows nothing in a notebook:
//!
//! ```html
//! <div class="explorer" data-link="descent?problem=ravine"></div>
//! ```

use crate::chapter::Chapter;
use crate::error::{Error, Result};

const OPEN: &str = "<div class=\"explorer\" data-link=\"";
const CLOSE: &str = "\"></div>";

/// Whether the chapter has an explorer.
pub(crate) fn is_in(chapter: &Chapter) -> bool {
    chapter.cells.iter().any(|cell| cell.code().is_none() && cell.source.contains(OPEN))
}

/// The woven page with the explorers' HTML in their places. The first one brings the script.
///
/// # Errors
/// With file and line, if `html` refuses a link or the line is not closed.
pub(crate) fn put(
    chapter: &Chapter,
    markdown: &str,
    html: &dyn Fn(&str) -> std::result::Result<String, String>,
) -> Result<String> {
    if !is_in(chapter) {
        return Ok(markdown.to_owned());
    }
    let mut out = String::with_capacity(2 * markdown.len());
    for line in markdown.split_inclusive('\n') {
        let Some(rest) = line.strip_prefix(OPEN) else {
            out.push_str(line);
            continue;
        };
        let made = match rest.trim_end().strip_suffix(CLOSE) {
            Some(link) => {
                html(&link.replace("&amp;", "&")).map_err(|e| format!("the explorer's link: {e}"))
            }
            None => Err(format!("an explorer's line must end in `{CLOSE}`")),
        };
        out.push_str(&made.map_err(|message| {
            let cell = chapter.cells.iter().find(|cell| cell.source.contains(line.trim_end()));
            let error = match cell {
                Some(cell) => {
                    let before = cell.source.split(line.trim_end()).next().unwrap_or_default();
                    Error::at(cell.line + before.matches('\n').count(), message)
                }
                None => Error::new(message),
            };
            error.in_file(&chapter.path)
        })?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn chapter(link: &str) -> Chapter {
        let header = "---\njupyter:\n  kernelspec:\n    display_name: Rust\n    language: rust\n    name: rust\n---\n\n";
        let text = format!("{header}# Title\n\nProse.\n\n{OPEN}{link}{CLOSE}\n\nMore.\n");
        Chapter::parse(Path::new("book/src/x.md"), &text).unwrap()
    }

    #[test]
    fn the_line_becomes_what_is_made_for_its_link() {
        let chapter = chapter("descent?a=1&amp;b=2");
        let markdown = format!("Prose.\n\n{OPEN}descent?a=1&amp;b=2{CLOSE}\n\nMore.\n");
        let put = put(&chapter, &markdown, &|link| Ok(format!("<p>{link}</p>\n"))).unwrap();
        assert_eq!(put, "Prose.\n\n<p>descent?a=1&b=2</p>\n\nMore.\n");
    }

    #[test]
    fn a_wrong_link_is_an_error_with_its_line() {
        let chapter = chapter("ascent");
        let markdown = format!("{OPEN}ascent{CLOSE}\n");
        let error = put(&chapter, &markdown, &|_| Err("no ascent".into())).unwrap_err();
        assert_eq!(error.to_string(), "book/src/x.md:13: the explorer's link: no ascent");
    }
}
