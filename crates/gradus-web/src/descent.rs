//! Rules on their way down a surface.

use std::fmt::Write as _;
use std::rc::Rc;

use gradus::curvature::spectrum;
use gradus::plot::{Figure, Panel};
use gradus::problems::{Problem, ellipse, gallery};
use gradus::schedule::Schedule;
use gradus::{Objective, Result};

use crate::action::set_near;
use crate::cache::cached;
use crate::layer::{Handle, Scenery, Stage, View, above, plain, stage};
use crate::number::{point, round, short};
use crate::rules::{self, NONE, scales_gradients};
use crate::walk::{Walk, walk};
use crate::{Explorer, Knob, Picture, Scale, Settings};

/// The explorer.
pub(crate) struct Descent;

/// The prefixes of the keys of the rules that run side by side, and their headings.
const RUNS: [(&str, &str); 3] = [("a.", "Rule"), ("b.", "Second rule"), ("c.", "Third rule")];

/// The ways in which the rate may change; each is made for all the steps.
const SCHEDULES: [&str; 6] = [
    "constant",
    "inverse square root",
    "linear to 0",
    "cosine to 0",
    "warm-up and cosine",
    "one cycle",
];

fn schedule(name: &str, rate: f64, steps: usize) -> Result<Option<Schedule>> {
    let steps = steps.max(4);
    Ok(Some(match name {
        "inverse square root" => Schedule::inverse_sqrt(rate)?,
        "linear to 0" => Schedule::linear(rate, 0.0, steps)?,
        "cosine to 0" => Schedule::cosine(rate, 0.0, steps)?,
        "warm-up and cosine" => {
            let rise = steps / 10 + 1;
            Schedule::cosine(rate, 0.0, steps - rise)?.warm_up(rise, 0.0)?
        }
        "one cycle" => Schedule::one_cycle(rate, steps)?,
        _ => return Ok(None),
    }))
}

/// The problems of the plane: the gallery and an ellipse that is turned.
fn problems() -> Rc<Vec<Problem>> {
    let made = cached("problems", || -> Result<Vec<Problem>> {
        let mut all = gallery();
        let mut turned = ellipse(30.0, 0.6)?;
        turned.name = "turned ellipse".into();
        all.push(turned);
        Ok(all)
    });
    made.unwrap_or_default()
}

fn problem(name: &str) -> Problem {
    let all = problems();
    all.iter().find(|problem| problem.name == name).unwrap_or(&all[0]).clone()
}

/// A rate that does something sensible at the problem's usual start: for a rule that takes gradients as they
/// are a fraction of 1/curvature, for one that scales them a fraction of the domain.
fn usual_rate(problem: &Problem, rule: &str) -> f64 {
    let key = format!("rate {} {rule}", problem.name);
    let rate = cached(&key, || -> Result<f64> {
        let width = problem.domain[0].1 - problem.domain[0].0;
        if rule == "AdaDelta" {
            return Ok(1.0);
        }
        if rule == "AdaGrad" {
            return Ok(round(width / 10.0, 1));
        }
        if scales_gradients(rule) {
            return Ok(round(width / 80.0, 1));
        }
        let eigenvalues = spectrum(&problem.hessian(problem.start.view()))?;
        let most = eigenvalues.max().abs().max(eigenvalues.min().abs()).max(0.05);
        let part = if rule == "gradient descent" || rule == "SGD" { 0.8 } else { 0.15 };
        Ok(round(part / most, 1).clamp(1e-5, 10.0))
    });
    rate.map_or(0.01, |rate| *rate)
}

/// A rule of several, with the way it went.
struct Run {
    rule: String,
    rate: f64,
    walk: Walk,
}

impl Run {
    fn name(&self) -> String {
        format!("{}, η = {}", self.rule, short(self.rate, 3))
    }
}

fn runs(settings: &Settings) -> Result<Vec<Run>> {
    let problem = problem(settings.text("problem"));
    let start = [settings.number("x"), settings.number("y")];
    let steps = settings.count("steps");
    let mut runs = Vec::new();
    for (prefix, _) in RUNS {
        let key = |name: &str| settings.text(&format!("{prefix}{name}"));
        if key("rule") == NONE {
            continue;
        }
        let rate = key("rate").parse().unwrap_or(0.01);
        let mut rule = rules::rule(key("rule"), rate, prefix, settings)?;
        let schedule = schedule(settings.text("schedule"), rate, steps)?;
        let noise = (settings.number("noise"), 1);
        let walk = walk(&problem, start, &mut *rule, schedule, steps, noise)?;
        runs.push(Run { rule: key("rule").into(), rate, walk });
    }
    Ok(runs)
}

