//! Notebooks in the real kernel: the model chapters afresh, and what a run refuses.

mod common;

use std::process::Stdio;

use common::{HEADER, Project, gradus, repository};

/// The chapters that every test run executes; `.ci/full` executes all.
const MODELS: [&str; 2] = ["01", "14"];

/// Runs the command in this repository, with its progress shown.
fn here(arguments: &[&str]) {
    let status = gradus(repository()).args(arguments).stderr(Stdio::inherit()).status().unwrap();
    assert!(status.success(), "gradus {} failed; its messages are above", arguments.join(" "));
}

#[test]
fn the_model_chapters_give_what_their_notebooks_say() {
    here(&[&["notebooks", "--check"], &MODELS[..]].concat());
}

#[test]
fn no_notebook_is_stale() {
    let out = tempfile::tempdir().unwrap();
    here(&["book", "--no-run", "--out", out.path().join("book").to_str().unwrap()]);
}

const RUNS: &str = r##"# A chapter

It printed {{loss.loss}}, in $10^{ {{loss.loss}} }$.

```rust name="loss" tags=["hide-input"]
println!("loss = {:.12}\nsteps = {}", 0.125_f64, 7);
```

```rust name="fig-line" caption="A line after {{loss.steps}} steps."
println!("EVCXR_BEGIN_CONTENT image/svg+xml\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" role=\"img\"><title>t</title><desc>d</desc><metadata>{}</metadata></svg>\nEVCXR_END_CONTENT",
    "{\"gradus-figure\":{\"panels\":[{\"series\":[{\"kind\":\"line\",\"name\":\"a\",\"x\":[1.0],\"y\":[0.25]}]}]}}");
```

```rust name="time" tags=["measured"]
println!("{:?}", std::time::SystemTime::now());
```
"##;

#[test]
fn a_run_fills_the_notebook_and_the_page_and_a_check_finds_what_was_changed() {
    let project = Project::new(&[("01-a", RUNS)]);
    project.gradus(&["book"]).succeeds();
    let page = project.read("target/book/01-a.html");
    assert!(page.contains("0.125000000000") && page.contains("Figure 1.1."));
    assert_eq!(
        project.read("target/book/01-a/fig-line.csv"),
        "panel,series,kind,x,y\n1,a,line,1.0,0.25\n"
    );
    let made = project.read("notebooks/01-a.ipynb");
    assert!(made.contains("It printed 0.125000000000"));

    project.gradus(&["notebooks", "--check"]).succeeds();
    assert_eq!(project.read("notebooks/01-a.ipynb"), made, "a check changes nothing");

    // By a relative 1e-12: the same. By 1e-3, in text or in a figure's data: another.
    let change =
        |from: &str, to: &str| project.write("notebooks/01-a.ipynb", made.replace(from, to));
    let printed = "\"loss = 0.125000000000\\n\"";
    assert!(made.contains(printed));
    change(printed, "\"loss = 0.1250000000001\\n\"");
    project.gradus(&["notebooks", "--check"]).succeeds();
    change(printed, "\"loss = 0.125125\\n\"");
    let place =
        ["notebooks/01-a.ipynb", "cell `loss`", "recorded “0.125125”, now “0.125000000000”"];
    project.gradus(&["notebooks", "--check"]).fails_with(&place);
    change("steps = 7", "steps = 8");
    project.gradus(&["notebooks", "--check"]).fails_with(&["cell `loss`", "steps = 8"]);
    // In the output, not in the code that made it.
    let data = "[0.25]}]}]}}</metadata>";
    change(data, "[0.2500000000002]}]}]}}</metadata>");
    project.gradus(&["notebooks", "--check"]).succeeds();
    change(data, "[0.25025]}]}]}}</metadata>");
    project
        .gradus(&["notebooks", "--check"])
        .fails_with(&["cell `fig-line`", "recorded “0.25025”"]);
    // Outputs that were changed by hand are not shown: the book runs the cells again.
    project.gradus(&["book", "--no-run"]).fails_with(&["outputs were changed"]);

    // Of two chapters one fails: the other still gets its notebook, the failing one keeps its own.
    change("steps = 7", "steps = 7");
    project.write("book/src/02-b.md", format!("{HEADER}# B\n\n```rust name=\"b\"\n1 + 1\n```\n"));
    project.write("book/src/SUMMARY.md", "# Summary\n\n- [a](01-a.md)\n- [b](02-b.md)\n");
    let broken = RUNS.replace("0.125_f64", "0.125_f65");
    project.write("book/src/01-a.md", format!("{HEADER}{broken}"));
    let line = 1 + format!("{HEADER}{broken}").lines().position(|l| l.contains("f65")).unwrap();
    project.gradus(&["book"]).fails_with(&[&format!("book/src/01-a.md:{line}"), "loss"]);
    assert_eq!(project.read("notebooks/01-a.ipynb"), made);
    assert!(project.read("notebooks/02-b.ipynb").contains("text/plain"));
}

/// A cell that fails: the run says where, and writes nothing.
fn fails(cell: &str, parts: &[&str]) {
    let chapter = format!(
        "# T\n\n```rust name=\"before\"\n1\n```\n\n```rust name=\"bad\" timeout=5\n{cell}\n```\n"
    );
    let project = Project::new(&[("01-a", &chapter)]);
    let before = project.files();
    project.gradus(&["book"]).fails_with(&[&["01-a.md:16", "bad"], parts].concat());
    assert_eq!(project.files(), before);
    assert!(!project.path("target/book").exists());
}

#[test]
fn a_cell_that_loops_for_ever_is_stopped() {
    fails("loop {}", &["5.0 s"]);
}

#[test]
fn a_cell_that_kills_the_kernel_is_reported() {
    fails("std::process::abort();", &[]);
}
