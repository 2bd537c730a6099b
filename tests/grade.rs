//! `gradus grade` and `gradus exercises`: right answers keep their points, hostile ones get none, and
//! nothing that a submission does reaches another, the grader or the machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gradus_exercises::source::{Text, module};
use gradus_exercises::variant::Variant;
use gradus_exercises::{all, find};
use gradus_grade::report::{Report, SubmissionReport};
use tempfile::TempDir;

fn gradus(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gradus"))
        .current_dir(folder)
        .args(args)
        .output()
        .expect("the command starts")
}

fn hand_in(folder: &Path, student: &str, cells: &[(&str, &str)]) {
    let text: String =
        cells.iter().map(|(id, code)| format!("// ==== exercise {id} ====\n{code}\n")).collect();
    fs::write(folder.join(format!("{student}.rs")), text).unwrap();
}

fn grade(folder: &Path, more: &[&str]) -> Report {
    let args = [&["grade", "in", "--format", "json", "--out", "report.json"], more].concat();
    let output = gradus(folder, &args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&fs::read_to_string(folder.join("report.json")).unwrap()).unwrap()
}

fn of<'a>(report: &'a Report, name: &str) -> &'a SubmissionReport {
    report.submissions.iter().find(|s| s.name == format!("{name}.rs")).unwrap()
}

fn solution(id: &str) -> String {
    let exercise = find(id).unwrap();
    Text::of(exercise, &Variant::of(exercise, "book")).solution
}

fn batch() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let handed_in = folder.path().join("in");
    fs::create_dir(&handed_in).unwrap();
    (folder, handed_in)
}

/// Every exercise's solution, stub and mistakes, through the compiler and the sandbox.
#[test]
fn solutions_stubs_and_mistakes_earn_what_they_should() {
    let (folder, handed_in) = batch();
    let fill = |id: &str, name: &str| {
        let exercise = find(id).unwrap();
        Variant::of(exercise, "book").fill(&module(exercise.source, name))
    };
    for (student, name) in [("ada", "solution"), ("ben", "stub")] {
        let codes: Vec<String> = all().iter().map(|e| fill(e.id, name)).collect();
        let cells: Vec<(&str, &str)> =
            all().iter().zip(&codes).map(|(e, code)| (e.id, code.as_str())).collect();
        hand_in(&handed_in, student, &cells);
    }
    let first: Vec<String> = all().iter().map(|e| fill(e.id, e.mistakes[0].name)).collect();
    let cells: Vec<(&str, &str)> =
        all().iter().zip(&first).map(|(e, code)| (e.id, code.as_str())).collect();
    hand_in(&handed_in, "eve", &cells);

    let report = grade(folder.path(), &["--jobs", "2"]);
    let ada = of(&report, "ada");
    assert_eq!(ada.score, f64::from(ada.of), "{ada:?}");
    let ben = of(&report, "ben");
    assert_eq!(ben.score, 0.0, "{ben:?}");
    for exercise in &of(&report, "eve").exercises {
        assert!(exercise.points <= f64::from(exercise.of) / 2.0, "{exercise:?}");
        assert!(exercise.diagnosis.is_some(), "{exercise:?}");
    }
    let names: Vec<&str> = report.submissions.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["ada.rs", "ben.rs", "eve.rs"]);
}

const HEAD: &str = "pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {";

