//! What the kernel does otherwise than one would expect, and that the runner deals with it: one
//! test for each trap. All notebooks run in one go, each in a real kernel of its own.

use gradus_literate::kernel::{self, Cache, Installation, Interrupt};
use gradus_literate::progress::Progress;
use gradus_literate::run::{
    CellJob, CellResult, Failure, NotebookJob, RunError, RunOptions, run_all,
};
use nbformat::v4::Output;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The kernel, or one failure of all these tests, with the remedy.
static KERNEL: LazyLock<Installation> = LazyLock::new(|| {
    kernel::ensure(&Progress::new(), &Interrupt::new()).unwrap_or_else(|error| panic!("{error}"))
});

type Results = BTreeMap<String, Result<Vec<CellResult>, RunError>>;

static RESULTS: LazyLock<Results> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let configured = folder.path().join("configured");
    std::fs::create_dir(&configured).unwrap();
    std::fs::write(configured.join("evcxr.toml"), "[evcxr]\n").unwrap();
    let lockfile = folder.path().join("Cargo.lock");
    std::fs::write(&lockfile, LOCKFILE).unwrap();
    // A `let` outside braces costs four seconds: the kernel has to tell the variable's type.
    let dir = folder.path();
    let jobs = vec![
        notebook("works", dir, WORKS),
        notebook("question mark", dir, &["{\n\nlet n: i32 = \"x\".parse()?;\n}"]),
        notebook("panic", dir, &["{\nlet v = vec![1];\nv[v.len()];\nlet u = 2; }"]),
        notebook("panic in an earlier cell's function", dir, &[FUNCTION, "f(1);", "f(5);"]),
        notebook("does not compile", dir, &["{\nlet b: i32 = \"two\";\nlet c = b;\n}"]),
        notebook("does not compile, not ASCII", dir, &["{ // η\nlet b: i32 = \"two\";\n}"]),
        notebook("borrow", dir, &["let v = vec![1];\nlet first = &v[0];"]),
        notebook(
            "standard error",
            dir,
            &["println!(\"out\");\neprintln!(\"err\");", "println!();"],
        ),
        notebook("abort", dir, &["std::process::abort();"]),
        notebook("exit", dir, &["println!(\"bye\");\nstd::process::exit(0);"]),
        notebook("kills the kernel", dir, &[KILLS]),
        with_limit(notebook("loops", dir, &["println!(\"before\");", LOOPS])),
        notebook("configured", &configured, &["1"]),
        notebook("pinned", dir, &[PINNED]),
    ];
    let options = RunOptions { lockfile: Some(lockfile), ..RunOptions::default() };
    run_all(jobs, &KERNEL, &options, &Progress::new()).into_iter().collect()
});

fn notebook(name: &str, dir: &Path, cells: &[&str]) -> NotebookJob {
    let cell = |(number, source): (usize, &&str)| CellJob {
        name: format!("c{}", number + 1),
        source: (*source).into(),
        line: 100 * (number + 1),
        timeout: None,
        allow_stderr: source.contains("may write to standard error"),
    };
    NotebookJob {
        name: name.into(),
        chapter: "book/src/14-momentum.md".into(),
        dir: dir.into(),
        cells: cells.iter().enumerate().map(cell).collect(),
        expected: None,
    }
}

fn with_limit(mut job: NotebookJob) -> NotebookJob {
    job.cells[1].timeout = Some(Duration::from_secs(4));
    job
}

