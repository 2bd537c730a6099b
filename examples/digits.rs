//! How well three models read the bundled digits: `cargo run --release --example digits`.
//!
//! Each is trained with ten seeds, which decide its first weights, its batches and what dropout drops. The
//! epoch that is best on the validation set counts; the test set is looked at once, at the end.

use gradus::optim::AdamW;
use gradus::prelude::*;

const SEEDS: u64 = 10;

fn main() -> gradus::Result<()> {
    let digits = data::digits().map(|pixels| pixels / 16.0).cast::<f32>();
    let nets = [
        ("softmax", Net::inputs(64).linear(10), 60),
        ("MLP", Mlp::new(&[64, 256, 10], Activation::Relu), 60),
        ("CNN", Cnn::new((1, 8, 8), &[32, 64], 10), 30),
    ];
    println!("test accuracy over {SEEDS} seeds: worst, mean, best, in %");
    for (name, net, epochs) in nets {
        let train = net.loss_on(&digits.train)?;
        let validation = net.loss_on(&digits.validation)?;
        let test = net.loss_on(&digits.test)?;
        let mut accuracies = Vec::new();
        for seed in 0..SEEDS {
            let steps = epochs * train.terms().div_ceil(32);
            let history = Fit::epochs(epochs)
                .seed(seed)
                .schedule(Schedule::cosine(0.003, 0.0, steps)?)
                .validate(&validation)
                .run(
                    &train,
                    &train.initial(Init::He, seed),
                    &mut AdamW::new(0.003).weight_decay(0.1),
                )?;
            accuracies.push(100.0 * test.accuracy(history.best.view())?);
        }
        accuracies.sort_by(f64::total_cmp);
        let mean = accuracies.iter().sum::<f64>() / SEEDS as f64;
        let (worst, best) = (accuracies[0], accuracies[accuracies.len() - 1]);
        println!("{name:8} {worst:5.1} {mean:5.1} {best:5.1}");
    }
    Ok(())
}
