//! A course's file: what is graded, for how much, for whom, until when.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use gradus_exercises::exercise::Exercise;
use gradus_exercises::variant::Variant;
use gradus_exercises::{PUBLISHED, find};
use serde::Deserialize;

use crate::Error;
use crate::submission::Submission;

/// How a class is graded. [`Course::default`] is all exercises, for the published constants.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// What is graded, and for how many points.
    pub exercises: Vec<(&'static str, u32)>,
    /// The word from which the students' own constants come.
    pub word: String,
    /// Whose constants an exercise has.
    pub constants: Constants,
    /// The students; nobody if there is no roster.
    pub roster: Vec<Student>,
    /// The time, in seconds since 1970, until which a submission is in time.
    pub deadline: Option<u64>,
    /// What being late costs.
    pub late: Late,
    /// Which of a student's submissions counts.
    pub resubmissions: Resubmissions,
    /// What feedback tells.
    pub reveal: Reveal,
}

/// Whose constants an exercise has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Constants {
    /// All students of the course have the same.
    #[default]
    Shared,
    /// Each student has others.
    Each,
}

/// Which of a student's submissions counts, exercise by exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resubmissions {
    /// The one with the most points.
    #[default]
    Best,
    /// The last one that has the exercise.
    Last,
}

/// What feedback tells a student, each more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reveal {
    /// The points of each exercise.
    Points,
    /// Also what is wrong, and which mistake it is.
    #[default]
    Diagnosis,
    /// Also the hidden input of the first case of each group that is wrong.
    Inputs,
}

/// What being late costs.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// The share of the points that each day begun costs.
    #[serde(default)]
    pub per_day: f64,
    /// After so many days nothing counts any more; never if it is not given.
    pub days: Option<u32>,
}

/// A line of the roster.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Student {
    /// What the student's submissions are called.
    pub student: String,
    /// For people.
    #[serde(default)]
    pub name: String,
    /// Days after the deadline that cost nothing.
    pub extension: Option<u32>,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            exercises: gradus_exercises::all().iter().map(|e| (e.id, e.points)).collect(),
            word: PUBLISHED.to_owned(),
            constants: Constants::default(),
            roster: Vec::new(),
            deadline: None,
            late: Late::default(),
            resubmissions: Resubmissions::default(),
            reveal: Reveal::default(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// For people; the grader does not need it.
    #[serde(rename = "title")]
    _title: Option<String>,
    word: Option<String>,
    #[serde(default)]
    constants: Constants,
    roster: Option<PathBuf>,
    deadline: Option<toml::value::Datetime>,
    #[serde(default)]
    late: Late,
    #[serde(default)]
    resubmissions: Resubmissions,
    #[serde(default)]
    reveal: Reveal,
    #[serde(rename = "exercise")]
    exercises: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    points: Option<u32>,
}

const DAY: u64 = 24 * 60 * 60;

