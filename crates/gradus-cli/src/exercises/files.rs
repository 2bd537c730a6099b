//! The files that a student works in: made, set back, packed to be handed in.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use gradus_exercises::exercise::Exercise;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use gradus_grade::course::{Constants, Course};
use gradus_grade::notebook;
use gradus_grade::submission;
use gradus_literate::error::{Error, read, write};

use super::check::{Begun, begun, named};
use crate::{Outcome, one, say};

/// An exercise's code as it stands in a `.rs` file.
pub(crate) fn marked(id: &str, word: &str, code: &str) -> String {
    format!("{}\n\n{}\n", submission::mark(id, word), code.trim_matches('\n'))
}

/// The exercise notebooks of a project, each with its file's name.
fn notebooks(
    root: &Path,
    out: &Path,
    word: &str,
    exercises: &[(&'static Exercise, u32)],
) -> Result<Vec<(String, String)>, Error> {
    let chapters = root.join("book/src");
    let entries = fs::read_dir(&chapters).map_err(|e| Error::io(&chapters, "list", &e))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    let library = match out.strip_prefix(root) {
        Ok(inside) => PathBuf::from("../".repeat(inside.components().count())),
        Err(_) => root.to_owned(),
    };
    let library = library.join("crates/gradus-exercises");
    let mut made = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let number = name.split('-').next().and_then(|n| n.parse::<u32>().ok());
        let mine: Vec<(&Exercise, u32)> =
            exercises.iter().copied().filter(|(e, _)| Some(e.chapter) == number).collect();
        if mine.is_empty() {
            continue;
        }
        let text = read(&path)?;
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(&name);
        made.push((format!("{name}.ipynb"), notebook::of_chapter(&mine, title, word, &library)));
    }
    Ok(made)
}

/// Which notebooks are written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Writing {
    /// None: they have to be as they are.
    Nothing,
    /// Those that have no code of a student.
    Untouched,
    /// All.
    All,
}

/// What nbgrader has to be told of these notebooks, in its course's `nbgrader_config.py`.
const NBGRADER: &str = include_str!("nbgrader_config.py");

/// Writes the exercise notebooks and nbgrader's settings for them.
pub(crate) fn make(root: &Path, out: Option<&Path>, word: &str, writing: Writing) -> Outcome {
    let out = out.map_or_else(|| root.join("notebooks/exercises"), Path::to_owned);
    let all: Vec<_> = gradus_exercises::all().iter().map(|e| (*e, e.points)).collect();
    let written = make_in(root, &out, word, &all, writing)?;
    say(&format!("{written} exercise notebooks were written in {}.", out.display()))
}

/// Writes a course's notebooks; where each student has other constants, in a folder for each.
pub(crate) fn make_course(root: &Path, out: &Path, course: &Path, writing: Writing) -> Outcome {
    let course = Course::read(course).map_err(|e| one(Error::new(e)))?;
    let exercises: Vec<_> = course.graded().collect();
    let mut written = 0;
    match course.constants {
        Constants::Shared => written += make_in(root, out, &course.word, &exercises, writing)?,
        Constants::Each if course.roster.is_empty() => {
            let why = "constants = \"each\" needs a roster";
            return Err(one(Error::new(why)));
        }
        Constants::Each => {
            for student in &course.roster {
                let word = course.word_of(&student.student);
                let folder = out.join(&student.student);
                written += make_in(root, &folder, &word, &exercises, writing)?;
            }
        }
    }
    say(&format!("{written} exercise notebooks were written in {}.", out.display()))
}

