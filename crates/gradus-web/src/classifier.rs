//! A linear classifier of points that the reader puts where they like.

use gradus::data::{self, Labelled};
use gradus::fit::Fit;
use gradus::models::{CrossEntropy, Hinge};
use gradus::models::{Init, LinearClassifier, Loss, Regularizer, Softmax, Svm};
use gradus::ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};
use gradus::optim::{GradientDescent, UpdateRule};
use gradus::plot::{Figure, Panel};
use gradus::{FiniteSum, Result};
use std::fmt::Write as _;
use std::ops::ControlFlow;

use crate::layer::{HUES, Handle, Scenery, View, above, plain, stage};
use crate::number::short;
use crate::{Explorer, Knob, Picture, Scale, Settings, knob};

/// The explorer.
pub(crate) struct Classifier;

const CLASSES: [&str; 3] = ["class 1", "class 2", "class 3"];
const PENALTIES: [&str; 4] = ["none", "L2", "L1", "elastic net"];

/// The square that is seen, and the vertical lines on which borders are found.
const REACH: f64 = 3.0;
const LINES: usize = 241;

/// How many points there may be.
const MOST: usize = 60;

/// A part of the plane: vertical lines, and on each where it begins and ends.
type Piece = (Vec<f64>, Vec<f64>, Vec<f64>);

/// A point and its class.
type Point = (f64, f64, usize);

fn points(text: &str) -> Option<Vec<Point>> {
    let point = |text: &str| {
        let mut parts = text.split(',');
        let (x, y, class) = (parts.next()?, parts.next()?, parts.next()?);
        let (x, y, class): (f64, f64, usize) =
            (x.parse().ok()?, y.parse().ok()?, class.parse().ok()?);
        let holds = parts.next().is_none()
            && x.abs() <= REACH
            && y.abs() <= REACH
            && (1..=CLASSES.len()).contains(&class);
        holds.then_some((x, y, class - 1))
    };
    let points: Option<Vec<Point>> = text.split(';').map(point).collect();
    points.filter(|points| points.len() <= MOST)
}

fn check(text: &str) -> Result<(), String> {
    points(text).map(|_| ()).ok_or_else(|| {
        format!("1 to {MOST} points `x,y,class` with `;` between them, coordinates within ±{REACH}, classes 1 to 3")
    })
}

fn written(points: &[Point]) -> String {
    let short = |v: f64| format!("{}", (v * 100.0).round() / 100.0);
    let point = |(x, y, class): &Point| format!("{},{},{}", short(*x), short(*y), class + 1);
    points.iter().map(point).collect::<Vec<_>>().join(";")
}

