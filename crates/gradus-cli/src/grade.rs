//! `gradus grade`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, Subcommand, ValueEnum};
use gradus_exercises::PUBLISHED;
use gradus_exercises::exercise::Exercise;
use gradus_grade::course::Course;
use gradus_grade::grade::{Options, grade as grade_all};
use gradus_grade::hostile;
use gradus_grade::journal::{self, Journal};
use gradus_grade::process::CaseLimits;
use gradus_grade::report::{Report, SubmissionReport};
use gradus_grade::submission::{self, Submission};
use gradus_literate::error::{Error, read, write};
use gradus_literate::project::Console;
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::{Outcome, one, say};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct GradeArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// Notebooks, `.rs` files, or folders of them (a folder in a folder is one student's)
    #[arg(required_unless_present = "self_test")]
    paths: Vec<PathBuf>,
    /// The student whose submission all of these files are
    #[arg(long, value_name = "NAME")]
    student: Option<String>,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    report: ReportArgs,
    /// Go on with a batch that was interrupted: what its journal, beside the report, has is kept
    #[arg(long, requires = "out")]
    resume: bool,
    /// A file whose content is the hidden seed of the cases, for the same cases again; else they are
    /// drawn anew
    #[arg(long, value_name = "FILE")]
    seed_file: Option<PathBuf>,
    /// How many submissions at once
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// Grade only one of N parts of the submissions, such as 2/8; `grade merge` puts them together
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, requires = "seed_file")]
    shard: Option<Shard>,
    /// Use no sandbox: the submissions can do what you can do
    #[arg(long)]
    trusted: bool,
    /// Grade hostile submissions and say what the sandbox on this machine holds
    #[arg(long, conflicts_with_all = ["paths", "student", "trusted", "resume", "shard"])]
    self_test: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Put reports together: of shards, or of one class's submissions over time
    Merge {
        /// Reports that `grade --format json` wrote, the oldest first
        #[arg(required = true)]
        reports: Vec<PathBuf>,
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        report: ReportArgs,
    },
}

/// What is graded.
#[derive(Args)]
struct What {
    /// A course's file: exercises, points, roster, deadline
    #[arg(long, value_name = "FILE", conflicts_with_all = ["exercises", "variant"])]
    course: Option<PathBuf>,
    /// An exercise to grade, again for each; all if none is given
    #[arg(long = "exercise", value_name = "NAME")]
    exercises: Vec<String>,
    /// The word from which the constants in the exercises come; `book` gives the published ones
    #[arg(long, value_name = "WORD", default_value = PUBLISHED)]
    variant: String,
}

impl What {
    fn course(&self) -> Result<Course, Vec<Error>> {
        if let Some(path) = &self.course {
            return Course::read(path).map_err(fail);
        }
        let exercises = select(&self.exercises).map_err(one)?;
        let exercises = exercises.iter().map(|e| (e.id, e.points)).collect();
        Ok(Course { exercises, word: self.variant.clone(), ..Course::default() })
    }
}

/// Where the report goes.
#[derive(Args)]
struct ReportArgs {
    /// The form of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The file for the report, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A folder for feedback: a page for each submission
    #[arg(long, value_name = "DIR")]
    html: Option<PathBuf>,
}

/// One of N parts.
#[derive(Clone, Copy)]
struct Shard {
    part: usize,
    parts: usize,
}

impl Shard {
    fn parse(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, parts)| {
            Some(Self { part: part.parse().ok()?, parts: parts.parse().ok()? })
        });
        let fits = |shard: &Self| (1..=shard.parts).contains(&shard.part);
        numbers.filter(fits).ok_or_else(|| "I/N is expected, with I from 1 to N".to_owned())
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// Everything, for programs
    Json,
    /// A line for each submission
    Csv,
    /// Gradescope's results.json
    Gradescope,
    /// JUnit's XML
    Junit,
}

/// The exercises of these names; all if there are none.
pub(crate) fn select(names: &[String]) -> Result<Vec<&'static Exercise>, Error> {
    if names.is_empty() {
        return Ok(gradus_exercises::all().to_vec());
    }
    let find = |name: &String| {
        gradus_exercises::find(name).ok_or_else(|| {
            Error::new(format!("there is no exercise `{name}`; `gradus exercises list` names them"))
        })
    };
    names.iter().map(find).collect()
}

fn seed(file: Option<&Path>) -> Result<u64, Error> {
    let Some(path) = file else { return Ok(rand::rng().random()) };
    let text = std::fs::read(path).map_err(|e| Error::io(path, "read", &e))?;
    let sum = Sha256::digest(text);
    Ok(sum.iter().take(8).fold(0, |seed, &byte| seed << 8 | u64::from(byte)))
}

fn fail(e: gradus_grade::Error) -> Vec<Error> {
    one(Error::new(e))
}

fn own_file() -> Result<PathBuf, Vec<Error>> {
    std::env::current_exe()
        .map_err(|e| one(Error::new(format!("cannot find this command's own file: {e}"))))
}

