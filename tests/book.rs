//! The command `gradus` on a project of its own: what it makes without a kernel, and what it refuses.

mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{HEADER, Project, Run, gradus, repository};

const PROSE: &str = "# A chapter\n\nWords and $x^2$.\n";

fn project() -> Project {
    Project::new(&[("01-a", PROSE), ("02-b", "# Another\n\nSee [](01-a.md).\n")])
}

/// The command refuses the project after `spoil`, with a message of these parts, and changes nothing.
fn refuses(spoil: impl Fn(&Project), arguments: &[&str], parts: &[&str]) {
    let project = project();
    project.gradus(&["book"]).succeeds();
    spoil(&project);
    let before = project.files();
    let page = project.read("target/book/01-a.html");
    project.gradus(arguments).fails_with(parts);
    assert_eq!(project.files(), before, "every file is as it was");
    assert_eq!(project.read("target/book/01-a.html"), page, "the book is as it was");
}

fn refuses_chapter(text: &str, parts: &[&str]) {
    refuses(
        |project| project.write("book/src/01-a.md", format!("{HEADER}{text}")),
        &["book"],
        parts,
    );
}

#[test]
fn a_book_without_code_needs_no_kernel() {
    let project = project();
    let run = project.gradus(&["book"]).succeeds();
    assert!(run.stdout.contains("index.html"), "it says what to open");
    let page = project.read("target/book/01-a.html");
    assert!(page.contains("<math") && !page.contains("kernelspec"));
    assert!(project.read("target/book/02-b.html").contains("Chapter\u{a0}1</a>"));
    assert!(project.read("notebooks/02-b.ipynb").contains("[Chapter 1](01-a.ipynb)"));
    // A second time, and after a change of prose: still no kernel, and nothing else changes.
    let files = project.files();
    project.gradus(&["book", "--no-run"]).succeeds();
    assert_eq!(project.files(), files);
    project.write("book/src/01-a.md", format!("{HEADER}{}", PROSE.replace("Words", "New words")));
    project.gradus(&["book"]).succeeds();
    assert!(project.read("target/book/01-a.html").contains("New words"));
    assert!(project.read("notebooks/01-a.ipynb").contains("New words"));
}

#[test]
fn an_unclosed_fence_is_refused() {
    refuses_chapter("# T\n\n```rust\nlet a = 1;\n", &["book/src/01-a.md:11", "never closed"]);
    refuses_chapter("# T\n\n```text\n", &["book/src/01-a.md:11", "never closed"]);
}

#[test]
fn unknown_metadata_is_refused() {
    refuses_chapter("# T\n\n```rust colour=1\n```\n", &["01-a.md:11", "`colour` is unknown"]);
    refuses_chapter(
        "# T\n\n```rust tags=[\"hide\"]\n```\n",
        &["01-a.md:11", "\"hide\" is unknown"],
    );
    refuses_chapter("# T\n\n```rust tolerance=0.1\n```\n", &["01-a.md:11", "tolerance_reason"]);
    refuses_chapter("# T\n\n```rust name=\n```\n", &["01-a.md:11", "not JSON"]);
}

#[test]
fn a_name_used_twice_is_refused() {
    let twice = "# T\n\n```rust name=\"a\"\n```\n\n```rust name=\"a\"\n```\n";
    refuses_chapter(twice, &["01-a.md:14", "`a` is used twice"]);
}

#[test]
fn broken_references_and_formulas_are_refused() {
    refuses_chapter("# T\n\nSee\n[](#fig-no).\n", &["01-a.md:12", "fig-no"]);
    refuses_chapter("# T\n\nSee [x](03-no.md).\n", &["01-a.md:11", "03-no"]);
    refuses_chapter("# T\n\nIt is {{a.b}}.\n", &["01-a.md:11", "{{a.b}}"]);
    refuses_chapter("# T\n\nIt is {{ab}}.\n", &["01-a.md:11", "{{cell.name}}"]);
    refuses_chapter("# T\n\n$$\n\\frac{1}{\n$$\n", &["01-a.md:11", "\\frac{1}{"]);
    refuses_chapter("# T\n\nIn a line: $\\nosuchcommand{x}$.\n", &["01-a.md:11", "nosuchcommand"]);
}

#[test]
fn broken_references_and_formulas_are_refused_before_anything_runs() {
    // The cell would fail too, later: that it is not named shows that it did not run.
    let code = "```rust name=\"a\" CAPTION\npanic!(\"it ran\")\n```\n";
    let plain = code.replace(" CAPTION", "");
    refuses_chapter(&format!("# T\n\n[x](03-no.md)\n\n{plain}"), &["01-a.md:11", "03-no"]);
    refuses_chapter(
        &format!("# T\n\n$\\frac{{1}}{{$ {{{{a.b}}}}\n\n{plain}"),
        &["01-a.md:11", "frac"],
    );
    let caption = code.replace("CAPTION", "caption=\"[](#fig-no)\"");
    refuses_chapter(&format!("# T\n\n{caption}"), &["01-a.md:11", "fig-no"]);
}

#[test]
fn invalid_utf8_is_refused_with_its_line() {
    let bytes = [HEADER.as_bytes(), b"# T\n\n\xff\n"].concat();
    refuses(
        |project| project.write("book/src/01-a.md", &bytes),
        &["book"],
        &["01-a.md:11", "UTF-8"],
    );
}

