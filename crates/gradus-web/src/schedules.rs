//! Schedules of the learning rate, and what each does to runs with noisy gradients.

use gradus::Result;
use gradus::optim::GradientDescent;
use gradus::plot::{Figure, Panel};
use gradus::problems::ravine;
use gradus::schedule::Schedule;

use crate::layer::{above, plain};
use crate::number::short;
use crate::walk::walk;
use crate::{Explorer, Knob, Picture, Scale, Settings, View};

/// The explorer.
pub(crate) struct Schedules;

/// The runs that the loss is the mean of.
const RUNS: u64 = 12;

/// The schedules of the crate's catalogue; warm-up is a knob of its own here.
const KINDS: [&str; 13] = [
    "constant",
    "inverse square root",
    "inverse time",
    "step",
    "multi-step",
    "piecewise constant",
    "exponential",
    "polynomial",
    "linear",
    "cosine",
    "warm restarts",
    "cyclic",
    "one-cycle",
];

/// What may follow a schedule.
const NEXT: [&str; 4] = ["nothing", "constant", "linear to 0", "cosine to 0"];

const GROUP: &str = "The schedule";

fn every(default: f64) -> Knob {
    Knob::number("every", "steps k of a period", GROUP, (1.0, 200.0, Scale::Whole), default)
}

fn factor(default: f64) -> Knob {
    Knob::number("factor", "factor γ", GROUP, (0.01, 1.0, Scale::Log), default)
}

fn stairs() -> Knob {
    Knob::switch("stairs", "in stairs", GROUP, false)
}

fn end() -> Knob {
    Knob::number("end", "last rate, as a part of η", GROUP, (0.0, 1.0, Scale::Linear), 0.0)
}

fn at(key: &str, label: &str, default: f64) -> Knob {
    Knob::number(key, label, GROUP, (1.0, 400.0, Scale::Whole), default)
}

/// The knobs of a kind of schedule.
fn knobs_of(kind: &str) -> Vec<Knob> {
    let number =
        |key: &str, label: &str, range, default| Knob::number(key, label, GROUP, range, default);
    match kind {
        "inverse time" => {
            let decay = number("decay", "decay d", (0.01, 10.0, Scale::Log), 1.0);
            vec![decay, every(20.0), stairs()]
        }
        "step" => vec![every(60.0), factor(0.3)],
        "exponential" => vec![every(50.0), factor(0.4), stairs()],
        "multi-step" | "piecewise constant" => {
            vec![at("b1", "first boundary", 80.0), at("b2", "second boundary", 140.0), factor(0.3)]
        }
        "polynomial" => vec![
            end(),
            number("power", "power", (0.25, 4.0, Scale::Log), 2.0),
            number("length", "steps n of a cycle", (5.0, 400.0, Scale::Whole), 200.0),
            Knob::switch("cycle", "begins again after n steps", GROUP, false),
        ],
        "linear" | "cosine" => {
            vec![end(), number("length", "steps n", (5.0, 400.0, Scale::Whole), 200.0)]
        }
        "warm restarts" => vec![
            end(),
            number("first", "steps of the first cycle", (5.0, 200.0, Scale::Whole), 40.0),
            number("longer", "each cycle longer by", (1.0, 3.0, Scale::Linear), 1.5),
            number("lower", "each peak lower by", (0.1, 1.0, Scale::Linear), 0.8),
        ],
        "cyclic" => vec![
            number("low", "low rate, as a part of η", (0.0, 1.0, Scale::Linear), 0.05),
            number("up", "steps up", (1.0, 200.0, Scale::Whole), 25.0),
            number("down", "steps down", (1.0, 200.0, Scale::Whole), 25.0),
            number("lower", "each peak lower by", (0.1, 1.0, Scale::Linear), 0.7),
        ],
        "one-cycle" => vec![number("rise", "part that rises", (0.05, 0.9, Scale::Linear), 0.3)],
        _ => Vec::new(),
    }
}

