//! The first steps of every rule, worked out by hand from the equations in its documentation.
//!
//! One parameter begins at 1 and sees the gradients 2 and −1. Numbers are chosen so that the fractions
//! stay short: with β₁ = ¾ and β₂ = ½, Adam's corrected means are m̂ = 2, v̂ = 4 after the first gradient
//! and m̂ = 2/7, v̂ = 2 after the second.

use gradus::optim::*;

/// Holds the points after each of `gradients` against those worked out by hand.
#[track_caller]
fn play(mut rule: impl UpdateRule, gradients: &[f64], expected: &[f64]) {
    let mut x = [1.0];
    for (k, (g, by_hand)) in gradients.iter().zip(expected).enumerate() {
        rule.update(&mut x, &[*g]).unwrap();
        // A handful of roundings of numbers of about 1.
        assert!((x[0] - by_hand).abs() < 1e-15, "step {}: {} is not {by_hand}", k + 1, x[0]);
    }
}

const GRADIENTS: [f64; 2] = [2.0, -1.0];
const NO_EPSILON: Epsilon = Epsilon::Outside(0.0);
/// m̂ / √v̂ of Adam at the second step.
const SECOND: f64 = 2.0 / 7.0 / std::f64::consts::SQRT_2;

#[test]
fn gradient_descent() {
    play(GradientDescent::new(0.1), &GRADIENTS, &[0.8, 0.9]);
    play(Sgd::new(0.1), &GRADIENTS, &[0.8, 0.9]);
}

/// v = −0.2, then −0.1 + 0.1 = 0.
#[test]
fn momentum() {
    play(Momentum::new(0.1, 0.5), &GRADIENTS, &[0.8, 0.8]);
    play(Momentum::new(0.1, 0.5).form(MomentumForm::Gradient), &GRADIENTS, &[0.8, 0.8]);
    play(Sgd::new(0.1).momentum(0.5), &GRADIENTS, &[0.8, 0.8]);
    // Dampened by half: v = −0.1, then −0.05 + 0.05; PyTorch's leaves the first gradient whole: 2, then ½.
    play(Momentum::new(0.1, 0.5).dampening(0.5), &GRADIENTS, &[0.9, 0.9]);
    play(Sgd::new(0.1).momentum(0.5).dampening(0.5), &GRADIENTS, &[0.8, 0.75]);
}

/// The same velocities; the shifted form adds ρ v − η g.
#[test]
fn nesterov() {
    play(Nesterov::new(0.1, 0.5), &GRADIENTS, &[0.8, 0.8]);
    play(Nesterov::new(0.1, 0.5).form(NesterovForm::Shifted), &GRADIENTS, &[0.7, 0.8]);
    play(Sgd::new(0.1).momentum(0.5).nesterov(true), &GRADIENTS, &[0.7, 0.8]);
    // ρ = 0, then ¼: v = −0.2, then −0.05 + 0.1.
    play(Nesterov::new(0.1, 0.5).accelerating(true), &GRADIENTS, &[0.8, 0.85]);
}

/// r = 4, then 5.
#[test]
fn adagrad() {
    let second = 0.9 + 0.1 / 5.0_f64.sqrt();
    play(AdaGrad::new(0.1).epsilon(NO_EPSILON), &GRADIENTS, &[0.9, second]);
    // ε outside: 0.2 / (2 + 2); inside: 0.2 / √(4 + 5).
    play(AdaGrad::new(0.1).epsilon(Epsilon::Outside(2.0)), &[2.0], &[0.95]);
    play(AdaGrad::new(0.1).epsilon(Epsilon::Inside(5.0)), &[2.0], &[1.0 - 0.2 / 3.0]);
}

/// r = 0.4, then 0.36 + 0.1.
#[test]
fn rmsprop() {
    let (first, second) = (-0.2 / 0.4_f64.sqrt(), 0.1 / 0.46_f64.sqrt());
    let plain = RmsProp::new(0.1).epsilon(NO_EPSILON);
    play(plain.clone(), &GRADIENTS, &[1.0 + first, 1.0 + first + second]);
    let end = 1.0 + 1.5 * first + second; // v = first, then first / 2 + second
    play(plain.clone().momentum(0.5), &GRADIENTS, &[1.0 + first, end]);
    // Given the gradients, the look-ahead changes only where they are taken: at x + v / 2.
    let mut ahead = plain.momentum(0.5).nesterov(true);
    let mut x = [1.0];
    ahead.update(&mut x, &[2.0]).unwrap();
    let probe = ahead.probe(&x, &mut Vec::new())[0];
    assert!((probe - (1.0 + 1.5 * first)).abs() < 1e-15);
}

/// With ρ = ½ and ε = 1: r = 2, Δ = 2 √(1/3), s = 2/3; then r = 3/2, Δ = −√((5/3) / (5/2)).
#[test]
fn adadelta() {
    let first = 1.0 - 2.0 / 3.0_f64.sqrt();
    let rule = AdaDelta::new().decay(0.5).epsilon(1.0);
    play(rule, &GRADIENTS, &[first, first + (2.0_f64 / 3.0).sqrt()]);
}

