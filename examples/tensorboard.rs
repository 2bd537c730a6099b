//! Two rules at three rates, as runs that TensorBoard shows: `cargo run --release --example tensorboard`,
//! then `tensorboard --logdir target/runs`.

use gradus::optim::{Adam, UpdateRule};
use gradus::prelude::*;
use gradus::tensorboard::Run;

fn main() -> gradus::Result<()> {
    // A three or an eight? By least squares on −1 and 1.
    let digits = data::digits().map(|pixels| pixels / 16.0);
    let (train, validation) = (three_or_eight(&digits.train)?, three_or_eight(&digits.validation)?);
    for rate in [0.001, 0.01, 0.05] {
        let rules: [(&str, Box<dyn UpdateRule>); 2] = [
            ("gradient descent", Box::new(GradientDescent::new(rate))),
            ("Adam", Box::new(Adam::new(rate))),
        ];
        for (name, mut rule) in rules {
            let trace =
                Minimize::steps(100).record_points().run(&train, &Array1::zeros(64), &mut rule)?;
            let accuracy = accuracy(&validation, &trace.x);

            let mut run = Run::create(format!("target/runs/{name} {rate}"))?;
            run.hyperparameters(
                &[("rule", name.into()), ("rate", rate.into())],
                &["loss/validation", "accuracy/validation"],
            )?;
            for (step, (w, loss)) in trace.points.iter().zip(&trace.values).enumerate() {
                run.scalar("loss/train", step, *loss)?;
                run.scalar("loss/validation", step, validation.value(w.view()))?;
                run.histogram("weights", step, w)?;
            }
            run.scalar("accuracy/validation", trace.steps(), accuracy)?;
            let template = Array2::from_shape_fn((8, 8), |(i, j)| trace.x[8 * i + j]);
            run.image("template", trace.steps(), template.view())?;
            run.finish()?;
            println!("{name:16} {rate:5}: {:.4}, {:.1} %", trace.value(), 100.0 * accuracy);
        }
    }
    Ok(())
}

fn three_or_eight(data: &Labelled) -> gradus::Result<LinearRegression> {
    let here: Vec<usize> = (0..data.len()).filter(|&i| [3, 8].contains(&data.labels[i])).collect();
    let data = data.subset(&here)?;
    let targets = data.labels.iter().map(|&label| if label == 3 { -1.0 } else { 1.0 }).collect();
    LinearRegression::new(data.inputs, targets)
}

fn accuracy(examples: &LinearRegression, w: &Array1<f64>) -> f64 {
    let agreement = examples.predict(w.view()) * examples.targets();
    agreement.iter().filter(|&&a| a > 0.0).count() as f64 / agreement.len() as f64
}
