//! A gallery: one figure of every kind, saved as SVG.
//!
//! `cargo run --release --example figures -- target/figures`

use std::path::PathBuf;

use gradus::plot::{Figure, Panel};
use gradus::prelude::*;
use gradus::problems;

type Drawn = Result<Figure, gradus::Error>;
type Gallery = [(&'static str, fn() -> Drawn); 14];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).map_or(PathBuf::from("target/figures"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let gallery: Gallery = [
        ("loss", loss),
        ("fit", fit),
        ("slopes", slopes),
        ("schedules", schedules),
        ("ravine", ravine_paths),
        ("rosenbrock", rosenbrock),
        ("rates", rates),
        ("surface", surface),
        ("saddle", saddle),
        ("rate-map", rate_map),
        ("validation-grid", validation_grid),
        ("basins", basins),
        ("fields", fields),
        ("images", images),
    ];
    for (name, draw) in gallery {
        let path = folder.join(name).with_extension("svg");
        draw()?.save(&path)?;
        println!("{}", path.display());
    }
    Ok(())
}

/// f(w) = w₀²/2 + 5 w₁² and its gradient.
fn ravine(w: ArrayView1<f64>) -> (f64, Array1<f64>) {
    (0.5 * w[0] * w[0] + 5.0 * w[1] * w[1], array![w[0], 10.0 * w[1]])
}

fn run(rule: &mut dyn UpdateRule, steps: usize) -> Result<Trace, gradus::Error> {
    Minimize::steps(steps).record_points().run(&ravine, &array![-4.0, 1.5], rule)
}

/// Lines on a logarithmic axis, named at their ends; one rule twice.
fn loss() -> Drawn {
    let descent = run(&mut GradientDescent::new(0.18), 60)?;
    let light = run(&mut Momentum::new(0.1, 0.5), 60)?;
    let heavy = run(&mut Momentum::new(0.1, 0.9), 60)?;
    Ok(Figure::new(
        "Loss against updates in a ravine",
        "With momentum 0.5 the loss falls to 10⁻¹⁶ in 60 updates, by gradient descent to 10⁻⁹; with \
         momentum 0.9 it swings and is still at 10⁻².",
    )
    .panel(
        Panel::new("update k", "loss J(w)")
            .log_y()
            .line("gradient descent", &descent.values)
            .line("momentum 0.5", &light.values)
            .line("momentum 0.9", &heavy.values)
            .horizontal("target", 1e-6),
    ))
}

/// Points, a curve, a band and notes.
fn fit() -> Drawn {
    let x: Vec<f64> = (0..25).map(|k| f64::from(k) / 4.0).collect();
    let noise = |k: usize| 0.35 * (7.3 * k as f64).sin();
    let y = x.iter().enumerate().map(|(k, x)| x.sin() + noise(k));
    let low = x.iter().map(|x| x.sin() - 0.4);
    let high = x.iter().map(|x| x.sin() + 0.4);
    Ok(Figure::new("Data and fit", "Twenty-five noisy points about a sine and a band around it.")
        .panel(
            Panel::new("x", "y")
                .band("± 0.4", &x, low, high)
                .function("sin x", 0.0..6.0, f64::sin)
                .points("data", &x, y)
                .points("outliers", [1.0, 4.5], [-0.6, 0.5])
                .vertical("x = π", std::f64::consts::PI)
                .note("the maximum", std::f64::consts::FRAC_PI_2, 1.0),
        ))
}

/// Two logarithmic axes: slopes are orders.
fn slopes() -> Drawn {
    let k: Vec<f64> = (0..60).map(|k| 10f64.powf(f64::from(k) / 20.0)).collect();
    Ok(Figure::new(
        "Two rates of convergence",
        "On log axes O(1/k) and O(1/k²) have slopes −1 and −2.",
    )
    .panel(
        Panel::new("update k", "error")
            .log_x()
            .log_y()
            .curve("gradient descent", &k, k.iter().map(|k| 1.0 / k))
            .curve("Nesterov", &k, k.iter().map(|k| 2.0 / (k * k))),
    ))
}

