//! `gradus exercises check`: the cases that a student may see, without a sandbox.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use gradus_exercises::exercise::Exercise;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use gradus_exercises::{SEED, progress, show};
use gradus_grade::compile::Compiler;
use gradus_grade::process::CaseLimits;
use gradus_grade::sandbox::FIRST_UID;
use gradus_grade::submission::{self, Submission};
use gradus_literate::error::Error;
use gradus_literate::project::Console;

use crate::grade::select;
use crate::{Outcome, one, root, say};

/// How often the files are looked at.
const PERIOD: Duration = Duration::from_millis(200);

/// The files to look at: those given, else the project's exercise notebooks.
pub(crate) fn files(given: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Error>> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    let root = root().map_err(|_| {
        one(Error::new("no file is given, and this folder is in no project with notebooks"))
    })?;
    Ok(vec![root.join("notebooks/exercises")])
}

/// The files, for people.
pub(crate) fn named(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// An exercise that is begun: its code is not the stub.
pub(crate) struct Begun {
    pub(crate) exercise: &'static Exercise,
    pub(crate) code: String,
    /// The word of its constants.
    pub(crate) word: String,
}

/// What of these exercises is begun in the files, and what could not be read. Where a file does not say
/// whose constants it has, it is this word's.
pub(crate) fn begun(
    files: &[PathBuf],
    wanted: &[&'static Exercise],
    word: &str,
) -> Result<(Vec<Begun>, Vec<Error>), Vec<Error>> {
    let found = submission::find(files).map_err(|e| one(Error::new(e)))?;
    let problems = found.iter().flat_map(|s: &Submission| s.problems.iter().map(Error::new));
    let mut codes = Vec::new();
    for exercise in wanted {
        for submission in &found {
            let Some(code) = submission.solutions.get(exercise.id) else { continue };
            let word = submission.words.get(exercise.id).map_or(word, String::as_str);
            let stub = Text::of(exercise, &Variant::of(exercise, word)).stub;
            if code.trim() != stub.trim() {
                codes.push(Begun { exercise, code: code.clone(), word: word.to_owned() });
            }
        }
    }
    Ok((codes, problems.collect()))
}

pub(crate) fn check(
    given: &[PathBuf],
    names: &[String],
    word: &str,
    watch: bool,
    console: &Console,
) -> Outcome {
    let files = files(given)?;
    let wanted = &select(names).map_err(one)?[..];
    // A student trusts their own code.
    let compiler = Compiler::new(None).map_err(|e| one(Error::new(e)))?;
    let mut known = BTreeMap::new();
    if !watch {
        return all(&files, wanted, word, &compiler, &mut known);
    }
    let mut seen = None;
    while !console.interrupt.is_triggered() {
        let now = times(&files);
        if seen.as_ref() == Some(&now) {
            std::thread::sleep(PERIOD);
            continue;
        }
        if let Err(errors) = all(&files, wanted, word, &compiler, &mut known) {
            for error in errors {
                console.progress.say(&error.to_string());
            }
        }
        if seen.is_none() {
            say("Checking whenever a file is saved (Ctrl-C ends this).")?;
        }
        seen = Some(now);
    }
    Ok(())
}

/// Checks what is begun; what is known already, by its code, is not checked again.
fn all(
    files: &[PathBuf],
    wanted: &[&'static Exercise],
    word: &str,
    compiler: &Compiler,
    known: &mut BTreeMap<&'static str, String>,
) -> Outcome {
    let (codes, mut errors) = begun(files, wanted, word)?;
    if codes.is_empty() && errors.is_empty() {
        let what = if let [only] = wanted { only.id } else { "every exercise" };
        let place = named(files);
        errors.push(Error::new(format!("{what} is still the stub, or not there, in {place}")));
    }
    for Begun { exercise, code, word } in codes {
        if known.insert(exercise.id, code.clone()).as_ref() == Some(&code) {
            continue;
        }
        let variant = Variant::of(exercise, &word);
        let limits = CaseLimits::default();
        let marks = compiler.mark(exercise, &code, &variant, SEED, FIRST_UID, limits);
        match marks.map_err(|e| one(Error::new(e)))? {
            Err(why) => errors.push(Error::new(format!("{}: {why}", exercise.id))),
            Ok(marks) => {
                say(&show::text(exercise, &marks))?;
                if let Err(e) = progress::record(exercise.id, marks.points()) {
                    errors.push(Error::new(format!("progress cannot be kept: {e}")));
                }
                if !marks.is_full() {
                    errors.push(Error::new(format!("{} is not solved yet", exercise.id)));
                }
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// When each file was last changed; nothing while one is not there.
fn times(files: &[PathBuf]) -> Vec<(PathBuf, Option<SystemTime>)> {
    let changed = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).ok();
    let sources = submission::sources(files).unwrap_or_default();
    sources.into_iter().map(|path| (path.clone(), changed(&path))).collect()
}
