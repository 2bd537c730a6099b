//! How well two nets read Fashion-MNIST: `cargo run --release --example fashion`, where `gradus data` says
//! that it is there. Some minutes on two cores.
//!
//! Each net is trained with three seeds, which decide its first weights and its batches. The epoch that is
//! best on the validation set counts; the test set is looked at once, at the end.

use gradus::optim::AdamW;
use gradus::prelude::*;

const SEEDS: u64 = 3;

fn main() -> gradus::Result<()> {
    let fashion = data::fashion_mnist()?.map(|pixels| pixels / 255.0);
    let nets = [
        ("MLP", Mlp::new(&[784, 256, 10], Activation::Relu), 8),
        ("CNN", Cnn::new((1, 28, 28), &[16, 32], 10), 8),
    ];
    println!("test accuracy over {SEEDS} seeds: worst, mean, best, in %");
    for (name, net, epochs) in nets {
        let train = net.loss_on(&fashion.train)?;
        let validation = net.loss_on(&fashion.validation)?;
        let test = net.loss_on(&fashion.test)?;
        let mut accuracies = Vec::new();
        for seed in 0..SEEDS {
            let steps = epochs * train.terms().div_ceil(128);
            let history = Fit::epochs(epochs)
                .batch_size(128)
                .seed(seed)
                .schedule(Schedule::cosine(0.002, 0.0, steps)?)
                .validate(&validation)
                .run(
                    &train,
                    &train.initial(Init::He, seed),
                    &mut AdamW::new(0.002).weight_decay(0.01),
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
