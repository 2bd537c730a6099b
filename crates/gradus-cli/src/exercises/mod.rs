//! `gradus exercises`.

mod check;
mod files;
mod section;

use std::path::PathBuf;

use clap::Subcommand;
use gradus_exercises::exercise::Exercise;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use gradus_exercises::{PUBLISHED, progress};
use gradus_literate::error::Error;
use gradus_literate::project::{Console, Project};

use crate::grade::select;
use crate::{Outcome, one, say};

pub(crate) use section::section;

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
    },
    /// Show a hint: the first, or the one of this number
    Hint {
        name: String,
        #[arg(default_value_t = 1)]
        number: usize,
    },
    /// Show the solution and its explanation
    Solution {
        name: String,
        /// Only the code, as a file to hand in
        #[arg(long)]
        code: bool,
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
    },
    /// Put the code to begin with in place of yours; the file as it was is kept beside
    Reset {
        name: String,
        /// Where it stands; the project's exercise notebooks if none is given
        files: Vec<PathBuf>,
    },
    /// Write all that you have begun into one file, to be handed in
    Pack {
        /// Where it stands; the project's exercise notebooks if none is given
        files: Vec<PathBuf>,
        /// The file to hand in
        #[arg(long, value_name = "FILE", default_value = "handin.rs")]
        out: PathBuf,
    },
    /// Make the exercise notebooks
    Make {
        /// The folder for them; `notebooks/exercises` of the project if none is given
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// The word from which the constants in the exercises come
        #[arg(long, value_name = "WORD", default_value = PUBLISHED)]
        variant: String,
        /// Overwrite notebooks that have code in them
        #[arg(long)]
        force: bool,
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

fn find(name: &str) -> Result<(&'static Exercise, Text), Vec<Error>> {
    let exercise = select(&[name.to_owned()]).map_err(one)?[0];
    Ok((exercise, Text::of(exercise, &Variant::of(exercise, PUBLISHED))))
}

fn root() -> Result<PathBuf, Vec<Error>> {
    let here = std::env::current_dir().map_err(|e| one(Error::new(e)))?;
    Project::find(&here).map_err(one)
}

pub(crate) fn exercises(action: &Action, console: &Console) -> Outcome {
    match action {
        Action::List { clinic } => list(*clinic),
        Action::Show { name, stub } => {
            let (exercise, text) = find(name)?;
            let code = files::marked(exercise.id, &text.stub);
            if *stub {
                return say(code.trim_end());
            }
            let points = exercise.points;
            say(&format!(
                "{} ({points} points)\n\n{}\n\n{}",
                text.title,
                text.task,
                code.trim_end()
            ))
        }
        Action::Hint { name, number } => {
            let (_, text) = find(name)?;
            let all = text.hints.len();
            match number.checked_sub(1).and_then(|i| text.hints.get(i)) {
                Some(hint) => say(&format!("{number} of {all}: {hint}")),
                None => Err(one(Error::new(format!("hint {number}: there are 1 to {all}")))),
            }
        }
        Action::Solution { name, code } => {
            let (exercise, text) = find(name)?;
            let solution = files::marked(exercise.id, &text.solution);
            if *code {
                return say(solution.trim_end());
            }
            say(&format!("{solution}\n{}", text.explanation))
        }
        Action::Check { files, exercises, watch } => {
            check::check(files, exercises, *watch, console)
        }
        Action::Reset { name, files } => {
            let (exercise, _) = find(name)?;
            files::reset(exercise, &check::files(files)?)
        }
        Action::Pack { files, out } => files::pack(&check::files(files)?, out),
        Action::Make { out, variant, force } => {
            files::make(&root()?, out.as_deref(), variant, *force)
        }
        Action::New { name, chapter } => files::new(&root()?, name, *chapter),
    }
}

fn list(clinic: bool) -> Outcome {
    let chosen: Vec<_> = gradus_exercises::all().iter().filter(|e| e.clinic || !clinic).collect();
    let mut earned = 0.0;
    for exercise in &chosen {
        let (_, text) = find(exercise.id)?;
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