impl Explorer for Descent {
    fn name(&self) -> &'static str {
        "descent"
    }

    fn title(&self) -> &'static str {
        "Descent"
    }

    fn first(&self) -> &'static str {
        "Drag the start (the ring), or press the arrow keys on it. Then raise the rate bit by bit: \
         what becomes of the path?"
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            ("Too large a rate", "problem=ravine&a.rate=0.99&steps=60"),
            (
                "Momentum overshoots",
                "problem=ravine&a.rate=0.8&b.rule=momentum&b.rate=0.3&steps=60",
            ),
            ("Adam is past the bend first", "problem=Rosenbrock&b.rule=Adam&b.rate=0.1&steps=200"),
        ]
    }

    fn knobs(&self, settings: &Settings) -> Vec<Knob> {
        let all = problems();
        let name = match settings.text("problem") {
            "" => "ravine",
            name => name,
        };
        let problem = problem(name);
        let range = |axis: usize| (problem.domain[axis].0, problem.domain[axis].1, Scale::Linear);
        let steps = settings.count("steps").max(5) as f64;
        let surface = "Surface and start";
        let mut knobs = vec![
            Knob::choice("problem", "surface", surface, all.iter().map(|p| &p.name), "ravine"),
            Knob::number("x", "start w₀", surface, range(0), problem.start[0]),
            Knob::number("y", "start w₁", surface, range(1), problem.start[1]),
            Knob::switch("space", "show the surface in space", surface, false),
            Knob::number("steps", "steps", "Run", (5.0, 500.0, Scale::Log), 100.0),
            Knob::number("step", "step", "Run", (0.0, 500.0, Scale::Whole), steps),
            Knob::choice("schedule", "schedule of the rate", "Run", SCHEDULES, "constant"),
            Knob::number("noise", "noise in the gradient", "Run", (0.0, 5.0, Scale::Linear), 0.0),
        ];
        knobs[4].kind = crate::Kind::Number { low: 5.0, high: 500.0, scale: Scale::Whole };
        for (k, (prefix, group)) in RUNS.into_iter().enumerate() {
            let key = |name: &str| format!("{prefix}{name}");
            let none = (k > 0).then_some(NONE);
            let default = if k == 0 { "gradient descent" } else { NONE };
            let names = none.into_iter().chain(rules::NAMES);
            knobs.push(Knob::choice(key("rule"), "rule", group, names, default));
            let rule = match settings.text(&key("rule")) {
                "" => default,
                rule => rule,
            };
            if rule != NONE {
                let rate = usual_rate(&problem, rule);
                knobs.push(Knob::number(
                    key("rate"),
                    "rate η",
                    group,
                    (1e-5, 10.0, Scale::Log),
                    rate,
                ));
                knobs.extend(rules::knobs(rule, prefix, group));
            }
        }
        knobs
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        let walks = runs(settings)?.into_iter().map(|run| run.walk);
        Ok(walks.flat_map(|walk| [walk.points.concat(), walk.values].concat()).collect())
    }

    fn changed(&self, key: &str, settings: &mut Settings) {
        match key {
            "problem" => settings.forget(|key| matches!(key, "x" | "y") || key.ends_with(".rate")),
            "steps" => settings.forget(|key| key == "step"),
            _ => {}
        }
        if let Some(prefix) = key.strip_suffix("rule") {
            settings.forget(|other| other.starts_with(prefix) && other != key);
        }
    }

    fn tap(&self, _: &str, x: f64, y: f64, settings: &mut Settings) {
        set_near(self, settings, "x", x);
        set_near(self, settings, "y", y);
    }

    fn drag(&self, _: &str, x: f64, y: f64, settings: &mut Settings) {
        self.tap("", x, y, settings);
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let problem = problem(settings.text("problem"));
        let runs = runs(settings)?;
        let step = settings.count("step").min(settings.count("steps"));
        let mut views = vec![plane(&problem, &runs, step, settings)?];
        if settings.is_on("space") {
            views.push(space(&problem, &runs, step)?);
        }
        let wide = is_wide(&problem) || settings.is_on("space");
        views.push(curves(&problem, &runs, step, wide)?);
        let words = words(&problem, &runs, step);
        Ok(Picture { views, words, last: Some(settings.count("steps")) })
    }
}