#[test]
fn adam() {
    let rule = Adam::new(0.1).beta1(0.75).beta2(0.5).epsilon(NO_EPSILON);
    play(rule.clone(), &GRADIENTS, &[0.9, 0.9 - 0.1 * SECOND]);
    // Uncorrected: m = ½, v = 2; then m = 1/8, v = 3/2.
    let first = 1.0 - 0.05 / 2.0_f64.sqrt();
    let second = first - 0.0125 / 1.5_f64.sqrt();
    play(rule.bias_correction(false), &GRADIENTS, &[first, second]);
}

/// The decay is 0.1 · ½ of the weight, or ½ of it.
#[test]
fn adamw() {
    let rule = AdamW::new(0.1).weight_decay(0.5).beta1(0.75).beta2(0.5).epsilon(NO_EPSILON);
    play(rule.clone(), &GRADIENTS, &[0.85, 0.95 * 0.85 - 0.1 * SECOND]);
    play(rule.decay_form(DecayForm::Alone), &GRADIENTS, &[0.4, 0.2 - 0.1 * SECOND]);
}

/// v falls from 2 to 3/2, its maximum does not: û = 2 / ¾.
#[test]
fn amsgrad() {
    let rule = AmsGrad::new(0.1).beta1(0.75).beta2(0.5).epsilon(NO_EPSILON);
    let second = 0.9 - 0.1 * (2.0 / 7.0) / (8.0_f64 / 3.0).sqrt();
    play(rule, &GRADIENTS, &[0.9, second]);
}

/// u = 2, then max(¾ · 2, 1).
#[test]
fn adamax() {
    let rule = AdaMax::new(0.1).beta1(0.75).beta2(0.75).epsilon(0.0);
    play(rule, &GRADIENTS, &[0.9, 0.9 - 0.1 * (2.0 / 7.0) / 1.5]);
}

/// With μ = ¾: (¾ · ½ / (7/16) + 2) / 2 = 10/7; then m = 1/8, 1 − μ³ = 37/64 and v̂ = 2.
#[test]
fn nadam() {
    let rule = NAdam::new(0.1).beta1(0.75).beta2(0.5).epsilon(NO_EPSILON).momentum_decay(None);
    let first = 1.0 - 1.0 / 7.0;
    let second = first - 0.1 * (6.0 / 37.0 - 4.0 / 7.0) / 2.0_f64.sqrt();
    play(rule, &GRADIENTS, &[first, second]);
}

/// With β₂ = 0.9, ρ∞ = 19 and ρₜ exceeds 5 at the sixth step. On a constant gradient m̂ = 2, √v̂ = 2.
#[test]
fn radam() {
    let power = 0.9_f64.powi(6);
    let rho = 19.0 - 12.0 * power / (1.0 - power);
    assert!(rho > 5.0);
    let r = ((rho - 4.0) * (rho - 2.0) * 19.0 / (15.0 * 17.0 * rho)).sqrt();
    let rule = RAdam::new(0.1).beta2(0.9).epsilon(0.0);
    play(rule, &[2.0; 6], &[0.8, 0.6, 0.4, 0.2, 0.0, -0.1 * r]);
}

/// With γ = 1 and η* = 0.1 the bounds are 0.05 and 0.2, then 1/15 and 0.15; m = ½, then 1/8.
#[test]
fn adabound() {
    let with = |rate| AdaBound::new(rate).gamma(1.0).beta1(0.75).beta2(0.5).epsilon(NO_EPSILON);
    play(with(0.01), &GRADIENTS, &[0.975, 0.975 - 1.0 / 120.0]);
    play(with(1.0), &GRADIENTS, &[0.9, 0.88125]);
}

/// With β₂ = 0.9: v = 0.4, which is below g² = 1, then 0.4 + 0.1 where Adam's mean would be 0.46.
#[test]
fn yogi() {
    let rule = Yogi::new(0.1).beta1(0.75).beta2(0.9).epsilon(NO_EPSILON).initial(0.0);
    let second = 0.9 - 0.1 * (2.0 / 7.0) / (0.5_f64 / 0.19).sqrt();
    play(rule, &GRADIENTS, &[0.9, second]);
}

/// m = 0.02, then 0.0098: without a third gradient the sign is still positive.
#[test]
fn lion() {
    play(Lion::new(0.1), &[2.0, -1.0, 0.0], &[0.9, 1.0, 0.9]);
    play(Lion::new(0.1).weight_decay(1.0), &[2.0], &[0.8]);
}

/// The wrappers, around gradient descent at rate 0.1.
#[test]
fn wrappers() {
    let rule = || GradientDescent::new(0.1);
    play(rule().clip_value(1.0), &GRADIENTS, &[0.9, 1.0]);
    play(rule().clip_norm(0.5), &GRADIENTS, &[0.95, 1.0]);
    play(rule().l2(1.0), &GRADIENTS, &[0.7, 0.73]); // g + x: 3, then −0.3
    play(rule().decoupled_decay(1.0), &GRADIENTS, &[0.7, 0.73]); // for gradient descent the same
    play(rule().project(Region::Ball { radius: 0.85 }), &GRADIENTS, &[0.8, 0.85]);
    play(rule().then(1, Lion::new(0.5)), &GRADIENTS, &[0.8, 1.3]);
}
