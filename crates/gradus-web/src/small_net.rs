//! A small net on spirals and rings: what it decides, and what passes through its layers.

use std::ops::ControlFlow;
use std::rc::Rc;

use gradus::data::{Labelled, rings, spirals, three_modes};
use gradus::fit::Fit;
use gradus::models::{Activation, Init, LayerPass, Mlp, NetLoss, Summary};
use gradus::ndarray::{Array1, Array2};
use gradus::optim::UpdateRule;
use gradus::plot::{Figure, Panel};
use gradus::{FiniteSum, Result, Scalar};

use crate::cache::cached;
use crate::layer::{HUES, View, above, plain};
use crate::number::short;
use crate::{Explorer, Knob, Picture, Scale, Settings, rules};

/// The explorer.
pub(crate) struct SmallNet;

const DATA: [&str; 3] = ["spirals", "rings", "three discs"];
const ACTIVATIONS: [(&str, Activation); 3] =
    [("ReLU", Activation::Relu), ("tanh", Activation::Tanh), ("sigmoid", Activation::Sigmoid)];
const INITS: [(&str, Init); 6] = [
    ("He", Init::He),
    ("Xavier", Init::Xavier),
    ("normal, 0.01", Init::Normal(0.01)),
    ("normal, 0.5", Init::Normal(0.5)),
    ("normal, 3", Init::Normal(3.0)),
    ("zero", Init::Zero),
];

/// The points, and cells along a side of the map of decisions.
const POINTS: usize = 120;
const CELLS: usize = 61;

/// The histograms that fit beside each other.
const SHOWN: usize = 4;

fn examples(name: &str) -> Result<Labelled> {
    match name {
        "rings" => rings(POINTS, 2, 0.15, 3),
        "three discs" => three_modes(POINTS, 0.05, 3),
        _ => spirals(POINTS, 3, 0.03, 3),
    }
}

/// How far the data reach from the middle.
fn reach(name: &str) -> f64 {
    match name {
        "rings" => 2.6,
        "three discs" => 3.2,
        _ => 1.2,
    }
}

fn loss(settings: &Settings) -> Result<NetLoss> {
    let data = examples(settings.text("data"))?;
    let mut units = vec![2];
    units.extend(vec![settings.count("width"); settings.count("depth")]);
    units.push(data.classes);
    let named = |(name, _): &&(&str, Activation)| *name == settings.text("activation");
    let activation = ACTIVATIONS.iter().find(named).map_or(Activation::Relu, |(_, a)| *a);
    Mlp::new(&units, activation).loss_on(&data)
}

/// The parameters and the loss of a batch at each step.
struct Training {
    weights: Vec<Array1<f64>>,
    losses: Vec<f64>,
}

