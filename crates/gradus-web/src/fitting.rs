//! Curves through points: basis, degree, penalty, noise and batch size.

use std::f64::consts::PI;
use std::ops::ControlFlow;

use gradus::fit::Fit;
use gradus::models::{Basis, LinearRegression, Regularizer};
use gradus::ndarray::{Array1, Array2, ArrayView1, Axis, concatenate};
use gradus::optim::{GradientDescent, UpdateRule};
use gradus::plot::{Figure, Panel};
use gradus::{FiniteSum, Objective, Result, data};

use crate::layer::{View, above, plain};
use crate::number::short;
use crate::{Explorer, Knob, Picture, Scale, Settings};

/// The explorer.
pub(crate) struct Fitting;

const TRUTHS: [&str; 3] = ["a wave", "a line", "a cubic"];
const BASES: [&str; 3] = ["powers", "bumps", "waves"];
const PENALTIES: [&str; 3] = ["none", "L2", "L1"];
const EXACT: &str = "least squares";

/// The largest degree.
const MOST: usize = 15;

fn truth(name: &str, x: f64) -> f64 {
    match name {
        "a line" => 0.3 + 0.8 * x,
        "a cubic" => 2.0 * x * x * x - x,
        _ => (3.5 * x).sin(),
    }
}

/// Points on [−1, 1] around the truth.
fn points(settings: &Settings, n: usize, seed: u64) -> Result<(Array1<f64>, Array1<f64>)> {
    let name = settings.text("truth");
    data::function(n, (-1.0, 1.0), settings.number("noise"), seed, |x| truth(name, x))
}

/// The design matrix of `degree` basis functions after the constant.
fn design(settings: &Settings, degree: usize, x: ArrayView1<'_, f64>) -> Array2<f64> {
    match settings.text("basis") {
        "bumps" => {
            let place = |k: usize| {
                if degree == 1 { 0.0 } else { 2.0 * k as f64 / (degree - 1) as f64 - 1.0 }
            };
            let centers = (0..degree).map(place).collect();
            Basis::Gaussian { centers, width: 2.0 / (degree + 1) as f64 }.design(x)
        }
        // Each degree is a cosine or a sine more.
        "waves" => {
            let all =
                Basis::Fourier { harmonics: degree.div_ceil(2) }.design((&x * (0.5 * PI)).view());
            all.select(Axis(1), &(0..=degree).collect::<Vec<_>>())
        }
        _ => Basis::Polynomial { degree }.design(x),
    }
}

/// The losses on the points that are seen and on fresh ones.
struct Data {
    train: LinearRegression,
    test: LinearRegression,
    x: Array1<f64>,
}

fn data_of(settings: &Settings, degree: usize) -> Result<Data> {
    let (x, y) = points(settings, settings.count("n").max(2), settings.count("draw") as u64)?;
    let (fresh, there) = points(settings, 200, 1000)?;
    Ok(Data {
        train: LinearRegression::new(design(settings, degree, x.view()), y)?,
        test: LinearRegression::new(design(settings, degree, fresh.view()), there)?,
        x,
    })
}

/// The weights of least loss with λ Σ w² for all weights but the first: rows of √(Nλ) times the unit vectors
/// with target 0 are the penalty.
fn least(train: &LinearRegression, lambda: f64) -> Result<Array1<f64>> {
    let (n, k) = train.design().dim();
    let mut rows = Array2::zeros((k - 1, k));
    for j in 1..k {
        rows[[j - 1, j]] = (n as f64 * lambda).sqrt();
    }
    let Ok(design) = concatenate(Axis(0), &[train.design().view(), rows.view()]) else {
        return Ok(train.solve().weights);
    };
    let targets = train.targets().iter().copied().chain(std::iter::repeat_n(0.0, k - 1)).collect();
    Ok(LinearRegression::new(design, targets)?.solve().weights)
}

/// The weights, with the losses against the epoch or the degree.
struct Fitted {
    w: Array1<f64>,
    x: Vec<f64>,
    train: Vec<f64>,
    test: Vec<f64>,
    at: f64,
}

