//! `gradus exercises`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use gradus_exercises::exercise::Exercise;
use gradus_exercises::mark::Marks;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use gradus_grade::compile::Compiler;
use gradus_grade::process::CaseLimits;
use gradus_grade::sandbox::FIRST_UID;
use gradus_grade::submission::{self, MARK};
use gradus_literate::error::Error;

use crate::grade::select;
use crate::{Outcome, one, say};

#[derive(Subcommand)]
pub(crate) enum Action {
    /// Name the exercises, with chapter and points
    List,
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
    Solution { name: String },
    /// Check your solutions, and say what is wrong with them
    Check {
        /// A notebook or a `.rs` file
        file: PathBuf,
        /// An exercise; all that the file holds if none is given
        names: Vec<String>,
    },
}

/// The constants of the published exercises.
const PUBLISHED: &str = "book";

/// The cases that a student sees; a grader draws others.
const SEED: u64 = 1;

/// The exercises at the end of a chapter's page, with hints and solutions folded away.
pub(crate) fn section(chapter: &str) -> String {
    let number = chapter.split('-').next().and_then(|number| number.parse().ok());
    let mine: Vec<_> =
        gradus_exercises::all().iter().filter(|e| Some(e.chapter) == number).collect();
    if mine.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\n\n## Exercises\n\nWrite the code to begin with into a file, make it right, and let \
         it be checked:\n\n```sh\n\
         gradus exercises show {0} --stub > mine.rs\ngradus exercises check mine.rs\n```\n",
        mine[0].id
    );
    for exercise in mine {
        let text = Text::of(exercise, &Variant::of(exercise, PUBLISHED));
        let fold = |summary: &str, content: &str| {
            format!(
                "<details class=\"answer\"><summary>{summary}</summary>\n\n{content}\n\n</details>\n\n"
            )
        };
        let code = |code: &str| format!("```rust\n{code}\n```");
        let points = if exercise.points == 1 { "point" } else { "points" };
        let _ = write!(
            out,
            "\n### {}\n\n*`{}`, {} {points}*\n\n{}\n\n{}\n\n",
            text.title,
            exercise.id,
            exercise.points,
            text.task,
            code(&text.stub)
        );
        for (i, hint) in text.hints.iter().enumerate() {
            out.push_str(&fold(&format!("Hint {}", i + 1), hint));
        }
        let solution = format!("{}\n\n{}", code(&text.solution), text.explanation);
        out.push_str(&fold("Solution", &solution));
    }
    out
}

fn find(name: &str) -> Result<(&'static Exercise, Text), Vec<Error>> {
    let exercise = select(&[name.to_owned()]).map_err(one)?[0];
    Ok((exercise, Text::of(exercise, &Variant::of(exercise, PUBLISHED))))
}

fn file(id: &str, code: &str) -> String {
    format!("{}{id}{}\n\n{code}", MARK[0], MARK[1])
}

pub(crate) fn exercises(action: &Action) -> Outcome {
    match action {
        Action::List => {
            for exercise in gradus_exercises::all() {
                let (_, text) = find(exercise.id)?;
                let points = exercise.points;
                say(&format!(
                    "{:02}  {:20} {points}  {}",
                    exercise.chapter, exercise.id, text.title
                ))?;
            }
            Ok(())
        }
        Action::Show { name, stub } => {
            let (exercise, text) = find(name)?;
            let code = file(exercise.id, &text.stub);
            if *stub {
                return say(&code);
            }
            let points = exercise.points;
            say(&format!("{} ({points} points)\n\n{}\n\n{code}", text.title, text.task))
        }
        Action::Hint { name, number } => {
            let (_, text) = find(name)?;
            let all = text.hints.len();
            match number.checked_sub(1).and_then(|i| text.hints.get(i)) {
                Some(hint) => say(&format!("{number} of {all}: {hint}")),
                None => Err(one(Error::new(format!("hint {number}: there are 1 to {all}")))),
            }
        }
        Action::Solution { name } => {
            let (exercise, text) = find(name)?;
            say(&format!("{}\n\n{}", file(exercise.id, &text.solution), text.explanation))
        }
        Action::Check { file, names } => check(file, names),
    }
}

fn check(file: &PathBuf, names: &[String]) -> Outcome {
    let fail = |e: gradus_grade::Error| one(Error::new(e));
    let chosen = select(names).map_err(one)?;
    let submissions = submission::find(std::slice::from_ref(file)).map_err(fail)?;
    // A student trusts their own code.
    let compiler = Compiler::new(None).map_err(fail)?;
    let mut errors = Vec::new();
    let mut checked = 0;
    for submission in submissions {
        errors.extend(submission.problems.iter().map(Error::new));
        for exercise in &chosen {
            let Some(code) = submission.solutions.get(exercise.id) else {
                if !names.is_empty() {
                    let why = format!("{} has no exercise `{}`", file.display(), exercise.id);
                    errors.push(Error::new(why));
                }
                continue;
            };
            checked += 1;
            let variant = Variant::of(exercise, PUBLISHED);
            let limits = CaseLimits::default();
            let marks = compiler.mark(exercise, code, &variant, SEED, FIRST_UID, limits);
            match marks.map_err(fail)? {
                Err(why) => errors.push(Error::new(format!("{}: {why}", exercise.id))),
                Ok(marks) => {
                    say(&table(exercise, &marks))?;
                    if marks.points() < f64::from(marks.of) {
                        errors.push(Error::new(format!("{} is not solved yet", exercise.id)));
                    }
                }
            }
        }
    }
    if checked == 0 && errors.is_empty() {
        let why = format!("{} holds no exercise", file.display());
        errors.push(Error::new(why));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// What was put in, what came back, what is wrong with it.
fn table(exercise: &Exercise, marks: &Marks) -> String {
    let mut out = format!("{}: {:.1} of {}", exercise.id, marks.points(), marks.of);
    for group in &marks.groups {
        let _ = write!(out, "\n  {}", group.name);
        for case in &group.cases {
            let sign = if case.problem.is_none() { "ok " } else { "no " };
            let _ = write!(out, "\n    {sign} {}", case.args);
            if let Some(problem) = &case.problem {
                if let Some(answer) = &case.answer {
                    let _ = write!(out, "\n        gives {answer}");
                }
                let _ = write!(out, "\n        {problem}");
            }
        }
    }
    if let Some(diagnosis) = &marks.diagnosis {
        let _ = write!(out, "\n  {diagnosis}");
    }
    out
}
