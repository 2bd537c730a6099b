//! What was handed in: a notebook or a `.rs` file, or a folder of them. Only the solution cells are
//! read, found by their name; nothing is run, unpacked or followed out of the folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use gradus_exercises::PUBLISHED;
use serde_json::Value;

use crate::Error;

/// No honest submission is longer.
const LIMIT: u64 = 8 << 20;

/// Around the name of an exercise, in the line that begins it in a `.rs` file.
const MARK: [&str; 2] = ["// ==== exercise ", " ===="];

/// Between the name of an exercise and the word of its constants.
const CONSTANTS: &str = ", constants ";

/// The line that begins an exercise in a `.rs` file: `// ==== exercise NAME ====`, and with constants that
/// are not the published ones `// ==== exercise NAME, constants WORD ====`.
pub fn mark(id: &str, word: &str) -> String {
    let constants = if word == PUBLISHED { String::new() } else { format!("{CONSTANTS}{word}") };
    format!("{}{id}{constants}{}", MARK[0], MARK[1])
}

/// Name and word in a line that begins an exercise.
fn marked(line: &str) -> Option<(&str, Option<&str>)> {
    let inside = line.strip_prefix(MARK[0])?.trim_end().strip_suffix(MARK[1])?;
    Some(inside.split_once(CONSTANTS).map_or((inside, None), |(id, word)| (id, Some(word))))
}

/// One student's solutions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Submission {
    /// The name of the file or folder that was handed in.
    pub name: String,
    /// The code of each exercise, by the exercise's name.
    pub solutions: BTreeMap<String, String>,
    /// The word of its constants, where the file names one. A grader knows it from the course.
    pub words: BTreeMap<String, String>,
    /// What could not be read, in words.
    pub problems: Vec<String>,
    /// When the newest of its files was last changed, in seconds since 1970.
    pub received: Option<u64>,
}

/// The submissions among these paths, in the order of their names. A path is a notebook, a `.rs` file,
/// or a folder whose entries are submissions: files, or folders with a student's files.
///
/// # Errors
/// If a path is not there. What is wrong inside a submission is a problem of that submission.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Submission>, Error> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::symlink_metadata(path).map_err(Error::io(path))?;
        if kind.is_dir() {
            for entry in entries(path)? {
                let inside = fs::symlink_metadata(&entry).map_err(Error::io(&entry))?;
                if inside.is_dir() {
                    found.push(of_folder(&entry));
                } else if is_source(&entry) {
                    found.push(of_files(&name(&entry), &[entry]));
                }
            }
        } else {
            found.push(of_files(&name(path), std::slice::from_ref(path)));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// One student's submission, which all of these files and folders make up.
///
/// # Errors
/// If a path is not there.
pub fn of_student(name: &str, paths: &[PathBuf]) -> Result<Submission, Error> {
    Ok(of_files(name, &sources(paths)?))
}

/// The notebooks and `.rs` files among these paths, and in the folders among them.
///
/// # Errors
/// If a path is not there.
pub fn sources(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in paths {
        if fs::symlink_metadata(path).map_err(Error::io(path))?.is_dir() {
            found.extend(inside(path, DEPTH)?);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "ipynb" || e == "rs")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    paths.sort();
    Ok(paths)
}

/// Folders in a student's folder are looked into so deep: `ada/ps1/14-momentum.ipynb`.
const DEPTH: usize = 3;

fn of_folder(folder: &Path) -> Submission {
    match inside(folder, DEPTH) {
        Ok(sources) => of_files(&name(folder), &sources),
        Err(e) => Submission {
            name: name(folder),
            problems: vec![e.to_string()],
            ..Submission::default()
        },
    }
}

/// The sources in a folder and, so many levels deep, in its folders; links are not followed.
fn inside(folder: &Path, depth: usize) -> Result<Vec<PathBuf>, Error> {
    let mut sources = Vec::new();
    for path in entries(folder)? {
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|kind| kind.is_dir());
        if is_folder && depth > 1 {
            sources.extend(inside(&path, depth - 1)?);
        } else if !is_folder && is_source(&path) {
            sources.push(path);
        }
    }
    Ok(sources)
}

fn of_files(name: &str, files: &[PathBuf]) -> Submission {
    let mut submission = Submission { name: name.to_owned(), ..Submission::default() };
    if files.is_empty() {
        submission.problems.push("there is no notebook and no .rs file in it".to_owned());
    }
    let time = |file: &PathBuf| {
        let changed = fs::symlink_metadata(file).and_then(|m| m.modified()).ok()?;
        Some(changed.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs())
    };
    submission.received = files.iter().filter_map(time).max();
    for file in files {
        let read = read(file).and_then(|text| {
            if file.extension().is_some_and(|e| e == "rs") {
                Ok(of_source(&text))
            } else {
                of_notebook(&text)
            }
        });
        match read {
            Ok(cells) => {
                for (id, word, code) in cells {
                    submission.words.extend(word.map(|word| (id.clone(), word)));
                    if submission.solutions.insert(id.clone(), code).is_some() {
                        submission
                            .problems
                            .push(format!("{id} is there twice; the last one counts"));
                    }
                }
            }
            Err(why) => submission.problems.push(format!("{}: {why}", self::name(file))),
        }
    }
    submission
}

fn read(path: &Path) -> Result<String, String> {
    let kind = fs::symlink_metadata(path).map_err(|e| e.to_string())?;
    if !kind.is_file() {
        return Err("it is not a plain file".to_owned());
    }
    if kind.len() > LIMIT {
        return Err(format!("it has {} bytes; {LIMIT} are allowed", kind.len()));
    }
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LIMIT).read_to_end(&mut text))
        .map_err(|e| e.to_string())?;
    String::from_utf8(text).map_err(|_| "it is not UTF-8 text".to_owned())
}

