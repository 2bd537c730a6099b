//! The exercises at the end of a chapter's page.

use std::fmt::Write as _;

use gradus_exercises::PUBLISHED;
use gradus_exercises::show::points;
use gradus_exercises::source::Text;
use gradus_exercises::variant::Variant;

/// The section of a chapter, with hints and solutions folded away; empty if it has no exercise.
pub(crate) fn section(chapter: &str) -> String {
    let number = chapter.split('-').next().and_then(|number| number.parse().ok());
    let mine: Vec<_> =
        gradus_exercises::all().iter().filter(|e| Some(e.chapter) == number).collect();
    let Some(first) = mine.first() else { return String::new() };
    let mut out = format!(
        "\n\n## Exercises\n\nSolve them in the notebook `notebooks/exercises/{chapter}.ipynb`, \
         which checks each function as you write it, or in a file of your own:\n\n```sh\n\
         gradus exercises show {} --stub > mine.rs\ngradus exercises check mine.rs --watch\n```\n",
        first.id
    );
    for exercise in mine {
        let text = Text::of(exercise, &Variant::of(exercise, PUBLISHED));
        let fold = |summary: &str, content: &str| {
            format!(
                "<details class=\"answer\"><summary>{summary}</summary>\n\n{content}\n\n</details>\n\n"
            )
        };
        let code = |code: &str| format!("```rust\n{code}\n```");
        let _ = write!(
            out,
            "\n### {}\n\n*`{}`, {}*\n\n{}\n\n{}\n\n",
            text.title,
            exercise.id,
            points(exercise.points),
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
