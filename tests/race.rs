//! The command `gradus race`: a plan becomes a file of results, whatever stops it.

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::{Run, gradus};

const PLAN: &str = "epochs = 2\nseeds = [1, 2, 3]\nrates = [0.01, 0.1]\n
[[models]]\nkind = \"softmax\"\n\n[[models]]\nkind = \"mlp\"\nhidden = [16]\n
[[rules]]\nrule = \"SGD\"\n\n[[rules]]\nrule = \"Adam\"\nbeta1 = 0.8\n";

fn race(folder: &Path, more: &[&str]) -> Run {
    Run::of(gradus(folder).arg("race").arg("plan.toml").args(more).output().unwrap())
}

/// Without the first line, which has the date.
fn records(path: &Path) -> String {
    fs::read_to_string(path).unwrap().split_once('\n').unwrap().1.to_owned()
}

#[test]
fn a_killed_race_goes_on_and_gives_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let run = race(folder.path(), &["--out", "whole.jsonl"]).succeeds();
    assert!(run.stdout.contains("MLP 64-16-10"), "{}", run.stdout);
    let whole = records(&folder.path().join("whole.jsonl"));
    assert_eq!(whole.lines().count(), 2 * 2 * 2 * 3);

    let results = folder.path().join("plan.jsonl");
    let journal = folder.path().join("plan.jsonl.journal");
    let mut child = gradus(folder.path()).args(["race", "plan.toml"]).spawn().unwrap();
    let runs = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    // It may be done before it is killed; then the journal is gone.
    while runs() < 4 && !results.exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    race(folder.path(), &["--threads", "1"]).succeeds();
    assert_eq!(records(&results), whole);
    assert!(!journal.exists());
}

#[test]
fn a_bad_plan_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |text: &str, parts: &[&str]| {
        fs::write(folder.path().join("plan.toml"), text).unwrap();
        race(folder.path(), &[]).fails_with(parts);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    };
    refused(&PLAN.replace("beta1 = 0.8", "beta1 = 1.8"), &["plan.toml", "`rules[1].beta1` is 1.8"]);
    refused(&PLAN.replace("epochs", "epoch"), &["plan.toml", "unknown field `epoch`", "line 1"]);
    refused(&PLAN.replace("[16]", "\"16\""), &["plan.toml"]);
    refused("", &["plan.toml", "missing field"]);
    assert_eq!(race(folder.path(), &["--threads", "0"]).code, Some(2));
}
