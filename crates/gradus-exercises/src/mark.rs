//! Plays an exercise's cases with somebody's code, judges the answers, names the mistake.

use gradus_student::{Args, Ask, Value};

use crate::draw::Draw;
use crate::exercise::{Case, Exercise, Judge, Native, Player};
use crate::source;
use crate::variant::Variant;

/// How somebody's code did.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    /// The groups of cases, in the exercise's order.
    pub groups: Vec<Group>,
    /// Which usual mistake it is, if one fits.
    pub diagnosis: Option<String>,
    /// What the exercise is worth.
    pub of: u32,
}

/// A group of cases, which pass together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What it is about.
    pub name: &'static str,
    /// Its cases.
    pub cases: Vec<Marked>,
}

/// A judged case.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// What was put in.
    pub args: Args,
    /// What came back, if anything did.
    pub answer: Option<Value>,
    /// What is wrong with it.
    pub problem: Option<String>,
}

impl Group {
    /// Whether all of its cases are right.
    pub fn passed(&self) -> bool {
        self.cases.iter().all(|case| case.problem.is_none())
    }
}

impl Marks {
    /// The points earned: the exercise's, by the share of groups that passed.
    pub fn points(&self) -> f64 {
        let passed = self.groups.iter().filter(|group| group.passed()).count();
        f64::from(self.of) * passed as f64 / self.groups.len().max(1) as f64
    }

    /// Whether all points were earned.
    pub fn is_full(&self) -> bool {
        self.points() >= f64::from(self.of)
    }
}

/// What happened in a case.
struct Played {
    answer: Result<Value, String>,
    asked: Vec<Value>,
}

/// Plays the cases of this seed and judges the answers.
///
/// # Panics
/// If the exercise's own solution fails, which a test rules out.
pub fn mark(exercise: &Exercise, variant: &Variant, seed: u64, player: &mut dyn Player) -> Marks {
    variant.during(|| {
        let cases = (exercise.cases)(&mut Draw::new(exercise.id, seed));
        let played: Vec<Played> = cases.iter().map(|case| play(exercise, case, player)).collect();
        let mut groups: Vec<Group> = Vec::new();
        for (case, played) in cases.iter().zip(&played) {
            let marked = Marked {
                args: case.args.clone(),
                answer: played.answer.clone().ok(),
                problem: judge(exercise, case, played).err(),
            };
            match groups.iter_mut().find(|group| group.name == case.group) {
                Some(group) => group.cases.push(marked),
                None => groups.push(Group { name: case.group, cases: vec![marked] }),
            }
        }
        let wrong = groups.iter().any(|group| !group.passed());
        let diagnosis = if wrong { diagnose(exercise, &cases, &played) } else { None };
        Marks { groups, diagnosis, of: exercise.points }
    })
}

fn play(exercise: &Exercise, case: &Case, player: &mut dyn Player) -> Played {
    let mut asked = Vec::new();
    let mut refused = None;
    let mut answer = |question: Value| {
        let reply = match &exercise.judge {
            Judge::Same(_) => Err("this exercise has nobody to ask".to_owned()),
            Judge::Dialogue(dialogue) if asked.len() == dialogue.limit => {
                Err(format!("your function asks more than {} times", dialogue.limit))
            }
            Judge::Dialogue(dialogue) => (dialogue.answer)(case, &question),
        };
        asked.push(question);
        match reply {
            Ok(value) => value,
            Err(why) => {
                refused = Some(why);
                // Ends the student's function, here as in the sandbox; nobody has to be told.
                std::panic::resume_unwind(Box::new("the dialogue is over"))
            }
        }
    };
    let answer = player.play(&case.args, &mut Ask(&mut answer));
    Played { answer: refused.map_or(answer, Err), asked }
}

fn judge(exercise: &Exercise, case: &Case, played: &Played) -> Result<(), String> {
    let answer = played.answer.as_ref().map_err(Clone::clone)?;
    match &exercise.judge {
        Judge::Dialogue(dialogue) => (dialogue.judge)(case, answer, &played.asked),
        Judge::Same(tolerance) => same(answer, &reference(exercise, case), *tolerance),
    }
}

/// The solution's answer.
fn reference(exercise: &Exercise, case: &Case) -> Value {
    match play(exercise, case, &mut Native(exercise.solution)).answer {
        Ok(value) => value,
        Err(why) => panic!("the solution of {} fails: {why}", exercise.id),
    }
}

