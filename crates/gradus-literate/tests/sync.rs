//! Sync loses nothing: chapter → notebook → chapter is the identity, and an edit changes only itself.

use std::path::Path;

use gradus_literate::chapter::Chapter;
use gradus_literate::index::Index;
use gradus_literate::notebook::{split_lines, tangle};
use gradus_literate::sync::{sync, unexpand};
use gradus_literate::{notebook, prose};
use nbformat::v4;
use proptest::prelude::*;

const HEADER: &str = "---\njupyter:\n  kernelspec:\n    display_name: Rust\n    language: rust\n    name: rust\n---\n\n";

const CHAPTER: &str = r#"# A chapter

The loss is {{run.loss}} after [](#fig-path); see [](#eq-step) and [the other](02-other.md).

$$
w \gets w - \eta g \label{eq-step}
$$


A second cell: `{{not.this}}`, $\eta = {{run.rate}}$ and **{{run.loss}}** again.

```rust name="run"   tags=["check"]  timeout=5
println!("loss = 0.5\nrate = 1e-3");
```
Directly below.

```rust caption="A path" name="fig-path"
figure
```

The end.
"#;

fn printed(text: &str) -> v4::Output {
    v4::Output::Stream { name: "stdout".into(), text: v4::MultilineString(text.into()) }
}

fn outputs() -> Vec<Vec<v4::Output>> {
    vec![vec![printed("loss = 0.5\nrate = 1e-3\n")], vec![]]
}

fn chapter(body: &str) -> Chapter {
    Chapter::parse(Path::new("01-x.md"), &format!("{HEADER}{body}")).unwrap()
}

fn index(chapter: &Chapter) -> Index {
    let other = Chapter::parse(Path::new("02-other.md"), &format!("{HEADER}# Other\n")).unwrap();
    Index::of([chapter, &other]).unwrap()
}

fn made(chapter: &Chapter) -> v4::Notebook {
    tangle(chapter, &index(chapter), &outputs(), "inputs".into(), "rustc".into()).unwrap()
}

fn set_source(notebook: &mut v4::Notebook, id: &str, text: &str) {
    for cell in &mut notebook.cells {
        if cell.id().as_str() == id {
            match cell {
                v4::Cell::Code { source, .. }
                | v4::Cell::Markdown { source, .. }
                | v4::Cell::Raw { source, .. } => *source = split_lines(text),
            }
        }
    }
}

fn source(notebook: &v4::Notebook, id: &str) -> String {
    notebook.cells.iter().find(|cell| cell.id().as_str() == id).unwrap().source().concat()
}

#[test]
fn the_notebook_has_values_references_and_links_written_out() {
    let notebook = made(&chapter(CHAPTER));
    let prose = source(&notebook, "start-1");
    assert!(
        prose.contains(
            "The loss is 0.5 after Figure 1.1; see (1.1) and [the other](02-other.ipynb)."
        ),
        "{prose}"
    );
    assert!(prose.contains(r"w \gets w - \eta g \tag{1.1}"), "{prose}");
    let second = source(&notebook, "start-2");
    assert!(
        second.contains("`{{not.this}}`, $\\eta = 1 \\times 10^{-3}$ and **0.5** again"),
        "{second}"
    );
}

#[test]
fn an_untouched_notebook_gives_the_chapter_back() {
    let chapter = chapter(CHAPTER);
    assert_eq!(sync(&chapter, &index(&chapter), &made(&chapter)).unwrap(), chapter.text());
}

#[test]
fn an_edit_keeps_the_references_around_it() {
    let chapter = chapter(CHAPTER);
    let mut notebook = made(&chapter);
    let edited = source(&notebook, "start-1")
        .replace("The loss is", "Now the loss was")
        .replace("see (1.1)", "look at (1.1)");
    set_source(&mut notebook, "start-1", &edited);
    let text = sync(&chapter, &index(&chapter), &notebook).unwrap();
    let expected = chapter
        .text()
        .replace("The loss is", "Now the loss was")
        .replace("; see [](", "; look at [](");
    assert_eq!(text, expected);
}

#[test]
fn code_metadata_and_new_cells_come_back() {
    let chapter = chapter(CHAPTER);
    let mut notebook = made(&chapter);
    set_source(&mut notebook, "run", "println!(\"loss = 0.25\\nrate = 1e-3\");");
    if let v4::Cell::Code { metadata, .. } = &mut notebook.cells[2] {
        metadata.tags = Some(vec!["check".into(), "hide-output".into()]);
    }
    let new = |json| serde_json::from_value::<v4::Cell>(json).unwrap();
    notebook.cells.insert(
        1,
        new(serde_json::json!({
            "cell_type": "markdown", "id": "0a1b", "metadata": {}, "source": "New prose."
        })),
    );
    notebook.cells.push(new(serde_json::json!({
        "cell_type": "code", "id": "0a1c", "metadata": {"name": "new"}, "source": "let x = 1;",
        "execution_count": null, "outputs": []
    })));
    let text = sync(&chapter, &index(&chapter), &notebook).unwrap();
    let expected = chapter
        .text()
        .replace("println!(\"loss = 0.5", "println!(\"loss = 0.25")
        .replace(
            "\"run\"   tags=[\"check\"]  timeout=5",
            "\"run\" tags=[\"check\",\"hide-output\"] timeout=5",
        )
        .replace("\n\n\nA second cell", "\n\n\nNew prose.\n\n\nA second cell")
        + "\n```rust name=\"new\"\nlet x = 1;\n```\n";
    assert_eq!(text, expected);
}

#[test]
fn what_has_no_place_in_a_chapter_is_refused() {
    let chapter = chapter(CHAPTER);
    let mut notebook = made(&chapter);
    set_source(&mut notebook, "run", "let a = \"\n```\n\";");
    assert!(sync(&chapter, &index(&chapter), &notebook).is_err());

    let mut notebook = made(&chapter);
    if let v4::Cell::Code { metadata, .. } = &mut notebook.cells[2] {
        metadata.tags = Some(vec!["no-such-tag".into()]);
    }
    let error = sync(&chapter, &index(&chapter), &notebook).unwrap_err();
    assert!(error.to_string().contains("no-such-tag"), "{error}");
}

fn body() -> impl Strategy<Value = String> {
    let block = prop::sample::select(vec![
        "text\n",
        "\n",
        "\n\n",
        "- item\n",
        "    indented\n",
        "```rust\nlet a = 1;\n```\n",
        "```rust tags=[\"check\"]\n\n```\n",
        "```rust\n```\n",
        "```text\nx\n\n\ny\n```\n",
        "$$x$$\n",
        "{{run.loss}} here\n",
        "~~~\n# no\n~~~\n",
        "| a |\n|---|\n| 1 |\n",
        "trailing  \n",
        "[](#fig-path)\n",
    ]);
    prop::collection::vec(block, 0..12).prop_map(|blocks| {
        format!("# T\n\n```rust name=\"run\"\n1\n```\n\n```rust name=\"fig-path\" caption=\"c\"\n```\n\n{}", blocks.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn round_trips_lose_nothing(body in body(), cut in 0..3_usize) {
        // With and without line breaks at the end of the file.
        let body = &body[..body.len() - cut.min(body.len() - body.trim_end().len())];
        let Ok(chapter) = Chapter::parse(Path::new("01-x.md"), &format!("{HEADER}{body}")) else {
            return Ok(());
        };
        let outputs = vec![outputs()[0].clone()];
        let notebook = tangle(&chapter, &index(&chapter), &outputs, String::new(), String::new()).unwrap();
        // Through the file, as Jupyter would.
        let json = notebook::to_json(&notebook).unwrap();
        let nbformat::Notebook::V4(read) = nbformat::parse_notebook(&json).unwrap() else {
            panic!("not format 4.5")
        };
        prop_assert_eq!(notebook::sources_hash(&read), notebook::sources_hash(&notebook));
        prop_assert_eq!(sync(&chapter, &index(&chapter), &read).unwrap(), chapter.text());
    }

    /// Text added anywhere around a reference leaves the reference.
    #[test]
    fn references_survive_edits_around_them(before in "[a-z \\n]{0,20}", after in "[a-z \\n]{0,20}") {
        let source = "x {{run.loss}} y";
        let at = 2..source.len() - 2;
        let expansions = [prose::Expansion { range: at, text: "0.125".into() }];
        let edited = format!("{before}x 0.125 y{after}");
        prop_assert_eq!(unexpand(source, &expansions, &edited), format!("{before}{source}{after}"));
    }
}