/// Points around three centres.
fn usual() -> String {
    let centers = array![[-1.0, 1.3], [1.3, 0.8], [0.1, -1.4]];
    let Ok(blobs) = data::blobs(18, centers.view(), 0.6, 5) else { return String::new() };
    let row = |(row, class): (ArrayView1<'_, f64>, &usize)| (row[0], row[1], *class);
    written(&blobs.inputs.rows().into_iter().zip(&blobs.labels).map(row).collect::<Vec<_>>())
}

fn set(settings: &Settings) -> Vec<Point> {
    points(settings.text("points")).unwrap_or_default()
}

/// One of the two classifiers.
enum Model {
    Softmax(Softmax),
    Svm(Svm),
}

/// The same expression for whichever classifier it is.
macro_rules! either {
    ($model:expr, $of:ident => $body:expr) => {
        match $model {
            Model::Softmax($of) => $body,
            Model::Svm($of) => $body,
        }
    };
}

impl Model {
    fn new(points: &[Point], settings: &Settings) -> Result<Self> {
        let inputs = Array2::from_shape_fn((points.len(), 2), |(i, j)| match j {
            0 => points[i].0,
            _ => points[i].1,
        });
        let labels = points.iter().map(|point| point.2).collect();
        let data = Labelled::new(inputs, labels, CLASSES.len())?;
        Ok(match settings.text("loss") {
            "SVM" => Self::Svm(Svm::new(&data)?),
            _ => Self::Softmax(Softmax::new(&data)?),
        })
    }

    fn scores(&self, w: &Array1<f64>, inputs: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        either!(self, model => model.scores(w.view(), inputs))
    }

    fn losses(&self, w: &Array1<f64>, points: &[Point]) -> Result<Array1<f64>> {
        let labels: Vec<usize> = points.iter().map(|point| point.2).collect();
        let inputs = either!(self, model => model.examples().inputs().to_owned());
        let loss = match self {
            Self::Softmax(_) => Loss::CrossEntropy,
            Self::Svm(_) => Loss::Hinge,
        };
        loss.of_each(self.scores(w, inputs.view())?.view(), &labels)
    }
}

/// Weights and total loss at each step.
struct Training {
    weights: Vec<Array1<f64>>,
    losses: Vec<f64>,
}

fn train(settings: &Settings) -> Result<Training> {
    let points = set(settings);
    let strength = settings.number("strength");
    let penalty = match settings.text("penalty") {
        "L2" => Regularizer::L2(strength),
        "L1" => Regularizer::L1(strength),
        "elastic net" => {
            Regularizer::ElasticNet { lambda: strength, beta: settings.number("beta") }
        }
        _ => Regularizer::L2(0.0),
    };
    let model = Model::new(&points, settings)?;
    let start = either!(&model, model => model.initial(Init::Normal(0.01), 1));
    match model {
        Model::Softmax(model) => descend::<CrossEntropy>(model, penalty, start, settings),
        Model::Svm(model) => descend::<Hinge>(model, penalty, start, settings),
    }
}

fn descend<L: gradus::models::Scores>(
    model: LinearClassifier<L>,
    penalty: Regularizer,
    start: Array1<f64>,
    settings: &Settings,
) -> Result<Training> {
    let objective = model.regularized(penalty)?;
    let (mut weights, mut losses) = (Vec::new(), Vec::new());
    let mut rule = GradientDescent::new(settings.number("rate"));
    let fit = Fit::epochs(settings.count("steps")).batch_size(MOST).observe(|progress| {
        weights.push(progress.w.to_owned());
        losses.push(progress.loss);
        ControlFlow::Continue(())
    });
    let history = fit.run::<dyn FiniteSum, dyn UpdateRule>(&objective, &start, &mut rule)?;
    if history.x.iter().all(|w| w.is_finite()) {
        losses.push(objective.evaluate(history.x.view())?.loss);
        weights.push(history.x);
    }
    Ok(Training { weights, losses })
}

impl Explorer for Classifier {
    fn name(&self) -> &'static str {
        "classifier"
    }

    fn title(&self) -> &'static str {
        "Linear classifier"
    }

    fn first(&self) -> &'static str {
        "Drag a point into another class and watch the borders and its loss. Point at an empty place to add \
         one; double-click or press Delete to remove one."
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            (
                "One point on the wrong side",
                "loss=SVM&points=-1.2,1.4,1;-0.6,1.8,1;-1.7,0.9,1;-1,0.7,1;1.4,1,2;1.9,0.4,2;0.9,1.5,2;1.6,1.7,2;0.2,-1.2,3;-0.5,-1.6,3;0.7,-1.9,3;1.2,-1.1,3;-1.5,-1.9,1",
            ),
            ("A strong penalty: small weights", "penalty=L2&strength=0.3"),
            (
                "What no lines separate",
                "points=0,0,1;0.4,0.2,1;-0.3,0.3,1;0.1,-0.4,1;2,0,2;-2,0.2,2;0.2,2,2;-0.1,-2,2;1.4,1.5,2;-1.5,1.4,2;1.5,-1.4,2;-1.4,-1.5,2&steps=300",
            ),
        ]
    }

    fn knobs(&self, settings: &Settings) -> Vec<Knob> {
        let (model, run) = ("The classifier", "The run");
        let mut knobs = vec![
            Knob {
                key: "points".into(),
                label: "points".into(),
                group: String::new(),
                kind: knob::Kind::Text(check),
                default: usual(),
            },
            Knob::choice("loss", "loss", model, ["softmax", "SVM"], "softmax"),
            Knob::choice("penalty", "penalty", model, PENALTIES, "none"),
        ];
        if !matches!(settings.text("penalty"), "" | "none") {
            knobs.push(Knob::number(
                "strength",
                "its strength λ",
                model,
                (1e-4, 10.0, Scale::Log),
                0.01,
            ));
        }
        if settings.text("penalty") == "elastic net" {
            knobs.push(Knob::number(
                "beta",
                "its part of L2, β",
                model,
                (0.0, 4.0, Scale::Linear),
                1.0,
            ));
        }
        let steps = settings.number("steps");
        knobs.extend([
            Knob::number("rate", "rate η", run, (0.001, 20.0, Scale::Log), 0.5),
            Knob::number("steps", "steps", run, (1.0, 400.0, Scale::Whole), 100.0),
            Knob::number("step", "step", run, (0.0, 400.0, Scale::Whole), steps),
            Knob::choice("new", "a new point is of", "The points", CLASSES, CLASSES[0]),
        ]);
        knobs
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        let Training { weights, losses } = train(settings)?;
        Ok(weights.iter().flatten().copied().chain(losses).collect())
    }

    fn changed(&self, key: &str, settings: &mut Settings) {
        if key == "steps" {
            settings.forget(|key| key == "step");
        }
    }

    fn tap(&self, _: &str, x: f64, y: f64, settings: &mut Settings) {
        let mut points = set(settings);
        let class = CLASSES.iter().position(|name| *name == settings.text("new"));
        if points.len() < MOST {
            points.push((x, y, class.unwrap_or(0)));
        }
        settings.set("points", written(&points));
    }

    fn drag(&self, handle: &str, x: f64, y: f64, settings: &mut Settings) {
        let mut points = set(settings);
        if let Some(point) = handle.parse().ok().and_then(|k: usize| points.get_mut(k)) {
            (point.0, point.1) = (x, y);
        }
        settings.set("points", written(&points));
    }

    fn remove(&self, handle: &str, settings: &mut Settings) {
        let mut points = set(settings);
        // One has to stay: there is no loss of nothing.
        if let Ok(k) = handle.parse::<usize>()
            && k < points.len()
            && points.len() > 1
        {
            points.remove(k);
        }
        settings.set("points", written(&points));
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let points = set(settings);
        let training = train(settings)?;
        let step = settings.count("step").min(training.weights.len() - 1);
        let w = &training.weights[step];
        let model = Model::new(&points, settings)?;
        let losses = model.losses(w, &points)?;
        let views = vec![plane(&model, w, &points)?, curves(&training, step, &points, &losses)?];
        let words = words(&model, w, &points, &losses, step, training.losses[step])?;
        Ok(Picture { views, words, last: Some(settings.count("steps")) })
    }
}