const WORKS: &[&str] = &[
    "for line in 0..2000 { println!(\"line {line}\"); };",
    "// may write to standard error\neprintln!(\"to standard error\");",
    r#"for mark in ["one", "two"] { println!("EVCXR_BEGIN_CONTENT text/html\n<b>{mark}</b>\nEVCXR_END_CONTENT"); }"#,
    "let numbers = vec![1.5, 2.0];\nfn double(x: f64) -> f64 { 2.0 * x }",
    "let boxed: Box<dyn Fn(f64) -> f64> = Box::new(|x| double(x) + 1.0);\nprintln!(\"{}\", numbers.iter().map(|&x| double(x)).sum::<f64>());",
    "boxed(3.0)",
    "// may write to standard error\nlet failed = std::thread::spawn(|| panic!(\"in a thread\")).join().is_err();\nprintln!(\"{failed}\");",
    r#"for name in ["JUPYTER_PATH", "EVCXR_TMPDIR", "EVCXR_CONFIG_DIR", "TMPDIR", "CARGO_TARGET_DIR", "CARGO_MANIFEST_DIR", "RUSTFLAGS"] {
    println!("{name}={}", std::env::var(name).unwrap_or("-".into()));
}
println!("cwd={}", std::env::current_dir()?.display());"#,
    "println!(\"a\");",
    "println!(\"b\");",
    "println!(\"c\");",
];

const FUNCTION: &str = "fn f(n: usize) {\n    assert!(n < 3, \"n is {n}\");\n}";

const KILLS: &str = r#"{ let kernel = std::os::unix::process::parent_id();
std::process::Command::new("kill").args(["-KILL", &kernel.to_string()]).status()?;
loop { std::thread::sleep(std::time::Duration::from_secs(1)); } }"#;

const LOOPS: &str = "std::process::Command::new(\"sleep\").arg(\"98710\").spawn()?;\nloop { std::hint::black_box(()); };";

const LOCKFILE: &str = r#"version = 4

[[package]]
name = "cfg-if"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "baf1de4339761588bc0619e3cbc0120ee582ebb74b53b4efbf79117bd2da40fd"
"#;

const PINNED: &str = r#":dep cfg-if = "1"
{ let lock = std::fs::read_to_string(std::env::var("EVCXR_TMPDIR")? + "/Cargo.lock")?;
println!("{}", lock.lines().skip_while(|line| !line.contains("cfg-if")).nth(1).unwrap_or("none")); }"#;

fn cells(name: &str) -> &'static [CellResult] {
    RESULTS[name].as_ref().unwrap_or_else(|error| panic!("{error}"))
}

fn error(name: &str) -> &'static RunError {
    match &RESULTS[name] {
        Ok(_) => panic!("`{name}` should have failed"),
        Err(error) => error,
    }
}

/// The streams and results of a cell of the notebook that works.
fn outputs(cell: usize) -> &'static [Output] {
    &cells("works")[cell - 1].outputs
}

fn stream(output: &Output) -> (&str, &str) {
    match output {
        Output::Stream { name, text } => (name, &text.0),
        other => panic!("not a stream: {other:?}"),
    }
}

fn sleeps(seconds: &str) -> bool {
    let list = Command::new("ps").args(["-A", "-o", "args="]).output().unwrap();
    let wanted = format!("sleep {seconds}");
    String::from_utf8_lossy(&list.stdout).lines().any(|line| line.trim() == wanted)
}

#[test]
fn streams_come_line_by_line_and_are_joined() {
    let [output] = outputs(1) else { panic!("one output, not {:?}", outputs(1)) };
    let expected: String = (0..2000).map(|line| format!("line {line}\n")).collect();
    assert_eq!(stream(output), ("stdout", expected.as_str()));
}

#[test]
fn execution_counts_start_at_two_and_are_renumbered() {
    let counts: Vec<i32> = cells("works").iter().map(|cell| cell.execution_count).collect();
    assert_eq!(counts, (1..=WORKS.len() as i32).collect::<Vec<_>>());
    let [Output::ExecuteResult(result)] = outputs(6) else { panic!("{:?}", outputs(6)) };
    assert_eq!(usize::from(result.execution_count), 6);
}

#[test]
fn standard_error_is_kept_where_it_is_allowed() {
    assert_eq!(stream(&outputs(2)[0]), ("stderr", "to standard error\n"));
}

#[test]
fn of_two_outputs_of_one_kind_the_last_survives() {
    let [Output::ExecuteResult(result)] = outputs(3) else { panic!("{:?}", outputs(3)) };
    let value = serde_json::to_string(&result.data).unwrap();
    assert!(value.contains("two") && !value.contains("one"), "{value}");
}