fn fitted(settings: &Settings) -> Result<Fitted> {
    let degree = settings.count("degree").max(1);
    let lambda = if settings.text("penalty") == "none" { 0.0 } else { settings.number("strength") };
    let Data { train, test, .. } = data_of(settings, degree)?;
    if settings.text("method") == EXACT {
        let mut losses = (Vec::new(), Vec::new());
        for degree in 1..=MOST {
            let Data { train, test, .. } = data_of(settings, degree)?;
            let w = least(&train, lambda)?;
            losses.0.push(train.value(w.view()));
            losses.1.push(test.value(w.view()));
        }
        let x = (1..=MOST).map(|degree| degree as f64).collect();
        let w = least(&train, lambda)?;
        return Ok(Fitted { w, x, train: losses.0, test: losses.1, at: degree as f64 });
    }
    let penalty = match settings.text("penalty") {
        "L1" => Regularizer::L1(lambda),
        _ => Regularizer::L2(lambda),
    };
    let free = Array1::zeros(degree + 1);
    let objective = penalty.on(train.clone())?.within(1..degree + 1);
    let epochs = settings.count("epochs");
    let mut rule = GradientDescent::new(settings.number("rate"));
    let mut weights = vec![free.clone()];
    let fit: Fit<'_, f64> = Fit::epochs(epochs)
        .batch_size(settings.count("batch").max(1))
        .seed(1)
        .observe_epochs(|progress| {
            weights.push(progress.w.to_owned());
            match progress.w.iter().all(|w: &f64| w.abs() < 1e6) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
    fit.run::<dyn FiniteSum, dyn UpdateRule>(&objective, &free, &mut rule)?;
    weights.retain(|w| w.iter().all(|w| w.is_finite()));
    let at = settings.count("step").min(weights.len() - 1);
    Ok(Fitted {
        w: weights[at].clone(),
        x: (0..weights.len()).map(|k| k as f64).collect(),
        train: weights.iter().map(|w| train.value(w.view())).collect(),
        test: weights.iter().map(|w| test.value(w.view())).collect(),
        at: at as f64,
    })
}

impl Explorer for Fitting {
    fn name(&self) -> &'static str {
        "fitting"
    }

    fn title(&self) -> &'static str {
        "Fitting"
    }

    fn first(&self) -> &'static str {
        "Raise the degree: the loss on the points falls all the way, the loss on fresh points falls and rises. \
         Then add an L2 penalty."
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            ("Too stiff", "degree=1"),
            ("Too supple", "degree=14&n=16"),
            ("Tamed by a penalty", "degree=14&n=16&penalty=L2&strength=0.003"),
        ]
    }

    fn knobs(&self, settings: &Settings) -> Vec<Knob> {
        let (data, fit, how) = ("The points", "The fit", "How it is found");
        let exact = settings.text("method") != "gradient steps";
        let penalties: &[&str] = if exact { &PENALTIES[..2] } else { &PENALTIES };
        let n = settings.number("n").max(4.0);
        let mut knobs = vec![
            Knob::choice("truth", "around", data, TRUTHS, TRUTHS[0]),
            Knob::number("n", "points", data, (4.0, 100.0, Scale::Whole), 20.0),
            Knob::number("noise", "noise", data, (0.0, 1.0, Scale::Linear), 0.25),
            Knob::number("draw", "draw", data, (1.0, 50.0, Scale::Whole), 1.0),
            Knob::choice("basis", "basis functions", fit, BASES, BASES[0]),
            Knob::number("degree", "degree", fit, (1.0, MOST as f64, Scale::Whole), 5.0),
            Knob::choice("penalty", "penalty", fit, penalties.iter(), "none"),
        ];
        if !matches!(settings.text("penalty"), "" | "none") {
            knobs.push(Knob::number(
                "strength",
                "its strength λ",
                fit,
                (1e-6, 10.0, Scale::Log),
                0.001,
            ));
        }
        knobs.push(Knob::choice("method", "method", how, [EXACT, "gradient steps"], EXACT));
        if !exact {
            let epochs = settings.number("epochs");
            knobs.extend([
                Knob::number("rate", "rate η", how, (1e-3, 2.0, Scale::Log), 0.2),
                Knob::number("batch", "batch size", how, (1.0, 100.0, Scale::Whole), n),
                Knob::number("epochs", "epochs", how, (1.0, 500.0, Scale::Whole), 200.0),
                Knob::number("step", "epoch", how, (0.0, 500.0, Scale::Whole), epochs),
            ]);
        }
        knobs
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        let fitted = fitted(settings)?;
        Ok([fitted.w.to_vec(), fitted.train, fitted.test].concat())
    }

    fn changed(&self, key: &str, settings: &mut Settings) {
        if key == "epochs" {
            settings.forget(|key| key == "step");
        }
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let fitted = fitted(settings)?;
        let exact = settings.text("method") == EXACT;
        let views = vec![curve(settings, &fitted)?, numbers(&fitted, exact)?];
        let last = (!exact).then(|| settings.count("epochs"));
        Ok(Picture { views, words: words(settings, &fitted, exact), last })
    }
}

