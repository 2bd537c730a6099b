//! What all rules have in common, and how they relate to each other.

use super::*;
use crate::prelude::{Minimize, array};
use crate::problems::rosenbrock;
use proptest::prelude::*;

/// One of each rule, and wrappers around some.
fn every_rule() -> Vec<Box<dyn UpdateRule>> {
    let mut rules: Vec<Box<dyn UpdateRule>> = vec![
        Box::new(GradientDescent::new(0.001)),
        Box::new(Sgd::new(0.001).momentum(0.9)),
        Box::new(Momentum::new(0.001, 0.9)),
        Box::new(Nesterov::new(0.001, 0.9)),
        Box::new(AdaGrad::new(0.1)),
        Box::new(RmsProp::new(0.01)),
        Box::new(RmsProp::new(0.01).momentum(0.5).nesterov(true)),
        Box::new(AdaDelta::new()),
        Box::new(Adam::new(0.05)),
        Box::new(AdamW::new(0.05)),
        Box::new(AmsGrad::new(0.05)),
        Box::new(AdaMax::new(0.05)),
        Box::new(NAdam::new(0.05)),
        // Its first five steps are those of momentum, whose rates must be small here.
        Box::new(RAdam::new(0.001)),
        Box::new(AdaBound::new(0.05)),
        Box::new(Yogi::new(0.05)),
        Box::new(Lion::new(0.01)),
    ];
    rules.extend([
        Box::new(Adam::new(0.05).clip_norm(1.0)) as Box<dyn UpdateRule>,
        Box::new(Nesterov::new(0.001, 0.9).l2(0.1).clip_value(10.0)),
        Box::new(Adam::new(0.05).decoupled_decay(0.01)),
        Box::new(Adam::new(0.05).then(10, Sgd::new(0.001))),
        Box::new(Adam::new(0.05).project(Region::Ball { radius: 3.0 })),
        Box::new(Adam::new(0.05).proximal(Regularizer::L1(1e-3)).within(1..2)),
        Box::new(Adam::new(0.05).averaged(Averaging::Exponential(0.9))),
        Box::new(Groups::new().group(1, Adam::new(0.05)).group(1, Adam::new(0.01))),
    ]);
    rules
}

#[test]
fn every_rule_goes_down_the_valley() {
    let f = rosenbrock();
    for mut rule in every_rule() {
        let trace = Minimize::steps(2000).run(&f, &f.start, &mut rule).unwrap();
        let best = trace.values.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(best < 0.25 * trace.values[0], "{}: {best}", rule.name());
    }
}

#[test]
fn mismatched_lengths_are_refused_and_change_nothing() {
    for mut rule in every_rule() {
        let mut x = [1.0, 2.0];
        rule.update(&mut x, &[0.1, 0.2]).unwrap();
        let before = x;
        assert!(rule.update(&mut x, &[0.1]).is_err(), "{}", rule.name());
        assert_eq!(x, before, "{}", rule.name());
        let stateless = ["gradient descent", "SGD"].contains(&rule.name());
        let mut longer = [1.0, 2.0, 3.0];
        let refused = rule.update(&mut longer, &[0.1; 3]).is_err();
        assert!(refused || stateless, "{}", rule.name());
        assert!(!refused || longer == [1.0, 2.0, 3.0], "{}", rule.name());
    }
}

#[test]
fn bad_rates_are_refused_by_name() {
    for bad in [-0.1, f64::NAN, f64::INFINITY] {
        for mut rule in every_rule() {
            rule.set_learning_rate(bad);
            let error = rule.update(&mut [1.0, 1.0], &[1.0, 1.0]).unwrap_err().to_string();
            assert!(error.starts_with("`learning_rate` is "), "{}: {error}", rule.name());
        }
    }
    let beta = Adam::new(0.1).beta1(1.0).update(&mut [1.0], &[1.0]).unwrap_err();
    assert_eq!(beta.to_string(), "`beta1` is 1, expected a number in [0, 1)");
}

#[test]
fn another_number_type_mid_run_is_refused() {
    let mut rule = Adam::new(0.1);
    rule.update(&mut [1.0_f64], &[1.0]).unwrap();
    let error = rule.update(&mut [1.0_f32], &[1.0]).unwrap_err();
    assert!(error.to_string().starts_with("`x` is f32, expected"), "{error}");
}

