//! The files that a student works in: made, set back, packed to be handed in.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use gradus_exercises::PUBLISHED;
use gradus_exercises::exercise::Exercise;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use gradus_grade::notebook;
use gradus_grade::submission::{self, MARK};
use gradus_literate::error::{Error, read, write};

use super::check::begun;
use crate::{Outcome, one, say};

/// An exercise's code as it stands in a `.rs` file.
pub(crate) fn marked(id: &str, code: &str) -> String {
    format!("{}{id}{}\n\n{}\n", MARK[0], MARK[1], code.trim_matches('\n'))
}

/// The exercise notebooks of a project, each with its file's name.
fn notebooks(root: &Path, out: &Path, word: &str) -> Result<Vec<(String, String)>, Error> {
    let chapters = root.join("book/src");
    let entries = fs::read_dir(&chapters).map_err(|e| Error::io(&chapters, "list", &e))?;
    let mut names: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    names.sort();
    let library = root.join("crates/gradus-exercises");
    let inside = out.strip_prefix(root).map(|inside| inside.components().count());
    let library = match inside {
        Ok(depth) => PathBuf::from("../".repeat(depth)).join("crates/gradus-exercises"),
        Err(_) => library,
    };
    let mut made = Vec::new();
    for path in names {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let number = name.split('-').next().and_then(|n| n.parse::<u32>().ok());
        let Some(number) = number else { continue };
        let mine: Vec<&Exercise> =
            gradus_exercises::all().iter().copied().filter(|e| e.chapter == number).collect();
        if mine.is_empty() {
            continue;
        }
        let text = read(&path)?;
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(&name);
        made.push((format!("{name}.ipynb"), notebook::of_chapter(&mine, title, word, &library)));
    }
    Ok(made)
}

/// What nbgrader has to be told of these notebooks, in its course's `nbgrader_config.py`.
const NBGRADER: &str = include_str!("nbgrader_config.py");

/// Writes the exercise notebooks and nbgrader's settings for them; a notebook that has a student's code is left as it is, unless forced.
pub(crate) fn make(root: &Path, out: Option<&Path>, word: &str, force: bool) -> Outcome {
    let out = out.map_or_else(|| root.join("notebooks/exercises"), Path::to_owned);
    let out = std::path::absolute(&out).map_err(|e| one(Error::io(&out, "find", &e)))?;
    fs::create_dir_all(&out).map_err(|e| one(Error::io(&out, "make", &e)))?;
    let mut errors = Vec::new();
    let mut written = 0;
    write(&out.join("nbgrader_config.py"), NBGRADER.as_bytes()).map_err(one)?;
    for (name, text) in notebooks(root, &out, word).map_err(one)? {
        let path = out.join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if path.exists() && !force && has_work(&path, word)? {
            let why = "it has code that is not the stub; `--force` overwrites it";
            errors.push(Error::new(why).in_file(&path));
            continue;
        }
        write(&path, text.as_bytes()).map_err(one)?;
        written += 1;
    }
    say(&format!("{written} exercise notebooks were written in {}.", out.display()))?;
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn has_work(path: &Path, word: &str) -> Result<bool, Vec<Error>> {
    let found = submission::find(&[path.to_owned()]).map_err(|e| one(Error::new(e)))?;
    let stub = |exercise: &Exercise| Text::of(exercise, &Variant::of(exercise, word)).stub;
    Ok(found.iter().flat_map(|s| &s.solutions).any(|(id, code)| {
        gradus_exercises::find(id).is_none_or(|exercise| stub(exercise).trim() != code.trim())
    }))
}

/// Puts the stub back in place of a student's code. The file as it was is kept beside.
pub(crate) fn reset(exercise: &Exercise, files: &[PathBuf]) -> Outcome {
    let stub = Text::of(exercise, &Variant::of(exercise, PUBLISHED)).stub;
    let sources = submission::sources(files).map_err(|e| one(Error::new(e)))?;
    for path in sources {
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
    let shown: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    Err(one(Error::new(format!("{} is not in {}", exercise.id, shown.join(", ")))))
}

/// Writes all that is begun into one file, to be handed in.
pub(crate) fn pack(files: &[PathBuf], out: &Path) -> Outcome {
    let (codes, errors) = begun(files, gradus_exercises::all())?;
    if !errors.is_empty() {
        return Err(errors);
    }
    if codes.is_empty() {
        return Err(one(Error::new("nothing is begun: there is nothing to hand in")));
    }
    let parts: Vec<String> =
        codes.iter().map(|(exercise, code)| marked(exercise.id, code)).collect();
    write(out, parts.join("\n").as_bytes()).map_err(one)?;
    let names: Vec<&str> = codes.iter().map(|(exercise, _)| exercise.id).collect();
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