fn curve(settings: &Settings, fitted: &Fitted) -> Result<View> {
    let data = data_of(settings, settings.count("degree").max(1))?;
    let x = Array1::linspace(-1.0, 1.0, 161);
    let y = design(settings, settings.count("degree").max(1), x.view()).dot(&fitted.w);
    let name = settings.text("truth");
    let panel = Panel::new("x", "y")
        .legend()
        .y_range(-2.2..2.2)
        .points("points", data.x.to_vec(), data.train.targets().to_vec())
        .curve("truth", x.to_vec(), x.mapv(|x| truth(name, x)).to_vec())
        .curve("fit", x.to_vec(), y.mapv(|y| y.clamp(-1e6, 1e6)).to_vec())
        .styled("momentum");
    let figure =
        Figure::new("The fit", "Points, the curve they were drawn around, and the fitted curve.")
            .width(460.0)
            .height(290.0)
            .panel(panel);
    plain("fit", "The fit", &figure)
}

fn numbers(fitted: &Fitted, exact: bool) -> Result<View> {
    let what = if exact { "degree" } else { "epoch" };
    let losses = Panel::new(what, "mean squared error")
        .log_y()
        .legend()
        .y_range(1e-4..1e2)
        .curve("points", fitted.x.clone(), above(1e-9, &fitted.train))
        .curve("fresh points", fitted.x.clone(), above(1e-9, &fitted.test))
        .vertical("", fitted.at);
    let weights = Panel::new("j", "weight wⱼ")
        .points("", (0..fitted.w.len()).map(|j| j as f64).collect::<Vec<_>>(), fitted.w.to_vec())
        .horizontal("", 0.0);
    let figure = Figure::new(
        "Losses and weights",
        "Above the losses on the points and on fresh points, below the weights.",
    )
    .width(460.0)
    .height(130.0)
    .columns(1)
    .panel(losses)
    .panel(weights);
    plain("numbers", "Losses and weights", &figure)
}

fn words(settings: &Settings, fitted: &Fitted, exact: bool) -> String {
    let at = fitted.x.iter().position(|x| *x == fitted.at).unwrap_or(0);
    let (train, test) = (fitted.train[at], fitted.test[at]);
    let noise = settings.number("noise").powi(2);
    let most = fitted.w.iter().fold(0.0, |most: f64, w| most.max(w.abs()));
    let by = if exact { "By least squares".into() } else { format!("After {} epochs", fitted.at) };
    let verdict = if !train.is_finite() || train > 1e3 {
        " It diverges."
    } else if test > 4.0 * noise.max(1e-3) && test > 3.0 * train {
        " It follows the noise: fresh points lie far from it."
    } else if train > 2.0 * noise.max(1e-3) {
        " It cannot follow the points."
    } else {
        " It is about as good as the noise allows."
    };
    format!(
        "{by}, with degree {}, the mean squared error is {} on the {} points and {} on fresh ones; the noise \
         alone makes {}. The largest weight is {}.{verdict}",
        settings.text("degree"),
        short(train, 2),
        settings.text("n"),
        short(test, 2),
        short(noise, 2),
        short(most, 3)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    #[test]
    fn the_presets_tell_their_story() {
        let words = |k: usize| {
            let (_, query) = Fitting.presets()[k];
            open(&format!("fitting?{query}")).unwrap().picture.words
        };
        assert!(words(0).contains("cannot follow"), "{}", words(0));
        assert!(words(1).contains("follows the noise"), "{}", words(1));
        assert!(words(2).contains("as good as the noise allows"), "{}", words(2));
    }

    #[test]
    fn gradient_steps_come_to_the_least_squares() {
        let weights =
            |query: &str| fitted(&open(&format!("fitting?{query}")).unwrap().settings).unwrap().w;
        for penalty in ["none", "L2"] {
            let query = format!("degree=2&penalty={penalty}");
            let query = if penalty == "L2" { format!("{query}&strength=0.1") } else { query };
            let exact = weights(&query);
            let steps = weights(&format!("{query}&method=gradient+steps&rate=0.5&epochs=500"));
            // 500 steps with the rate 0.5 on curvatures above 0.1.
            assert!((exact - steps).iter().all(|d| d.abs() < 1e-6), "{penalty}");
        }
    }

    #[test]
    fn every_basis_and_batch_is_drawn() {
        for basis in BASES {
            for more in
                ["", "&method=gradient+steps&batch=1", "&method=gradient+steps&penalty=L1&rate=2"]
            {
                open(&format!("fitting?basis={basis}&degree=15{more}")).unwrap();
            }
        }
    }
}
