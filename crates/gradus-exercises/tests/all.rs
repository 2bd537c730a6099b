//! What holds of every exercise: the solution earns everything, a stub nothing, answers without
//! thought nothing, a usual mistake at most half, and its diagnosis fires.

use std::collections::HashSet;

use gradus_exercises::draw::Draw;
use gradus_exercises::exercise::{Exercise, Native, Player};
use gradus_exercises::mark::{Marks, mark};
use gradus_exercises::source::{Text, description};
use gradus_exercises::variant::Variant;
use gradus_student::{Answer, Args, Ask, Value};

/// The exercises, and the template of new ones, which is held to the same rules.
fn all() -> Vec<&'static Exercise> {
    let template = &gradus_exercises::template::EXERCISE;
    std::iter::once(template).chain(gradus_exercises::all().iter().copied()).collect()
}

const SEEDS: [u64; 6] = [1, 2, 3, 20, 501, 77_777];

/// Marks in the published variant and in another one, under every seed.
fn everywhere(
    exercise: &Exercise,
    mut player: impl FnMut(&Variant, u64) -> Box<dyn Player>,
    mut look: impl FnMut(&str, Marks),
) {
    for name in ["book", "course/ada"] {
        let variant = Variant::of(exercise, name);
        for seed in SEEDS {
            let marks = mark(exercise, &variant, seed, &mut *player(&variant, seed));
            look(&format!("{} (variant {name}, seed {seed})", exercise.id), marks);
        }
    }
}

#[test]
fn every_solution_earns_all_points() {
    for exercise in all() {
        everywhere(
            exercise,
            |_, _| Box::new(Native(exercise.solution)),
            |which, marks| {
                assert_eq!(marks.points(), f64::from(exercise.points), "{which}: {marks:?}");
                assert_eq!(marks.diagnosis, None, "{which}");
            },
        );
    }
}

#[test]
fn every_stub_earns_nothing() {
    for exercise in all() {
        everywhere(
            exercise,
            |_, _| Box::new(Native(exercise.stub)),
            |which, marks| {
                assert_eq!(marks.points(), 0.0, "{which}");
            },
        );
    }
}

#[test]
fn every_usual_mistake_earns_at_most_half_and_is_named() {
    for exercise in all() {
        assert!(exercise.mistakes.len() >= 3, "{}: too few mistakes", exercise.id);
        for mistake in exercise.mistakes {
            let diagnosis = description(exercise.source, mistake.name);
            assert!(!diagnosis.is_empty(), "{}: {} has no diagnosis", exercise.id, mistake.name);
            everywhere(
                exercise,
                |_, _| Box::new(Native(mistake.run)),
                |which, marks| {
                    let which = format!("{which}, mistake {}", mistake.name);
                    assert!(
                        marks.points() <= f64::from(exercise.points) / 2.0,
                        "{which}: {marks:?}"
                    );
                    assert_eq!(marks.diagnosis.as_ref(), Some(&diagnosis), "{which}");
                },
            );
        }
    }
}