/// Where on each of some vertical lines a class has the largest score: from where to where. Scores are linear,
/// so two of them tell all of a line, and each class has one piece of it or none.
fn pieces(model: &Model, w: &Array1<f64>) -> Result<[Piece; 3]> {
    let x = |k: usize| REACH * (2.0 * k as f64 / (LINES - 1) as f64 - 1.0);
    let ends = Array2::from_shape_fn((2 * LINES, 2), |(k, j)| match j {
        0 => x(k / 2),
        _ => REACH * (2.0 * (k % 2) as f64 - 1.0),
    });
    let scores = model.scores(w, ends.view())?;
    let mut all: [Piece; 3] = Default::default();
    for k in 0..LINES {
        for (class, piece) in all.iter_mut().enumerate() {
            let (mut low, mut high) = (-REACH, REACH);
            for rival in (0..CLASSES.len()).filter(|rival| *rival != class) {
                let lead = |end: usize| scores[[2 * k + end, class]] - scores[[2 * k + end, rival]];
                let (below, above) = (lead(0), lead(1));
                let meet = REACH * (2.0 * below / (below - above) - 1.0);
                match (below >= 0.0, above >= 0.0) {
                    (true, true) => {}
                    (true, false) => high = high.min(meet),
                    (false, true) => low = low.max(meet),
                    (false, false) => high = f64::NEG_INFINITY,
                }
            }
            if low < high {
                piece.0.push(x(k));
                piece.1.push(low);
                piece.2.push(high);
            }
        }
    }
    Ok(all)
}

fn with_points(mut panel: Panel, points: &[Point]) -> Panel {
    for (class, hue) in HUES.into_iter().enumerate() {
        let of = points.iter().filter(|point| point.2 == class);
        let (x, y): (Vec<f64>, Vec<f64>) = of.map(|point| (point.0, point.1)).unzip();
        if !x.is_empty() {
            panel = panel.points("", x, y).styled(hue);
        }
    }
    panel
}

/// The axes, with the part of each class.
fn panel(pieces: [Piece; 3]) -> Panel {
    let range = (-REACH, REACH);
    let panel = Panel::new("x₀", "x₁").equal().legend().x_range(range).y_range(range);
    let classes = CLASSES.into_iter().zip(HUES).zip(pieces);
    classes.fold(panel, |panel, ((name, hue), (x, low, high))| {
        // A class that wins nowhere keeps its place in the legend.
        let nowhere = x.is_empty();
        let (x, low, high) =
            if nowhere { (vec![-REACH], vec![0.0], vec![0.0]) } else { (x, low, high) };
        panel.band(name, x, low, high).styled(hue)
    })
}

fn plane(model: &Model, w: &Array1<f64>, points: &[Point]) -> Result<View> {
    // The axes lie where they lie, whatever the classes are.
    let stage = stage("classes", || {
        Ok(Scenery {
            key: "classes".into(),
            title: "-",
            description: "-",
            back: panel(Default::default()),
            bare: panel(Default::default()),
            x: (-REACH, REACH),
            y: (-REACH, REACH),
            log: [false; 2],
            width: 460.0,
        })
    })?;
    let figure = Figure::new(
        "The plane and the classes",
        "The points, and the class that the classifier gives to each place of the plane.",
    )
    .width(460.0)
    .panel(with_points(panel(pieces(model, w)?), points));
    let handles = points.iter().enumerate().map(|(k, &(x, y, class))| Handle {
        key: k.to_string(),
        label: format!("Point {}, {}", k + 1, CLASSES[class]),
        at: (x, y),
        sort: class + 1,
        removable: points.len() > 1,
    });
    Ok(View {
        axes: Some(stage.axes),
        handles: handles.collect(),
        ..plain("plane", "The plane and the classes", &figure)?
    })
}

