//! The parts of an exercise's file, as text.
//!
//! The file begins with `//!` lines: `# Title`, the task, `## Hints` (a numbered list) and
//! `## Explanation`. `pub mod stub`, `solution` and a module for each mistake follow, as rustfmt lays
//! them out: the text between `pub mod NAME {` and the next `}` in the first column.

use crate::exercise::Exercise;
use crate::variant::Variant;

/// What a student can read of an exercise, with the student's own constants.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The heading.
    pub title: String,
    /// What is asked.
    pub task: String,
    /// In steps, the first helps least.
    pub hints: Vec<String>,
    /// Why the solution is as it is.
    pub explanation: String,
    /// The code that the student begins with.
    pub stub: String,
    /// The code that is right.
    pub solution: String,
}

impl Text {
    /// The text of an exercise in a variant.
    pub fn of(exercise: &Exercise, variant: &Variant) -> Self {
        let fill = |text: String| variant.fill(text.trim());
        let prose = prose(exercise.source);
        let (head, rest) = prose.split_once("\n## Hints\n").unwrap_or((&prose, ""));
        let (hints, explanation) = rest.split_once("\n## Explanation\n").unwrap_or((rest, ""));
        let (title, task) = head.split_once('\n').unwrap_or((head, ""));
        Self {
            title: fill(title.trim_start_matches("# ").to_owned()),
            task: fill(task.to_owned()),
            hints: numbered(hints).into_iter().map(fill).collect(),
            explanation: fill(explanation.to_owned()),
            stub: fill(module(exercise.source, "stub")),
            solution: fill(module(exercise.source, "solution")),
        }
    }
}

/// The `//!` lines at the beginning.
fn prose(source: &str) -> String {
    let line = |line: &str| {
        let text = line.strip_prefix("//!")?;
        Some(format!("{}\n", text.strip_prefix(' ').unwrap_or(text)))
    };
    source.lines().map_while(line).collect()
}

/// The items of a numbered list.
fn numbered(list: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in list.lines() {
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        match digits.strip_prefix(". ") {
            Some(first) if digits.len() < line.len() => items.push(format!("{first}\n")),
            _ => {
                if let Some(item) = items.last_mut() {
                    item.push_str(line.trim_start());
                    item.push('\n');
                }
            }
        }
    }
    items
}

/// The code of a module, moved to the first column, without what it imports from its file.
pub fn module(source: &str, name: &str) -> String {
    let begin = format!("pub mod {name} {{");
    let inside = source.lines().skip_while(|line| *line != begin).skip(1);
    let code: String = inside
        .take_while(|line| *line != "}")
        .filter(|line| !line.trim_start().starts_with("use super::"))
        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect();
    code.trim_matches('\n').to_owned()
}

/// The `///` text above a module: a mistake's diagnosis.
pub fn description(source: &str, name: &str) -> String {
    let begin = format!("pub mod {name} {{");
    let before: Vec<&str> = source.lines().take_while(|line| *line != begin).collect();
    let first = before.iter().rposition(|line| !line.starts_with("///")).map_or(0, |i| i + 1);
    let text: Vec<&str> =
        before[first..].iter().map(|line| line.trim_start_matches("///").trim()).collect();
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "//! # Title\n//!\n//! Task.\n//!\n//! ## Hints\n//!\n//! 1. First,\n//!    on.\n//! 2. Second.\n//!\n//! ## Explanation\n//!\n//! Why.\n\nuse x;\n\n/// Wrong\n/// sign.\npub mod sign {\n    use super::own;\n\n    pub fn f() -> f64 {\n        1.0\n    }\n}\n";

    #[test]
    fn parts_of_a_file() {
        assert!(prose(FILE).starts_with("# Title\n\nTask.\n"));
        assert_eq!(numbered("\n1. First,\n   on.\n2. Second.\n"), ["First,\non.\n", "Second.\n"]);
        assert_eq!(module(FILE, "sign"), "pub fn f() -> f64 {\n    1.0\n}");
        assert_eq!(description(FILE, "sign"), "Wrong sign.");
        assert_eq!(module(FILE, "none"), "");
    }
}