/// The points until `step`.
fn until(walk: &Walk, step: usize) -> &[[f64; 2]] {
    &walk.points[..walk.points.len().min(step + 1)]
}

fn paths(mut panel: Panel, runs: &[Run], step: usize) -> Panel {
    for run in runs {
        panel = panel.path("", until(&run.walk, step)).styled(&run.rule);
    }
    panel
}

fn minima(mut panel: Panel, problem: &Problem) -> Panel {
    for minimum in &problem.minima {
        if let (Some(x), true) = (&minimum.x, minimum.global) {
            panel = panel.minimum(x[0], x[1]);
        }
    }
    panel
}

/// The level sets of a problem, drawn once.
fn level_sets(problem: &Problem) -> Result<Rc<Stage>> {
    let (x, y) = (problem.domain[0], problem.domain[1]);
    stage(&problem.name, || {
        let panel = || Panel::new("w₀", "w₁");
        Ok(Scenery {
            key: format!("levels {}", problem.name),
            title: "The surface from above",
            description: "Level sets of the surface; the words below the figure tell the paths on it.",
            back: minima(panel().level_sets(problem, x, y), problem),
            bare: minima(panel().equal().x_range(x).y_range(y), problem),
            x,
            y,
            log: [false; 2],
            width: width(problem),
        })
    })
}

/// A surface that is far wider than high takes the page's whole width.
fn is_wide(problem: &Problem) -> bool {
    let length = |axis: usize| problem.domain[axis].1 - problem.domain[axis].0;
    length(1) < 0.5 * length(0)
}

fn width(problem: &Problem) -> f64 {
    if is_wide(problem) { 860.0 } else { 460.0 }
}

fn plane(problem: &Problem, runs: &[Run], step: usize, settings: &Settings) -> Result<View> {
    let stage = level_sets(problem)?;
    let handle = Handle {
        key: "start".into(),
        label: "Start of the descent".into(),
        at: (settings.number("x"), settings.number("y")),
        sort: 0,
        removable: false,
    };
    Ok(View {
        name: "plane",
        label: "From above, with the paths".into(),
        layers: stage.with(|panel| paths(panel, runs, step))?,
        axes: Some(stage.axes),
        handles: vec![handle],
        wide: is_wide(problem),
    })
}

fn space(problem: &Problem, runs: &[Run], step: usize) -> Result<View> {
    let bare = cached(&format!("space {}", problem.name), || -> Result<Panel> {
        Ok(Panel::new("w₀", "w₁").surface("J", problem, problem.domain[0], problem.domain[1]))
    })?;
    let panel = paths((*bare).clone(), runs, step);
    let figure = Figure::new("The surface in space", "The surface with the paths on it.")
        .width(460.0)
        .panel(panel);
    plain("space", "In space", &figure)
}

/// Loss and gradient norm against the step.
fn curves(problem: &Problem, runs: &[Run], step: usize, wide: bool) -> Result<View> {
    let lowest = problem.lowest();
    let label = if lowest.is_some() { "J − lowest J" } else { "J" };
    let mut loss = Panel::new("step k", label).legend();
    let mut norm = Panel::new("step k", "‖∇J‖").legend().log_y();
    if lowest.is_some() {
        loss = loss.log_y();
    }
    let mut floor = 1e-12;
    for run in runs {
        let largest = run.walk.gradient_norms.iter().copied().fold(1e-12, f64::max);
        floor = f64::max(floor, 1e-12 * largest);
    }
    for run in runs {
        let gap = |value: &f64| value - lowest.unwrap_or(0.0);
        let gaps: Vec<f64> = run.walk.values.iter().map(gap).collect();
        let values = if lowest.is_some() { above(1e-12, &gaps) } else { gaps };
        loss = loss.line(run.name().as_str(), values).styled(&run.rule);
        let norms = above(floor, &run.walk.gradient_norms);
        norm = norm.line(run.name().as_str(), norms).styled(&run.rule);
    }
    let figure = Figure::new(
        "Loss and gradient norm",
        "Above the loss and below the length of the gradient at each step, with a line at the step shown.",
    )
    .width(if wide { 860.0 } else { 460.0 })
    .height(if wide { 170.0 } else { 130.0 })
    .columns(if wide { 2 } else { 1 })
    .panel(loss.vertical("", step as f64))
    .panel(norm.vertical("", step as f64));
    let view = plain("curves", "Loss and gradient norm", &figure)?;
    Ok(View { wide, ..view })
}