/// The schedule that is set.
fn schedule(settings: &Settings) -> Result<Schedule> {
    let n = |key: &str| settings.number(key);
    let count = |key: &str| settings.count(key).max(1);
    let (rate, steps) = (n("rate"), settings.count("steps"));
    let end = n("end") * rate;
    let later = count("b1").max(count("b2").saturating_sub(1)) + 1;
    let schedule = match settings.text("kind") {
        "inverse square root" => Schedule::inverse_sqrt(rate)?,
        "inverse time" => {
            Schedule::inverse_time(rate, n("decay"), count("every"), settings.is_on("stairs"))?
        }
        "step" => Schedule::step(rate, count("every"), n("factor"))?,
        "exponential" => {
            Schedule::exponential(rate, n("factor"), count("every"), settings.is_on("stairs"))?
        }
        "multi-step" => Schedule::multi_step(rate, &[count("b1"), later], n("factor"))?,
        "piecewise constant" => {
            let second = rate * n("factor");
            Schedule::piecewise_constant(
                &[count("b1"), later],
                &[rate, second, second * n("factor")],
            )?
        }
        "polynomial" => {
            Schedule::polynomial(rate, end, count("length"), n("power"), settings.is_on("cycle"))?
        }
        "linear" => Schedule::linear(rate, end, count("length"))?,
        "cosine" => Schedule::cosine(rate, end, count("length"))?,
        "warm restarts" => {
            Schedule::warm_restarts(rate, end, count("first"), n("longer").max(1.0), n("lower"))?
        }
        "cyclic" => {
            Schedule::cyclic(n("low") * rate, rate, count("up"), count("down"), n("lower"))?
        }
        "one-cycle" => Schedule::one_cycle_with(rate, steps, n("rise"), 25.0, 1e4)?,
        _ => Schedule::constant(rate)?,
    };
    let schedule = match settings.count("warm") {
        0 => schedule,
        warm => schedule.warm_up(warm, 0.0)?,
    };
    let after = count("after");
    let last = schedule.at(after);
    let rest = steps.saturating_sub(after).max(1);
    Ok(match settings.text("next") {
        "constant" => schedule.then(after, Schedule::constant(last)?),
        "linear to 0" => schedule.then(after, Schedule::linear(last, 0.0, rest)?),
        "cosine to 0" => schedule.then(after, Schedule::cosine(last, 0.0, rest)?),
        _ => schedule,
    })
}

/// The mean loss at each step of runs with this schedule; a run that diverges ends them all.
fn losses(schedule: &Schedule, steps: usize, noise: f64) -> Result<Vec<f64>> {
    let problem = ravine();
    let mut sums = vec![0.0; steps + 1];
    for seed in 0..RUNS {
        let mut rule = GradientDescent::new(1.0);
        let walk =
            walk(&problem, [-7.0, 2.0], &mut rule, Some(schedule.clone()), steps, (noise, seed))?;
        sums.truncate(walk.values.len());
        sums.iter_mut().zip(&walk.values).for_each(|(sum, value)| *sum += value / RUNS as f64);
    }
    Ok(sums)
}

impl Explorer for Schedules {
    fn name(&self) -> &'static str {
        "schedules"
    }

    fn title(&self) -> &'static str {
        "Schedules"
    }

    fn first(&self) -> &'static str {
        "Take the constant schedule and lower η: the loss ends lower and gets there later. Then take the \
         cosine, which has both."
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            ("A constant rate ends in noise", "kind=constant&rate=0.8"),
            ("Large first, then small", "kind=step&rate=0.8"),
            ("Warm-up, then a cosine", "kind=cosine&rate=0.8&warm=30&length=170"),
        ]
    }

    fn knobs(&self, settings: &Settings) -> Vec<Knob> {
        let kind = match settings.text("kind") {
            "" => "cosine",
            kind => kind,
        };
        let mut knobs = vec![
            Knob::choice("kind", "schedule", GROUP, KINDS, "cosine"),
            Knob::number("rate", "rate η", GROUP, (0.01, 2.0, Scale::Log), 0.5),
        ];
        knobs.extend(knobs_of(kind));
        let whole = |low: f64, high: f64| (low, high, Scale::Whole);
        let (around, run) = ("Before and after", "The run");
        knobs.push(Knob::number("warm", "steps of warm-up", around, whole(0.0, 100.0), 0.0));
        knobs.push(Knob::choice("next", "then", around, NEXT, "nothing"));
        if !matches!(settings.text("next"), "" | "nothing") {
            knobs.push(Knob::number("after", "after step", around, whole(1.0, 400.0), 100.0));
        }
        knobs.push(Knob::number("steps", "steps", run, whole(20.0, 400.0), 200.0));
        knobs.push(Knob::number(
            "noise",
            "noise in the gradient",
            run,
            (0.0, 5.0, Scale::Linear),
            1.0,
        ));
        knobs
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        losses(&schedule(settings)?, settings.count("steps"), settings.number("noise"))
    }

    fn changed(&self, key: &str, settings: &mut Settings) {
        if key == "kind" {
            settings.forget(|key| {
                !matches!(key, "kind" | "rate" | "warm" | "next" | "after" | "steps" | "noise")
            });
        }
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let (steps, noise) = (settings.count("steps"), settings.number("noise"));
        let schedule = schedule(settings)?;
        let name = settings.text("kind");
        let with = losses(&schedule, steps, noise)?;
        let constant = losses(&Schedule::constant(settings.number("rate"))?, steps, noise)?;
        let curve: Vec<f64> = (0..steps).map(|t| schedule.at(t)).collect();
        let most = curve.iter().copied().fold(settings.number("rate"), f64::max);
        let rates = Figure::new("The schedule", "The learning rate at each step.")
            .width(420.0)
            .height(190.0)
            .panel(
                Panel::new("step t", "rate").y_range(0.0..1.05 * most).line(name, curve).legend(),
            );
        let mut panel = Panel::new("step t", "mean loss").log_y().legend();
        if name != "constant" || settings.count("warm") > 0 || settings.text("next") != "nothing" {
            panel = panel.line(name, above(1e-12, &with));
            panel = panel.line("constant η", above(1e-12, &constant));
        } else {
            panel = panel.line("constant", above(1e-12, &with));
        }
        let runs = Figure::new(
            "What it does",
            "The mean loss of runs on a ravine at each step, with the schedule and with a constant rate.",
        )
        .width(420.0)
        .height(190.0)
        .panel(panel);
        let views: Result<Vec<View>> =
            [plain("rates", "The rate", &rates), plain("runs", "The loss", &runs)]
                .into_iter()
                .collect();
        Ok(Picture {
            views: views?,
            words: words(settings, &schedule, &with, &constant),
            last: None,
        })
    }
}