/// An exercise in a file: its name, the word of its constants if the file names one, its code.
type Found = (String, Option<String>, String);

/// The exercises in a `.rs` file.
fn of_source(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for line in text.lines() {
        if let Some((id, word)) = marked(line) {
            found.push((id.to_owned(), word.map(str::to_owned), String::new()));
        } else if let Some((_, _, code)) = found.last_mut() {
            code.push_str(line);
            code.push('\n');
        }
    }
    found
}

/// The text of a notebook or `.rs` file with other code for an exercise; none if it is not in it.
pub fn replaced(path: &Path, text: &str, id: &str, code: &str) -> Option<String> {
    if path.extension().is_some_and(|e| e == "rs") {
        let begins = |line: &str| marked(line).is_some_and(|(name, _)| name == id);
        let at = text.lines().position(begins)?;
        let lines: Vec<&str> = text.lines().collect();
        let next = lines[at + 1..].iter().position(|line| line.starts_with(MARK[0]));
        let rest = next.map_or(&[][..], |next| &lines[at + 1 + next..]);
        let mut parts =
            vec![lines[..=at].join("\n"), String::new(), code.trim_matches('\n').to_owned()];
        if !rest.is_empty() {
            parts.extend([String::new(), rest.join("\n")]);
        }
        return Some(parts.join("\n") + "\n");
    }
    let mut notebook: Value = serde_json::from_str(text).ok()?;
    let cell = notebook["cells"].as_array_mut()?.iter_mut().find(|cell| {
        let grading = &cell["metadata"]["nbgrader"];
        grading["grade_id"] == id && grading["solution"] == Value::Bool(true)
    })?;
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    cell["source"] = lines.into();
    cell["outputs"] = Value::Array(Vec::new());
    cell["execution_count"] = Value::Null;
    Some(crate::notebook::write(&notebook))
}

/// The solution cells of a notebook: those that nbgrader's metadata call a solution.
fn of_notebook(text: &str) -> Result<Vec<Found>, String> {
    let notebook: Value =
        serde_json::from_str(text).map_err(|e| format!("it is no notebook: {e}"))?;
    let cells = notebook["cells"].as_array().ok_or("it is no notebook: it has no cells")?;
    let word = notebook["metadata"]["gradus"]["constants"].as_str();
    let mut found = Vec::new();
    for cell in cells {
        let grading = &cell["metadata"]["nbgrader"];
        let Some(id) = grading["grade_id"].as_str() else { continue };
        if grading["solution"] != Value::Bool(true) {
            continue;
        }
        let code = match &cell["source"] {
            Value::String(text) => text.clone(),
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            _ => return Err(format!("the cell {id} has no text")),
        };
        found.push((id.to_owned(), word.map(str::to_owned), code));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solution_cells_only() {
        let notebook = r#"{"cells": [
            {"cell_type": "code", "source": ["fn a() {}\n", "fn b() {}"],
             "metadata": {"nbgrader": {"grade_id": "one", "solution": true}}},
            {"cell_type": "code", "source": "evil()", "metadata": {}},
            {"cell_type": "code", "source": "check()",
             "metadata": {"nbgrader": {"grade_id": "one-check", "solution": false}}}]}"#;
        let found = of_notebook(notebook).unwrap();
        assert_eq!(found, [("one".to_owned(), None, "fn a() {}\nfn b() {}".to_owned())]);
        for broken in [
            "",
            "[]",
            "{\"cells\": 3}",
            "{\"cells\": [{\"metadata\": {\"nbgrader\": {\"grade_id\": \"x\", \"solution\": true}}}]}",
        ] {
            assert!(of_notebook(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_student_s_folder_may_have_folders() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("ada/ps1");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("a.rs"), "// ==== exercise one ====\nx").unwrap();
        std::os::unix::fs::symlink(folder.path(), deep.join("round")).unwrap();
        let found = find(&[folder.path().to_owned()]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].solutions.len()), ("ada", 1));
        let same = of_student("ada", &[folder.path().to_owned()]).unwrap();
        assert_eq!(same.solutions, found[0].solutions);
    }

    #[test]
    fn other_code_in_the_same_place() {
        let text = "// ==== exercise one ====\n\nold\n\n// ==== exercise two ====\n\nkept\n";
        let new = replaced(Path::new("a.rs"), text, "one", "new").unwrap();
        assert_eq!(new, text.replace("old", "new"));
        assert_eq!(replaced(Path::new("a.rs"), text, "three", "new"), None);
        let new = replaced(Path::new("a.rs"), text, "two", "new").unwrap();
        assert_eq!(new, text.replace("kept", "new"));
    }

    #[test]
    fn a_source_file_is_cut_at_its_marks() {
        let text = format!("junk\n{}\na\nb\n{}\nc\n", mark("one", PUBLISHED), mark("two", "a/b"));
        let [one, two] = &of_source(&text)[..] else { panic!("two exercises") };
        assert_eq!(*one, ("one".to_owned(), None, "a\nb\n".to_owned()));
        assert_eq!(*two, ("two".to_owned(), Some("a/b".to_owned()), "c\n".to_owned()));
    }
}
