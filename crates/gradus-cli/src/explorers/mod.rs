//! The explorers in the book: `gradus-web` as WebAssembly beside the pages, and its first frames in them.

mod wasm;

use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD as BASE64, Engine};
use gradus_literate::progress::Progress;

/// What stands behind the page's own part of the script.
const SCRIPT: &str = include_str!("../../../gradus-web/page/explorers.js");

/// The explorers of a book that is being made.
pub(crate) struct Explorers {
    /// Script and WebAssembly, with their places beside the pages; empty if they could not be made.
    pub(crate) files: Vec<(PathBuf, Vec<u8>)>,
}

impl Explorers {
    /// Makes them, or says why they will stand still.
    pub(crate) fn make(root: &Path, progress: &Progress) -> Self {
        match wasm::build(root, progress) {
            Ok(made) => {
                let text = format!("gradusExplorersWasm=\"{}\";\n", BASE64.encode(&made.wasm));
                let once = "if (window.gradusExplorers) return;\nwindow.gradusExplorers = true;";
                let script = format!("(() => {{\n{once}\n{}\n{SCRIPT}}})();\n", made.glue);
                let file =
                    |name: &str, content: Vec<u8>| (Path::new("explorers").join(name), content);
                let files = vec![
                    file("explorers.js", lean(&script).into_bytes()),
                    file("explorers.wasm", made.wasm),
                    // For pages from the disk, which may load scripts and fetch nothing.
                    file("explorers.wasm.js", text.into_bytes()),
                ];
                Self { files }
            }
            Err(reason) => {
                progress.say(&format!("The explorers will stand still: {reason}"));
                Self { files: Vec::new() }
            }
        }
    }

    /// The HTML of the explorer with this link.
    pub(crate) fn html(&self, link: &str) -> Result<String, String> {
        let section = gradus_web::first_frame(link)?;
        Ok(if self.files.is_empty() {
            section
                + "<p class=\"explorer-error\">The machine that made this book could not make its \
                 explorers: the figure above stands still.</p>\n"
        } else {
            // Loaded once, however often a page has it.
            section
                + "<noscript><p class=\"explorer-error\">With scripts, this figure moves.</p></noscript>\n\
                   <script defer src=\"explorers/explorers.js\"></script>\n"
        })
    }
}

/// A script without its comments, which have lines of their own, and without indentation: readers load it.
fn lean(script: &str) -> String {
    let mut lean = String::new();
    let mut comment = false;
    for line in script.lines().map(str::trim) {
        comment |= line.starts_with("/*");
        if !comment && !line.is_empty() && !line.starts_with("//") {
            lean.push_str(line);
            lean.push('\n');
        }
        comment &= !line.ends_with("*/");
    }
    lean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_loses_its_comments_only() {
        let script = "/**\n * Adds.\n */\nfunction f(a) {\n    // One more.\n    return a\n        * 2 // twice\n}\n/* a */\n\nf('//');\n";
        assert_eq!(lean(script), "function f(a) {\nreturn a\n* 2 // twice\n}\nf('//');\n");
    }

    /// The test vectors of RFC 4648.
    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(BASE64.encode(bytes), text);
        }
    }

    #[test]
    fn without_webassembly_the_figure_stands_and_the_page_says_so() {
        let still = Explorers { files: Vec::new() };
        let html = still.html("descent").unwrap();
        assert!(
            html.contains("<svg") && html.contains("stands still") && !html.contains("<script")
        );
        assert!(still.html("descent?problem=nowhere").is_err());
    }
}
