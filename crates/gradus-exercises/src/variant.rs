//! Constants of a student's own.
//!
//! An exercise may take constants from a course's seed and a student's name, so that a published
//! solution does not answer it. In an exercise's file `own("rho")` is such a constant, in its prose
//! `{{rho}}`; a student sees the number in both places.

use std::cell::RefCell;

use crate::draw::Draw;
use crate::exercise::Exercise;

/// A constant of a student's own: its name, and the range that it is drawn from, to two decimals.
#[derive(Debug)]
pub struct Own {
    /// As in `own("rho")`.
    pub name: &'static str,
    /// The least value.
    pub low: f64,
    /// The greatest value.
    pub high: f64,
}

/// The constants of one student for one exercise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variant(Vec<(&'static str, f64)>);

impl Variant {
    /// The constants for this name: `book` is the published one; a course takes a word of its own and
    /// the student's name.
    pub fn of(exercise: &Exercise, name: &str) -> Self {
        let mut draw = Draw::new(&format!("{} for {name}", exercise.id), 0);
        let constant = |own: &Own| (own.name, draw.decimal(own.low, own.high, 2));
        Self(exercise.own.iter().map(constant).collect())
    }

    /// Names and values.
    pub fn constants(&self) -> &[(&'static str, f64)] {
        &self.0
    }

    /// The text with the constants in their places, in code and in prose.
    pub fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            // A method needs to know which kind of number it is called on.
            text.replace(&format!("own(\"{name}\")."), &format!("{value:?}_f64."))
                .replace(&format!("own(\"{name}\")"), &format!("{value:?}"))
                .replace(&format!("{{{{{name}}}}}"), &value.to_string())
        })
    }

    /// Does something while these are the constants that [`own`] gives.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Restore(Variant);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(std::mem::take(&mut self.0));
            }
        }
        let _restore = Restore(CURRENT.replace(self.clone()));
        work()
    }
}

thread_local! {
    static CURRENT: RefCell<Variant> = RefCell::default();
}

/// A constant of the variant that is being judged.
///
/// # Panics
/// If the exercise declares none of this name.
#[track_caller]
pub fn own(name: &str) -> f64 {
    let find = |v: &Variant| v.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    match CURRENT.with_borrow(find) {
        Some(value) => value,
        None => panic!("no constant `{name}` is declared"),
    }
}