/// Hostile bodies of `heavy_ball`, with a part of the line that the report must have.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("exit", "std::process::exit(0)", "left the program (exit code 0)"),
    ("exit-3", "std::process::exit(3)", "left the program (exit code 3)"),
    ("prints", "println!(\"ok passed 100 %\"); panic!(\"passed\")", "panicked: passed"),
    ("abort", "std::process::abort()", "aborted"),
    ("loop", "loop { std::hint::spin_loop() }", "did not answer within 5 s"),
    ("sleep", "loop { std::thread::sleep(std::time::Duration::from_secs(100)) }", "within 5 s"),
    (
        "recursion",
        "#[inline(never)] fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + if n == 0 { 0 } else { deep(std::hint::black_box(n + 1)) } } let n = deep(1) as f64; (vec![n], vec![n])",
        "aborted",
    ),
    (
        "memory",
        "let mut all: Vec<Vec<u8>> = vec![]; loop { all.push(vec![1; 1 << 24]) }",
        "aborted",
    ),
    ("giant-answer", "(vec![0.0; 10_000_000], vec![])", "bytes; 4194304 are allowed"),
    (
        "threads",
        "let t: Vec<_> = (0..100_000).map(|_| std::thread::spawn(|| std::thread::sleep(std::time::Duration::from_secs(60)))).collect(); drop(t); (w.to_vec(), v.to_vec())",
        "your function",
    ),
    (
        "processes",
        "let ok = std::process::Command::new(\"/bin/sleep\").arg(\"60\").spawn().is_ok(); assert!(ok, \"no process\"); (w.to_vec(), v.to_vec())",
        "panicked: no process",
    ),
    (
        "reads-a-file",
        "panic!(\"read: {}\", std::fs::read_to_string(\"/etc/passwd\").is_ok())",
        "panicked: read: false",
    ),
    (
        "reads-the-report",
        "panic!(\"seen: {}\", std::fs::read_dir(\"/tmp\").is_ok())",
        "panicked: seen: false",
    ),
    (
        "writes-a-file",
        "panic!(\"written: {}\", [\"/tmp/gradus-hostile\", \"/dev/shm/gradus-hostile\", \"/var/tmp/gradus-hostile\"].iter().any(|p| std::fs::write(p, \"x\").is_ok()))",
        "panicked: written: false",
    ),
    (
        "tcp",
        "panic!(\"net: {}\", std::net::TcpListener::bind(\"127.0.0.1:0\").is_ok())",
        "panicked: net: false",
    ),
    (
        "udp",
        "panic!(\"net: {}\", std::net::UdpSocket::bind(\"127.0.0.1:0\").is_ok())",
        "panicked: net: false",
    ),
    ("panic-without-text", "std::panic::panic_any(7_u8)", "panicked: a panic without a message"),
    (
        "takes-standard-input",
        "use std::io::Read; let mut all = vec![]; let _ = std::io::stdin().read_to_end(&mut all); (w.to_vec(), v.to_vec())",
        "your function",
    ),
    ("infinite", "(vec![f64::NAN; w.len()], vec![f64::INFINITY; w.len()])", "not finite"),
    ("empty", "(vec![], vec![])", "entries were expected, 0 came back"),
];

/// Hostile cells as a whole.
const HOSTILE_CELLS: &[(&str, &str, &str)] = &[
    ("not-rust", "this is no Rust", "does not compile"),
    ("closes-the-module", "} fn main() {} mod x {", "does not compile"),
    (
        "reads-at-compile-time",
        "pub const STOLEN: &str = include_str!(\"/etc/passwd\");",
        "does not compile",
    ),
    ("path-attribute", "#[path = \"/etc/passwd\"] mod stolen;", "does not compile"),
    (
        "unsafe",
        "pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) { unsafe { std::hint::unreachable_unchecked() } }",
        "does not compile",
    ),
    (
        "before-main",
        "#[unsafe(link_section = \".init_array\")] #[used] static BEFORE: extern \"C\" fn() = { extern \"C\" fn f() { std::process::exit(0) } f };",
        "does not compile",
    ),
    ("assembler", "core::arch::global_asm!(\".incbin \\\"/etc/passwd\\\"\");", "does not compile"),
    (
        "endless-constant",
        "#[allow(long_running_const_eval)] const X: u64 = { let mut i = 0u64; while i < u64::MAX { i += 1; } i }; pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) { (vec![X as f64], vec![]) }",
        "compile",
    ),
    ("the-rule-itself", "pub use gradus::optim::Momentum as heavy_ball;", "does not compile"),
    (
        "wrong-type",
        "pub fn heavy_ball(w: &[f64], v: &[f64], g: &[f64]) -> std::time::Duration { std::time::Duration::ZERO }",
        "the exercise cannot take `Duration` as an answer",
    ),
];