#[test]
fn variables_functions_and_boxed_closures_persist() {
    assert_eq!(stream(&outputs(5)[0]), ("stdout", "7\n"));
    let [Output::ExecuteResult(result)] = outputs(6) else { panic!("{:?}", outputs(6)) };
    assert!(serde_json::to_string(&result.data).unwrap().contains("7.0"));
}

#[test]
fn a_panics_text_holds_a_thread_id_which_is_taken_out() {
    let (name, text) = outputs(7).iter().map(stream).find(|(name, _)| *name == "stderr").unwrap();
    assert_eq!(name, "stderr");
    assert!(text.contains("thread '<unnamed>' panicked at"), "{text}");
}

#[test]
fn a_cell_has_ended_when_both_its_idle_status_and_its_reply_have_come() {
    // Were one of the two enough, an output would now and then be the next cell's.
    for (cell, letter) in [(9, "a\n"), (10, "b\n"), (11, "c\n")] {
        assert_eq!(outputs(cell).iter().map(stream).collect::<Vec<_>>(), [("stdout", letter)]);
    }
}

#[test]
fn a_launch_would_rewrite_the_users_kernelspec_so_its_jupyter_path_is_private() {
    let (_, text) = stream(&outputs(8)[0]);
    let value = |name: &str| {
        let prefix = format!("{name}=");
        text.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap().to_owned()
    };
    let cache = KERNEL.cache.path().display().to_string();
    for name in ["JUPYTER_PATH", "EVCXR_TMPDIR", "EVCXR_CONFIG_DIR", "TMPDIR"] {
        assert!(value(name).starts_with(&cache), "{name} is {}", value(name));
    }
    // Of the cargo that runs this test.
    for name in ["CARGO_TARGET_DIR", "CARGO_MANIFEST_DIR"] {
        assert_eq!(value(name), "-", "{name}");
    }
    let jupyter = PathBuf::from(value("JUPYTER_PATH"));
    let spec = std::fs::read(jupyter.join("kernels/rust/kernel.json")).unwrap();
    let spec: serde_json::Value = serde_json::from_slice(&spec).unwrap();
    assert_eq!(spec["env"]["JUPYTER_PATH"], value("JUPYTER_PATH"));
    assert_eq!(spec["env"]["RUST_SRC_PATH"].as_str(), KERNEL.rust_src.to_str());
    assert_eq!(spec["argv"][0].as_str(), KERNEL.evcxr.to_str());
}

#[test]
fn a_compiled_cell_finds_its_standard_library_below_the_home_folder() {
    // The kernel moves a compiled cell away from the folder that its relative path to `libstd`
    // begins in; below the same home folder as the toolchain every cell failed to load.
    assert!(!cells("works").is_empty());
}

#[test]
fn a_failing_question_mark_answers_ok_and_fails_all_the_same() {
    let error = error("question mark");
    assert_eq!(error.failure, Failure::QuestionMark("invalid digit found in string".into()));
    assert_eq!(error.line, Some(102));
    assert_eq!(
        error.to_string(),
        "book/src/14-momentum.md:102: cell `c1` returned an error through `?`: invalid digit found in string"
    );
}

#[test]
fn a_panic_is_an_error_with_the_line_in_the_chapter() {
    let error = error("panic");
    assert_eq!((error.cell.as_deref(), error.line), (Some("c1"), Some(102)));
    let Failure::Panic(message) = &error.failure else { panic!("{error}") };
    assert_eq!(message, "index out of bounds: the len is 1 but the index is 1");
}

#[test]
fn a_panic_in_an_earlier_cells_function_names_the_cell_that_ran_and_the_line_that_panicked() {
    let error = error("panic in an earlier cell's function");
    assert_eq!((error.cell.as_deref(), error.line), (Some("c3"), Some(101)));
    assert_eq!(error.failure, Failure::Panic("n is 5".into()));
}