fn make_in(
    root: &Path,
    out: &Path,
    word: &str,
    exercises: &[(&'static Exercise, u32)],
    writing: Writing,
) -> Result<usize, Vec<Error>> {
    if writing != Writing::Nothing {
        fs::create_dir_all(out).map_err(|e| one(Error::io(out, "make", &e)))?;
    }
    // Both without `..` and links, so that one can be seen to lie in the other.
    let whole = |path: &Path| fs::canonicalize(path).map_err(|e| one(Error::io(path, "find", &e)));
    let (root, out) = (whole(root)?, whole(out)?);
    let mut made = notebooks(&root, &out, word, exercises).map_err(one)?;
    made.push(("nbgrader_config.py".to_owned(), NBGRADER.to_owned()));
    let mut errors = Vec::new();
    let mut written = 0;
    for (name, text) in made {
        let path = out.join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        let is_notebook = path.extension().is_some_and(|e| e == "ipynb");
        if writing == Writing::Nothing {
            let why = "it is not what the exercises give; `gradus exercises make` writes it";
            errors.push(Error::new(why).in_file(&path));
        } else if writing == Writing::Untouched && is_notebook && has_work(&path, word)? {
            let why = "it has code that is not the stub; `--force` overwrites it";
            errors.push(Error::new(why).in_file(&path));
        } else {
            write(&path, text.as_bytes()).map_err(one)?;
            written += usize::from(is_notebook);
        }
    }
    if errors.is_empty() { Ok(written) } else { Err(errors) }
}

fn has_work(path: &Path, word: &str) -> Result<bool, Vec<Error>> {
    if !path.exists() {
        return Ok(false);
    }
    let found = submission::find(&[path.to_owned()]).map_err(|e| one(Error::new(e)))?;
    let stub = |exercise: &Exercise| Text::of(exercise, &Variant::of(exercise, word)).stub;
    Ok(found.iter().flat_map(|s| &s.solutions).any(|(id, code)| {
        gradus_exercises::find(id).is_none_or(|exercise| stub(exercise).trim() != code.trim())
    }))
}

/// Puts the stub back in place of a student's code. The file as it was is kept beside.
pub(crate) fn reset(exercise: &Exercise, files: &[PathBuf], word: &str) -> Outcome {
    for path in submission::sources(files).map_err(|e| one(Error::new(e)))? {
        let found = submission::of_student("", std::slice::from_ref(&path));
        let found = found.map_err(|e| one(Error::new(e)))?;
        if !found.solutions.contains_key(exercise.id) {
            continue;
        }
        let word = found.words.get(exercise.id).map_or(word, String::as_str);
        let stub = Text::of(exercise, &Variant::of(exercise, word)).stub;
        let text = read(&path).map_err(one)?;
        let Some(new) = submission::replaced(&path, &text, exercise.id, &stub) else { continue };
        if new == text {
            return say(&format!("{} is the stub already in {}.", exercise.id, path.display()));
        }
        let mut kept: OsString = path.clone().into_os_string();
        kept.push(".bak");
        let kept = PathBuf::from(kept);
        write(&kept, text.as_bytes()).map_err(one)?;
        write(&path, new.as_bytes()).map_err(one)?;
        return say(&format!(
            "{} is the stub again in {}; the file as it was is {}.",
            exercise.id,
            path.display(),
            kept.display()
        ));
    }
    Err(one(Error::new(format!("{} is not in {}", exercise.id, named(files)))))
}

/// Writes all that is begun into one file, to be handed in.
pub(crate) fn pack(files: &[PathBuf], out: &Path, word: &str) -> Outcome {
    let (codes, problems) = begun(files, gradus_exercises::all(), word)?;
    if !problems.is_empty() {
        return Err(problems);
    }
    if codes.is_empty() {
        return Err(one(Error::new("nothing is begun: there is nothing to hand in")));
    }
    let parts: Vec<String> =
        codes.iter().map(|b: &Begun| marked(b.exercise.id, &b.word, &b.code)).collect();
    write(out, parts.join("\n").as_bytes()).map_err(one)?;
    let names: Vec<&str> = codes.iter().map(|begun| begun.exercise.id).collect();
    say(&format!("{} holds {}: {}", out.display(), names.len(), names.join(", ")))
}

/// What a new exercise begins as.
const TEMPLATE: &str = include_str!("../../../gradus-exercises/src/template.rs");

/// Makes an exercise's file from the template and names it in its chapter.
pub(crate) fn new(root: &Path, id: &str, chapter: u32) -> Outcome {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(fine) || !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(one(Error::new(format!(
            "the name `{id}`: lower-case letters, digits and `-` are expected, a letter first"
        ))));
    }
    if gradus_exercises::find(id).is_some() {
        return Err(one(Error::new(format!("the name `{id}`: there is such an exercise already"))));
    }
    if !(1..=23).contains(&chapter) {
        return Err(one(Error::new(format!("the chapter {chapter}: 1 to 23 are expected"))));
    }
    let module = id.replace('-', "_");
    let folder = root.join("crates/gradus-exercises/src/exercises");
    let mine = folder.join(format!("ch{chapter:02}"));
    let path = mine.join(format!("{module}.rs"));
    if path.exists() {
        return Err(one(Error::new("it is there already").in_file(&path)));
    }
    let text = TEMPLATE
        .replace("id: \"template\"", &format!("id: \"{id}\""))
        .replace("chapter: 1,", &format!("chapter: {chapter},"))
        .replace("template.rs", &format!("{module}.rs"));
    let chapter_file = mine.join("mod.rs");
    let chapter_text = read(&chapter_file).map_err(one)? + &format!("pub mod {module};\n");
    let all_file = folder.join("mod.rs");
    let all_text = read(&all_file).map_err(one)?;
    let line = format!("    &ch{chapter:02}::{module}::EXERCISE,");
    let mut lines: Vec<&str> = all_text.lines().collect();
    // After the chapter's last one.
    let begins = format!("    &ch{chapter:02}::");
    let last = lines.iter().rposition(|line| line.starts_with(&begins)).ok_or_else(|| {
        one(Error::new(format!("no exercise of chapter {chapter} is named")).in_file(&all_file))
    })?;
    lines.insert(last + 1, &line);
    let all_text = lines.join("\n") + "\n";
    for (path, text) in [(&path, text), (&chapter_file, chapter_text), (&all_file, all_text)] {
        write(path, text.as_bytes()).map_err(one)?;
    }
    say(&format!(
        "{} is a whole exercise to change into yours; `cargo test -p gradus-exercises` holds it to \
         the rules.",
        path.display()
    ))
}
