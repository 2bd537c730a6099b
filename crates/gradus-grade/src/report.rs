//! What is said of submissions. Hidden inputs and right answers are not in it.

use std::fmt::Write as _;

use gradus_exercises::PUBLISHED;
use gradus_exercises::exercise::Exercise;
use gradus_exercises::mark::Group;
use gradus_exercises::show::escape;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use serde::{Deserialize, Serialize};

use crate::course::{Course, Resubmissions, Reveal};
use crate::submission::Submission;

/// The version of the JSON format.
const VERSION: u32 = 1;

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
    /// When it was received, in seconds since 1970.
    pub received: Option<u64>,
    /// How many days it is late, each day begun. The points are what this leaves of them.
    pub days_late: u32,
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
    /// Whether all of it is right. It earns less if it is late.
    pub passed: bool,
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
    /// What was put in there, if the course reveals it.
    pub input: Option<String>,
}

impl GroupReport {
    pub(crate) fn of(group: &Group, reveal: Reveal) -> Self {
        let wrong = group.cases.iter().find(|case| case.problem.is_some());
        Self {
            name: group.name.to_owned(),
            passed: group.passed(),
            problem: wrong.and_then(|case| case.problem.clone()),
            input: wrong.filter(|_| reveal >= Reveal::Inputs).map(|case| case.args.to_string()),
        }
    }
}