/// A reset rule begins anew: the same points as a fresh one.
#[test]
fn reset_forgets_the_state() {
    let gradients = [[0.3, -1.0], [2.0, 0.5], [-0.1, 0.1]];
    let play = |rule: &mut dyn UpdateRule| {
        let mut x = [1.0, -1.0];
        for g in &gradients {
            rule.update(&mut x, g).unwrap();
        }
        x
    };
    for mut rule in every_rule() {
        let first = play(&mut rule);
        rule.reset();
        assert_eq!(play(&mut rule), first, "{}", rule.name());
    }
}

/// Both forms of the heavy ball are one sequence at a constant rate and part when it changes.
#[test]
fn momentum_forms_agree_at_a_constant_rate_only() {
    let f = rosenbrock();
    let run = |form, rate: fn(usize) -> f64| {
        let mut rule = Momentum::new(0.001, 0.9).form(form);
        Minimize::steps(100).schedule(rate).run(&f, &f.start, &mut rule).unwrap().x
    };
    let gap = |rate| {
        let gap = run(MomentumForm::Step, rate) - run(MomentumForm::Gradient, rate);
        gap.dot(&gap).sqrt()
    };
    assert!(gap(|_| 0.001) < 1e-13); // a hundred steps of rounding
    assert!(gap(|t| if t < 50 { 0.001 } else { 0.0001 }) > 1e-4);
}

/// The shifted form's x is the look-ahead form's x + ρ v, also when ρ grows.
#[test]
fn nesterov_forms_agree_in_the_shifted_variable() {
    for accelerating in [false, true] {
        let f = rosenbrock();
        let rule = Nesterov::new(0.001, 0.9).accelerating(accelerating);
        let (mut ahead, mut shifted) = (rule.clone(), rule.form(NesterovForm::Shifted));
        let (mut x, mut y) = (f.start.to_vec(), f.start.to_vec());
        let mut scratch = Vec::new();
        for step in 0..200 {
            let probe = ahead.probe(&x, &mut scratch).to_vec();
            let gap = probe.iter().zip(&y).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(gap < 1e-12, "step {step}: {gap}"); // 200 steps of rounding
            let g = crate::Objective::gradient(&f, probe.as_slice().into());
            ahead.update(&mut x, g.as_slice().unwrap()).unwrap();
            let g = crate::Objective::gradient(&f, y.as_slice().into());
            shifted.update(&mut y, g.as_slice().unwrap()).unwrap();
        }
    }
}

/// Decoupled decay around Adam is AdamW, in both parametrisations and under a schedule.
#[test]
fn decoupled_decay_around_adam_is_adamw() {
    let f = rosenbrock();
    for form in [DecayForm::TimesRate, DecayForm::Alone] {
        let mut wrapped = Adam::new(0.01).decoupled_decay(0.1).form(form);
        let mut fused = AdamW::new(0.01).weight_decay(0.1).decay_form(form);
        let run = |rule: &mut dyn UpdateRule| {
            let rate = |t: usize| 0.01 / (t + 1) as f64;
            Minimize::steps(50).schedule(rate).run(&f, &f.start, rule).unwrap().x
        };
        let gap = run(&mut wrapped) - run(&mut fused);
        assert!(gap.dot(&gap).sqrt() < 1e-13);
    }
}

