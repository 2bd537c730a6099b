//! Jupytext and this crate see the same cells in a chapter: type, source and metadata.

use std::path::{Path, PathBuf};
use std::process::Command;

use gradus_literate::chapter::Chapter;
use gradus_literate::notebook::plain_cells;
use proptest::prelude::*;
use serde_json::{Value, json};

fn fixtures() -> PathBuf {
    PathBuf::from("tests/fixtures/jupytext")
}

fn chapters(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    found.sort();
    found
}

fn ours(chapter: &Chapter) -> Value {
    plain_cells(chapter)
        .into_iter()
        .map(|cell| json!({"code": cell.code, "source": cell.source, "metadata": cell.metadata}))
        .collect()
}

#[test]
fn the_recorded_cells_of_jupytext_are_ours() {
    let chapters = chapters(&fixtures());
    assert!(!chapters.is_empty());
    for path in chapters {
        let recorded = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let recorded: Value = serde_json::from_str(&recorded).unwrap();
        let chapter = Chapter::read(&path).unwrap();
        assert_eq!(ours(&chapter), recorded, "{}", path.display());
    }
}

/// What the Jupytext of this machine makes of these files; `None` if it has none.
fn jupytext(files: &[PathBuf]) -> Option<Vec<Value>> {
    let script = "import sys, json, jupytext\n\
                  for f in sys.argv[1:]:\n \
                  n = jupytext.read(f)\n \
                  print(json.dumps([{'code': c.cell_type == 'code', 'source': c.source, 'metadata': c.metadata} for c in n.cells]))";
    let output = Command::new("python3").arg("-c").arg(script).args(files).output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let read: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // Python without Jupytext prints nothing; the recorded results above still hold.
    if read.is_empty() { None } else { Some(read) }
}

#[test]
fn the_real_jupytext_agrees_on_every_chapter_of_the_book() {
    let book = Path::new("../../book/src");
    let mut files = chapters(book);
    files.retain(|path| path.file_name().is_some_and(|name| name != "SUMMARY.md"));
    files.extend(chapters(&fixtures()));
    let Some(theirs) = jupytext(&files) else { return };
    assert_eq!(theirs.len(), files.len());
    for (path, theirs) in files.iter().zip(theirs) {
        assert_eq!(ours(&Chapter::read(path).unwrap()), theirs, "{}", path.display());
    }
}

const HEADER: &str = "---\njupyter:\n  kernelspec:\n    display_name: Rust\n    language: rust\n    name: rust\n---\n";

/// Lines that are easy to get wrong, in any order.
fn lines() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "",
        "",
        "",
        "text",
        "# heading",
        "- item",
        "    indented",
        "```rust",
        "```rust .noeval",
        "```",
        "```text",
        "~~~",
        "> quote",
        "```python .noeval",
        "let s = '\"';",
        "```rust tags=[\"check\"]",
    ]);
    prop::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n") + "\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is accepted is put back together byte for byte.
    #[test]
    fn a_chapter_is_read_without_loss(body in lines()) {
        let text = format!("{HEADER}{body}");
        if let Ok(chapter) = Chapter::parse(Path::new("01-x.md"), &text) {
            prop_assert_eq!(chapter.text(), text);
        }
    }
}

#[test]
fn jupytext_agrees_on_random_chapters_that_we_accept() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::deterministic();
    let mut files = Vec::new();
    for i in 0..3000 {
        let text = format!("{HEADER}{}", lines().new_tree(&mut runner).unwrap().current());
        let path = folder.path().join(format!("{i}.md"));
        if Chapter::parse(&path, &text).is_ok() {
            std::fs::write(&path, text).unwrap();
            files.push(path);
        }
    }
    assert!(files.len() > 300, "only {} of the random chapters were accepted", files.len());
    let Some(theirs) = jupytext(&files) else { return };
    assert_eq!(theirs.len(), files.len());
    for (path, theirs) in files.iter().zip(theirs) {
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(ours(&Chapter::read(path).unwrap()), theirs, "{text}");
    }
}
