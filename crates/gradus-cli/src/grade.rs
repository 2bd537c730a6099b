//! `gradus grade`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use gradus_exercises::exercise::Exercise;
use gradus_grade::grade::{Options, grade as grade_all};
use gradus_grade::journal::{self, Journal};
use gradus_grade::process::CaseLimits;
use gradus_grade::submission;
use gradus_literate::error::{Error, write};
use gradus_literate::project::Console;
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::{Outcome, one, say};

#[derive(Args)]
pub(crate) struct GradeArgs {
    /// Notebooks, `.rs` files, or folders of them (a folder in a folder is one student's)
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// An exercise to grade, again for each; all if none is given
    #[arg(long = "exercise", value_name = "NAME")]
    exercises: Vec<String>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The file for the report, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Go on with a batch that was interrupted: what its journal, beside the report, has is kept
    #[arg(long, requires = "out")]
    resume: bool,
    /// A file whose content is the hidden seed of the cases, for the same cases again; else they are
    /// drawn anew
    #[arg(long, value_name = "FILE")]
    seed_file: Option<PathBuf>,
    /// The word from which the constants in the exercises come; `book` gives the published ones
    #[arg(long, value_name = "WORD", default_value = "book")]
    variant: String,
    /// How many submissions at once
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// Use no sandbox: the submissions can do what you can do
    #[arg(long)]
    trusted: bool,
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

pub(crate) fn grade(args: &GradeArgs, console: &Console) -> Outcome {
    let fail = |e: gradus_grade::Error| one(Error::new(e));
    let gradus = std::env::current_exe()
        .map_err(|e| one(Error::new(format!("cannot find this command's own file: {e}"))))?;
    let submissions = submission::find(&args.paths).map_err(fail)?;
    let beside = args.out.as_deref().map(journal::beside);
    // A batch goes on with the cases that it began with.
    let begun = beside.as_deref().filter(|_| args.resume).and_then(journal::batch);
    let seed = match (begun, &args.seed_file) {
        (Some(batch), None) => batch.seed,
        (_, file) => seed(file.as_deref()).map_err(one)?,
    };
    let options = Options {
        exercises: select(&args.exercises).map_err(one)?,
        seed,
        variant: args.variant.clone(),
        jobs: args.jobs,
        gradus: (!args.trusted).then_some(gradus),
        limits: CaseLimits::default(),
    };
    let done = |report: &gradus_grade::report::SubmissionReport| {
        console.progress.say(&format!("{}: {:.1} of {}", report.name, report.score, report.of));
    };
    let journal = beside
        .map(|path| Journal::open(&path, &options.batch(), args.resume))
        .transpose()
        .map_err(fail)?;
    let report = grade_all(&submissions, &options, journal.as_ref(), &done).map_err(fail)?;
    let text = match args.format {
        Format::Text => report.text(),
        Format::Json => report.json().map_err(|e| one(Error::new(e)))?,
        Format::Csv => report.csv().map_err(|e| one(Error::new(e)))?,
        Format::Gradescope => report.gradescope().map_err(|e| one(Error::new(e)))?,
        Format::Junit => report.junit().map_err(|e| one(Error::new(e)))?,
    };
    match &args.out {
        Some(path) => write(path, text.as_bytes()).map_err(one)?,
        None => say(text.trim_end())?,
    }
    if let Some(journal) = journal {
        journal.end();
    }
    Ok(())
}
