//! Every update rule against PyTorch, optax or a transcription of its paper: see `references/rules.py`.

use std::collections::BTreeMap;

use gradus::optim::*;
use gradus::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Record {
    start: Vec<f64>,
    gradients: Vec<Vec<f64>>,
    marks: Vec<usize>,
    starts: BTreeMap<String, Vec<f64>>,
    sequences: Vec<Sequence>,
    trajectories: Vec<Trajectory>,
}

#[derive(Deserialize)]
struct Sequence {
    rule: String,
    points: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Trajectory {
    rule: String,
    function: String,
    points: Vec<Vec<f64>>,
}

fn record() -> Record {
    serde_json::from_str(include_str!("references/rules.json")).unwrap()
}

/// The rule with the hyperparameters that the script gave it.
fn rule(name: &str) -> Box<dyn UpdateRule> {
    match name {
        "gradient descent" => Box::new(GradientDescent::new(0.002)),
        "heavy ball" => Box::new(Momentum::new(0.001, 0.9)),
        "momentum, gradient form" => {
            Box::new(Momentum::new(0.001, 0.9).form(MomentumForm::Gradient))
        }
        "SGD, dampened" => Box::new(Sgd::new(0.002).momentum(0.9).dampening(0.5)),
        "SGD, Nesterov" => Box::new(Sgd::new(0.001).momentum(0.9).nesterov(true)),
        "Nesterov, shifted" => Box::new(Nesterov::new(0.001, 0.9).form(NesterovForm::Shifted)),
        "Nesterov, look-ahead" => Box::new(Nesterov::new(0.001, 0.9)),
        "SGD, coupled L2" => Box::new(Sgd::new(0.001).momentum(0.5).l2(0.1)),
        "AdaGrad" => Box::new(AdaGrad::new(0.1)),
        "AdaGrad, initial" => {
            Box::new(AdaGrad::new(0.1).epsilon(Epsilon::Outside(1e-10)).initial(0.1))
        }
        "RMSProp" => Box::new(RmsProp::new(0.001)),
        "RMSProp, momentum" => Box::new(RmsProp::new(0.0005).decay(0.99).momentum(0.9)),
        "RMSProp, inside" => Box::new(RmsProp::new(0.001).epsilon(Epsilon::Inside(1e-6))),
        "RMSProp, Nesterov" => Box::new(RmsProp::new(0.0001).momentum(0.9).nesterov(true)),
        "AdaDelta" => Box::new(AdaDelta::new()),
        "Adam" => Box::new(Adam::new(0.01)),
        "Adam, coupled L2" => Box::new(Adam::new(0.01).l2(0.1)),
        "Adam, inside" => Box::new(Adam::new(0.01).epsilon(Epsilon::Inside(1e-8))),
        "AdamW" => Box::new(AdamW::new(0.01).weight_decay(0.1)),
        "AdamW, paper" => {
            Box::new(AdamW::new(0.01).weight_decay(0.001).decay_form(DecayForm::Alone))
        }
        "AMSGrad" => Box::new(AmsGrad::new(0.01)),
        "AMSGrad, paper" => Box::new(AmsGrad::new(0.01).bias_correction(false)),
        "AdaMax" => Box::new(AdaMax::new(0.01)),
        "NAdam" => Box::new(NAdam::new(0.01)),
        "NAdam, constant" => Box::new(NAdam::new(0.01).momentum_decay(None)),
        "RAdam" => Box::new(RAdam::new(0.01)),
        "AdaBound" => Box::new(AdaBound::new(0.001).final_rate(0.01)),
        "Yogi" => Box::new(Yogi::new(0.01)),
        "Lion" => Box::new(Lion::new(0.001).weight_decay(0.1)),
        other => panic!("no rule for {other}"),
    }
}

/// Rules whose step jumps when a number crosses a threshold: a rounding may be magnified.
fn is_smooth(name: &str) -> bool {
    !["Lion", "AdaBound"].contains(&name)
}

fn gradient_of(function: &str) -> fn(&[f64]) -> Array1<f64> {
    match function {
        "quadratic" => |x| {
            let matrix = array![[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 1.0]];
            matrix.dot(&ArrayView1::from(x)) - array![1.0, -2.0, 0.5]
        },
        "rosenbrock" => |x| {
            let bend = x[1] - x[0] * x[0];
            array![-400.0 * x[0] * bend - 2.0 * (1.0 - x[0]), 200.0 * bend]
        },
        "logistic" => |w| {
            let features = array![[1.0, 0.5], [-0.3, 1.2], [0.8, -1.0], [-1.5, -0.4]];
            let signs = array![1.0, -1.0, -1.0, 1.0];
            let w = ArrayView1::from(w);
            let margins = &signs * &features.dot(&w);
            -features.t().dot(&(signs / (1.0 + margins.exp()))) + 0.1 * &w
        },
        other => panic!("no function {other}"),
    }
}

/// The largest difference relative to the larger of 1 and the expected number.
fn difference(found: &[f64], expected: &[f64]) -> f64 {
    found.iter().zip(expected).map(|(a, b)| (a - b).abs() / b.abs().max(1.0)).fold(0.0, f64::max)
}

#[test]
fn single_steps_agree_with_the_references() {
    let record = record();
    for Sequence { rule: name, points } in &record.sequences {
        let mut rule = rule(name);
        let mut x = record.start.clone();
        for (step, (gradient, expected)) in record.gradients.iter().zip(points).enumerate() {
            rule.update(&mut x, gradient).unwrap();
            let off = difference(&x, expected);
            assert!(off <= 1e-12, "{name}: step {step} is off by {off:e}");
        }
        assert_eq!(points.len(), record.gradients.len());
    }
}

#[test]
fn five_hundred_steps_agree_with_the_references() {
    let record = record();
    let mut failures = Vec::new();
    for Trajectory { rule: name, function, points } in &record.trajectories {
        let gradient = gradient_of(function);
        let mut rule = rule(name);
        let mut x = record.starts[function].clone();
        let mut scratch = Vec::new();
        let mut marks = record.marks.iter().zip(points).peekable();
        for step in 1..=*record.marks.last().unwrap() {
            let g = gradient(rule.probe(&x, &mut scratch));
            rule.update(&mut x, g.as_slice().unwrap()).unwrap();
            if let Some((_, expected)) = marks.next_if(|(mark, _)| **mark == step) {
                let off = difference(&x, expected);
                // A sign that flips on a rounding moves Lion by 2 η = 0.002 at one step.
                let limit = if is_smooth(name) { 1e-9 } else { 1e-2 };
                if off > limit {
                    failures.push(format!("{name} on {function}: step {step} is off by {off:e}"));
                }
            }
        }
        assert!(marks.peek().is_none());
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// All rules are held against a reference.
#[test]
fn no_rule_is_left_out() {
    let names: std::collections::BTreeSet<_> =
        record().sequences.iter().map(|s| rule(&s.rule).name()).collect();
    let all = [
        "AMSGrad",
        "AdaBound",
        "AdaDelta",
        "AdaGrad",
        "AdaMax",
        "Adam",
        "AdamW",
        "Lion",
        "NAdam",
        "Nesterov",
        "RAdam",
        "RMSProp",
        "SGD",
        "Yogi",
        "gradient descent",
        "momentum",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), all);
}

/// Every step is the same in f32, as far as its digits go.
#[test]
fn single_precision_follows_double() {
    let record = record();
    let narrow = |v: &[f64]| v.iter().map(|&v| v as f32).collect::<Vec<_>>();
    for name in ["momentum", "Adam", "RMSProp", "Yogi", "NAdam"] {
        let rules: (Box<dyn UpdateRule>, Box<dyn UpdateRule<f32>>) = match name {
            "momentum" => (Box::new(Momentum::new(0.01, 0.9)), Box::new(Momentum::new(0.01, 0.9))),
            "Adam" => (Box::new(Adam::new(0.01)), Box::new(Adam::new(0.01))),
            "RMSProp" => (Box::new(RmsProp::new(0.01)), Box::new(RmsProp::new(0.01))),
            "Yogi" => (Box::new(Yogi::new(0.01)), Box::new(Yogi::new(0.01))),
            _ => (Box::new(NAdam::new(0.01)), Box::new(NAdam::new(0.01))),
        };
        let (mut wide, mut single) = rules;
        let (mut x, mut y) = (record.start.clone(), narrow(&record.start));
        for gradient in &record.gradients {
            wide.update(&mut x, gradient).unwrap();
            single.update(&mut y, &narrow(gradient)).unwrap();
            let y: Vec<f64> = y.iter().map(|&v| f64::from(v)).collect();
            // Twenty steps with a few roundings of 6e-8 each; the largest point is near 20.
            assert!(difference(&y, &x) < 1e-5, "{name}: {y:?} against {x:?}");
        }
    }
}