/// The first mistake that gives this code's answers in every case.
fn diagnose(exercise: &Exercise, cases: &[Case], played: &[Played]) -> Option<String> {
    // Answers of one algorithm differ by rounding only, also where the judge allows more.
    let tolerance = if let Judge::Same(tolerance) = exercise.judge { tolerance } else { 1e-9 };
    let alike = |a: &Played, b: &Played| match (&a.answer, &b.answer) {
        (Ok(a), Ok(b)) => same(a, b, tolerance).is_ok(),
        (Err(a), Err(b)) => a == b,
        _ => false,
    };
    let fits = |run| {
        cases
            .iter()
            .zip(played)
            .all(|(case, played)| alike(played, &play(exercise, case, &mut Native(run))))
    };
    if played.iter().any(|played| played.answer.is_ok()) && fits(exercise.stub) {
        return Some("These are still the answers of the code that you were given.".to_owned());
    }
    let mistake = exercise.mistakes.iter().find(|mistake| fits(mistake.run))?;
    Some(source::description(exercise.source, mistake.name))
}

/// Whether the answer is the right one: numbers within a tolerance relative to the largest number of
/// the right answer, everything else equal.
///
/// # Errors
/// In words, without giving the right answer away.
pub fn same(answer: &Value, right: &Value, tolerance: f64) -> Result<(), String> {
    let finite = |x: &f64| x.is_finite();
    let scale = right.numbers().into_iter().filter(finite).fold(0.0, |m: f64, x| m.max(x.abs()));
    compare(answer, right, tolerance * scale).map_err(|(place, problem)| {
        let whole = place.is_empty();
        let entry = if whole { "the number".to_owned() } else { format!("`answer{place}`") };
        match problem {
            Problem::Kind(found, wanted) => format!("{wanted} was expected, {found} came back"),
            Problem::Length(found, wanted) => {
                let entry = if whole { String::new() } else { entry + ": " };
                format!("{entry}{wanted} entries were expected, {found} came back")
            }
            Problem::NotFinite => format!("{entry} is not finite"),
            Problem::Number if tolerance > 0.0 => {
                format!("{entry} is off by more than a relative {tolerance:e}")
            }
            Problem::Number => format!("{entry} is not the right one"),
            Problem::Other if whole => "another answer was expected".to_owned(),
            Problem::Other => format!("{entry} is not the right one"),
        }
    })
}

enum Problem {
    Kind(&'static str, &'static str),
    Length(usize, usize),
    NotFinite,
    Number,
    Other,
}

/// The first difference, and where it is: `[2]` in a vector, `.1[2]` in the second part of a tuple.
fn compare(answer: &Value, right: &Value, distance: f64) -> Result<(), (String, Problem)> {
    let here = |problem| Err((String::new(), problem));
    let length = |found: usize, wanted: usize| {
        if found == wanted { Ok(()) } else { here(Problem::Length(found, wanted)) }
    };
    match (answer, right) {
        (Value::Number(a), Value::Number(r)) => {
            if a == r || (a - r).abs() <= distance || (a.is_nan() && r.is_nan()) {
                Ok(())
            } else if r.is_finite() && !a.is_finite() {
                here(Problem::NotFinite)
            } else {
                here(Problem::Number)
            }
        }
        (Value::Vector(a), Value::Vector(r)) => {
            length(a.len(), r.len())?;
            let compare =
                |(&a, &r): (&f64, &f64)| compare(&Value::Number(a), &Value::Number(r), distance);
            each(a.iter().zip(r).map(compare), |i| format!("[{i}]"))
        }
        (Value::Matrix(a), Value::Matrix(r)) => {
            length(a.len(), r.len())?;
            let compare = |(a, r): (&Vec<f64>, &Vec<f64>)| {
                compare(&Value::Vector(a.clone()), &Value::Vector(r.clone()), distance)
            };
            each(a.iter().zip(r).map(compare), |i| format!("[{i}]"))
        }
        (Value::List(a), Value::List(r)) => {
            length(a.len(), r.len())?;
            each(a.iter().zip(r).map(|(a, r)| compare(a, r, distance)), |i| format!(".{i}"))
        }
        (Value::Indices(a), Value::Indices(r)) if a.len() != r.len() => length(a.len(), r.len()),
        _ if answer == right => Ok(()),
        _ if answer.kind() == right.kind() => here(Problem::Other),
        _ => here(Problem::Kind(answer.kind(), right.kind())),
    }
}

/// The first difference among the parts, with its place.
fn each(
    parts: impl Iterator<Item = Result<(), (String, Problem)>>,
    place: impl Fn(usize) -> String,
) -> Result<(), (String, Problem)> {
    parts
        .enumerate()
        .try_for_each(|(i, part)| part.map_err(|(inner, problem)| (place(i) + &inner, problem)))
}
