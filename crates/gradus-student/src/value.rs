//! What goes into a student's function and comes out of it.

use std::fmt;

/// A number, a vector, a text: what an argument or an answer can be.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `()` or `None`.
    #[default]
    Nothing,
    /// `bool`.
    Bool(bool),
    /// `usize`: a count or an index.
    Index(usize),
    /// `f64`.
    Number(f64),
    /// `String`.
    Text(String),
    /// `Vec<f64>`.
    Vector(Vec<f64>),
    /// `Vec<usize>`.
    Indices(Vec<usize>),
    /// `Vec<Vec<f64>>`: rows.
    Matrix(Vec<Vec<f64>>),
    /// A tuple, or a list of anything else.
    List(Vec<Value>),
}

impl Value {
    /// The name of its Rust type, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Bool(_) => "a bool",
            Self::Index(_) => "a usize",
            Self::Number(_) => "an f64",
            Self::Text(_) => "a String",
            Self::Vector(_) => "a Vec<f64>",
            Self::Indices(_) => "a Vec<usize>",
            Self::Matrix(_) => "a Vec<Vec<f64>>",
            Self::List(_) => "a tuple or list",
        }
    }

    /// The number in it, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(x) = self { Some(*x) } else { None }
    }

    /// The vector in it, if it is one.
    pub fn vector(&self) -> Option<&[f64]> {
        if let Self::Vector(v) = self { Some(v) } else { None }
    }

    /// The parts of a tuple or list; else none.
    pub fn parts(&self) -> &[Value] {
        if let Self::List(parts) = self { parts } else { &[] }
    }

    /// All floating-point numbers in it, in order.
    pub fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Number(x) => vec![*x],
            Self::Vector(v) => v.clone(),
            Self::Matrix(rows) => rows.concat(),
            Self::List(parts) => parts.iter().flat_map(Self::numbers).collect(),
            _ => Vec::new(),
        }
    }
}

/// At most this many entries of a vector or list are shown.
const SHOWN: usize = 20;

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    brackets: [&str; 2],
    items: &[T],
    mut show: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str(brackets[0])?;
    for (i, item) in items.iter().take(SHOWN).enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        show(f, item)?;
    }
    if items.len() > SHOWN {
        write!(f, ", … {} in all", items.len())?;
    }
    f.write_str(brackets[1])
}

fn number(f: &mut fmt::Formatter<'_>, x: f64) -> fmt::Result {
    if x != 0.0 && x.is_finite() && !(1e-4..1e7).contains(&x.abs()) {
        return write!(f, "{x:.6e}");
    }
    let text = format!("{x:.8}");
    let text = if text.contains('.') { text.trim_end_matches('0') } else { &text };
    f.write_str(text)?;
    if text.ends_with('.') { f.write_str("0") } else { Ok(()) }
}

/// As a person writes it, numbers to eight decimals, long lists cut.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Index(i) => write!(f, "{i}"),
            Self::Number(x) => number(f, *x),
            // Escaped: a hostile answer must not move the cursor of a teacher's terminal.
            Self::Text(text) => {
                let cut: String = text.chars().take(200).collect();
                write!(f, "{cut:?}{}", if cut.len() < text.len() { " …" } else { "" })
            }
            Self::Vector(v) => list(f, ["[", "]"], v, |f, x| number(f, *x)),
            Self::Indices(v) => list(f, ["[", "]"], v, |f, i| write!(f, "{i}")),
            Self::Matrix(rows) => {
                list(f, ["[", "]"], rows, |f, row| list(f, ["[", "]"], row, |f, x| number(f, *x)))
            }
            Self::List(parts) => list(f, ["(", ")"], parts, |f, part| write!(f, "{part}")),
        }
    }
}

/// What a student's function may return.
#[diagnostic::on_unimplemented(
    message = "the exercise cannot take `{Self}` as an answer",
    label = "your function returns `{Self}`: compare its signature with the one in the exercise"
)]
pub trait Answer {
    /// The answer as it is sent and judged.
    fn into_value(self) -> Value;
}

macro_rules! answers {
    ($($type:ty => $variant:ident),* $(,)?) => {$(
        impl Answer for $type {
            fn into_value(self) -> Value {
                Value::$variant(self.into())
            }
        }
    )*};
}

answers! {
    bool => Bool,
    usize => Index,
    f64 => Number,
    String => Text,
    &str => Text,
    Vec<f64> => Vector,
    Vec<usize> => Indices,
    Vec<Vec<f64>> => Matrix,
}

impl Answer for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl Answer for () {
    fn into_value(self) -> Value {
        Value::Nothing
    }
}

impl<const N: usize> Answer for [f64; N] {
    fn into_value(self) -> Value {
        Value::Vector(self.into())
    }
}

impl<const N: usize> Answer for [Vec<f64>; N] {
    fn into_value(self) -> Value {
        Value::List(self.map(Value::Vector).into())
    }
}

