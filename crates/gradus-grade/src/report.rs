//! What is said of submissions. Hidden inputs and right answers are not in it.

use std::fmt::Write as _;

use gradus_exercises::mark::Group;
use serde::{Deserialize, Serialize};

use crate::submission::Submission;

/// The report on a batch, as `--format json` writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this format: 1.
    pub version: u32,
    /// One for each submission, in the order of their names.
    pub submissions: Vec<SubmissionReport>,
}

/// The report on a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmissionReport {
    /// The name of what was handed in.
    pub name: String,
    /// Points earned.
    pub score: f64,
    /// Points to be had.
    pub of: u32,
    /// What could not be read.
    pub problems: Vec<String>,
    /// One for each exercise that was asked for.
    pub exercises: Vec<ExerciseReport>,
}

/// The report on an exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExerciseReport {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Points earned.
    pub points: f64,
    /// Points to be had.
    pub of: u32,
    /// Why it was not run, if it was not.
    pub problem: Option<String>,
    /// The usual mistake that it is, if it is one.
    pub diagnosis: Option<String>,
    /// Its groups of cases.
    pub groups: Vec<GroupReport>,
}

/// The report on a group of cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupReport {
    /// What it is about.
    pub name: String,
    /// Whether all of its cases are right.
    pub passed: bool,
    /// What is wrong with the first that is not.
    pub problem: Option<String>,
}

impl GroupReport {
    pub(crate) fn of(group: &Group) -> Self {
        Self {
            name: group.name.to_owned(),
            passed: group.passed(),
            problem: group.cases.iter().find_map(|case| case.problem.clone()),
        }
    }
}

impl ExerciseReport {
    /// Whether all points were earned.
    pub fn is_full(&self) -> bool {
        self.points >= f64::from(self.of)
    }

    /// What is wrong, in lines; nothing if nothing is.
    pub fn feedback(&self) -> String {
        let failed = self.groups.iter().filter(|group| !group.passed);
        let groups = failed.map(|group| {
            format!("{}: {}", group.name, group.problem.as_deref().unwrap_or_default())
        });
        let lines: Vec<String> =
            self.problem.iter().chain(&self.diagnosis).cloned().chain(groups).collect();
        lines.join("\n")
    }
}

impl SubmissionReport {
    pub(crate) fn new(submission: &Submission, exercises: Vec<ExerciseReport>) -> Self {
        Self {
            name: submission.name.clone(),
            score: exercises.iter().map(|e| e.points).sum(),
            of: exercises.iter().map(|e| e.of).sum(),
            problems: submission.problems.clone(),
            exercises,
        }
    }
}

impl Report {
    pub(crate) fn new(submissions: Vec<SubmissionReport>) -> Self {
        Self { version: 1, submissions }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for submission in &self.submissions {
            let _ =
                writeln!(out, "{}: {:.1} of {}", submission.name, submission.score, submission.of);
            for problem in &submission.problems {
                let _ = writeln!(out, "  {problem}");
            }
            for exercise in &submission.exercises {
                let _ =
                    writeln!(out, "  {:20} {:.1} of {}", exercise.id, exercise.points, exercise.of);
                for line in exercise.feedback().lines() {
                    let _ = writeln!(out, "    {line}");
                }
            }
        }
        out
    }

    /// For machines; [`Report`] says what it holds.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// Gradescope's `results.json`, which is about one submission.
    ///
    /// # Errors
    /// If there is not exactly one.
    pub fn gradescope(&self) -> Result<String, String> {
        let [submission] = &self.submissions[..] else {
            let n = self.submissions.len();
            return Err(format!("Gradescope's report is about one submission, not {n}"));
        };
        let tests = submission.exercises.iter().map(|exercise| {
            serde_json::json!({
                "name": exercise.title,
                "score": exercise.points,
                "max_score": exercise.of,
                "status": if exercise.is_full() { "passed" } else { "failed" },
                "output": exercise.feedback(),
                "visibility": "visible",
            })
        });
        let results = serde_json::json!({
            "score": submission.score,
            "output": submission.problems.join("\n"),
            "visibility": "visible",
            "tests": tests.collect::<Vec<_>>(),
        });
        serde_json::to_string_pretty(&results).map_err(|e| e.to_string())
    }

    /// JUnit's XML: a suite for each submission, a case for each exercise.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn junit(&self) -> Result<String, quick_junit::SerializeError> {
        use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
        let mut report = quick_junit::Report::new("gradus grade");
        for submission in &self.submissions {
            let mut suite = TestSuite::new(submission.name.as_str());
            for exercise in &submission.exercises {
                let status = if exercise.is_full() {
                    TestCaseStatus::success()
                } else {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(format!("{:.1} of {}", exercise.points, exercise.of));
                    status.set_description(exercise.feedback());
                    status
                };
                let mut case = TestCase::new(exercise.title.as_str(), status);
                case.set_classname(exercise.id.as_str());
                suite.add_test_case(case);
            }
            report.add_test_suite(suite);
        }
        report.to_string()
    }

    /// A line for each submission, a column for each exercise.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn csv(&self) -> Result<String, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if let Some(first) = self.submissions.first() {
            let ids = first.exercises.iter().map(|e| e.id.as_str());
            writer.write_record(["submission", "score", "of"].into_iter().chain(ids))?;
        }
        for submission in &self.submissions {
            let points = submission.exercises.iter().map(|e| e.points.to_string());
            let head =
                [submission.name.clone(), submission.score.to_string(), submission.of.to_string()];
            writer.write_record(head.into_iter().chain(points))?;
        }
        let bytes = writer.into_inner().map_err(|e| e.into_error())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