impl Course {
    /// Reads a course's file, and the roster that it names, which lies beside it.
    ///
    /// # Errors
    /// If a file cannot be read, or something in it is not as expected; the text names it.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |why: String| Error::Course { path: path.to_owned(), why };
        let text = fs::read_to_string(path).map_err(Error::io(path))?;
        let file: File = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        let mut exercises = Vec::new();
        let mut named = HashSet::new();
        for entry in file.exercises {
            let Some(exercise) = find(&entry.name) else {
                return Err(wrong(format!("there is no exercise `{}`", entry.name)));
            };
            if !named.insert(exercise.id) {
                return Err(wrong(format!("the exercise `{}` is there twice", exercise.id)));
            }
            let points = entry.points.unwrap_or(exercise.points);
            if points == 0 {
                return Err(wrong(format!("`{}`: points = 0; at least 1 expected", exercise.id)));
            }
            exercises.push((exercise.id, points));
        }
        if exercises.is_empty() {
            return Err(wrong("no [[exercise]] is named".to_owned()));
        }
        if !(0.0..=1.0).contains(&file.late.per_day) {
            let why = format!("late.per_day = {}; 0 to 1 expected", file.late.per_day);
            return Err(wrong(why));
        }
        let deadline = match file.deadline {
            None => None,
            Some(time) => Some(seconds(&time.to_string()).ok_or_else(|| {
                wrong(format!("deadline = {time}; a date with time and offset is expected, such as 2026-12-01T23:59:00+01:00"))
            })?),
        };
        let roster = match file.roster {
            None => Vec::new(),
            Some(name) => {
                let beside = path.parent().unwrap_or(Path::new("")).join(&name);
                roster(&beside).map_err(|e| wrong(format!("roster = {name:?}: {e}")))?
            }
        };
        Ok(Self {
            exercises,
            word: file.word.unwrap_or_else(|| PUBLISHED.to_owned()),
            constants: file.constants,
            roster,
            deadline,
            late: file.late,
            resubmissions: file.resubmissions,
            reveal: file.reveal,
        })
    }

    /// The exercises that are graded, with their points.
    pub fn graded(&self) -> impl Iterator<Item = (&'static Exercise, u32)> + '_ {
        self.exercises.iter().filter_map(|(id, points)| Some((find(id)?, *points)))
    }

    /// The student whom a submission is from, by its name: that name without its ending, or a longer
    /// one that goes on with anything but a letter or digit, such as `Ada_123.ipynb` for `ada`.
    pub fn student(&self, submission: &str) -> Option<&Student> {
        let stem = stem(submission).to_lowercase();
        let fits = |student: &&Student| {
            let rest = stem.strip_prefix(&student.student.to_lowercase());
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        self.roster.iter().filter(fits).max_by_key(|student| student.student.len())
    }

    /// An exercise's constants for whoever handed in this submission.
    pub fn variant(&self, exercise: &Exercise, submission: &str) -> Variant {
        match self.constants {
            Constants::Shared => Variant::of(exercise, &self.word),
            Constants::Each => {
                let known = self.student(submission).map(|student| student.student.as_str());
                Variant::of(exercise, &self.word_of(known.unwrap_or(stem(submission))))
            }
        }
    }

    /// The word from which a student's constants come.
    pub fn word_of(&self, student: &str) -> String {
        match self.constants {
            Constants::Shared => self.word.clone(),
            Constants::Each => format!("{}/{student}", self.word),
        }
    }

    /// How many days late a submission is, each day begun.
    pub fn days_late(&self, submission: &Submission) -> u32 {
        let (Some(deadline), Some(received)) = (self.deadline, submission.received) else {
            return 0;
        };
        let extension = self.student(&submission.name).and_then(|s| s.extension).unwrap_or(0);
        let deadline = deadline + u64::from(extension) * DAY;
        u32::try_from(received.saturating_sub(deadline).div_ceil(DAY)).unwrap_or(u32::MAX)
    }

    /// The share of the points that is left after so many days.
    pub fn share(&self, days_late: u32) -> f64 {
        if self.late.days.is_some_and(|days| days_late > days) {
            return 0.0;
        }
        (1.0 - self.late.per_day * f64::from(days_late)).max(0.0)
    }
}

/// A name without the ending of a file that is handed in.
fn stem(submission: &str) -> &str {
    [".ipynb", ".rs"].iter().find_map(|end| submission.strip_suffix(end)).unwrap_or(submission)
}

fn seconds(time: &str) -> Option<u64> {
    u64::try_from(DateTime::parse_from_rfc3339(time).ok()?.timestamp()).ok()
}

fn roster(path: &Path) -> Result<Vec<Student>, Error> {
    let wrong = |why: String| Error::Course { path: path.to_owned(), why };
    let text = fs::read_to_string(path).map_err(Error::io(path))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let students: Vec<Student> =
        reader.deserialize().collect::<Result<_, _>>().map_err(|e| wrong(e.to_string()))?;
    let mut seen = HashSet::new();
    for student in &students {
        if student.student.is_empty() || !seen.insert(&student.student) {
            return Err(wrong(format!("`{}` is empty or there twice", student.student)));
        }
    }
    Ok(students)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(text: &str, roster: &str) -> Result<Course, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("course.toml");
        fs::write(&path, text).unwrap();
        fs::write(folder.path().join("roster.csv"), roster).unwrap();
        Course::read(&path)
    }

    const WHOLE: &str = "title = \"Class\"\nword = \"autumn\"\nconstants = \"each\"\n\
        roster = \"roster.csv\"\ndeadline = 2026-12-01T12:00:00Z\nlate = { per_day = 0.1, days = 5 }\n\
        [[exercise]]\nname = \"heavy-ball\"\npoints = 6\n[[exercise]]\nname = \"exact-step\"\n";

    #[test]
    fn a_whole_course() {
        let course = course(WHOLE, "student, name, extension\nann,Ann,\nanna,Anna,2\n").unwrap();
        assert_eq!(course.exercises, [("heavy-ball", 6), ("exact-step", 2)]);
        let found = |name: &str| course.student(name).map(|s| s.student.clone());
        assert_eq!(found("ann_late.rs").as_deref(), Some("ann"));
        assert_eq!(found("anna.ipynb").as_deref(), Some("anna"));
        assert_eq!(found("Ann.rs").as_deref(), Some("ann"));
        assert_eq!(found("annab.rs"), None);
        let exercise = find("heavy-ball").unwrap();
        assert_eq!(course.variant(exercise, "ann.rs"), Variant::of(exercise, "autumn/ann"));
        // Noon of the first of December is 1 796 126 400 s after 1970 began.
        assert_eq!(course.deadline, Some(1_796_126_400));
        let late = |name: &str, received| {
            let received = Some(received);
            course.days_late(&Submission { name: name.into(), received, ..Submission::default() })
        };
        assert_eq!(late("ann.rs", 1_796_126_400), 0);
        assert_eq!(late("ann.rs", 1_796_126_401), 1);
        assert_eq!(late("anna.rs", 1_796_126_401 + 2 * DAY), 1);
        assert_eq!([course.share(0), course.share(2), course.share(6)], [1.0, 0.8, 0.0]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let entry = "[[exercise]]\nname = \"heavy-ball\"\n";
        for (text, expected) in [
            ("[[exercise]]\nname = \"none\"\n".to_owned(), "no exercise `none`"),
            (format!("{entry}{entry}"), "there twice"),
            (format!("{entry}points = 0\n"), "at least 1"),
            (format!("deadline = 2026-12-01\n{entry}"), "with time and offset"),
            (format!("late = {{ per_day = 3.0 }}\n{entry}"), "0 to 1 expected"),
            (format!("colour = 1\n{entry}"), "colour"),
            ("exercise = []".to_owned(), "no [[exercise]]"),
            (format!("roster = \"roster.csv\"\n{entry}"), "there twice"),
            (format!("roster = \"none.csv\"\n{entry}"), "none.csv"),
        ] {
            let said = course(&text, "student\na\na\n").unwrap_err().to_string();
            assert!(said.contains(expected), "{text}: {said}");
        }
    }
}
