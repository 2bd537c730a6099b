//! Training steps of small nets against PyTorch: see `references/nets.py`.

use gradus::data::Labelled;
use gradus::optim::{Adam, Sgd};
use gradus::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Record {
    seed: u64,
    masks: Vec<String>,
    nets: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    inputs: Vec<f64>,
    labels: Vec<usize>,
    double: Run,
    single: Run,
}

#[derive(Deserialize)]
struct Run {
    start: Vec<f64>,
    steps: Vec<Step>,
    scores: Vec<f64>,
}

#[derive(Deserialize)]
struct Step {
    loss: f64,
    gradient: Vec<f64>,
    after: Vec<f64>,
}

fn record() -> Record {
    serde_json::from_str(include_str!("references/nets.json")).unwrap()
}

/// The net and the rule that the script has under this name.
fn make<T: Scalar>(name: &str) -> (Net, Box<dyn UpdateRule<T>>) {
    let momentum = || Box::new(Sgd::new(0.05).momentum(0.9));
    let adam = || Box::new(Adam::new(0.01));
    let start = Net::inputs(6);
    match name {
        "softmax" => (start.linear(3), momentum()),
        "svm" => (start.linear(3).loss(Loss::Hinge), momentum()),
        "relu" => (Mlp::new(&[6, 8, 7, 3], Activation::Relu), adam()),
        "tanh, sigmoid" => {
            let net = start.linear(8).tanh().linear(7).sigmoid().linear(3);
            (net.loss(Loss::SquaredError), adam())
        }
        "batch norm" => (start.linear(8).batch_norm().relu().linear(3), momentum()),
        "dropout" => (start.linear(8).tanh().dropout(0.5).linear(3), adam()),
        "convolution" => {
            let net = Net::images(2, 5, 8).conv2d(3, 3).relu().max_pool2d(2);
            (net.conv2d(4, 3).batch_norm().relu().max_pool2d(2).linear(3), momentum())
        }
        _ => panic!("{name} is not known here"),
    }
}

/// The largest difference, relative to the largest number.
fn gap<T: Scalar>(ours: &[T], theirs: &[f64]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let largest = |numbers: &mut dyn Iterator<Item = f64>| numbers.fold(0.0, f64::max);
    let difference = largest(&mut ours.iter().zip(theirs).map(|(a, b)| (a.wide() - b).abs()));
    difference / largest(&mut theirs.iter().map(|v| v.abs()))
}

fn compare<T: Scalar>(case: &Case, run: &Run, seed: u64, tolerance: f64) {
    let (net, mut rule) = make::<T>(&case.name);
    let shape = (case.labels.len(), net.input().size());
    let inputs = Array2::from_shape_vec(shape, case.inputs.iter().map(|&v| T::of(v)).collect());
    let data = Labelled::new(inputs.unwrap(), case.labels.clone(), 3).unwrap();
    let loss = net.loss_on(&data).unwrap();
    let (batch, running) = ((0..data.len()).collect::<Vec<_>>(), loss.running());
    let mut w: Array1<T> = run.start.iter().map(|&v| T::of(v)).collect();
    let mut gradient = Array1::zeros(w.len());
    for (i, step) in run.steps.iter().enumerate() {
        let seed = seed + i as u64;
        let value = loss.on_batch(&batch, seed, w.view(), gradient.view_mut()).unwrap();
        let close = |what: &str, ours: &[T], theirs: &[f64]| {
            let gap = gap(ours, theirs);
            assert!(gap <= tolerance, "{}, step {i}: {what} off by {gap:.1e}", case.name);
        };
        close("loss", &[value], &[step.loss]);
        // r ← 0.9 r + 0.1 s, as `Fit` does it.
        let mut kept = Vec::new();
        for k in running.iter().cloned().flatten() {
            kept.push((k, w[k] + T::of(0.1) * (gradient[k] - w[k])));
            gradient[k] = T::zero();
        }
        close("gradient", gradient.as_slice().unwrap(), &step.gradient);
        rule.step(&mut w, &gradient).unwrap();
        kept.into_iter().for_each(|(k, r)| w[k] = r);
        close("parameters", w.as_slice().unwrap(), &step.after);
    }
    let scores = net.scores(w.view(), data.inputs.view()).unwrap();
    let gap = gap(scores.as_slice().unwrap(), &run.scores);
    assert!(gap <= tolerance, "{}: scores off by {gap:.1e}", case.name);
}

#[test]
fn double_precision_is_pytorchs() {
    let Record { seed, nets, .. } = record();
    assert_eq!(nets.len(), 7);
    for case in &nets {
        compare::<f64>(case, &case.double, seed, 1e-10);
    }
}

#[test]
fn single_precision_is_pytorchs() {
    let Record { seed, nets, .. } = record();
    for case in &nets {
        compare::<f32>(case, &case.single, seed, 1e-5);
    }
}

/// The masks that the script copied are those that are drawn, on every machine and in every version.
#[test]
fn masks_never_change() {
    let Record { seed, masks, nets } = record();
    let case = nets.iter().find(|case| case.name == "dropout").unwrap();
    let inputs = Array2::from_shape_vec((5, 6), case.inputs.clone()).unwrap();
    let data = Labelled::new(inputs, case.labels.clone(), 3).unwrap();
    let loss = make::<f64>("dropout").0.loss_on(&data).unwrap();
    let w = Array1::from(case.double.start.clone());
    for (i, mask) in masks.iter().enumerate() {
        let layers = loss.clone().training(seed + i as u64).layers(w.view()).unwrap();
        let kept = |&v: &f64| if v == 0.0 { '0' } else { '1' };
        let drawn: String = layers[2].outputs.iter().map(kept).collect();
        assert_eq!(&drawn, mask);
    }
}