/// The solution's answer to a case, from a dialogue if it needs one.
struct Thoughtless<F>(fn(&Args, &mut Ask<'_>) -> Value, F);

impl<F: FnMut(&Args, &Value) -> Value> Player for Thoughtless<F> {
    fn play(&mut self, args: &Args, ask: &mut Ask<'_>) -> Result<Value, String> {
        // Only the shape of the right answer is used.
        let shape = Native(self.0).play(args, ask)?;
        Ok((self.1)(args, &shape))
    }
}

#[test]
fn a_constant_earns_nothing() {
    for exercise in all() {
        // Each right answer of the first cases in turn, given to every case.
        for chosen in 0..4 {
            let player = |_: &Variant, _: u64| -> Box<dyn Player> {
                let mut seen = 0;
                let mut constant = None;
                let mut before = Vec::new();
                Box::new(Thoughtless(exercise.solution, move |_: &Args, right: &Value| {
                    seen += 1;
                    before.push(right.clone());
                    if seen > chosen && constant.is_none() {
                        constant = Some(right.clone());
                    }
                    constant.clone().unwrap_or(Value::Nothing)
                }))
            };
            everywhere(exercise, player, |which, marks| {
                assert_eq!(marks.points(), 0.0, "{which}, constant {chosen}: {marks:?}");
            });
        }
        for constant in [0.0.into_value(), 1.0.into_value(), Value::Nothing, true.into_value()] {
            let player = |_: &Variant, _: u64| -> Box<dyn Player> {
                let constant = constant.clone();
                Box::new(Native(move |_: &Args, _: &mut Ask<'_>| constant.clone()))
            };
            everywhere(exercise, player, |which, marks| {
                assert_eq!(marks.points(), 0.0, "{which}, {constant}: {marks:?}");
            });
        }
    }
}

#[test]
fn an_echo_earns_nothing() {
    for exercise in all() {
        for position in 0..6 {
            let player = |_: &Variant, _: u64| -> Box<dyn Player> {
                let echo = move |args: &Args, right: &Value| {
                    let args: Vec<&Value> = args.0.iter().map(|(_, value)| value).collect();
                    let at = |i: usize| args[i % args.len()].clone();
                    match right {
                        // A tuple is echoed part by part.
                        Value::List(parts) => {
                            Value::List((0..parts.len()).map(|i| at(position + i)).collect())
                        }
                        _ => at(position),
                    }
                };
                Box::new(Thoughtless(exercise.solution, echo))
            };
            everywhere(exercise, player, |which, marks| {
                assert_eq!(marks.points(), 0.0, "{which}, echo of {position}: {marks:?}");
            });
        }
    }
}

/// A value of the same shape with random content.
fn random(shape: &Value, draw: &mut Draw) -> Value {
    let mut number = || draw.uniform(-2.0, 2.0);
    match shape {
        Value::Number(_) => Value::Number(number()),
        Value::Vector(v) => Value::Vector(v.iter().map(|_| number()).collect()),
        Value::Matrix(rows) => {
            Value::Matrix(rows.iter().map(|r| r.iter().map(|_| number()).collect()).collect())
        }
        Value::Bool(_) => Value::Bool(number() > 0.0),
        Value::Index(_) => Value::Index(draw.index(0, 10)),
        Value::Indices(v) => Value::Indices(v.iter().map(|_| draw.index(0, 10)).collect()),
        Value::List(parts) => Value::List(parts.iter().map(|part| random(part, draw)).collect()),
        Value::Text(_) | Value::Nothing => {
            if number() > 0.0 {
                Value::Nothing
            } else {
                Value::Number(1.0)
            }
        }
    }
}

#[test]
fn a_random_answer_earns_nothing() {
    for exercise in all() {
        let player = |_: &Variant, seed: u64| -> Box<dyn Player> {
            let mut draw = Draw::new("random answers", seed);
            let guess = move |_: &Args, right: &Value| random(right, &mut draw);
            Box::new(Thoughtless(exercise.solution, guess))
        };
        everywhere(exercise, player, |which, marks| {
            assert_eq!(marks.points(), 0.0, "{which}: {marks:?}");
        });
    }
}

#[test]
fn a_published_solution_does_not_answer_another_variant() {
    for exercise in all().into_iter().filter(|exercise| !exercise.own.is_empty()) {
        let (book, other) = (Variant::of(exercise, "book"), Variant::of(exercise, "course/ada"));
        assert_ne!(book, other, "{}", exercise.id);
        let solution = exercise.solution;
        let copied = book.clone();
        let copied = move |args: &Args, ask: &mut Ask<'_>| copied.during(|| solution(args, ask));
        let marks = mark(exercise, &other, 5, &mut Native(copied));
        assert_eq!(marks.points(), 0.0, "{}", exercise.id);
        // The student sees the constants in the task, and the code has no placeholder left.
        let text = Text::of(exercise, &other);
        for (name, value) in other.constants() {
            assert!(text.task.contains(&value.to_string()), "{}: {name}", exercise.id);
        }
        for part in [&text.task, &text.stub, &text.solution, &text.explanation] {
            assert!(!part.contains("own(") && !part.contains("{{"), "{}: {part}", exercise.id);
        }
    }
}

#[test]
fn every_text_is_whole_and_every_name_unique() {
    let mut names = HashSet::new();
    for exercise in all() {
        assert!(names.insert(exercise.id), "{} is there twice", exercise.id);
        assert!((1..=5).contains(&exercise.points) && (1..=23).contains(&exercise.chapter));
        let text = Text::of(exercise, &Variant::of(exercise, "book"));
        for (part, what) in [
            (&text.title, "title"),
            (&text.task, "task"),
            (&text.explanation, "explanation"),
            (&text.stub, "stub"),
            (&text.solution, "solution"),
        ] {
            assert!(!part.is_empty(), "{} has no {what}", exercise.id);
        }
        assert!(!text.hints.is_empty(), "{} has no hint", exercise.id);
        for tool in exercise.allow {
            assert!(gradus_student::tools::NAMES.contains(tool), "{}: {tool}", exercise.id);
            assert!(text.task.contains(&format!("`{tool}`")), "{}: {tool}", exercise.id);
        }
    }
    let chapters: Vec<u32> = all().iter().map(|exercise| exercise.chapter).collect();
    assert!(chapters.is_sorted());
}

#[test]
fn a_panic_is_told_and_a_dialogue_ends() {
    let exercise = gradus_exercises::find("centred-gradient").unwrap();
    let variant = Variant::of(exercise, "book");
    let endless = |args: &Args, ask: &mut Ask<'_>| {
        loop {
            ask.number(args.vector("w").to_vec());
        }
    };
    let marks = mark(exercise, &variant, 1, &mut Native(endless));
    let problem = marks.groups[0].cases[0].problem.as_deref().unwrap();
    assert_eq!(problem, "your function asks more than 100 times");
    let marks = mark(exercise, &variant, 1, &mut Native(exercise.stub));
    let problem = marks.groups[0].cases[0].problem.as_deref().unwrap();
    assert!(problem.contains("not written yet"), "{problem}");
}

/// The references are the crate's own: what an exercise calls right is what the book's crate does.
#[test]
fn solutions_agree_with_the_crate() {
    use gradus::prelude::*;

    let exercise = gradus_exercises::find("heavy-ball").unwrap();
    let variant = Variant::of(exercise, "book");
    let constant = |name| variant.constants().iter().find(|(n, _)| *n == name).unwrap().1;
    let mut rule = Momentum::new(constant("rate"), constant("rho"));
    let mut w = array![1.0, -2.0];
    let mut state = (w.to_vec(), vec![0.0, 0.0]);
    for g in [array![0.3, -1.0], array![0.5, 2.0], array![-0.1, 0.7]] {
        rule.step(&mut w, &g).unwrap();
        let args = Args::new().with("w", state.0).with("v", state.1).with("g", g.to_vec());
        let mut nobody = |_: Value| Value::Nothing;
        let answer = variant.during(|| (exercise.solution)(&args, &mut Ask(&mut nobody)));
        let parts = answer.parts();
        state = (parts[0].numbers(), parts[1].numbers());
        for (a, b) in w.iter().zip(&state.0) {
            // Three steps of the same few operations, perhaps in another order.
            assert!((a - b).abs() < 1e-14, "{a} {b}");
        }
    }
}