impl<T: Answer> Answer for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Nothing, Answer::into_value)
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: Answer),+> Answer for ($($name,)+) {
            #[allow(non_snake_case)]
            fn into_value(self) -> Value {
                let ($($name,)+) = self;
                Value::List(vec![$($name.into_value()),+])
            }
        }
    )*};
}

tuples! { (A B) (A B C) (A B C D) }

/// The named arguments of one case.
///
/// The accessors panic if there is no such argument, which is a mistake of the exercise; a test runs
/// each exercise's cases through its solution.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Args(pub Vec<(String, Value)>);

macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident -> $type:ty, $variant:ident, $found:ident => $give:expr;)*) => {$(
        $(#[$doc])*
        #[track_caller]
        pub fn $name(&self, name: &str) -> $type {
            match self.get(name) {
                Value::$variant($found) => $give,
                other => panic!("the argument `{name}` is {}", other.kind()),
            }
        }
    )*};
}

impl Args {
    /// No arguments yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// These arguments and one more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Answer) -> Self {
        self.0.push((name.to_owned(), value.into_value()));
        self
    }

    /// An argument.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn get(&self, name: &str) -> &Value {
        match self.0.iter().find(|(known, _)| known == name) {
            Some((_, value)) => value,
            None => panic!("there is no argument `{name}`"),
        }
    }

    accessors! {
        /// A `bool`.
        flag -> bool, Bool, b => *b;
        /// A `usize`.
        index -> usize, Index, i => *i;
        /// An `f64`.
        number -> f64, Number, x => *x;
        /// A text.
        text -> &str, Text, t => t;
        /// A vector.
        vector -> &[f64], Vector, v => v;
        /// A vector of indices.
        indices -> &[usize], Indices, v => v;
        /// A matrix, as rows.
        matrix -> &[Vec<f64>], Matrix, rows => rows;
    }
}

impl fmt::Display for Args {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}{name} = {value}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// The other side of a dialogue: it is asked something, such as a point, and answers, such as value
/// and gradient there.
///
/// The questions panic if the answer is not of the kind that they expect.
pub struct Ask<'a>(pub &'a mut dyn FnMut(Value) -> Value);

impl Ask<'_> {
    /// Asks anything.
    pub fn ask(&mut self, question: impl Answer) -> Value {
        (self.0)(question.into_value())
    }

    /// The number at a point.
    #[track_caller]
    pub fn number(&mut self, question: impl Answer) -> f64 {
        match self.ask(question) {
            Value::Number(x) => x,
            other => panic!("the answer is {}, not a number", other.kind()),
        }
    }

    /// The vector at a point.
    #[track_caller]
    pub fn vector(&mut self, question: impl Answer) -> Vec<f64> {
        match self.ask(question) {
            Value::Vector(v) => v,
            other => panic!("the answer is {}, not a vector", other.kind()),
        }
    }

    /// Value and gradient at a point.
    #[track_caller]
    pub fn value_and_gradient(&mut self, question: impl Answer) -> (f64, Vec<f64>) {
        self.number_and_vector(question)
    }

    /// A number and a vector.
    #[track_caller]
    pub fn number_and_vector(&mut self, question: impl Answer) -> (f64, Vec<f64>) {
        match self.ask(question) {
            Value::List(parts) => match &parts[..] {
                [Value::Number(x), Value::Vector(v)] => (*x, v.clone()),
                _ => panic!("the answer is not a number and a vector"),
            },
            other => panic!("the answer is {}, not a number and a vector", other.kind()),
        }
    }
}

impl fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ask")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_a_person_writes_them() {
        let shown = |answer: Value| answer.to_string();
        assert_eq!(shown(0.5.into_value()), "0.5");
        assert_eq!(shown(3.0.into_value()), "3.0");
        assert_eq!(shown(1e-9.into_value()), "1.000000e-9");
        assert_eq!(shown(f64::NAN.into_value()), "NaN");
        assert_eq!(shown((vec![1.0, 2.0], 3_usize).into_value()), "([1.0, 2.0], 3)");
        assert_eq!(shown(vec![vec![1.0], vec![2.0]].into_value()), "[[1.0], [2.0]]");
        assert_eq!(shown(Value::Text("a\u{1b}[2Jb".into())), "\"a\\u{1b}[2Jb\"");
        assert!(shown(vec![0.0; 100].into_value()).ends_with("… 100 in all]"));
        assert_eq!(shown(None::<f64>.into_value()), "nothing");
    }

    #[test]
    fn arguments_are_found_by_name() {
        let args = Args::new().with("w", vec![1.0]).with("rate", 0.1);
        assert_eq!(args.vector("w"), [1.0]);
        assert_eq!(args.number("rate"), 0.1);
        assert_eq!(args.to_string(), "w = [1.0], rate = 0.1");
    }
}