/// Several threads give the same bits as one, and cover every coordinate.
#[test]
fn threads_do_not_change_the_result() {
    let n = 3 * (1 << 18) + 17;
    let gradient: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
    let run = |threads| {
        crate::set_threads(threads);
        let mut rule = Adam::new(0.1);
        let mut x = vec![1.0; n];
        for _ in 0..3 {
            rule.update(&mut x, &gradient).unwrap();
        }
        x
    };
    let one = run(1);
    assert!(run(2) == one && run(3) == one);
    crate::set_threads(0);
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused() {
    let text = save(&Adam::new(0.1)).unwrap();
    assert!(load::<Lion>(&text).is_err());
    assert!(load::<Adam>("{").is_err());
    let later = text.replacen("\"format\":1", "\"format\":2", 1);
    let error = load::<Adam>(&later).unwrap_err().to_string();
    assert!(error.starts_with("`format` is 2, expected 1"), "{error}");
    let mut broken = Adam::new(0.1);
    broken.update(&mut [1.0], &[f64::NAN]).unwrap();
    assert!(save(&broken).is_err());
}

fn continues<R>(mut rule: R, gradients: &[[f64; 3]]) -> std::result::Result<(), TestCaseError>
where
    R: UpdateRule<f64> + UpdateRule<f32> + Clone + serde::Serialize + serde::de::DeserializeOwned,
{
    let narrow = |g: &[f64; 3]| g.map(|v| v as f32);
    let mut single = rule.clone();
    let (mut x, mut y) = ([1.0_f64, -2.0, 0.5], [1.0_f32, -2.0, 0.5]);
    for g in gradients {
        rule.update(&mut x, g).unwrap();
        single.update(&mut y, &narrow(g)).unwrap();
    }
    let mut loaded: R = load(&save(&rule).unwrap()).unwrap();
    let mut loaded_single: R = load(&save(&single).unwrap()).unwrap();
    let (mut again, mut again_single) = (x, y);
    for g in gradients {
        rule.update(&mut x, g).unwrap();
        loaded.update(&mut again, g).unwrap();
        single.update(&mut y, &narrow(g)).unwrap();
        loaded_single.update(&mut again_single, &narrow(g)).unwrap();
    }
    prop_assert_eq!(x.map(f64::to_bits), again.map(f64::to_bits));
    prop_assert_eq!(y.map(f32::to_bits), again_single.map(f32::to_bits));
    Ok(())
}

proptest! {
    /// A rule that was written down mid-run continues the very same sequence.
    #[test]
    fn a_saved_rule_continues_bit_for_bit(
        gradients in prop::collection::vec(prop::array::uniform3(-1e3..1e3_f64), 1..8),
        rate in 1e-6..1.0_f64,
    ) {
        continues(Momentum::new(rate, 0.9), &gradients)?;
        continues(Sgd::new(rate).momentum(0.7).dampening(0.3), &gradients)?;
        continues(Nesterov::new(rate, 0.9).accelerating(true), &gradients)?;
        continues(AdaGrad::new(rate), &gradients)?;
        continues(RmsProp::new(rate).momentum(0.5), &gradients)?;
        continues(AdaDelta::new(), &gradients)?;
        continues(Adam::new(rate), &gradients)?;
        continues(AdamW::new(rate), &gradients)?;
        continues(AmsGrad::new(rate), &gradients)?;
        continues(AdaMax::new(rate), &gradients)?;
        continues(NAdam::new(rate), &gradients)?;
        continues(RAdam::new(rate), &gradients)?;
        continues(AdaBound::new(rate), &gradients)?;
        continues(Yogi::new(rate), &gradients)?;
        continues(Lion::new(rate), &gradients)?;
        let wrapped = Adam::new(rate).l2(0.1).clip_norm(1.0).decoupled_decay(0.01);
        continues(wrapped.averaged(Averaging::From(2)).then(3, Lion::new(rate)), &gradients)?;
        continues(
            Groups::new().group(1, Adam::new(rate)).group(2, Adam::new(rate / 3.0)),
            &gradients,
        )?;
    }

    /// A gradient of zero moves no rule at rest, but for AdamW, which decays, and Yogi, whose m does
    /// not start at zero.
    #[test]
    fn no_gradient_no_motion(x in prop::array::uniform2(-10.0..10.0_f64)) {
        for mut rule in every_rule().into_iter().take(17) {
            let mut y = x;
            rule.update(&mut y, &[0.0; 2]).unwrap();
            prop_assert!(y == x || ["AdamW", "Yogi"].contains(&rule.name()), "{}", rule.name());
        }
    }

    /// Adam's first step is η long, whatever the gradient.
    #[test]
    fn the_first_step_of_adam_does_not_depend_on_scale(g in 1e-3..1e6_f64, rate in 1e-4..1.0_f64) {
        let mut x = [0.0];
        Adam::new(rate).update(&mut x, &[g]).unwrap();
        // ε = 10⁻⁸ against g ≥ 10⁻³.
        prop_assert!((x[0] / -rate - 1.0).abs() < 2e-5);
    }

    /// Clipping never lengthens, and keeps the direction.
    #[test]
    fn clipping_by_norm_keeps_the_direction(g in prop::array::uniform3(-1e3..1e3_f64), limit in 0.1..10.0_f64) {
        let mut x = [0.0; 3];
        GradientDescent::new(1.0).clip_norm(limit).update(&mut x, &g).unwrap();
        let norm = |v: &[f64; 3]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
        prop_assert!(norm(&x) <= limit * (1.0 + 1e-14));
        let length = norm(&g);
        let factor = norm(&x) / length;
        for (x, g) in x.iter().zip(&g) {
            prop_assert!((x + factor * g).abs() <= 1e-12 * length);
        }
    }
}

#[test]
fn a_strided_array_can_be_stepped() {
    let mut rule = GradientDescent::new(1.0);
    let mut x = array![[1.0, 9.0], [2.0, 9.0]].index_axis_move(crate::prelude::Axis(1), 0);
    rule.step(&mut x, &array![1.0, 1.0]).unwrap();
    assert_eq!(x, array![0.0, 1.0]);
}
