use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::*;

/// Eight runs of a second or so in all, one of which diverges.
fn plan() -> Plan {
    Plan {
        data: Data::Digits,
        epochs: 2,
        batch_size: 64,
        seeds: vec![1, 2],
        rates: vec![0.1],
        models: vec![
            Model::Softmax,
            Model::Mlp { hidden: vec![8], activation: crate::models::Activation::Tanh },
        ],
        rules: vec![
            Entrant::new("SGD"),
            Entrant {
                name: Some("wild".into()),
                rates: vec![1e38],
                ..Entrant::new("gradient descent")
            },
        ],
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The race's results after at most `runs` further runs: the text of the file, if it is complete.
    fn go_on(&self, name: &str, threads: usize, runs: usize) -> Option<String> {
        let mut left = runs;
        let race = Race::new(plan()).unwrap();
        let date = format!("today, {left} runs");
        race.write(self.path(name), &date, "this machine", threads, |progress| {
            left -= usize::from(progress.record.is_some());
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap()
        .map(|_| fs::read_to_string(self.path(name)).unwrap())
    }
}

fn body(text: &str) -> &str {
    text.split_once('\n').unwrap().1
}

#[test]
fn whatever_stops_a_race_the_file_is_the_same() {
    let folder = Folder::new();
    let whole = folder.go_on("whole", 1, 100).unwrap();
    assert_eq!(whole.lines().count(), 9);
    assert!(!folder.path("whole.journal").exists());

    // Two runs; three more on three threads; then a kill in the middle of a line; then the rest.
    assert_eq!(folder.go_on("parts", 1, 2), None);
    assert_eq!(folder.go_on("parts", 3, 3), None);
    assert!(!folder.path("parts").exists());
    let journal = folder.path("parts.journal");
    let text = fs::read(&journal).unwrap();
    fs::write(&journal, &text[..text.len() - 20]).unwrap();
    let parts = folder.go_on("parts", 2, 100).unwrap();
    assert_eq!(body(&parts), body(&whole));
    // Of the first call.
    assert!(parts.starts_with("{\"date\":\"today, 2 runs\""));
    assert!(!journal.exists());

    // Killed before the header was whole.
    fs::write(folder.path("early.journal"), "{\"date\":\"yest").unwrap();
    assert_eq!(body(&folder.go_on("early", 2, 100).unwrap()), body(&whole));

    // What is done is not done again.
    assert_eq!(folder.go_on("parts", 1, 1), Some(parts));
}

#[test]
fn results_are_read_as_they_were_written_and_can_be_run_again() {
    let folder = Folder::new();
    folder.go_on("race", 2, 100).unwrap();
    let results = Results::load(folder.path("race")).unwrap();
    assert_eq!(results.plan, plan());
    assert_eq!(results.race().unwrap().run(5).unwrap(), results.records[5]);
    assert_eq!(results.records.len(), 8);

    let tuned = results.tuned("softmax", "SGD");
    assert_eq!(tuned.iter().map(|r| r.seed).collect::<Vec<_>>(), [1, 2]);
    assert!(tuned.iter().all(|r| r.diverged.is_none() && r.test_accuracy > 0.8));
    assert_eq!(results.pairs()[3], ("tanh MLP 64-8-10".into(), "wild".into()));
    // A loss that is no number any more is a result.
    for record in results.of("softmax", "wild") {
        assert!(record.diverged.is_some(), "{record:?}");
        assert!(record.train_losses.iter().all(|loss| loss.is_finite()));
    }
}

#[test]
fn a_file_that_does_not_fit_is_refused() {
    let folder = Folder::new();
    let whole = folder.go_on("race", 2, 100).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let error = |text: String| {
        fs::write(folder.path("bad"), text).unwrap();
        Results::load(folder.path("bad")).unwrap_err().to_string()
    };
    assert!(error(String::new()).contains("a race's date, machine and plan"));
    assert!(error(lines[..4].join("\n")).contains("one for each of 8 runs"));
    assert!(error(whole.replace(lines[3], lines[2])).contains("line 4"));
    assert!(error(whole.replace(lines[3], "{}")).contains("line 4"));

    // The journal of another plan, or with a run that this one has not.
    let race = |epochs| {
        Race::new(Plan { epochs, ..plan() })
            .unwrap()
            .write(folder.path("new"), "", "", 1, |_| ControlFlow::Break(()))
    };
    assert_eq!(race(2).unwrap(), None);
    assert!(race(3).unwrap_err().to_string().contains("a journal of this plan"));
    let journal = folder.path("new.journal");
    let begun = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, begun + &lines[1].replace("softmax", "hardmax") + "\n").unwrap();
    assert!(race(2).unwrap_err().to_string().contains("a run of the plan"));
}

#[test]
fn a_plan_that_cannot_be_run_names_key_and_value() {
    let message = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan();
        change(&mut plan);
        plan.check().unwrap_err().to_string()
    };
    assert_eq!(message(&|p| p.epochs = 0), "`epochs` is 0, expected at least 1");
    assert_eq!(message(&|p| p.seeds.clear()), "`seeds` is empty, expected at least one entry");
    assert_eq!(message(&|p| p.seeds = vec![7, 7]), "`seeds` is 7 twice, expected every entry once");
    assert_eq!(message(&|p| p.rates = vec![-1.0]), "`rates` is -1, expected finite numbers > 0");
    assert_eq!(
        message(&|p| p.rules[1].rates = vec![f64::NAN]),
        "`rules[1].rates` is NaN, expected finite numbers > 0"
    );
    assert!(
        message(&|p| p.rules[0].rule = "Adan".into())
            .starts_with("`rules[0].rule` is \"Adan\", expected one of gradient descent,")
    );
    let set = |p: &mut Plan| drop(p.rules[0].settings.insert("momentum".into(), 2.into()));
    assert!(message(&set).starts_with("`rules[0].momentum` is 2, expected"));
    assert_eq!(
        message(&|p| p.models[1] =
            Model::Mlp { hidden: vec![0], activation: crate::models::Activation::Relu }),
        "`models[1].hidden` is 0, expected at least 1"
    );
}