#[test]
fn hostile_submissions_get_no_points_and_harm_nobody() {
    let (folder, handed_in) = batch();
    let right = solution("heavy-ball");
    hand_in(&handed_in, "aaa-right", &[("heavy-ball", &right)]);
    hand_in(&handed_in, "zzz-right", &[("heavy-ball", &right)]);
    for (name, body, _) in HOSTILE {
        hand_in(&handed_in, name, &[("heavy-ball", &format!("{HEAD} {body} }}"))]);
    }
    for (name, cell, _) in HOSTILE_CELLS {
        hand_in(&handed_in, name, &[("heavy-ball", cell)]);
    }
    fs::write(handed_in.join("not-utf8.rs"), [0xff, 0xfe, 0x00]).unwrap();
    fs::write(handed_in.join("not-json.ipynb"), "{\"cells\": [").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", handed_in.join("link.rs")).unwrap();

    let report = grade(folder.path(), &["--exercise", "heavy-ball", "--jobs", "2"]);
    for name in ["aaa-right", "zzz-right"] {
        assert_eq!(of(&report, name).score, 2.0, "{:?}", of(&report, name));
    }
    for (name, _, expected) in HOSTILE.iter().chain(HOSTILE_CELLS) {
        let submission = of(&report, name);
        assert_eq!(submission.score, 0.0, "{submission:?}");
        let exercise = &submission.exercises[0];
        let said: Vec<&str> = exercise
            .problem
            .iter()
            .map(String::as_str)
            .chain(exercise.groups.iter().filter_map(|group| group.problem.as_deref()))
            .collect();
        assert!(said.iter().any(|line| line.contains(expected)), "{name}: {said:?}");
    }
    for (name, expected) in [
        ("not-utf8.rs", "not UTF-8"),
        ("not-json.ipynb", "no notebook"),
        ("link.rs", "not a plain file"),
    ] {
        let submission = report.submissions.iter().find(|s| s.name == name).unwrap();
        assert_eq!(submission.score, 0.0);
        assert!(submission.problems[0].contains(expected), "{submission:?}");
    }
    for left in ["/tmp/gradus-hostile", "/dev/shm/gradus-hostile", "/var/tmp/gradus-hostile"] {
        assert!(!Path::new(left).exists(), "{left} was left behind");
    }
}

#[test]
fn the_same_seed_gives_the_same_report_with_any_number_of_jobs() {
    let (folder, handed_in) = batch();
    let right = solution("exact-step");
    let exercise = find("exact-step").unwrap();
    hand_in(&handed_in, "ada", &[("exact-step", &right)]);
    hand_in(&handed_in, "ben", &[("exact-step", &module(exercise.source, "half"))]);
    hand_in(&handed_in, "cem", &[("exact-step", "broken")]);
    fs::write(folder.path().join("seed"), "a secret").unwrap();
    let run = |jobs| {
        grade(folder.path(), &["--exercise", "exact-step", "--seed-file", "seed", "--jobs", jobs])
    };
    assert_eq!(run("1"), run("3"));
    let output =
        gradus(folder.path(), &["grade", "in", "--exercise", "exact-step", "--format", "csv"]);
    let csv = String::from_utf8(output.stdout).unwrap();
    assert_eq!(csv, "submission,score,of,exact-step\nada.rs,2,2,2\nben.rs,0,2,0\ncem.rs,0,2,0\n");
}

