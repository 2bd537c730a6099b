//! `gradus grade` and `gradus exercises`: right answers keep their points, hostile ones get none, and
//! nothing that a submission does reaches another, the grader or the machine.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use gradus_exercises::source::{Text, module};
use gradus_exercises::variant::Variant;
use gradus_exercises::{all, find};
use gradus_grade::hostile;
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

/// All of the suite; a right answer beside it keeps its points.
#[test]
fn hostile_submissions_get_no_points_and_harm_nobody() {
    let (folder, handed_in) = batch();
    let right = solution(hostile::EXERCISE);
    hand_in(&handed_in, "aaa-right", &[(hostile::EXERCISE, &right)]);
    hand_in(&handed_in, "zzz-right", &[(hostile::EXERCISE, &right)]);
    hostile::write(&handed_in).unwrap();
    // The grader's own files, where other users can get at them too.
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    for path in [folder.path(), &own] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    let output = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .current_dir(folder.path())
        .env("TMPDIR", &own)
        .args(["grade", "in", "--exercise", hostile::EXERCISE, "--jobs", "2"])
        .args(["--format", "json", "--out", "report.json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report = Report::from_json(&report).unwrap();
    for name in ["aaa-right", "zzz-right"] {
        assert_eq!(of(&report, name).score, 2.0, "{:?}", of(&report, name));
    }
    let mut classes: HashMap<&str, usize> = HashMap::new();
    for hostile in hostile::SUITE {
        *classes.entry(hostile.class).or_default() += 1;
    }
    for (class, how_many) in classes {
        assert!(how_many >= 2 || class == "paths that leave the folder", "{class}: {how_many}");
    }
    assert!(hostile::expected().count() >= 40);
    for (file, expected) in hostile::expected() {
        let submission = report.submissions.iter().find(|s| s.name == file).unwrap();
        assert_eq!(submission.score, 0.0, "{submission:?}");
        assert!(submission.said().contains(expected), "{file}: {}", submission.said());
    }
    assert_eq!(fs::read_dir(&own).unwrap().count(), 0, "the grader left files behind");
    for place in ["/tmp", "/dev/shm", "/var/tmp", "/"] {
        let left = Path::new(place).join("gradus-hostile");
        assert!(!left.exists(), "{} was left behind", left.display());
    }
    // A program that is still running was started by its path.
    let own = own.to_string_lossy().into_owned();
    let running = fs::read_dir("/proc").into_iter().flatten().flatten();
    let commands = running.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    let left = commands.filter(|line| String::from_utf8_lossy(line).contains(&own)).count();
    assert_eq!(left, 0, "processes were left behind");
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    assert!(!mounts.contains(&own), "{mounts}");
}

#[test]
fn the_same_seed_gives_the_same_report_with_any_number_of_jobs() {
    let (folder, handed_in) = batch();
    let right = solution("exact-step");
    let exercise = find("exact-step").unwrap();
    hand_in(&handed_in, "ada", &[("exact-step", &right)]);
    let half = Variant::of(exercise, "book").fill(&module(exercise.source, "half"));
    hand_in(&handed_in, "ben", &[("exact-step", &half)]);
    hand_in(&handed_in, "cem", &[("exact-step", "broken")]);
    fs::write(folder.path().join("seed"), "a secret").unwrap();
    let run = |jobs| {
        grade(folder.path(), &["--exercise", "exact-step", "--seed-file", "seed", "--jobs", jobs])
    };
    assert_eq!(run("1"), run("3"));
    let output =
        gradus(folder.path(), &["grade", "in", "--exercise", "exact-step", "--format", "csv"]);
    let csv = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        csv,
        "submission,score,of,days late,exact-step,remarks\n\
         ada.rs,2,2,0,2,\nben.rs,0,2,0,0,\ncem.rs,0,2,0,0,\n"
    );
}

#[test]
fn a_student_at_the_command_line() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .current_dir(folder.path())
            .env("XDG_STATE_HOME", at("state"))
            .args(args)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, list) = run(&["exercises", "list"]);
    assert_eq!(code, Some(0));
    assert_eq!(list.lines().count(), all().len() + 1);
    let (_, clinics) = run(&["exercises", "list", "--clinic"]);
    assert!(clinics.lines().count() > 10 && clinics.contains("adam-clinic"), "{clinics}");

    let (_, stub) = run(&["exercises", "show", "heavy-ball", "--stub"]);
    fs::write(at("mine.rs"), &stub).unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("still the stub"), "{said}");
    fs::write(at("mine.rs"), stub.replace("todo!()", "let x = 1;\n    todo!()")).unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("not written yet"), "{said}");

    let exercise = find("heavy-ball").unwrap();
    let late = Variant::of(exercise, "book").fill(&module(exercise.source, "late"));
    let other = "// ==== exercise exact-step ====\npub fn x() {}\n";
    let mine = format!("// ==== exercise heavy-ball ====\n{late}\n{other}");
    fs::write(at("mine.rs"), &mine).unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs", "--exercise", "heavy-ball"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("moves by the old velocity"), "{said}");

    // Back to the stub; the other exercise and the old file stay.
    let (code, said) = run(&["exercises", "reset", "heavy-ball", "mine.rs"]);
    assert_eq!(code, Some(0), "{said}");
    let reset = fs::read_to_string(at("mine.rs")).unwrap();
    assert!(reset.contains("todo!()") && reset.ends_with(other), "{reset}");
    assert_eq!(fs::read_to_string(at("mine.rs.bak")).unwrap(), mine);
    let (code, said) = run(&["exercises", "reset", "dropout", "mine.rs"]);
    assert_eq!((code, said.contains("not in mine.rs")), (Some(1), true), "{said}");

    let (_, solution) = run(&["exercises", "solution", "heavy-ball", "--code"]);
    fs::write(at("mine.rs"), solution).unwrap();
    let (code, said) = run(&["exercises", "check", "mine.rs"]);
    assert_eq!((code, said.contains("2.0 of 2")), (Some(0), true), "{said}");
    // It is remembered, also when it breaks again.
    let (_, list) = run(&["exercises", "list"]);
    let line = list.lines().find(|line| line.contains("heavy-ball")).unwrap();
    assert!(line.contains("2.0 of 2"), "{line}");
    let (code, said) = run(&["exercises", "pack", "mine.rs", "--out", "handin.rs"]);
    assert_eq!((code, said.contains("heavy-ball")), (Some(0), true), "{said}");
    let (code, said) = run(&["grade", "handin.rs", "--exercise", "heavy-ball"]);
    assert_eq!((code, said.contains("2.0 of 2")), (Some(0), true), "{said}");

    for (args, expected) in [
        (&["exercises", "hint", "heavy-ball", "9"][..], "hint 9"),
        (&["exercises", "show", "nothing"], "no exercise `nothing`"),
        (&["exercises", "check", "none.rs"], "none.rs"),
        (&["exercises", "check"], "in no project"),
        (&["grade", "nowhere"], "nowhere"),
    ] {
        let (code, said) = run(args);
        assert_eq!(code, Some(1), "{args:?}");
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn a_check_that_watches() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("mine.rs");
    let write = |code: &str| {
        fs::write(&file, format!("// ==== exercise heavy-ball ====\n{code}")).unwrap();
    };
    write("pub fn heavy_ball() {}");
    let log = folder.path().join("log");
    let mut watching = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .current_dir(folder.path())
        .env("XDG_STATE_HOME", folder.path())
        .args(["exercises", "check", "mine.rs", "--watch"])
        .stdout(fs::File::create(&log).unwrap())
        .stderr(fs::File::create(folder.path().join("errors")).unwrap())
        .spawn()
        .unwrap();
    let wait = |text: &str| {
        // Long enough for a busy machine; it ends as soon as the text is there.
        for _ in 0..600 {
            if fs::read_to_string(&log).unwrap().contains(text) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    };
    assert!(wait("whenever a file is saved"));
    write(&solution("heavy-ball"));
    let solved = wait("2.0 of 2");
    watching.kill().unwrap();
    watching.wait().unwrap();
    assert!(solved, "{}", fs::read_to_string(&log).unwrap());
}

/// What is in the repository is what the exercises give, and a student's work is not overwritten.
#[test]
fn exercise_notebooks_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = root.join("notebooks/exercises");
    let output = gradus(&root, &["exercises", "make", "--check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let folder = TempDir::new().unwrap();
    let elsewhere = folder.path().to_str().unwrap();
    let make =
        |more: &[&str]| gradus(&root, &[&["exercises", "make", "--out", elsewhere], more].concat());
    assert!(make(&["--variant", "autumn"]).status.success());
    let file = folder.path().join("14-momentum.ipynb");
    let text = fs::read_to_string(&file).unwrap();
    assert_ne!(text, fs::read_to_string(out.join("14-momentum.ipynb")).unwrap());
    let worked = text.replacen("todo!()", "1 + 1", 1);
    fs::write(&file, &worked).unwrap();
    let output = make(&["--variant", "autumn"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not the stub"));
    assert_eq!(fs::read_to_string(&file).unwrap(), worked);
    assert!(make(&["--variant", "autumn", "--force"]).status.success());
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

/// A new exercise from the template: three files change, and nothing if its name is no name.
#[test]
fn a_new_exercise_begins_as_the_template() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let exercises = root.join("crates/gradus-exercises/src/exercises");
    fs::create_dir_all(root.join("book")).unwrap();
    fs::write(root.join("book/book.toml"), "").unwrap();
    fs::create_dir_all(exercises.join("ch14")).unwrap();
    fs::write(exercises.join("ch14/mod.rs"), "//! Exercises.\n\npub mod heavy_ball;\n").unwrap();
    let all = "static ALL: &[&Exercise] = &[\n    &ch14::heavy_ball::EXERCISE,\n];\n";
    fs::write(exercises.join("mod.rs"), all).unwrap();
    let output = gradus(root, &["exercises", "new", "my-own", "--chapter", "14"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(exercises.join("ch14/my_own.rs")).unwrap();
    assert!(text.contains("id: \"my-own\"") && text.contains("include_str!(\"my_own.rs\")"));
    assert!(text.contains("chapter: 14,"), "{text}");
    let named = fs::read_to_string(exercises.join("ch14/mod.rs")).unwrap();
    assert!(named.ends_with("pub mod heavy_ball;\npub mod my_own;\n"), "{named}");
    let named = fs::read_to_string(exercises.join("mod.rs")).unwrap();
    assert!(
        named.contains("&ch14::heavy_ball::EXERCISE,\n    &ch14::my_own::EXERCISE,\n]"),
        "{named}"
    );
    for (name, chapter, expected) in [
        ("my-own", "14", "there already"),
        ("heavy-ball", "14", "such an exercise already"),
        ("../x", "14", "letters, digits"),
        ("fine", "99", "1 to 23"),
    ] {
        let output = gradus(root, &["exercises", "new", name, "--chapter", chapter]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_killed_batch_goes_on_where_it_stopped() {
    let (folder, handed_in) = batch();
    let right = solution("condition-number");
    for student in 0..12 {
        hand_in(&handed_in, &format!("student-{student:02}"), &[("condition-number", &right)]);
    }
    fs::write(folder.path().join("seed"), "s").unwrap();
    let args = ["--exercise", "condition-number", "--seed-file", "seed"];
    let whole = grade(folder.path(), &args);
    let journal = folder.path().join("report.json.journal");
    assert!(!journal.exists());
    fs::remove_file(folder.path().join("report.json")).unwrap();

    let mut batch = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .current_dir(folder.path())
        .args(["grade", "in", "--format", "json", "--out", "report.json"])
        .args(args)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The first line says how the batch is graded.
    while fs::read_to_string(&journal).unwrap_or_default().lines().count() < 4 {
        assert!(batch.try_wait().unwrap().is_none(), "the batch ended before it could be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    batch.kill().unwrap();
    batch.wait().unwrap();
    assert!(!folder.path().join("report.json").exists());

    // One of its reports gets a score that no run gives, and half a line stands at the end.
    let text = fs::read_to_string(&journal).unwrap();
    assert!(text.lines().count() < 13, "it was killed too late");
    let score = format!("\"score\":{:?}", whole.submissions[0].score);
    assert!(text.contains(&score), "{text}");
    let text = text.replacen(&score, "\"score\":77.5", 1) + "{\"hash\": \"cut";
    fs::write(&journal, text).unwrap();
    let resumed = grade(folder.path(), &["--exercise", "condition-number", "--resume"]);
    assert_eq!(resumed.submissions[0].score, 77.5);
    assert_eq!(resumed.submissions[1..], whole.submissions[1..]);
    assert_eq!(resumed.submissions[0].exercises, whole.submissions[0].exercises);
}

/// A class: a roster, points of its own, constants for each student, lateness, resubmissions, shards.
#[test]
fn a_course_from_notebooks_to_one_table() {
    let (folder, handed_in) = batch();
    let root = folder.path();
    let at = |name: &str| root.join(name);
    fs::write(at("roster.csv"), "student,name,extension\nada,Ada,\nben,Ben,1\ncem,Cem,\n").unwrap();
    let course = "word = \"secret\"\nconstants = \"each\"\nroster = \"roster.csv\"\n\
        deadline = 2026-11-01T12:00:00Z\nlate = { per_day = 0.25 }\nreveal = \"inputs\"\n\
        [[exercise]]\nname = \"heavy-ball\"\npoints = 8\n[[exercise]]\nname = \"exact-step\"\n";
    fs::write(at("course.toml"), course).unwrap();
    fs::write(at("seed"), "s").unwrap();
    let own = |student: &str, id: &str| {
        let exercise = find(id).unwrap();
        Text::of(exercise, &Variant::of(exercise, &format!("secret/{student}"))).solution
    };
    let deadline = UNIX_EPOCH + Duration::from_secs(1_793_534_400);
    let received = |name: &str, days: u64| {
        let time = deadline + Duration::from_secs(days * 24 * 60 * 60);
        let file = fs::File::options().write(true).open(handed_in.join(name)).unwrap();
        file.set_modified(time).unwrap();
    };
    // Ada copies Ben's constants in one exercise; Ben is a day late, which costs him nothing.
    hand_in(
        &handed_in,
        "ada",
        &[("heavy-ball", &own("ben", "heavy-ball")), ("exact-step", &own("ada", "exact-step"))],
    );
    received("ada.rs", 0);
    hand_in(&handed_in, "ben", &[("heavy-ball", &own("ben", "heavy-ball"))]);
    received("ben.rs", 1);
    hand_in(&handed_in, "nobody", &[("heavy-ball", &own("nobody", "heavy-ball"))]);
    received("nobody.rs", 0);
    let run = |args: &[&str]| {
        let output = gradus(root, args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let graded = |rest: &[&str]| {
        let with = ["--course", "course.toml", "--seed-file", "seed", "--format", "json"];
        run(&[&["grade", "in"], &with[..], rest].concat())
    };
    let shard = |part: &str, out: &str| graded(&["--shard", part, "--out", out]);
    shard("1/2", "one.json");
    shard("2/2", "two.json");
    let csv = |reports: &[&str]| {
        let merge = ["grade", "merge", "--course", "course.toml", "--format", "csv"];
        run(&[&merge, reports].concat())
    };
    let first = csv(&["one.json", "two.json"]);
    assert_eq!(
        first,
        "submission,score,of,days late,heavy-ball,exact-step,remarks\nada,2,10,0,0,2,\n\
         ben,8,10,0,8,0,\ncem,0,10,0,0,0,nothing was handed in\n\
         nobody.rs,8,10,0,8,0,it is from nobody in the roster\n"
    );
    // Both parts in one run give the same.
    let args = ["grade", "in", "--course", "course.toml", "--seed-file", "seed", "--format", "csv"];
    assert_eq!(run(&args), first);

    // Each student's notebooks have their own constants, and only the course's exercises.
    let root_of_project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (course_file, out) = (at("course.toml"), at("made"));
    let args = ["exercises", "make", "--course", course_file.to_str().unwrap(), "--out"];
    let output = gradus(&root_of_project, &[&args[..], &[out.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert_ne!(made("ada/14-momentum.ipynb"), made("ben/14-momentum.ipynb"));
    assert!(!made("ada/14-momentum.ipynb").contains("long-ravine"));
    assert!(!out.join("ada/15-nesterov.ipynb").exists());
    assert!(made("ada/14-momentum.ipynb").contains("*`heavy-ball`, 8 points*"));

    // The command knows from the file whose constants it has.
    let notebook = out.join("ada/14-momentum.ipynb");
    let student = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .current_dir(root)
            .env("XDG_STATE_HOME", root)
            .args(args)
            .arg(&notebook)
            .output()
            .unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let said = student(&["exercises", "check"]);
    assert!(said.contains("every exercise is still the stub"), "{said}");
    let untouched = fs::read_to_string(&notebook).unwrap();
    let mut solved: serde_json::Value = serde_json::from_str(&untouched).unwrap();
    for cell in solved["cells"].as_array_mut().unwrap() {
        if cell["id"] == "heavy-ball" {
            cell["source"] = own("ada", "heavy-ball").into();
        }
    }
    fs::write(&notebook, solved.to_string()).unwrap();
    let said = student(&["exercises", "check"]);
    assert!(said.contains("2.0 of 2"), "{said}");
    student(&["exercises", "pack", "--out", "packed.rs"]);
    let packed = fs::read_to_string(at("packed.rs")).unwrap();
    assert!(packed.contains("heavy-ball, constants secret/ada ===="), "{packed}");
    let said = student(&["exercises", "check", "packed.rs", "--exercise", "heavy-ball"]);
    assert_eq!(said.matches("2.0 of 2").count(), 2, "{said}");
    student(&["exercises", "reset", "heavy-ball"]);
    assert_eq!(fs::read_to_string(&notebook).unwrap(), untouched);

    // Ada hands in again, two days late: what was right before stays as it was.
    let both = [("heavy-ball", own("ada", "heavy-ball")), ("exact-step", own("ben", "exact-step"))];
    let both: Vec<(&str, &str)> = both.iter().map(|(id, code)| (*id, code.as_str())).collect();
    hand_in(&handed_in, "ada", &both);
    received("ada.rs", 2);
    fs::remove_file(handed_in.join("ben.rs")).unwrap();
    fs::remove_file(handed_in.join("nobody.rs")).unwrap();
    graded(&["--out", "three.json", "--html", "pages"]);
    let again = csv(&["one.json", "two.json", "three.json"]);
    assert!(again.contains("\nada,6,10,2,4,2,\n"), "{again}");
    let page = fs::read_to_string(at("pages/ada.html")).unwrap();
    assert!(page.contains("4.0 of 8 points") && page.contains("2 days late"), "{page}");
    // This course reveals the input of what is wrong.
    assert!(page.contains(", with g = "), "{page}");
    let last = course.replace("reveal", "resubmissions = \"last\"\nreveal");
    fs::write(at("course.toml"), last.replace("inputs", "points")).unwrap();
    let again = csv(&["one.json", "two.json", "three.json"]);
    assert!(again.contains("\nada,4,10,2,4,0,\n"), "{again}");
    let args = ["grade", "in", "--course", "course.toml", "--seed-file", "seed"];
    let text = run(&args);
    assert!(text.contains("exact-step") && !text.contains("off by"), "{text}");

    for (args, expected) in [
        (&["grade", "in", "--course", "none.toml"][..], "none.toml"),
        (&["grade", "merge", "seed"], "no report"),
    ] {
        let output = gradus(root, args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(expected), "{said}");
    }
    let output = gradus(root, &["grade", "in", "--shard", "3/2", "--seed-file", "seed"]);
    assert_eq!(output.status.code(), Some(2));
}

/// Gradescope's folders, with the script that it runs for each submission.
#[test]
fn gradescope_gets_results_whatever_happens() {
    let (folder, _) = batch();
    let at = |name: &str| folder.path().join(name);
    let teaching = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../teaching");
    for name in ["source", "submission", "bin"] {
        fs::create_dir(at(name)).unwrap();
    }
    for name in ["course.toml", "roster.csv"] {
        fs::copy(teaching.join(name), at("source").join(name)).unwrap();
    }
    fs::write(at("source/seed"), "s").unwrap();
    fs::write(
        at("submission_metadata.json"),
        "{\n \"users\": [{\"email\": \"ada@example.org\", \"id\": 7}]\n}",
    )
    .unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_gradus"), at("bin/gradus")).unwrap();
    let exercise = find("heavy-ball").unwrap();
    let own = Text::of(exercise, &Variant::of(exercise, "change me/ada")).solution;
    hand_in(&at("submission"), "mine", &[("heavy-ball", &own)]);
    let run = || -> serde_json::Value {
        let path = format!("{}:{}", at("bin").display(), std::env::var("PATH").unwrap());
        let status = Command::new(teaching.join("gradescope/run_autograder"))
            .env("AUTOGRADER", folder.path())
            .env("PATH", path)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        serde_json::from_slice(&fs::read(at("results/results.json")).unwrap()).unwrap()
    };
    let results = run();
    // The course's example makes this exercise worth four points.
    let earned: Vec<f64> =
        results["tests"].as_array().unwrap().iter().map(|t| t["score"].as_f64().unwrap()).collect();
    assert_eq!(earned, [0.0, 0.0, 4.0, 0.0], "{results}");
    assert_eq!(results["score"], 4.0);

    fs::write(at("source/course.toml"), "nothing = \"\\\"\"").unwrap();
    let results = run();
    assert_eq!(results["score"], 0);
    assert!(results["output"].as_str().unwrap().contains("Not graded"), "{results}");
}

/// On a machine whose kernel lacks a part of the sandbox, nothing is run.
#[cfg(target_os = "linux")]
#[test]
fn without_landlock_or_seccomp_it_refuses() {
    use seccompiler::{SeccompAction, SeccompFilter, TargetArch, apply_filter};

    let (folder, handed_in) = batch();
    hand_in(&handed_in, "ada", &[("heavy-ball", &solution("heavy-ball"))]);
    for (missing, calls) in
        [("Landlock", &[libc::SYS_landlock_create_ruleset][..]), ("seccomp", &[libc::SYS_seccomp])]
    {
        let folder = folder.path().to_owned();
        let args = ["grade", "in", "--exercise", "heavy-ball"];
        // The filter holds for this thread and the command that it starts.
        let output = std::thread::spawn(move || {
            let rules = calls.iter().map(|call| (*call, vec![])).collect();
            let arch = TargetArch::try_from(std::env::consts::ARCH).unwrap();
            let denied = SeccompAction::Errno(libc::ENOSYS as u32);
            let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, arch).unwrap();
            let filter: seccompiler::BpfProgram = filter.try_into().unwrap();
            apply_filter(&filter).unwrap();
            gradus(&folder, &args)
        });
        let output = output.join().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(said.contains("the sandbox does not hold") && said.contains(missing), "{said}");
        assert!(said.contains("--trusted"), "{said}");
    }
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
    // Nothing but what Gradescope documents.
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let known = ["score", "output", "visibility", "tests", "name", "max_score", "status"];
    for key in tests.iter().chain([&gradescope]).flat_map(keys) {
        assert!(known.contains(&key.as_str()), "{key}");
    }
    for test in tests {
        let (score, most) = (test["score"].as_f64().unwrap(), test["max_score"].as_f64().unwrap());
        assert!((0.0..=most).contains(&score) && test["visibility"] == "visible", "{test}");
    }

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