pub(crate) fn grade(args: &GradeArgs, console: &Console) -> Outcome {
    if let Some(Action::Merge { reports, what, report }) = &args.action {
        return merge(reports, &what.course()?, report);
    }
    if args.self_test {
        return self_test(console);
    }
    let course = args.what.course()?;
    let mut submissions = match &args.student {
        Some(name) => vec![submission::of_student(name, &args.paths).map_err(fail)?],
        None => submission::find(&args.paths).map_err(fail)?,
    };
    if let Some(shard) = args.shard {
        let mut place = 0..;
        submissions.retain(|_| place.next().is_some_and(|i| i % shard.parts == shard.part - 1));
    }
    let beside = args.report.out.as_deref().map(journal::beside);
    // A batch goes on with the cases that it began with.
    let begun = beside.as_deref().filter(|_| args.resume).and_then(journal::batch);
    let seed = match (begun, &args.seed_file) {
        (Some(batch), None) => batch.seed,
        (_, file) => seed(file.as_deref()).map_err(one)?,
    };
    let options = Options {
        course,
        seed,
        jobs: args.jobs,
        gradus: if args.trusted { None } else { Some(own_file()?) },
        limits: CaseLimits::default(),
    };
    let journal = beside
        .map(|path| Journal::open(&path, &options.batch(), args.resume))
        .transpose()
        .map_err(fail)?;
    let mut report = graded(&submissions, &options, journal.as_ref(), console)?;
    let whole_class = args.shard.is_none() && args.student.is_none();
    if whole_class && !options.course.roster.is_empty() {
        report = Report::merge(vec![report], &options.course);
    }
    write_report(&report, &args.report)?;
    if let Some(journal) = journal {
        journal.end();
    }
    Ok(())
}

/// Grades with a bar.
fn graded(
    submissions: &[Submission],
    options: &Options,
    journal: Option<&Journal>,
    console: &Console,
) -> Result<Report, Vec<Error>> {
    let task = console.progress.task("grading", submissions.len(), None);
    let done = AtomicUsize::new(0);
    let step = |report: &SubmissionReport| {
        task.step(&report.name, done.fetch_add(1, Ordering::Relaxed) + 1);
    };
    let report = grade_all(submissions, options, journal, &step).map_err(fail);
    task.end(if report.is_ok() { "done" } else { "failed" });
    report
}

fn merge(paths: &[PathBuf], course: &Course, out: &ReportArgs) -> Outcome {
    let mut reports = Vec::new();
    for path in paths {
        let text = read(path).map_err(one)?;
        let report = Report::from_json(&text).map_err(|e| one(Error::new(e).in_file(path)))?;
        reports.push(report);
    }
    write_report(&Report::merge(reports, course), out)
}

fn write_report(report: &Report, out: &ReportArgs) -> Outcome {
    let text = match out.format {
        Format::Text => report.text(),
        Format::Json => report.json().map_err(|e| one(Error::new(e)))?,
        Format::Csv => report.csv().map_err(|e| one(Error::new(e)))?,
        Format::Gradescope => report.gradescope().map_err(|e| one(Error::new(e)))?,
        Format::Junit => report.junit().map_err(|e| one(Error::new(e)))?,
    };
    if let Some(folder) = &out.html {
        std::fs::create_dir_all(folder).map_err(|e| one(Error::io(folder, "make", &e)))?;
        for submission in &report.submissions {
            // The name comes from outside; a page has to stay in its folder.
            let fine = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
            let name: String = submission.name.chars().map(fine).collect();
            let path = folder.join(format!("{}.html", name.trim_start_matches('.')));
            write(&path, submission.html().as_bytes()).map_err(one)?;
        }
    }
    match &out.out {
        Some(path) => write(path, text.as_bytes()).map_err(one),
        None => say(text.trim_end()),
    }
}

/// Grades the hostile suite and says, class by class, what holds.
fn self_test(console: &Console) -> Outcome {
    let io =
        |e: std::io::Error| one(Error::new(format!("the hostile suite cannot be written: {e}")));
    let folder = tempfile::tempdir().map_err(io)?;
    hostile::write(folder.path()).map_err(io)?;
    let gradus = own_file()?;
    let options = Options {
        course: Course { exercises: vec![(hostile::EXERCISE, 1)], ..Course::default() },
        seed: rand::rng().random(),
        jobs: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        gradus: Some(gradus),
        limits: CaseLimits::default(),
    };
    let submissions = submission::find(&[folder.path().to_owned()]).map_err(fail)?;
    let report = graded(&submissions, &options, None, console)?;
    let mut errors = Vec::new();
    for (file, expected) in hostile::expected() {
        let Some(graded) = report.submissions.iter().find(|s| s.name == file) else { continue };
        let said = graded.said();
        let holds = graded.score == 0.0 && said.contains(expected);
        say(&format!("{}  {file}: {}", if holds { "ok" } else { "NO" }, said.replace('\n', " ")))?;
        if !holds {
            let why =
                format!("{file}: {:.1} points; `{expected}` expected in: {said}", graded.score);
            errors.push(Error::new(why));
        }
    }
    if errors.is_empty() {
        let n = hostile::expected().count();
        say(&format!("The sandbox holds: {n} hostile submissions earned nothing."))
    } else {
        Err(errors)
    }
}