/// The run, made once while only the time or the number of steps changes: a shorter run is the beginning of a
/// longer one, so it is made for a round number of steps.
fn training(settings: &Settings) -> Result<Rc<Training>> {
    let mut other = settings.clone();
    other.forget(|key| key == "step" || key == "steps");
    let steps = settings.count("steps").div_ceil(100) * 100;
    cached(&format!("net {steps} {}", other.query()), || {
        let loss = loss(settings)?;
        let named = |(name, _): &&(&str, Init)| *name == settings.text("init");
        let init = INITS.iter().find(named).map_or(Init::He, |(_, init)| *init);
        let start = loss.initial(init, settings.count("seed") as u64);
        let mut rule = rules::rule(settings.text("rule"), settings.number("rate"), "", settings)?;
        let (mut weights, mut losses) = (Vec::new(), Vec::new());
        let fit = Fit::epochs(steps).batch_size(30).seed(1).observe(|progress| {
            weights.push(progress.w.to_owned());
            losses.push(progress.loss);
            match weights.len() > steps {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        let history = fit.run::<dyn FiniteSum, dyn UpdateRule>(&loss, &start, &mut *rule)?;
        if weights.is_empty() {
            weights.push(history.x);
            losses.push(f64::NAN);
        }
        Ok(Training { weights, losses })
    })
}

impl Explorer for SmallNet {
    fn name(&self) -> &'static str {
        "net"
    }

    fn title(&self) -> &'static str {
        "Small net"
    }

    fn first(&self) -> &'static str {
        "Press Play and watch the net learn. Then make it deeper, take the sigmoid, and look at the gradients \
         of the first layer."
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            ("All weights zero: nothing learns", "init=zero"),
            ("Gradients vanish", "depth=6&activation=sigmoid&init=Xavier"),
            ("Gradients explode", "depth=6&init=normal,+3&rule=SGD"),
        ]
    }

    fn knobs(&self, settings: &Settings) -> Vec<Knob> {
        let (net, run) = ("The net", "The run");
        let steps = settings.number("steps");
        let rule = match settings.text("rule") {
            "" => "Adam",
            rule => rule,
        };
        let rate = match rule {
            "AdaDelta" => 1.0,
            "gradient descent" | "SGD" => 0.3,
            "momentum" | "Nesterov" => 0.05,
            _ => 0.03,
        };
        let mut knobs = vec![
            Knob::choice("data", "points", net, DATA, DATA[0]),
            Knob::number("depth", "hidden layers", net, (1.0, 8.0, Scale::Whole), 2.0),
            Knob::number("width", "units in each", net, (2.0, 16.0, Scale::Whole), 10.0),
            Knob::choice(
                "activation",
                "activation",
                net,
                ACTIVATIONS.map(|(name, _)| name),
                "ReLU",
            ),
            Knob::choice("init", "initial weights", net, INITS.map(|(name, _)| name), "He"),
            Knob::number("seed", "draw of the weights", net, (1.0, 20.0, Scale::Whole), 1.0),
            Knob::choice("rule", "rule", run, rules::NAMES, "Adam"),
            Knob::number("rate", "rate η", run, (1e-4, 2.0, Scale::Log), rate),
            Knob::number("steps", "steps", run, (10.0, 400.0, Scale::Whole), 100.0),
            Knob::number("step", "step", run, (0.0, 400.0, Scale::Whole), steps),
        ];
        knobs.extend(rules::knobs(rule, "", run));
        knobs
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        let training = training(settings)?;
        let last = training.weights.iter().next_back().into_iter().flatten().copied();
        Ok(training.losses.iter().copied().chain(last).collect())
    }

    fn changed(&self, key: &str, settings: &mut Settings) {
        match key {
            "steps" => settings.forget(|key| key == "step"),
            "rule" => {
                let keep = [
                    "data",
                    "depth",
                    "width",
                    "activation",
                    "init",
                    "seed",
                    "rule",
                    "steps",
                    "step",
                ];
                settings.forget(|key| !keep.contains(&key));
            }
            _ => {}
        }
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let training = training(settings)?;
        let step =
            settings.count("step").min(settings.count("steps")).min(training.weights.len() - 1);
        let w = &training.weights[step];
        let loss = loss(settings)?;
        let layers = loss.layers(w.view())?;
        let views = vec![
            plane(&loss, w, settings.text("data"))?,
            curve(&training, settings.count("steps"), step)?,
            View { wide: true, ..histograms(&layers)? },
        ];
        let words = words(&loss, w, &layers, step, training.losses[step])?;
        Ok(Picture { views, words, last: Some(settings.count("steps")) })
    }
}

/// The class that the net gives to each place, from the scores on a grid and in between.
fn plane(loss: &NetLoss, w: &Array1<f64>, name: &str) -> Result<View> {
    let reach = reach(name);
    let at = |k: usize| reach * (2.0 * k as f64 / (CELLS - 1) as f64 - 1.0);
    let grid = Array2::from_shape_fn((CELLS * CELLS, 2), |(k, j)| match j {
        0 => at(k % CELLS),
        _ => at(k / CELLS),
    });
    let scores = loss.net().scores(w.view(), grid.view())?;
    let classes = scores.ncols();
    let names = ["class 1", "class 2", "class 3"];
    let class = |x: f64, y: f64| {
        let cell = |v: f64| {
            let t = (v / reach + 1.0) / 2.0 * (CELLS - 1) as f64;
            let k = (t as usize).min(CELLS - 2);
            (k, t - k as f64)
        };
        let ((i, s), (j, t)) = (cell(x), cell(y));
        let score = |c: usize| {
            let at = |i: usize, j: usize| scores[[j * CELLS + i, c]];
            (1.0 - t) * ((1.0 - s) * at(i, j) + s * at(i + 1, j))
                + t * ((1.0 - s) * at(i, j + 1) + s * at(i + 1, j + 1))
        };
        let values = (0..classes).map(|c| (c, score(c)));
        // Where the scores are equal or not finite the net decides nothing: no class.
        let best = values.clone().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f64::NAN));
        let rivals = values.filter(|(c, v)| *c != best.0 && *v >= best.1).count();
        if best.1.is_finite() && rivals == 0 { best.0 } else { names.len() }
    };
    let range = (-reach, reach);
    let mut panel =
        Panel::new("x₀", "x₁").regions(names.into_iter().take(classes), range, range, class);
    let inputs = loss.examples().inputs();
    for (class, hue) in HUES.into_iter().enumerate().take(classes) {
        let labels = loss.examples().labels().unwrap_or_default();
        let of = inputs.rows().into_iter().zip(labels).filter(|(_, label)| **label == class);
        let (x, y): (Vec<f64>, Vec<f64>) = of.map(|(row, _)| (row[0], row[1])).unzip();
        panel = panel.points("", x, y).styled(hue);
    }
    let figure = Figure::new(
        "What the net decides",
        "The points, and the class that the net gives to each place of the plane.",
    )
    .width(460.0)
    .panel(panel);
    plain("plane", "What the net decides", &figure)
}