#[test]
fn a_chapter_without_its_header_is_refused() {
    refuses(|p| p.write("book/src/01-a.md", "# T\n"), &["book"], &["01-a.md:1", "no header"]);
}

#[test]
fn a_notebook_that_is_no_json_is_refused_and_left_alone() {
    refuses(
        |p| p.write("notebooks/01-a.ipynb", "no JSON"),
        &["book"],
        &["notebooks/01-a.ipynb", "not a notebook"],
    );
    refuses(
        |p| p.write("notebooks/01-a.ipynb", "{}"),
        &["book"],
        &["notebooks/01-a.ipynb", "not a notebook"],
    );
}

#[test]
fn a_notebook_that_was_edited_is_refused_until_it_is_synced() {
    let edit = |project: &Project| {
        let text = project.read("notebooks/01-a.ipynb").replace("Words and", "Other words and");
        project.write("notebooks/01-a.ipynb", text);
    };
    refuses(edit, &["book"], &["notebooks/01-a.ipynb", "gradus sync 01-a"]);

    let project = project();
    project.gradus(&["book"]).succeeds();
    edit(&project);
    project.gradus(&["sync"]).succeeds();
    assert_eq!(
        project.read("book/src/01-a.md"),
        format!("{HEADER}{}", PROSE.replace("Words", "Other words"))
    );
    project.gradus(&["book"]).succeeds();
    assert!(project.read("target/book/01-a.html").contains("Other words"));

    // An edit in both places cannot be joined.
    let text = project.read("notebooks/01-a.ipynb").replace("Other words", "Third words");
    project.write("notebooks/01-a.ipynb", text);
    project.write("book/src/01-a.md", format!("{HEADER}# Changed\n"));
    let before = project.files();
    project.gradus(&["sync"]).fails_with(&["notebooks/01-a.ipynb", "both"]);
    assert_eq!(project.files(), before);
    project.gradus(&["notebooks", "--force", "01"]).succeeds();
    assert!(project.read("notebooks/01-a.ipynb").contains("# Changed"));
}

#[test]
fn a_stale_notebook_is_refused_without_a_run() {
    let code = "# T\n\n```rust name=\"a\"\n1\n```\n";
    refuses(
        |project| project.write("book/src/01-a.md", format!("{HEADER}{code}")),
        &["book", "--no-run"],
        &["notebooks/01-a.ipynb", "stale", "gradus notebooks"],
    );
}

#[test]
fn an_output_folder_that_cannot_be_written_is_refused() {
    // A folder inside a file cannot be made, whoever asks.
    let project = project();
    project.write("file", "");
    let out = project.path("file/book");
    project.gradus(&["book", "--out", out.to_str().unwrap()]).fails_with(&["file/book"]);

    // A read-only folder, which only stops ordinary users; root has /proc.
    let folder = project.path("read-only");
    fs::create_dir(&folder).unwrap();
    let mut permissions = folder.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&folder, permissions).unwrap();
    let out = if File::create(folder.join("x")).is_ok() {
        "/proc/gradus".into()
    } else {
        folder.join("book")
    };
    project.gradus(&["book", "--out", out.to_str().unwrap()]).fails_with(&[out.to_str().unwrap()]);

    // A folder with other things in it is not replaced.
    project.write("mine/letter.txt", "");
    project.gradus(&["book", "--out", "mine"]).fails_with(&["mine", "not a book"]);
    assert!(project.path("mine/letter.txt").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_pipe_is_an_error_and_no_panic() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = gradus(project().root())
        .arg("doctor")
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    Run::of(output).fails_with(&["standard output"]);
}

#[test]
fn an_unknown_chapter_is_refused_by_name() {
    refuses(|_| {}, &["notebooks", "99-none"], &["`99-none`", "01-a"]);
    refuses(|_| {}, &["sync", "99-none"], &["`99-none`"]);
    refuses(|_| {}, &["lab", "99-none"], &["`99-none`"]);
}

#[test]
fn a_second_command_waits_for_the_first_and_says_so() {
    let project = project();
    fs::create_dir_all(project.path("target/gradus")).unwrap();
    let lock = File::create(project.path("target/gradus/lock")).unwrap();
    lock.lock().unwrap();
    let mut second = gradus(project.root())
        .arg("book")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(second.stderr.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("waiting"), "{line}");
    assert!(second.try_wait().unwrap().is_none(), "it waits");
    drop(lock);
    assert!(second.wait().unwrap().success());
}

#[test]
fn wrong_use_ends_with_2_and_no_project_with_1() {
    let project = project();
    assert_eq!(project.gradus(&["bok"]).code, Some(2));
    assert_eq!(project.gradus(&["book", "--serve", "--no-run"]).code, Some(2));
    let elsewhere = tempfile::tempdir().unwrap();
    let output = gradus(elsewhere.path()).arg("book").output().unwrap();
    Run::of(output).fails_with(&["book/book.toml"]);
}

#[test]
fn the_help_of_every_command_names_its_arguments() {
    let project = project();
    let help = project.gradus(&["--help"]).succeeds().stdout;
    for command in ["book", "notebooks", "sync", "lab", "doctor"] {
        assert!(help.contains(command));
        project.gradus(&[command, "--help"]).succeeds();
    }
    assert!(repository().join("README.md").exists());
}