/// Small multiples of curves with a legend above all.
fn schedules() -> Drawn {
    let panel = |title: &str, rate: fn(f64) -> f64| {
        let epochs = || (0..=90).map(f64::from);
        Panel::new("epoch t", "rate")
            .title(title)
            .y_range(0.0..1.05)
            .legend()
            .line("schedule", epochs().map(rate))
            .line("with warm-up", epochs().map(|t| (t / 10.0).min(1.0) * rate(t)))
    };
    Ok(Figure::new(
        "Three schedules",
        "Step, cosine and inverse root, each with and without warm-up.",
    )
    .panel(panel("step", |t| 0.1_f64.powf((t / 30.0).floor())))
    .panel(panel("cosine", |t| 0.5 + 0.5 * (t / 90.0 * std::f64::consts::PI).cos()))
    .panel(panel("1/√(t + 1)", |t| 1.0 / (t + 1.0).sqrt())))
}

/// Level sets with paths.
fn ravine_paths() -> Drawn {
    let descent = run(&mut GradientDescent::new(0.18), 40)?;
    let momentum = run(&mut Momentum::new(0.04, 0.7), 40)?;
    Ok(Figure::new("Two ways down a ravine", "Gradient descent zigzags from wall to wall; momentum swings once and goes along the floor.").panel(
        Panel::new("w₀", "w₁")
            .level_sets(&ravine, -5.0..2.0, -2.0..2.0)
            .path("gradient descent", &descent.points)
            .path("momentum 0.7", &momentum.points)
            .minimum(0.0, 0.0),
    ))
}

fn rosenbrock() -> Drawn {
    let f = problems::rosenbrock();
    let trace = Minimize::steps(400).record_points().run(
        &f,
        &array![-1.2, 1.0],
        &mut Momentum::new(0.0008, 0.9),
    )?;
    Ok(Figure::new("Rosenbrock’s valley", "The path drops into the curved valley and follows it.")
        .panel(
            Panel::new("x₀", "x₁")
                .level_sets(&f, -2.0..2.0, -1.0..3.0)
                .path("momentum", &trace.points)
                .minimum(1.0, 1.0),
        ))
}

/// Small multiples of level sets: paths that leave the panel are cut off.
fn rates() -> Drawn {
    let mut figure = Figure::new("Four rates", "Too small, good, too large, divergent.");
    for (rate, verdict) in
        [(0.02, "too small"), (0.1, "good"), (0.19, "too large"), (0.205, "divergent")]
    {
        let trace = run(&mut GradientDescent::new(rate), 30)?;
        figure = figure.panel(
            Panel::new("w₀", "w₁")
                .title(format!("η = {rate}: {verdict}"))
                .level_sets(&ravine, -5.0..2.0, -2.0..2.0)
                .path("gradient descent", &trace.points)
                .minimum(0.0, 0.0),
        );
    }
    Ok(figure)
}

fn surface() -> Drawn {
    let trace = run(&mut GradientDescent::new(0.18), 40)?;
    Ok(Figure::new(
        "The loss as a surface",
        "A long bowl above its elliptical level sets; the path runs down its walls.",
    )
    .panel(
        Panel::new("w₀", "w₁")
            .surface("J(w)", &ravine, -5.0..5.0, -2.0..2.0)
            .path("gradient descent", &trace.points)
            .minimum(0.0, 0.0),
    ))
}

/// A surface beside level sets.
fn saddle() -> Drawn {
    let f = problems::saddle();
    Ok(Figure::new("A saddle", "Up along one axis, down along the other.")
        .panel(Panel::new("x₀", "x₁").surface("f(x)", &f, -1.5..1.5, -1.5..1.5))
        .panel(Panel::new("x₀", "x₁").level_sets(&f, -1.5..1.5, -1.5..1.5)))
}

/// A heat map with level lines on it and a curve over it.
fn rate_map() -> Drawn {
    // The slower of two eigenvalues' factors under the heavy ball: the larger root of
    // r² − (1 + β − ηλ) r + β = 0.
    let factor = |rate: f64, momentum: f64| {
        [1.0, 10.0]
            .map(|l| {
                let half = 0.5 * (1.0 + momentum - rate * l);
                let square = half * half - momentum;
                if square < 0.0 { momentum.sqrt() } else { half.abs() + square.sqrt() }
            })
            .into_iter()
            .fold(0.0, f64::max)
            .min(1.2)
    };
    let momentum = (0..=99).map(|k| f64::from(k) / 100.0);
    let boundary = momentum.clone().map(|b| 2.0 * (1.0 + b) / 10.0);
    Ok(Figure::new(
        "How fast the heavy ball is",
        "The factor per update by rate and momentum; it is least at a corner.",
    )
    .panel(
        Panel::new("learning rate η", "momentum β")
            .heat_map("factor per update", 0.0..0.45, 0.0..0.99, factor)
            .levels([0.6, 0.7, 0.8, 0.9])
            .curve("2(1 + β)/λ", boundary, momentum)
            .minimum(0.2308, 0.2699),
    ))
}