fn words(settings: &Settings, schedule: &Schedule, with: &[f64], constant: &[f64]) -> String {
    let steps = settings.count("steps");
    // The mean over the last tenth: single steps jump.
    let ending = |values: &[f64]| match values.len() {
        n if n <= steps => format!("diverges after {} steps", n.saturating_sub(1)),
        n => {
            let last = &values[n - n.div_ceil(10)..];
            format!("ends at {}", short(last.iter().sum::<f64>() / last.len() as f64, 2))
        }
    };
    format!(
        "The rate begins at {} and is {} at the last of {steps} steps. In the mean of {RUNS} runs down the ravine \
         with noise {} in the gradient the loss {}; with a constant rate {} it {}.",
        short(schedule.at(0), 3),
        short(schedule.at(steps - 1), 3),
        short(settings.number("noise"), 2),
        ending(with),
        short(settings.number("rate"), 3),
        ending(constant)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, act, open};
    use gradus::schedule::catalogue;

    #[test]
    fn every_schedule_of_the_catalogue_has_its_curve() {
        let all = catalogue().unwrap();
        let names: Vec<&str> = all.iter().map(|entry| entry.name).collect();
        assert_eq!(names.split_last().unwrap(), (&"warm-up", &KINDS[..]));
        for entry in all.iter().filter(|entry| entry.name != "warm-up") {
            let kind = entry.name.replace(' ', "+");
            for more in ["", "&warm=20", "&next=cosine+to+0", "&steps=20"] {
                let frame = open(&format!("schedules?kind={kind}{more}")).unwrap();
                let first = schedule(&frame.settings).unwrap();
                // Each is its own, and none the fall-back.
                let constant = entry.name == "constant" && more.is_empty();
                let moves = (1..200).any(|t| first.at(t) != first.at(0));
                assert!(moves != constant || !more.is_empty(), "{kind}{more}");
            }
        }
    }

    #[test]
    fn a_falling_rate_ends_lower_than_a_constant_one() {
        let frame = open("schedules?kind=cosine&rate=0.8").unwrap();
        let falling = losses(&schedule(&frame.settings).unwrap(), 200, 1.0).unwrap();
        let constant = losses(&Schedule::constant(0.8).unwrap(), 200, 1.0).unwrap();
        assert!(falling[200] < 0.2 * constant[200]);
        let wild = open("schedules?kind=constant&rate=1.5").unwrap();
        assert!(wild.picture.words.contains("diverges"));
    }

    #[test]
    fn another_schedule_has_other_knobs() {
        let choose = Action::Choose { key: "kind".into(), value: "cyclic".into() };
        let frame = act("schedules?kind=step&every=10&warm=5", &choose).unwrap();
        assert_eq!(frame.link(), "schedules?kind=cyclic&warm=5");
    }
}
