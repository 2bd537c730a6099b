//! What an exercise is.

use gradus_student::serve::catch;
use gradus_student::{Args, Ask, Value};

use crate::draw::Draw;
use crate::quiet::quietly;
use crate::variant::Own;

/// Somebody's function for an exercise, as the judge calls it.
pub type Run = fn(&Args, &mut Ask<'_>) -> Value;

/// An exercise; its file ends with the macro `exercise!` that makes one.
#[derive(Debug)]
pub struct Exercise {
    /// Its name, unique in the book.
    pub id: &'static str,
    /// The number of its chapter.
    pub chapter: u32,
    /// What it is worth.
    pub points: u32,
    /// Whether something broken is to be diagnosed and mended.
    pub clinic: bool,
    /// The [tools](gradus_student::tools) that the student may call.
    pub allow: &'static [&'static str],
    /// The student's own constants.
    pub own: &'static [Own],
    /// Its file.
    pub source: &'static str,
    /// The call of the student's function, with the case's arguments `x` and the other side `ask`.
    pub call: &'static str,
    /// What the student begins with.
    pub stub: Run,
    /// What is right.
    pub solution: Run,
    /// What is usually wrong.
    pub mistakes: &'static [Mistake],
    /// The cases.
    pub cases: fn(&mut Draw) -> Vec<Case>,
    /// Who decides.
    pub judge: Judge,
    /// What a picture of the answers shows, if one tells more than a table.
    pub curve: Option<Curve>,
}

/// Answers that make a curve: numbers, over one argument, a `usize`.
#[derive(Debug, Clone, Copy)]
pub struct Curve {
    /// The argument; all others are those of the first case.
    pub argument: &'static str,
    /// Its first value.
    pub from: usize,
    /// The value after its last one.
    pub to: usize,
}

/// A usual mistake; its diagnosis is the text above its module.
#[derive(Debug)]
pub struct Mistake {
    /// The name of its module.
    pub name: &'static str,
    /// The mistaken function.
    pub run: Run,
}

/// One call of the student's function.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the case is about. Cases of one group pass together or not at all.
    pub group: &'static str,
    /// What the function gets.
    pub args: Args,
    /// What only the judge and the other side of a dialogue know.
    pub hidden: Args,
}

impl Case {
    /// A case without secrets.
    pub fn new(group: &'static str, args: Args) -> Self {
        Self { group, args, hidden: Args::new() }
    }

    /// The same case with a secret.
    #[must_use]
    pub fn hiding(self, hidden: Args) -> Self {
        Self { hidden, ..self }
    }
}

/// Decides whether an answer is right.
#[derive(Debug)]
pub enum Judge {
    /// Every number within this relative distance of the solution's, measured by the largest number of
    /// that answer; everything else equal.
    Same(f64),
    /// A dialogue with a hidden function, or an answer of which there is more than one.
    Dialogue(Dialogue),
}

/// A judged dialogue.
#[derive(Debug)]
pub struct Dialogue {
    /// The most questions that a case may ask.
    pub limit: usize,
    /// The answer to a question.
    ///
    /// # Errors
    /// If it is no such question; the text tells why.
    pub answer: fn(&Case, &Value) -> Result<Value, String>,
    /// Judges the function's answer, given the questions that were asked.
    ///
    /// # Errors
    /// If it is wrong; the text tells why without giving the answer away.
    pub judge: fn(&Case, &Value, &[Value]) -> Result<(), String>,
}

/// Plays an exercise's cases: a function in this process, or a student's in a sandbox.
pub trait Player {
    /// The answer in one case.
    ///
    /// # Errors
    /// If there is none; the text tells why, as a sentence about "your function".
    fn play(&mut self, args: &Args, ask: &mut Ask<'_>) -> Result<Value, String>;
}

/// A function in this process.
#[derive(Debug, Clone, Copy)]
pub struct Native<F>(pub F);

impl<F: Fn(&Args, &mut Ask<'_>) -> Value> Player for Native<F> {
    fn play(&mut self, args: &Args, ask: &mut Ask<'_>) -> Result<Value, String> {
        quietly(|| catch(|| (self.0)(args, ask))).map_err(|why| panicked(&why))
    }
}

/// What is said of a function that panicked.
pub fn panicked(why: &str) -> String {
    if why.starts_with("not yet implemented") {
        "your function is not written yet: put your code in place of `todo!()`".to_owned()
    } else {
        format!("your function panicked: {why}")
    }
}

/// Makes `EXERCISE` of the modules in an exercise's file.
macro_rules! exercise {
    (
        id: $id:literal,
        chapter: $chapter:literal,
        points: $points:literal,
        $(clinic: $clinic:literal,)?
        $(allow: [$($tool:literal),* $(,)?],)?
        $(own: [$($own:literal in $low:literal..$high:literal),* $(,)?],)?
        source: $source:expr,
        call: |$x:ident, $ask:ident| $call:expr,
        mistakes: [$($mistake:ident),* $(,)?],
        judge: $judge:expr
        $(, curve: $argument:literal in $from:literal..$to:literal)? $(,)?
    ) => {
        /// The exercise.
        pub static EXERCISE: Exercise = Exercise {
            id: $id,
            chapter: $chapter,
            points: $points,
            clinic: false $(|| $clinic)?,
            allow: &[$($($tool),*)?],
            own: &[$($(crate::variant::Own { name: $own, low: $low, high: $high }),*)?],
            source: $source,
            call: stringify!($call),
            stub: exercise!(@run stub, |$x, $ask| $call),
            solution: exercise!(@run solution, |$x, $ask| $call),
            mistakes: &[$(Mistake {
                name: stringify!($mistake),
                run: exercise!(@run $mistake, |$x, $ask| $call),
            }),*],
            cases,
            judge: $judge,
            curve: exercise!(@curve $($argument, $from, $to)?),
        };
    };
    (@curve) => { None };
    (@curve $argument:literal, $from:literal, $to:literal) => {
        Some(crate::exercise::Curve { argument: $argument, from: $from, to: $to })
    };
    (@run $module:ident, |$x:ident, $ask:ident| $call:expr) => {
        |$x: &Args, $ask: &mut Ask<'_>| {
            use $module::*;
            let _ = (&$x, &$ask);
            Answer::into_value($call)
        }
    };
}
pub(crate) use exercise;