/// Cells as they are, on two logarithmic axes.
fn validation_grid() -> Drawn {
    let rate: Vec<f64> = (0..7).map(|k| 10f64.powf(-4.0 + 0.5 * f64::from(k))).collect();
    let decay: Vec<f64> = (0..6).map(|k| 10f64.powf(-5.0 + f64::from(k))).collect();
    let z = Array2::from_shape_fn((6, 7), |(j, i)| {
        if i == 6 && j > 3 {
            f64::NAN
        } else {
            0.9 - 0.02 * ((i as f64 - 4.0).powi(2) + (j as f64 - 2.0).powi(2))
        }
    });
    Ok(Figure::new(
        "Accuracy by rate and decay",
        "Best near rate 0.01 and decay 0.001; two runs diverged.",
    )
    .height(260.0)
    .panel(Panel::new("learning rate", "weight decay").log_x().log_y().heat_grid(
        "accuracy",
        &rate,
        &decay,
        z.view(),
    )))
}

fn basins() -> Drawn {
    let f = problems::himmelblau();
    let minima = [[3.0, 2.0], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]];
    let nearest = |x: f64, y: f64| {
        let trace = Minimize::steps(300).stop(Stop::GradientNorm(1e-3)).run(
            &f,
            &array![x, y],
            &mut GradientDescent::new(0.01),
        );
        let Ok(trace) = trace else { return usize::MAX };
        (0..4)
            .find(|k| (trace.x[0] - minima[*k][0]).hypot(trace.x[1] - minima[*k][1]) < 0.1)
            .unwrap_or(9)
    };
    Ok(Figure::new("Where descent ends", "Four basins of Himmelblau’s function.")
        .width(560.0)
        .panel(minima.iter().fold(
            Panel::new("x₀", "x₁").regions(["A", "B", "C", "D"], -5.0..5.0, -5.0..5.0, nearest),
            |panel, m| panel.minimum(m[0], m[1]),
        )))
}

/// A vector field and histograms.
fn fields() -> Drawn {
    let nodes = || {
        (0..9)
            .flat_map(|i| (0..9).map(move |j| (f64::from(i) / 2.0 - 2.0, f64::from(j) / 2.0 - 2.0)))
    };
    let sample = |shift: f64, width: f64| {
        (0..400).map(move |k| {
            let t = (f64::from(k) + 0.5) / 400.0;
            shift + width * (t / (1.0 - t)).ln()
        })
    };
    Ok(Figure::new(
        "Gradients and their spread",
        "Left: the negative gradient of a saddle. Right: two histograms.",
    )
    .panel(
        Panel::new("x₀", "x₁")
            .title("−∇f")
            .vectors(
                "",
                nodes().map(|p| p.0),
                nodes().map(|p| p.1),
                nodes().map(|p| -p.0),
                nodes().map(|p| p.1),
            )
            .equal(),
    )
    .panel(
        Panel::new("activation", "count")
            .title("two layers")
            .histogram("layer 1", sample(0.0, 0.3), 30)
            .histogram("layer 5", sample(0.5, 0.1), 30),
    ))
}

fn images() -> Drawn {
    let digit =
        |k: usize| Array2::from_shape_fn((8, 8), |(j, i)| ((i * j + k * (i + j)) % 17) as f64);
    let weight = |k: usize| {
        Array2::from_shape_fn((14, 14), |(j, i)| {
            ((i as f64 - 6.5) / 3.0).sin() * ((j as f64 - 6.5) / (2.0 + k as f64)).cos()
        })
    };
    let digits = (0..10).fold(Panel::new("", "").title("inputs"), |panel, k| {
        panel.image(k.to_string(), digit(k).view())
    });
    let weights = (0..6).fold(Panel::new("", "").title("weights"), |panel, k| {
        panel.image(format!("unit {k}"), weight(k).view())
    });
    Ok(Figure::new("Images", "Ten inputs and six templates.").columns(1).panels([digits, weights]))
}