fn words(problem: &Problem, runs: &[Run], step: usize) -> String {
    let mut words = format!("On the surface {}, after {step} steps: ", problem.name);
    for (k, run) in runs.iter().enumerate() {
        let walk = &run.walk;
        let seen = until(walk, step);
        let at = seen.len() - 1;
        let [x, y] = seen[at];
        if k > 0 {
            words.push_str("; ");
        }
        let _ = write!(words, "{} ", run.name());
        if walk.lost && step >= walk.points.len() {
            let _ = write!(words, "diverges: it leaves the picture at step {}", walk.points.len());
            continue;
        }
        let _ = write!(
            words,
            "is at {}, where J is {} and the gradient is {} long",
            point(x, y),
            short(walk.values[at], 3),
            short(walk.gradient_norms[at], 2)
        );
        let distance = |m: &gradus::problems::Minimum| {
            m.x.as_ref().map(|m| ((m[0] - x).hypot(m[1] - y), (m[0], m[1])))
        };
        let nearest = problem.minima.iter().filter_map(distance);
        if let Some((distance, (mx, my))) = nearest.min_by(|a, b| a.0.total_cmp(&b.0)) {
            let _ = write!(words, ", {} from the minimum {}", short(distance, 2), point(mx, my));
        }
    }
    words.push('.');
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, act, open};

    #[test]
    fn every_problem_and_rule_is_drawn() {
        for problem in problems().iter() {
            let name = problem.name.replace(' ', "+");
            let frame = open(&format!("descent?problem={name}&space=yes&b.rule=Adam")).unwrap();
            assert_eq!(frame.picture.views.len(), 3);
        }
        for rule in rules::NAMES {
            let frame = open(&format!("descent?a.rule={}", rule.replace(' ', "+"))).unwrap();
            assert!(frame.picture.words.contains(rule), "{}", frame.picture.words);
            assert!(!frame.picture.words.contains("diverges"), "{}", frame.picture.words);
        }
    }

    #[test]
    fn what_is_done_is_in_the_link() {
        let frame =
            act("descent", &Action::Choose { key: "a.rule".into(), value: "Adam".into() }).unwrap();
        assert_eq!(frame.link(), "descent?a.rule=Adam");
        let (u, v) = frame.picture.views[0].axes.unwrap().place((3.0, -1.0));
        let moved = act(
            &frame.link(),
            &Action::Drag { view: "plane".into(), handle: "start".into(), u, v },
        )
        .unwrap();
        assert_eq!(moved.link(), "descent?a.rule=Adam&x=3&y=-1");
        assert_eq!(open(&moved.link()).unwrap().picture, moved.picture);
        // Another surface has another start.
        let other = Action::Choose { key: "problem".into(), value: "Beale".into() };
        assert_eq!(act(&moved.link(), &other).unwrap().link(), "descent?a.rule=Adam&problem=Beale");
        let nudge =
            Action::Nudge { view: "plane".into(), handle: "start".into(), right: 1.0, up: 0.0 };
        assert_eq!(act(&moved.link(), &nudge).unwrap().settings.text("x"), "3.2");
    }

    #[test]
    fn broken_links_are_refused_with_a_sentence() {
        let refused = |link: &str| open(link).unwrap_err();
        assert_eq!(
            refused("ascent"),
            "there is no explorer `ascent`, expected one of descent, conditioning, schedules, classifier, fitting, gradient-check, net"
        );
        assert_eq!(refused("descent?x=99"), "`x` is `99`, expected a number from −10 to 10");
        assert_eq!(
            refused("descent?a.beta1=0.9"),
            "`a.beta1` is set to `0.9`, but with these settings there is no `a.beta1`"
        );
        assert_eq!(refused("descent?x"), "`x` is no setting, expected `name=value`");
    }

    #[test]
    fn the_presets_tell_their_story() {
        let words = |k: usize| {
            let (_, query) = Descent.presets()[k];
            open(&format!("descent?{query}")).unwrap().picture.words
        };
        assert!(words(0).contains("η = 0.99 is at"), "{}", words(0));
        assert!(words(1).contains("momentum"), "{}", words(1));
        assert!(words(2).contains("Adam"), "{}", words(2));
    }
}
