//! The check cell of an exercise notebook.
//!
//! A notebook's first cell imports everything from here: the tools, [`Ask`], and the macro
//! [`check!`](crate::check), which plays the cases that a student may see with the student's function
//! and shows how it did. The check is advice; it is not the grade.

use std::fmt;
use std::time::Duration;

pub use gradus_student::tools::*;
pub use gradus_student::{Answer, Args, Ask, Value};

pub use crate::check;
use crate::exercise::Native;
use crate::mark::mark;
use crate::variant::Variant;
use crate::{SEED, allow, find, progress, show};

/// Checks a student's function: `check!("heavy-ball", "book", |x, ask| heavy_ball(x.vector("w")))`,
/// with the exercise's name, the word of its constants, and the call.
///
/// It gives a [`Checked`], which the kernel shows. It works in a notebook's cell only, because it reads
/// the file that the kernel compiles.
#[macro_export]
macro_rules! check {
    ($id:literal, $variant:literal, |$x:ident, $ask:ident| $call:expr) => {
        $crate::desk::check(
            $id,
            $variant,
            include_str!("lib.rs"),
            |$x: &$crate::desk::Args, $ask: &mut $crate::desk::Ask<'_>| {
                let _ = (&$x, &$ask);
                $crate::desk::Answer::into_value($call)
            },
        )
    };
}

/// How the student's function did.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// Whether all points were earned.
    pub solved: bool,
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Checked {
    fn sentence(text: String) -> Self {
        Self { html: format!("<p>{}</p>", show::escape(&text)), text, solved: false }
    }

    /// Shows itself as the Rust kernel of Jupyter wants it.
    pub fn evcxr_display(&self) {
        if !self.solved {
            // nbgrader counts what is on standard error as a failure, if it comes first: the kernel
            // sends it over another channel, so it gets a head start.
            eprintln!("{}", self.text.lines().next().unwrap_or_default());
            std::thread::sleep(Duration::from_millis(100));
        }
        println!("EVCXR_BEGIN_CONTENT text/plain\n{}\nEVCXR_END_CONTENT", self.text);
        println!("EVCXR_BEGIN_CONTENT text/html\n{}\nEVCXR_END_CONTENT", self.html);
    }
}

/// What [`check!`](crate::check) calls; `file` is what the notebook's cells defined.
pub fn check(
    id: &str,
    variant: &str,
    file: &str,
    run: impl Fn(&Args, &mut Ask<'_>) -> Value,
) -> Checked {
    let Some(exercise) = find(id) else {
        return Checked::sentence(format!("There is no exercise `{id}`."));
    };
    let allowed = match allow::reached(file, exercise.call) {
        Some(code) => allow::check(exercise, &code),
        None => Err("the notebook's code cannot be read".to_owned()),
    };
    if let Err(why) = allowed {
        return Checked::sentence(format!("{id}: your function is not checked: {why}."));
    }
    let variant = Variant::of(exercise, variant);
    let mut player = Native(run);
    let marks = mark(exercise, &variant, SEED, &mut player);
    let picture = show::picture(exercise, &variant, &mut player);
    // A check is worth as much to somebody whose home cannot be written.
    let _ = progress::record(id, marks.points());
    Checked {
        text: show::text(exercise, &marks),
        html: show::html(exercise, &marks, picture.as_deref()),
        solved: marks.is_full(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "fn step() {}";

    #[test]
    fn a_right_answer_and_what_is_said_of_others() {
        let exercise = find("heavy-ball").unwrap();
        let checked = check("heavy-ball", "book", RIGHT, exercise.solution);
        assert!(checked.solved && checked.text.contains("2.0 of 2"), "{checked}");
        assert!(checked.html.contains("<table") && !checked.html.contains('✗'), "{}", checked.html);

        let checked = check("heavy-ball", "book", RIGHT, exercise.stub);
        assert!(!checked.solved && checked.text.contains("not written yet"), "{checked}");

        let late = exercise.mistakes.iter().find(|m| m.name == "late").unwrap();
        let checked = check("heavy-ball", "book", RIGHT, late.run);
        assert!(checked.html.contains("old velocity") && checked.html.contains('✗'), "{checked}");

        let cheat = "fn heavy_ball() { gradus_exercises::find(\"heavy-ball\") }";
        let checked = check("heavy-ball", "book", cheat, exercise.solution);
        assert!(!checked.solved && checked.text.contains("names `gradus_exercises`"), "{checked}");
        assert!(check("none", "book", "", exercise.stub).text.contains("no exercise `none`"));
    }

    #[test]
    fn a_schedule_is_drawn() {
        let exercise = find("step-decay").unwrap();
        let checked = check("step-decay", "book", RIGHT, exercise.solution);
        assert!(checked.html.contains("<svg") && checked.html.contains("polyline"), "{checked}");
    }
}