#[test]
fn a_compile_error_names_the_line_in_the_chapter_and_has_no_colours() {
    for (name, line) in [("does not compile", 101), ("does not compile, not ASCII", 101)] {
        let error = error(name);
        assert_eq!((error.cell.as_deref(), error.line), (Some("c1"), Some(line)), "{error}");
        let Failure::Compile(message) = &error.failure else { panic!("{error}") };
        assert!(message.contains("mismatched types"), "{message}");
        assert!(!message.contains('\u{1b}') && !message.contains("unused"), "{message}");
    }
}

#[test]
fn borrows_cannot_persist() {
    let Failure::Compile(message) = &error("borrow").failure else { panic!("{}", error("borrow")) };
    assert!(message.contains("first") || message.contains("borrow"), "{message}");
}

#[test]
fn text_on_standard_error_fails_a_cell_even_if_it_comes_late() {
    let error = error("standard error");
    assert_eq!((error.cell.as_deref(), error.line), (Some("c1"), Some(100)));
    assert_eq!(error.failure, Failure::Stderr("err".into()));
}

#[test]
fn abort_and_exit_are_errors_whose_text_is_in_the_output_message_only() {
    for name in ["abort", "exit"] {
        let Failure::Died(message) = &error(name).failure else { panic!("{}", error(name)) };
        assert!(message.contains("Subprocess terminated with status"), "{message}");
    }
}

#[test]
fn a_kernel_that_dies_is_noticed() {
    let error = error("kills the kernel");
    assert_eq!(error.cell.as_deref(), Some("c1"));
    let Failure::Died(message) = &error.failure else { panic!("{error}") };
    assert!(message.starts_with("killed by signal 9"), "{message}");
}

#[test]
fn a_cell_that_loops_cannot_be_interrupted_so_its_whole_group_is_killed() {
    let error = error("loops");
    assert_eq!((error.cell.as_deref(), error.line), (Some("c2"), Some(200)));
    assert_eq!(error.failure, Failure::TimedOut(Duration::from_secs(4)));
    assert!(!sleeps("98710"), "what the cell started is gone too");
}

#[test]
fn a_configuration_in_the_working_directory_would_win_and_is_refused() {
    let error = error("configured");
    let Failure::Start(message) = &error.failure else { panic!("{error}") };
    assert!(message.contains("configured/evcxr.toml would override"), "{message}");
}

#[test]
fn the_kernel_ignores_the_lockfile_so_it_is_given_a_copy() {
    let [cell] = cells("pinned") else { panic!("one cell") };
    assert_eq!(stream(&cell.outputs[0]), ("stdout", "version = \"1.0.0\"\n"));
}

#[test]
fn no_kernel_leaves_its_folder_behind() {
    LazyLock::force(&RESULTS);
    let (interrupt, cache) = (Interrupt::new(), tempfile::tempdir().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let kernel = Installation { cache: Cache::at(cache.path()), ..KERNEL.clone() };
    let mark = dir.path().join("runs");
    let cell = format!(
        "std::fs::write({mark:?}, \"\")?;\nstd::process::Command::new(\"sleep\").arg(\"98711\").spawn()?.wait()?;"
    );
    let jobs =
        vec![notebook("interrupted", dir.path(), &[&cell]), notebook("waits", dir.path(), &["1"])];
    let options =
        RunOptions { interrupt: interrupt.clone(), at_once: Some(1), ..RunOptions::default() };
    let results = std::thread::scope(|scope| {
        let run = scope.spawn(|| run_all(jobs, &kernel, &options, &Progress::hidden()));
        let start = Instant::now();
        while !mark.exists() && !run.is_finished() {
            assert!(start.elapsed() < Duration::from_secs(120), "the cell has not begun");
            std::thread::sleep(Duration::from_millis(50));
        }
        interrupt.trigger();
        run.join().unwrap()
    });
    for (name, result) in results {
        assert_eq!(result.unwrap_err().failure, Failure::Interrupted, "{name}");
    }
    assert!(!sleeps("98711"), "what the cell started is gone");
    let left: Vec<_> = std::fs::read_dir(cache.path().join("sessions"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, ["lock"]);
}
