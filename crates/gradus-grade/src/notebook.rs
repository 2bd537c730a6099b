//! Exercise notebooks: for each exercise its task, the cell for the student's code, a check cell and
//! the hints, with nbgrader's metadata (schema version 3), by which [`submission`](crate::submission)
//! finds the code again.

use std::path::Path;

use gradus_exercises::exercise::Exercise;
use gradus_exercises::show;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;
use md5::{Digest, Md5};
use serde::Serialize;
use serde_json::{Value, json};

/// The notebook of a chapter's exercises, each with its points.
///
/// `title` is the chapter's, `word` says whose constants are in it, and `library` is the folder of the
/// crate `gradus-exercises`, as the notebook's kernel reaches it.
pub fn of_chapter(
    exercises: &[(&Exercise, u32)],
    title: &str,
    word: &str,
    library: &Path,
) -> String {
    let introduction = format!(
        "# Exercises: {title}\n\nRun the next cell once; the first time it compiles for about half \
         a minute. Then write each function in its cell and run the check below it. All that a \
         function needs has to stand in its own cell, since only that cell is handed in. A check \
         shows a few cases; they are not the ones that are graded."
    );
    let setup = format!(
        ":dep gradus-exercises = {{ path = {:?} }}\nuse gradus_exercises::desk::*;",
        library.display().to_string()
    );
    let mut cells =
        vec![cell("introduction", &introduction, Kind::Text), cell("setup", &setup, Kind::Setup)];
    for (exercise, points) in exercises {
        cells.extend(of_exercise(exercise, *points, word));
    }
    let notebook = json!({
        "cells": cells,
        "metadata": {
            "gradus": {"constants": word},
            "kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"},
            "language_info": {"file_extension": ".rs", "mimetype": "text/rust", "name": "Rust"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    write(&notebook)
}

/// A notebook's file as Jupyter writes it.
pub(crate) fn write(notebook: &Value) -> String {
    let mut out = Vec::new();
    let indent = serde_json::ser::PrettyFormatter::with_indent(b" ");
    notebook
        .serialize(&mut serde_json::Serializer::with_formatter(&mut out, indent))
        .expect("plain data");
    out.push(b'\n');
    String::from_utf8(out).expect("JSON is UTF-8")
}

fn of_exercise(exercise: &Exercise, points: u32, word: &str) -> [Value; 4] {
    let id = exercise.id;
    let text = Text::of(exercise, &Variant::of(exercise, word));
    let worth = show::points(points);
    let task = format!("## {}\n\n*`{id}`, {worth}*\n\n{}", text.title, text.task);
    let call: String = exercise.call.split_whitespace().collect::<Vec<_>>().join(" ");
    let check = format!("check!({id:?}, {word:?}, |x, ask| {call})");
    let hints: String = text
        .hints
        .iter()
        .enumerate()
        .map(|(i, hint)| {
            format!("<details><summary>Hint {}</summary>\n\n{hint}\n\n</details>\n\n", i + 1)
        })
        .collect();
    [
        cell(&format!("{id}-task"), &task, Kind::Text),
        cell(id, &text.stub, Kind::Solution),
        cell(&format!("{id}-check"), &check, Kind::Check(points)),
        cell(&format!("{id}-hints"), hints.trim_end(), Kind::Text),
    ]
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Setup,
    Solution,
    Check(u32),
}

fn cell(id: &str, source: &str, kind: Kind) -> Value {
    let code = !matches!(kind, Kind::Text);
    let solution = matches!(kind, Kind::Solution);
    let grade = matches!(kind, Kind::Check(_));
    let cell_type = if code { "code" } else { "markdown" };
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let mut grading = json!({
        "cell_type": cell_type,
        "checksum": checksum(id, source, cell_type, kind),
        "grade": grade,
        "grade_id": id,
        "locked": !solution,
    });
    if let Kind::Check(points) = kind {
        grading["points"] = points.into();
    }
    for (key, value) in
        [("schema_version", json!(3)), ("solution", json!(solution)), ("task", json!(false))]
    {
        grading[key] = value;
    }
    let metadata = if solution {
        json!({"nbgrader": grading})
    } else {
        json!({"deletable": false, "editable": false, "nbgrader": grading})
    };
    if code {
        json!({
            "cell_type": "code",
            "execution_count": null,
            "id": id,
            "metadata": metadata,
            "outputs": [],
            "source": lines,
        })
    } else {
        json!({"cell_type": "markdown", "id": id, "metadata": metadata, "source": lines})
    }
}

/// As nbgrader computes it, to see whether a cell was changed.
fn checksum(id: &str, source: &str, cell_type: &str, kind: Kind) -> String {
    let python = |b: bool| if b { "True" } else { "False" };
    let solution = matches!(kind, Kind::Solution);
    let mut sum = Md5::new();
    sum.update(source);
    sum.update(cell_type);
    sum.update(python(matches!(kind, Kind::Check(_))));
    sum.update(python(solution));
    sum.update(python(!solution));
    sum.update(id);
    if let Kind::Check(points) = kind {
        sum.update(format!("{points}.0"));
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