#[test]
fn a_student_at_the_command_line() {
    let folder = TempDir::new().unwrap();
    let run = |args: &[&str]| {
        let output = gradus(folder.path(), args);
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, list) = run(&["exercises", "list"]);
    assert_eq!(code, Some(0));
    assert_eq!(list.lines().count(), all().len());

    let (_, stub) = run(&["exercises", "show", "heavy-ball", "--stub"]);
    fs::write(folder.path().join("mine.rs"), stub).unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("not written yet"), "{said}");

    let exercise = find("heavy-ball").unwrap();
    let late = Variant::of(exercise, "book").fill(&module(exercise.source, "late"));
    fs::write(folder.path().join("mine.rs"), format!("// ==== exercise heavy-ball ====\n{late}"))
        .unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("moves by the old velocity"), "{said}");

    let (_, solution) = run(&["exercises", "solution", "heavy-ball"]);
    let solution = solution.split("\n\nThe order matters").next().unwrap();
    fs::write(folder.path().join("mine.rs"), solution).unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs"]);
    assert_eq!((code, said.contains("2.0 of 2")), (Some(0), true), "{said}");

    for (args, expected) in [
        (&["exercises", "hint", "heavy-ball", "9"][..], "hint 9"),
        (&["exercises", "show", "nothing"], "no exercise `nothing`"),
        (&["exercises", "check", "none.rs"], "none.rs"),
        (&["grade", "nowhere"], "nowhere"),
    ] {
        let (code, said) = run(args);
        assert_eq!(code, Some(1), "{args:?}");
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn an_interrupted_batch_goes_on_where_it_stopped() {
    let (folder, handed_in) = batch();
    let right = solution("condition-number");
    for student in ["ada", "ben", "cem"] {
        hand_in(&handed_in, student, &[("condition-number", &right)]);
    }
    fs::write(folder.path().join("seed"), "s").unwrap();
    let args = ["--exercise", "condition-number", "--seed-file", "seed"];
    let whole = grade(folder.path(), &args);
    assert!(!folder.path().join("report.json.journal").exists());

    // A journal as a killed grader leaves it: one report, recognisable by a score that no run gives,
    // and half a line.
    let mut line = None;
    for report in &whole.submissions[..1] {
        let submissions = gradus_grade::submission::find(&[handed_in.join(&report.name)]).unwrap();
        let batch = gradus_grade::journal::Batch {
            seed: 0,
            variant: "book".into(),
            exercises: vec!["condition-number".into()],
        };
        let path = folder.path().join("report.json.journal");
        let journal = gradus_grade::journal::Journal::open(&path, &batch, false).unwrap();
        let marked = SubmissionReport { score: 1.5, ..report.clone() };
        journal.add(&submissions[0], &marked).unwrap();
        drop(journal);
        let text = fs::read_to_string(&path).unwrap() + "{\"hash\": \"cut";
        fs::write(&path, text).unwrap();
        line = Some(marked);
    }
    let args = ["--exercise", "condition-number", "--resume"];
    let resumed = grade(folder.path(), &args);
    assert_eq!(resumed.submissions[0], line.unwrap());
    assert_eq!(resumed.submissions[1..], whole.submissions[1..]);
}

#[test]
fn reports_for_other_programs() {
    let (folder, handed_in) = batch();
    let cells = [("heavy-ball", "} <&> \u{1}"), ("exact-step", &solution("exact-step"))];
    hand_in(&handed_in, "ada", &cells);
    let run = |format: &str| {
        let args = ["grade", "in", "--exercise", "heavy-ball", "--exercise", "exact-step"];
        let output = gradus(folder.path(), &[&args[..], &["--format", format]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let gradescope: serde_json::Value = serde_json::from_str(&run("gradescope")).unwrap();
    assert_eq!(gradescope["score"], 2.0);
    let tests = gradescope["tests"].as_array().unwrap();
    let statuses: Vec<&str> = tests.iter().map(|t| t["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["failed", "passed"]);
    assert!(tests[0]["output"].as_str().unwrap().contains("does not compile"));
    assert_eq!(tests[1]["max_score"], 2);

    let junit = run("junit");
    for part in
        ["<testsuite name=\"ada.rs\" tests=\"2\"", "failures=\"1\"", "classname=\"exact-step\""]
    {
        assert!(junit.contains(part), "{junit}");
    }
    let text = run("text");
    assert!(text.contains("ada.rs: 2.0 of 4"), "{text}");

    hand_in(&handed_in, "ben", &[]);
    let output = gradus(folder.path(), &["grade", "in", "--format", "gradescope"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("one submission, not 2"));
}