fn curves(
    training: &Training,
    step: usize,
    points: &[Point],
    losses: &Array1<f64>,
) -> Result<View> {
    let loss = Panel::new("step", "mean loss with penalty")
        .log_y()
        .line("", above(1e-6, &training.losses))
        .vertical("", step as f64);
    let mut each = Panel::new("point", "its loss").legend();
    let most = losses.iter().copied().filter(|l| l.is_finite()).fold(0.5, f64::max);
    each = each.y_range(-0.05 * most..1.1 * most);
    for (class, name) in CLASSES.iter().enumerate() {
        let of = points.iter().zip(losses).enumerate().filter(|(_, (point, _))| point.2 == class);
        let place = |(k, (_, loss)): (usize, (&Point, &f64))| {
            ((k + 1) as f64, if loss.is_finite() { *loss } else { most })
        };
        let (x, y): (Vec<f64>, Vec<f64>) = of.map(place).unzip();
        if !x.is_empty() {
            each = each.points(*name, x, y).styled(HUES[class]);
        }
    }
    let figure = Figure::new(
        "Losses",
        "Above the mean loss at each step, below the loss of each point at the step shown.",
    )
    .width(460.0)
    .height(130.0)
    .columns(1)
    .panel(loss)
    .panel(each);
    plain("losses", "Losses", &figure)
}

fn words(
    model: &Model,
    w: &Array1<f64>,
    points: &[Point],
    losses: &Array1<f64>,
    step: usize,
    total: f64,
) -> Result<String> {
    let right = either!(model, model => model.accuracy(w.view()))? * points.len() as f64;
    let data = losses.sum() / losses.len() as f64;
    let mut words = format!(
        "After {step} steps {} of {} points are classified rightly. The mean loss is {}",
        right.round(),
        points.len(),
        short(data, 3)
    );
    if (total - data).abs() > 1e-12 * data.abs() {
        let _ = write!(words, ", and {} with the penalty", short(total, 3));
    }
    let worst = losses.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    if let Some((k, loss)) = worst.filter(|(_, loss)| **loss > 0.0) {
        let (_, _, class) = points[k];
        let _ = write!(
            words,
            ". Point {} of {} has the largest loss, {}",
            k + 1,
            CLASSES[class],
            short(*loss, 3)
        );
    }
    let weights = &w.as_slice().unwrap_or_default()[..2 * CLASSES.len()];
    let length = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
    let _ = write!(words, ". The weights are {} long.", short(length, 3));
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, act, open};

    #[test]
    fn points_are_added_dragged_and_removed() {
        let link = "classifier?points=1,1,1;-1,-1,2";
        let axes = open(link).unwrap().picture.views[0].axes.unwrap();
        let (u, v) = axes.place((2.0, -2.0));
        let plane = || "plane".to_string();
        let added = act(link, &Action::Tap { view: plane(), u, v }).unwrap();
        assert_eq!(added.settings.text("points"), "1,1,1;-1,-1,2;2,-2,1");
        let (u, v) = axes.place((0.5, 0.25));
        let drag = Action::Drag { view: plane(), handle: "1".into(), u, v };
        let dragged = act(&added.link(), &drag).unwrap();
        assert_eq!(dragged.settings.text("points"), "1,1,1;0.5,0.25,2;2,-2,1");
        let removed = act(&dragged.link(), &Action::Remove { handle: "0".into() }).unwrap();
        assert_eq!(removed.settings.text("points"), "0.5,0.25,2;2,-2,1");
    }

    #[test]
    fn broken_points_are_refused() {
        for points in ["1,1", "1,1,4", "9,9,1", "a,b,c", "1,1,1,1"] {
            let error = open(&format!("classifier?points={points}")).unwrap_err();
            assert!(
                error.contains(&format!("`points` is `{points}`, expected 1 to 60 points")),
                "{error}"
            );
        }
    }

    #[test]
    fn the_penalties_and_losses_do_what_they_say() {
        let length = |link: &str| {
            let training = train(&open(link).unwrap().settings).unwrap();
            let w = training.weights.last().unwrap().clone();
            w.iter().take(6).map(|w| w * w).sum::<f64>()
        };
        for loss in ["softmax", "SVM"] {
            let free = length(&format!("classifier?loss={loss}"));
            for penalty in ["L2", "L1", "elastic+net"] {
                let held =
                    length(&format!("classifier?loss={loss}&penalty={penalty}&strength=0.3"));
                assert!(held < 0.5 * free, "{loss} {penalty}: {held} {free}");
            }
        }
    }
}
