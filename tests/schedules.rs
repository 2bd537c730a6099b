//! Schedules against PyTorch's and TensorFlow's (Keras'): see `references/schedules.py`.

use std::collections::BTreeMap;

use gradus::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Record {
    schedules: BTreeMap<String, Vec<f64>>,
    plateau: Plateau,
}

#[derive(Deserialize)]
struct Plateau {
    losses: Vec<f64>,
    rates: Vec<f64>,
}

fn record() -> Record {
    serde_json::from_str(include_str!("references/schedules.json")).unwrap()
}

fn schedule(name: &str) -> gradus::Result<Schedule> {
    match name {
        "StepLR" => Schedule::step(0.1, 30, 0.1),
        "MultiStepLR" => Schedule::multi_step(0.1, &[30, 60, 90], 0.1),
        "ExponentialLR" => Schedule::exponential(0.1, 0.95, 1, false),
        "LinearLR" => Schedule::linear(0.1, 0.01, 100),
        "PolynomialLR" => Schedule::polynomial(0.1, 0.0, 100, 2.0, false),
        "CosineAnnealingWarmRestarts" => Schedule::warm_restarts(0.1, 0.001, 10, 2.0, 1.0),
        "CyclicLR" => Schedule::cyclic(0.01, 0.1, 8, 12, 1.0),
        "CyclicLR, triangular2" => Schedule::cyclic(0.01, 0.1, 10, 10, 0.5),
        "OneCycleLR" => Schedule::one_cycle(0.1, 131),
        "SequentialLR" => Ok(Schedule::constant(0.1)?.then(20, Schedule::step(0.1, 30, 0.1)?)),
        "CosineAnnealingLR" => Schedule::cosine(0.1, 0.001, 130),
        "ExponentialDecay" => Schedule::exponential(0.1, 0.5, 20, false),
        "ExponentialDecay, staircase" => Schedule::exponential(0.1, 0.5, 20, true),
        "InverseTimeDecay" => Schedule::inverse_time(0.1, 0.5, 20, false),
        "InverseTimeDecay, staircase" => Schedule::inverse_time(0.1, 0.5, 20, true),
        "PiecewiseConstantDecay" => Schedule::piecewise_constant(&[40, 80], &[0.1, 0.05, 0.01]),
        "PolynomialDecay" => Schedule::polynomial(0.1, 0.001, 50, 2.0, false),
        "PolynomialDecay, cycle" => Schedule::polynomial(0.1, 0.001, 50, 1.0, true),
        "CosineDecay" => Schedule::cosine(0.1, 0.001, 100),
        "CosineDecay, warm-up" => Schedule::cosine(0.1, 0.001, 100)?.warm_up(10, 0.01),
        "CosineDecayRestarts" => Schedule::warm_restarts(0.1, 0.01, 10, 2.0, 0.5),
        other => panic!("no schedule for {other}"),
    }
}

#[test]
fn every_rate_agrees_with_the_references() {
    for (name, rates) in record().schedules {
        let schedule = schedule(&name).unwrap();
        for (t, expected) in rates.iter().enumerate() {
            let off = (schedule.at(t) - expected).abs();
            assert!(off <= 1e-12, "{name}: at t = {t} {} against {expected}", schedule.at(t));
        }
        assert_eq!(rates.len(), 130);
    }
}

#[test]
fn the_plateau_takes_the_same_decisions() {
    let Plateau { losses, rates } = record().plateau;
    let mut plateau = ReduceOnPlateau::new(0.1)
        .and_then(|p| p.factor(0.5))
        .and_then(|p| p.threshold(1e-2))
        .and_then(|p| p.lowest(1e-3))
        .unwrap()
        .patience(3)
        .cooldown(2);
    for (t, (loss, expected)) in losses.iter().zip(rates).enumerate() {
        let rate = plateau.observe(*loss);
        assert!((rate - expected).abs() <= 1e-12, "at t = {t}: {rate} against {expected}");
    }
}
