//! A gallery: one figure of every kind, saved as SVG.
//!
//! `cargo run --release --example figures -- target/figures`

use std::path::PathBuf;

use gradus::plot::{Figure, Panel};
use gradus::prelude::*;

fn ravine(w: ArrayView1<f64>) -> (f64, Array1<f64>) {
    (0.5 * w[0] * w[0] + 5.0 * w[1] * w[1], array![w[0], 10.0 * w[1]])
}

fn rosenbrock(w: ArrayView1<f64>) -> (f64, Array1<f64>) {
    let (a, b) = (1.0 - w[0], w[1] - w[0] * w[0]);
    (a * a + 100.0 * b * b, array![-2.0 * a - 400.0 * w[0] * b, 200.0 * b])
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or("target/figures".to_string()));
    std::fs::create_dir_all(&folder)?;
    for (name, figure) in [
        ("curves", curves()?),
        ("ravine", ravine_paths()?),
        ("surface", surface()?),
        ("panels", panels()?),
    ] {
        figure.save(folder.join(format!("{name}.svg")))?;
        println!("{name}.svg");
    }
    Ok(())
}

fn curves() -> Result<Figure, gradus::Error> {
    let start = array![-4.0, 1.5];
    let run = |rule: &mut dyn UpdateRule| Minimize::steps(60).run(&ravine, &start, rule);
    let descent = run(&mut GradientDescent::new(0.18))?;
    let momentum = run(&mut Momentum::new(0.1, 0.5))?;
    let heavy = run(&mut Momentum::new(0.1, 0.9))?;
    Ok(Figure::new("Loss against updates", "Three runs on a ravine on a logarithmic axis.").panel(
        Panel::new("update k", "loss J(w)")
            .log_y()
            .line("gradient descent", &descent.values)
            .line("momentum 0.5", &momentum.values)
            .line("Nesterov 0.9", &heavy.values)
            .line("Adam", descent.values.iter().map(|v| v * 1.3))
            .horizontal("target", 1e-6),
    ))
}

fn ravine_paths() -> Result<Figure, gradus::Error> {
    let start = array![-4.0, 1.5];
    let run =
        |rule: &mut dyn UpdateRule| Minimize::steps(40).record_points().run(&ravine, &start, rule);
    let descent = run(&mut GradientDescent::new(0.18))?;
    let momentum = run(&mut Momentum::new(0.04, 0.7))?;
    Ok(Figure::new("Two ways down a ravine", "Gradient descent zigzags; momentum goes along.")
        .panel(
            Panel::new("w₀", "w₁")
                .level_sets(&ravine, -5.0..2.0, -2.0..2.0)
                .path("gradient descent", &descent.points)
                .path("momentum 0.7", &momentum.points)
                .minimum(0.0, 0.0),
        ))
}

fn surface() -> Result<Figure, gradus::Error> {
    let trace = Minimize::steps(40).record_points().run(
        &ravine,
        &array![-4.0, 1.5],
        &mut GradientDescent::new(0.18),
    )?;
    Ok(Figure::new("The loss as a surface", "A long bowl; the path runs down and along.").panel(
        Panel::new("w₀", "w₁")
            .surface("J(w)", &ravine, -5.0..5.0, -2.0..2.0)
            .path("gradient descent", &trace.points)
            .minimum(0.0, 0.0),
    ))
}

fn panels() -> Result<Figure, gradus::Error> {
    let mut figure = Figure::new("Four rates", "Too small, good, large, divergent.");
    for rate in [0.02, 0.1, 0.19, 0.205] {
        let trace = Minimize::steps(30).record_points().run(
            &ravine,
            &array![-4.0, 1.5],
            &mut GradientDescent::new(rate),
        )?;
        figure = figure.panel(
            Panel::new("w₀", "w₁")
                .title(format!("η = {rate}"))
                .level_sets(&ravine, -5.0..2.0, -2.0..2.0)
                .path("gradient descent", &trace.points)
                .minimum(0.0, 0.0),
        );
    }
    let _ = rosenbrock;
    Ok(figure)
}
