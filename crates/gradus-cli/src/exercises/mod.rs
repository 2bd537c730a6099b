//! `gradus exercises`.

mod check;
mod files;
mod section;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gradus_exercises::exercise::Exercise;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use gradus_exercises::{PUBLISHED, progress, show};
use gradus_literate::error::Error;
use gradus_literate::project::Console;

use crate::grade::select;
use crate::{Outcome, one, root, say};

pub(crate) use section::section;

use files::Writing;

#[derive(Subcommand)]
pub(crate) enum Action {
    /// Name the exercises, with chapter, points and what you have earned
    List {
        /// Only those in which something broken is to be mended
        #[arg(long)]
        clinic: bool,
    },
    /// Show the task of an exercise, and the code to begin with
    Show {
        name: String,
        /// Only the code, as a file to hand in
        #[arg(long)]
        stub: bool,
        #[command(flatten)]
        own: Own,
    },
    /// Show a hint: the first, or the one of this number
    Hint {
        name: String,
        #[arg(default_value_t = 1)]
        number: usize,
        #[command(flatten)]
        own: Own,
    },
    /// Show the solution and its explanation
    Solution {
        name: String,
        /// Only the code, as a file to hand in
        #[arg(long)]
        code: bool,
        #[command(flatten)]
        own: Own,
    },
    /// Check your solutions, and say what is wrong with them
    Check {
        /// Notebooks, `.rs` files or folders of them; the project's exercise notebooks if none is given
        files: Vec<PathBuf>,
        /// An exercise to check, again for each; all that are begun if none is given
        #[arg(long = "exercise", value_name = "NAME")]
        exercises: Vec<String>,
        /// Check again whenever a file is saved
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        own: Own,
    },
    /// Put the code to begin with in place of yours; the file as it was is kept beside
    Reset {
        name: String,
        /// Where it stands; the project's exercise notebooks if none is given
        files: Vec<PathBuf>,
        #[command(flatten)]
        own: Own,
    },
    /// Write all that you have begun into one file, to be handed in
    Pack {
        /// Where it stands; the project's exercise notebooks if none is given
        files: Vec<PathBuf>,
        /// The file to hand in
        #[arg(long, value_name = "FILE", default_value = "handin.rs")]
        out: PathBuf,
        #[command(flatten)]
        own: Own,
    },
    /// Make the exercise notebooks
    Make {
        /// The folder for them; `notebooks/exercises` of the project if none is given
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        #[command(flatten)]
        own: Own,
        /// Overwrite notebooks that have code in them
        #[arg(long)]
        force: bool,
        /// Write nothing; fail if a notebook is not what the exercises give
        #[arg(long, conflicts_with = "force")]
        check: bool,
        /// A course's file: its exercises only, and a folder for each student who has other constants
        #[arg(long, value_name = "FILE", conflicts_with = "variant", requires = "out")]
        course: Option<PathBuf>,
    },
    /// Begin an exercise of your own from the template
    New {
        /// Its name, such as `my-exercise`
        name: String,
        /// The chapter that it belongs to
        #[arg(long, value_name = "N")]
        chapter: u32,
    },
}

/// Whose constants.
#[derive(Args)]
pub(crate) struct Own {
    /// The word from which the constants in the exercises come, where a file does not name it itself
    #[arg(long, value_name = "WORD", default_value = PUBLISHED)]
    variant: String,
}

fn find(name: &str, own: &Own) -> Result<(&'static Exercise, Text), Vec<Error>> {
    let exercise = select(&[name.to_owned()]).map_err(one)?[0];
    Ok((exercise, Text::of(exercise, &Variant::of(exercise, &own.variant))))
}

pub(crate) fn exercises(action: &Action, console: &Console) -> Outcome {
    match action {
        Action::List { clinic } => list(*clinic),
        Action::Show { name, stub, own } => {
            let (exercise, text) = find(name, own)?;
            let code = files::marked(exercise.id, &own.variant, &text.stub);
            if *stub {
                return say(code.trim_end());
            }
            say(&format!(
                "{} ({})\n\n{}\n\n{}",
                text.title,
                show::points(exercise.points),
                text.task,
                code.trim_end()
            ))
        }
        Action::Hint { name, number, own } => {
            let (_, text) = find(name, own)?;
            let all = text.hints.len();
            match number.checked_sub(1).and_then(|i| text.hints.get(i)) {
                Some(hint) => say(&format!("{number} of {all}: {hint}")),
                None => Err(one(Error::new(format!("hint {number}: there are 1 to {all}")))),
            }
        }
        Action::Solution { name, code, own } => {
            let (exercise, text) = find(name, own)?;
            let solution = files::marked(exercise.id, &own.variant, &text.solution);
            if *code {
                return say(solution.trim_end());
            }
            say(&format!("{solution}\n{}", text.explanation))
        }
        Action::Check { files, exercises, watch, own } => {
            check::check(files, exercises, &own.variant, *watch, console)
        }
        Action::Reset { name, files, own } => {
            let (exercise, _) = find(name, own)?;
            files::reset(exercise, &check::files(files)?, &own.variant)
        }
        Action::Pack { files, out, own } => files::pack(&check::files(files)?, out, &own.variant),
        Action::Make { out, own, force, check, course } => {
            let root = root()?;
            let writing = match (check, force) {
                (true, _) => Writing::Nothing,
                (false, true) => Writing::All,
                (false, false) => Writing::Untouched,
            };
            match (course, out) {
                (Some(course), Some(out)) => files::make_course(&root, out, course, writing),
                (_, out) => files::make(&root, out.as_deref(), &own.variant, writing),
            }
        }
        Action::New { name, chapter } => files::new(&root()?, name, *chapter),
    }
}

fn list(clinic: bool) -> Outcome {
    let chosen: Vec<_> = gradus_exercises::all().iter().filter(|e| e.clinic || !clinic).collect();
    let mut earned = 0.0;
    for exercise in &chosen {
        let text = Text::of(exercise, &Variant::of(exercise, PUBLISHED));
        let best = progress::best(exercise.id);
        earned += best.unwrap_or(0.0);
        let best = best.map_or_else(|| "–".to_owned(), |best| format!("{best:.1}"));
        say(&format!(
            "{:02}  {:24} {best:>4} of {}  {}",
            exercise.chapter, exercise.id, exercise.points, text.title
        ))?;
    }
    let all: u32 = chosen.iter().map(|e| e.points).sum();
    say(&format!("{} exercises, {earned:.1} of {all} points", chosen.len()))
}