impl ExerciseReport {
    /// No points yet.
    pub(crate) fn not_handed_in((exercise, of): (&'static Exercise, u32)) -> Self {
        Self {
            id: exercise.id.to_owned(),
            title: Text::of(exercise, &Variant::of(exercise, PUBLISHED)).title,
            points: 0.0,
            of,
            passed: false,
            problem: Some(NOT_HANDED_IN.to_owned()),
            diagnosis: None,
            groups: Vec::new(),
        }
    }

    /// What is wrong, in lines; nothing if nothing is.
    pub fn feedback(&self) -> String {
        let failed = self.groups.iter().filter(|group| !group.passed);
        let groups = failed.map(|group| {
            let input = group.input.iter().map(|input| format!(", with {input}"));
            let problem = group.problem.as_deref().unwrap_or_default();
            format!("{}{}: {problem}", group.name, input.collect::<String>())
        });
        let lines: Vec<String> =
            self.problem.iter().chain(&self.diagnosis).cloned().chain(groups).collect();
        lines.join("\n")
    }
}

impl SubmissionReport {
    pub(crate) fn new(
        submission: &Submission,
        days_late: u32,
        exercises: Vec<ExerciseReport>,
    ) -> Self {
        Self {
            name: submission.name.clone(),
            score: exercises.iter().map(|e| e.points).sum(),
            of: exercises.iter().map(|e| e.of).sum(),
            received: submission.received,
            days_late,
            problems: submission.problems.clone(),
            exercises,
        }
    }
}

impl SubmissionReport {
    /// All that is said of it, in lines.
    pub fn said(&self) -> String {
        let feedback = self.exercises.iter().map(ExerciseReport::feedback);
        self.remarks()
            .chain(feedback)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What is said of it as a whole.
    pub fn remarks(&self) -> impl Iterator<Item = String> + '_ {
        let days = if self.days_late == 1 { "day" } else { "days" };
        let late = format!("{} {days} late", self.days_late);
        (self.days_late > 0).then_some(late).into_iter().chain(self.problems.iter().cloned())
    }
}

impl Report {
    pub(crate) fn new(submissions: Vec<SubmissionReport>) -> Self {
        Self { version: VERSION, submissions }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for submission in &self.submissions {
            let _ =
                writeln!(out, "{}: {:.1} of {}", submission.name, submission.score, submission.of);
            for remark in submission.remarks() {
                let _ = writeln!(out, "  {remark}");
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

    /// Reads what [`json`](Self::json) wrote.
    ///
    /// # Errors
    /// If it is no report, or one of another version.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_str(text).map_err(|e| format!("no report: {e}"))?;
        if report.version != VERSION {
            return Err(format!("a report of version {}; {VERSION} expected", report.version));
        }
        Ok(report)
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
                "status": if exercise.passed { "passed" } else { "failed" },
                "output": exercise.feedback(),
                "visibility": "visible",
            })
        });
        let results = serde_json::json!({
            "score": submission.score,
            "output": submission.remarks().collect::<Vec<_>>().join("\n"),
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
                let status = if exercise.passed {
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
        // Jenkins's schema has no such attribute on the outermost element; nothing is ever skipped.
        Ok(report.to_string()?.replacen(" skipped=\"0\"", "", 1))
    }

    /// A line for each submission, a column for each exercise.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn csv(&self) -> Result<String, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if let Some(first) = self.submissions.first() {
            let ids = first.exercises.iter().map(|e| e.id.as_str());
            let head = ["submission", "score", "of", "days late"];
            writer.write_record(head.into_iter().chain(ids).chain(["remarks"]))?;
        }
        for submission in &self.submissions {
            let points = submission.exercises.iter().map(|e| e.points.to_string());
            let head = [
                submission.name.clone(),
                submission.score.to_string(),
                submission.of.to_string(),
                submission.days_late.to_string(),
            ];
            let remarks = submission.problems.join("; ");
            writer.write_record(head.into_iter().chain(points).chain([remarks]))?;
        }
        let bytes = writer.into_inner().map_err(|e| e.into_error())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// One report of several: of shards of a batch, or of a student's submissions one after the other.
    ///
    /// Of submissions with one name, and with a roster of one student, each exercise counts as the
    /// course says. With a roster, everybody in it has a line.
    pub fn merge(reports: Vec<Self>, course: &Course) -> Self {
        let mut merged: Vec<SubmissionReport> = Vec::new();
        for mut submission in reports.into_iter().flat_map(|report| report.submissions) {
            match course.student(&submission.name) {
                Some(student) => submission.name.clone_from(&student.student),
                None if course.roster.is_empty() => {}
                None => {
                    let stranger = "it is from nobody in the roster".to_owned();
                    if !submission.problems.contains(&stranger) {
                        submission.problems.push(stranger);
                    }
                }
            }
            match merged.iter_mut().find(|known| known.name == submission.name) {
                Some(known) => known.take(submission, course.resubmissions),
                None => merged.push(submission),
            }
        }
        for student in &course.roster {
            if merged.iter().all(|submission| submission.name != student.student) {
                merged.push(SubmissionReport {
                    name: student.student.clone(),
                    score: 0.0,
                    of: course.exercises.iter().map(|(_, points)| points).sum(),
                    received: None,
                    days_late: 0,
                    problems: vec!["nothing was handed in".to_owned()],
                    exercises: course.graded().map(ExerciseReport::not_handed_in).collect(),
                });
            }
        }
        merged.sort_by(|a, b| a.name.cmp(&b.name));
        Self::new(merged)
    }
}

impl SubmissionReport {
    /// Takes over from a later submission of the same student what counts.
    fn take(&mut self, later: Self, rule: Resubmissions) {
        for exercise in later.exercises {
            match self.exercises.iter_mut().find(|known| known.id == exercise.id) {
                None => self.exercises.push(exercise),
                Some(known) => {
                    let handed_in = exercise.problem.as_deref() != Some(NOT_HANDED_IN);
                    let counts = match rule {
                        Resubmissions::Best => exercise.points > known.points,
                        Resubmissions::Last => handed_in,
                    };
                    if counts {
                        *known = exercise;
                        self.days_late = later.days_late;
                    }
                }
            }
        }
        self.received = self.received.max(later.received);
        self.problems.extend(later.problems);
        self.score = self.exercises.iter().map(|e| e.points).sum();
        self.of = self.exercises.iter().map(|e| e.of).sum();
    }

    /// A page for the student.
    pub fn html(&self) -> String {
        let mut out = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n\
             <p><strong>{1:.1} of {2} points</strong></p>\n",
            escape(&self.name),
            self.score,
            self.of
        );
        for remark in self.remarks() {
            let _ = writeln!(out, "<p>{}</p>", escape(&remark));
        }
        for exercise in &self.exercises {
            let sign = if exercise.passed { "✓" } else { "✗" };
            let _ = writeln!(
                out,
                "<h2>{sign} {}</h2>\n<p><code>{}</code>: {:.1} of {} points</p>",
                escape(&exercise.title),
                escape(&exercise.id),
                exercise.points,
                exercise.of
            );
            let feedback = exercise.feedback();
            if !feedback.is_empty() {
                let _ = writeln!(out, "<pre>{}</pre>", escape(&feedback));
            }
        }
        out.push_str("</main>\n</body>\n</html>\n");
        out
    }
}

/// The style of a student's page.
const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif}\
    main{max-width:44rem;margin:auto;padding:1rem}h2{font-size:1.1rem;margin:1.5rem 0 0}\
    pre{white-space:pre-wrap;border-left:4px solid #b35900;padding-left:.7rem}";

/// What is said of an exercise that is not in a submission.
pub(crate) const NOT_HANDED_IN: &str = "not handed in";