fn curve(training: &Training, steps: usize, step: usize) -> Result<View> {
    let figure = Figure::new("The loss", "The loss of the batch at each step.")
        .width(460.0)
        .height(300.0)
        .panel(
            Panel::new("step", "loss of the batch")
                .log_y()
                .line("", above(1e-6, &training.losses[..training.losses.len().min(steps + 1)]))
                .vertical("", step as f64),
        );
    plain("loss", "The loss", &figure)
}

/// The hidden layers after their activations, at most four of them: the first, the last and some between.
fn hidden(layers: &[LayerPass<f64>]) -> Vec<&LayerPass<f64>> {
    let all: Vec<_> = layers.iter().filter(|layer| !layer.name.starts_with("linear")).collect();
    let shown = all.len().min(SHOWN);
    let place = |k: usize| if shown == 1 { 0 } else { k * (all.len() - 1) / (shown - 1) };
    (0..shown).map(|k| all[place(k)]).collect()
}

fn histograms(layers: &[LayerPass<f64>]) -> Result<View> {
    let shown = hidden(layers);
    let columns = shown.len();
    let panel = |label: &str, title: String, values: &Array2<f64>| {
        let finite = values.iter().map(|v| if v.is_finite() { v.clamp(-1e12, 1e12) } else { 0.0 });
        Panel::new(label, "units").title(title).histogram("", finite, 24)
    };
    let mut figure = Figure::new(
        "What passes through the layers",
        "Above the histograms of the activations of each layer shown, below those of the gradients with respect to them.",
    )
    .width(860.0)
    .height(85.0)
    .columns(columns);
    for layer in &shown {
        figure = figure.panel(panel("activation", layer.name.clone(), &layer.outputs));
    }
    for layer in &shown {
        figure = figure.panel(panel("gradient", layer.name.clone(), &layer.gradients));
    }
    plain("histograms", "Activations and gradients", &figure)
}

fn words(
    loss: &NetLoss,
    w: &Array1<f64>,
    layers: &[LayerPass<f64>],
    step: usize,
    batch: f64,
) -> Result<String> {
    let spread = |numbers: &Array2<f64>| Summary::of(numbers).std;
    let shown = hidden(layers);
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else { return Ok(String::new()) };
    let (near, far) = (spread(&last.gradients), spread(&first.gradients));
    let verdict = match far / near {
        _ if near == 0.0 && far == 0.0 => {
            " No gradient passes: the hidden layers stay as they are."
        }
        ratio if ratio < 0.02 => " The gradients vanish on their way back.",
        ratio if ratio > 50.0 => " The gradients explode on their way back.",
        _ => "",
    };
    let zeros = Summary::of(&last.outputs).zeros;
    Ok(format!(
        "After {step} steps the loss of the batch is {} and {} % of the points are classified rightly. The activations of \
         {} have a standard deviation of {}, those of {} of {}, and {} % of the latter are zero. The gradients: {} at {}, {} \
         at {}.{verdict}",
        short(batch.wide(), 3),
        short(100.0 * loss.accuracy(w.view())?, 3),
        first.name,
        short(spread(&first.outputs), 2),
        last.name,
        short(spread(&last.outputs), 2),
        short(100.0 * zeros, 2),
        short(far, 2),
        first.name,
        short(near, 2),
        last.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    fn words(query: &str) -> String {
        open(&format!("net?{query}")).unwrap().picture.words
    }

    #[test]
    fn it_learns_the_spirals() {
        let frame = open("net").unwrap();
        let w = training(&frame.settings).unwrap().weights.last().unwrap().clone();
        assert!(loss(&frame.settings).unwrap().accuracy(w.view()).unwrap() > 0.85, "{}", words(""));
    }

    #[test]
    fn the_presets_tell_their_story() {
        let presets = SmallNet.presets();
        assert!(words(presets[0].1).contains("No gradient passes"), "{}", words(presets[0].1));
        assert!(
            words(&format!("{}&step=0", presets[1].1)).contains("vanish"),
            "{}",
            words(presets[1].1)
        );
        assert!(
            words(&format!("{}&step=0", presets[2].1)).contains("explode"),
            "{}",
            words(presets[2].1)
        );
    }

    #[test]
    fn every_net_is_drawn() {
        for data in DATA {
            for (activation, _) in ACTIVATIONS {
                for (init, _) in INITS {
                    let link =
                        format!("data={data}&activation={activation}&init={init}&depth=8&steps=20");
                    words(&link.replace(' ', "+"));
                }
            }
        }
        words("rule=SGD&rate=2&init=normal,+3&depth=8");
    }
}
