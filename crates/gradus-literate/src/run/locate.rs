//! From what the kernel says back to a line of the chapter.

use super::CellJob;

/// Where a line of a chapter's cell is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The cell's position in the notebook, from 0.
    pub cell: usize,
    /// The line in the chapter, from 1.
    pub line: usize,
}

/// The line within the cell, from 1, that a compile error is about: the first one that the kernel's
/// report shows. It numbers them (` 2 │ let b`), but not those of a cell that is not all ASCII. (The
/// place in the report's head, `command_2:1:1`, is always the cell's beginning.)
pub(super) fn of_compile_error(report: &str, source: &str) -> Option<usize> {
    let numbered = |line: &str| {
        let number = line.split_once('│')?.0.trim();
        number.parse().ok().filter(|&line| line > 0)
    };
    let same = |line: &str| {
        let equal = |text: &str| !text.trim().is_empty() && text.trim() == line.trim();
        source.lines().position(equal).map(|at| at + 1)
    };
    report.lines().find_map(numbered).or_else(|| report.lines().find_map(same))
}

/// Where a panic arose. Its message names a line of the program that the kernel made of the cells;
/// the cell is the one that holds that line's text, the last one first, because functions of
/// earlier cells are in the program too.
pub(super) fn of_panic(message: &str, program: &str, cells: &[CellJob]) -> Option<Origin> {
    let (_, after) = message.split_once("panicked at src/lib.rs:")?;
    let number: usize = after.split(':').next()?.parse().ok()?;
    let lines: Vec<&str> = program.lines().map(str::trim).collect();
    let text = *lines.get(number.checked_sub(1)?)?;
    if text.is_empty() {
        return None;
    }
    // Of several equal lines in a cell, the one whose neighbours agree best.
    let agreement = |source: &[&str], at: usize| {
        let same = |here: Option<usize>, there: Option<usize>| match (here, there) {
            (Some(here), Some(there)) => {
                here < source.len() && there < lines.len() && source[here] == lines[there]
            }
            _ => false,
        };
        let before =
            (1..).take_while(|&k| same(at.checked_sub(k), (number - 1).checked_sub(k))).count();
        let after = (1..).take_while(|&k| same(Some(at + k), Some(number - 1 + k))).count();
        before + after
    };
    cells.iter().enumerate().rev().find_map(|(cell, job)| {
        let source: Vec<&str> = job.source.lines().map(str::trim).collect();
        (0..source.len())
            .filter(|&at| source[at] == text)
            .max_by_key(|&at| agreement(&source, at))
            .map(|at| Origin { cell, line: job.line + at })
    })
}

/// The line within the cell, from 1, of its only `?`.
pub(super) fn of_question_mark(source: &str) -> Option<usize> {
    let mut lines = source.lines().enumerate().filter(|(_, line)| has_question_mark(line));
    match (lines.next(), lines.next()) {
        (Some((at, _)), None) => Some(at + 1),
        _ => None,
    }
}

/// Whether a line of code seems to use the operator `?`: one that follows a value.
pub(super) fn has_question_mark(source: &str) -> bool {
    source.lines().any(|line| {
        let code = line.split("//").next().unwrap_or(line);
        [")?", "]?", "}?"].iter().any(|end| code.contains(end))
            || code.split('?').next().is_some_and(|before| {
                before.len() < code.len()
                    && before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::CellJob;

    fn cell(source: &str, line: usize) -> CellJob {
        CellJob {
            name: "c".into(),
            source: source.into(),
            line,
            timeout: None,
            allow_stderr: false,
        }
    }

    #[test]
    fn compile_errors_name_their_line() {
        let source = "let η = 1;\nlet x: i32 = \"η\";";
        assert_eq!(
            of_compile_error("Error: x\n ╭─[ command_3:1:1 ]\n │\n 2 │ let x\n", source),
            Some(2)
        );
        let bare = "mismatched types\nlet x: i32 = \"η\";\n             ^^^ expected `i32`";
        assert_eq!(of_compile_error(bare, source), Some(2));
        assert_eq!(of_compile_error("no place", source), None);
    }

    #[test]
    fn a_panic_is_found_among_equal_lines_by_its_neighbours() {
        let cells =
            [cell("fn f() {\n    g();\n}", 10), cell("let a = 1;\ng();\nlet b = 2;\ng();", 20)];
        let program = "#![allow()]\nfn f() {\n    g();\n}\nfn run() {\nlet a = 1;\ng();\nlet b = 2;\ng();\n}\n";
        let at = |line: usize| {
            of_panic(&format!("thread 'x' panicked at src/lib.rs:{line}:1:\nno"), program, &cells)
                .unwrap()
                .line
        };
        assert_eq!(at(7), 21);
        assert_eq!(at(9), 23);
        // Not in the last cell, so in the function of the earlier one.
        assert_eq!(
            of_panic("panicked at src/lib.rs:2:1:", program, &cells),
            Some(Origin { cell: 0, line: 10 })
        );
        assert_eq!(of_panic("panicked at src/lib.rs:99:1:", program, &cells), None);
        assert_eq!(of_panic("panicked at /rustc/x/vec.rs:9:1:", program, &cells), None);
    }

    #[test]
    fn the_only_question_mark_is_found() {
        assert_eq!(of_question_mark("let a = 1;\nlet b = f(a)?;\n// really?"), Some(2));
        assert_eq!(of_question_mark("f()?;\ng()?;"), None);
        assert!(!has_question_mark("println!(\"why ?\");"));
    }
}
