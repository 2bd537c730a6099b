//! Every exercise of the book, each written once: a file in `src/exercises/` holds its task, hints and
//! explanation (as `//!` text), the stub that a student gets, the solution, the usual mistakes with
//! their diagnoses, the seeded cases and the judge.
//!
//! | module | does |
//! |---|---|
//! | [`exercise`] | what an exercise is, and the macro that its file ends with |
//! | [`source`] | the parts of an exercise's file, as text |
//! | [`variant`] | constants of a student's own |
//! | [`draw`] | seeded random cases |
//! | [`mark`](mod@mark) | plays the cases with somebody's code, judges, names the mistake |
//! | [`allow`] | what a student's code may name |
//! | [`show`] | how it did, as text and as HTML |
//! | [`desk`] | the check cell of a notebook |
//! | [`progress`] | what a reader has solved so far |
//! | [`exercises`] | the exercises themselves |
//! | [`template`] | what a new one begins as |
//!
//! ```
//! use gradus_exercises::exercise::Native;
//! use gradus_exercises::mark::mark;
//! use gradus_exercises::variant::Variant;
//!
//! let exercise = gradus_exercises::find("heavy-ball").unwrap();
//! let variant = Variant::of(exercise, "book");
//! let marks = mark(exercise, &variant, 1, &mut Native(exercise.solution));
//! assert_eq!(marks.points(), 2.0);
//! ```

pub mod allow;
pub mod desk;
pub mod draw;
pub mod exercise;
pub mod exercises;
pub mod mark;
pub mod progress;
mod quiet;
pub mod show;
pub mod source;
#[allow(missing_docs, unused_variables)]
pub mod template;
pub mod variant;

use exercise::Exercise;

/// The word of the published constants.
pub const PUBLISHED: &str = "book";

/// The seed of the cases that a student sees; a grader draws others.
pub const SEED: u64 = 1;

/// All exercises, in the order of the chapters.
pub fn all() -> &'static [&'static Exercise] {
    exercises::ALL
}

/// The exercise of this name.
pub fn find(id: &str) -> Option<&'static Exercise> {
    all().iter().copied().find(|exercise| exercise.id == id)
}

/// What an exercise's file imports.
pub(crate) mod prelude {
    pub(crate) use crate::draw::Draw;
    pub(crate) use crate::exercise::exercise;
    pub(crate) use crate::exercise::{Case, Dialogue, Exercise, Judge, Mistake};
    pub(crate) use crate::variant::own;
    pub(crate) use gradus_student::{Answer, Args, Ask, Value};
}
