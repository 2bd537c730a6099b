//! The numbers that the lecture decks print, reproduced. Decks are cited as in chapter 0 of the book.

use gradus::curvature::{Critical, optimal_step, spectrum, violating_chord};
use gradus::optim::*;
use gradus::prelude::*;
use gradus::problems::saddle;

/// Deck 004's two tables of gradients: the last gradient is the same, the last steps are not.
#[test]
fn adagrads_contrast() {
    let small = [0.0001, 0.0001, 0.0003, 0.0002, 0.0001, 0.1];
    let large = [10.5, 39.2, 23.1, 50.4, 22.8, 0.1];
    let last_step = |gradients: [f64; 6]| {
        let mut rule = AdaGrad::new(1.0).epsilon(Epsilon::Outside(0.0));
        let mut x = [0.0];
        let mut before = 0.0;
        for (t, g) in gradients.iter().enumerate() {
            before = x[0];
            rule.update(&mut x, &[*g]).unwrap();
            // η/√(t+1) over the root mean square is the same as η over the root of the sum.
            let squares: f64 = gradients[..=t].iter().map(|g| g * g).sum();
            let mean = (squares / (t + 1) as f64).sqrt();
            let step = g / ((t + 1) as f64).sqrt() / mean;
            assert!((before - x[0] - step).abs() < 1e-15);
        }
        before - x[0]
    };
    // 0.1 / √(0.01 + 1.6e-7) and 0.1 / √5239.91: "extremely large" and "extremely small".
    assert!((last_step(small) - 0.1 / 0.010_000_16_f64.sqrt()).abs() < 1e-12);
    assert!((last_step(large) - 0.1 / 5_240.51_f64.sqrt()).abs() < 1e-8);
    assert!(last_step(small) / last_step(large) > 700.0);
}

/// Deck 003's worked table: with losses of six digits and h = 10⁻⁴ the differences have two.
#[test]
fn the_worked_gradient() {
    let losses = [(1.25322, -2.5), (1.25353, 0.6), (1.25347, 0.0)];
    for (ahead, derivative) in losses {
        // The loss is known at 0 and at h only, as on the slide.
        let f = |h: f64| if h == 0.0 { 1.25347 } else { ahead };
        let found = gradus::gradcheck::Difference::Forward.derivative(f, 0.0, 1e-4);
        // The losses' own last digit is worth 0.1; what is left here is rounding over h.
        assert!((found - derivative).abs() < 1e-9, "{found} is not {derivative}");
    }
}

/// Decks 001 and 003: what to start with.
#[test]
fn the_defaults() {
    let rmsprop = RmsProp::new(0.001);
    assert_eq!(rmsprop.decay, 0.9);
    let adam = Adam::new(0.001);
    assert_eq!((adam.beta1, adam.beta2, adam.epsilon), (0.9, 0.999, Epsilon::Outside(1e-8)));
    let mut step = [0.0_f64];
    AdaGrad::new(0.01).update(&mut step, &[123.0]).unwrap();
    assert!((step[0] + 0.01).abs() < 1e-9); // 0.01 is how far the first step goes
}

/// Deck 001's per-layer rates: the base at 10⁻², the classifier at 10⁻³, momentum 0.9 for both.
#[test]
fn per_layer_rates() {
    let mut rule =
        Groups::new().group(2, Momentum::new(1e-2, 0.9)).group(1, Momentum::new(1e-3, 0.9));
    let mut w = [0.0_f64; 3];
    for _ in 0..2 {
        rule.update(&mut w, &[1.0; 3]).unwrap();
    }
    // v = −η, then −1.9 η: 2.9 η in all.
    for (w, expected) in w.iter().zip([-0.029, -0.029, -0.0029]) {
        assert!((w - expected).abs() < 1e-15);
    }
}

/// Deck 003: a tenth after epochs 30, 60 and 90. Deck 004: η/√(t+1). Deck 000: TensorFlow's decays.
#[test]
fn the_schedules() {
    let step = Schedule::step(0.1, 30, 0.1).unwrap();
    for (t, rate) in [(0, 0.1), (29, 0.1), (30, 0.01), (59, 0.01), (60, 0.001), (90, 0.0001)] {
        assert!((step.at(t) / rate - 1.0).abs() < 1e-12, "epoch {t}");
    }
    let root = Schedule::inverse_sqrt(0.1).unwrap();
    assert_eq!(root.at(3), 0.05);
    let polynomial = Schedule::polynomial(0.1, 0.0001, 100, 1.0, false).unwrap();
    assert_eq!((polynomial.at(0), polynomial.at(100), polynomial.at(1000)), (0.1, 0.0001, 0.0001));
}

/// Deck 004: max{x², 2x, 2} and (ax + b)² are convex, x · x² is not.
#[test]
fn convex_and_not() {
    let domain = [(-3.0, 3.0)];
    let chord = |f: fn(f64) -> f64| {
        let f = move |x: ArrayView1<f64>| (f(x[0]), array![0.0]);
        violating_chord(&f, &domain, 10_000, 0).unwrap()
    };
    assert!(chord(|x| (x * x).max(2.0 * x).max(2.0)).is_none());
    assert!(chord(|x| (3.0 * x - 1.0) * (3.0 * x - 1.0)).is_none());
    assert!(chord(|x| x * (x * x)).is_some());
}

/// Deck 002: the Hessian of x² − y², its eigenvalues 2 and −2, κ = 1 by absolute values; a saddle.
#[test]
fn the_saddle() {
    let f = saddle();
    let hessian = f.hessian(array![0.0, 0.0].view());
    let spectrum = spectrum(&hessian).unwrap();
    assert!((spectrum.min() + 2.0).abs() < 1e-9 && (spectrum.max() - 2.0).abs() < 1e-9);
    assert!((spectrum.condition_number() - 1.0).abs() < 1e-9);
    assert_eq!(spectrum.classify(1e-6), Critical::Saddle { down: 1 });
    assert_eq!(f.gradient(array![0.0, 0.0].view()), array![0.0, 0.0]);
}

/// Decks 002 and 004: the best step in one dimension is |f′| / f″; 2 / (λ₁ + λₙ) for a quadratic.
#[test]
fn the_best_step() {
    // y = 3x² + x + 1: from any x the step |6x + 1| / 6 ends at −1/6.
    let f = |x: ArrayView1<f64>| (3.0 * x[0] * x[0] + x[0] + 1.0, array![6.0 * x[0] + 1.0]);
    let mut x = array![2.0];
    let rate = gradus::curvature::steepest_step(&f, x.view()).unwrap();
    GradientDescent::new(rate).step(&mut x, &f.gradient(array![2.0].view())).unwrap();
    // The curvature comes from differences of gradients.
    assert!((x[0] + 1.0 / 6.0).abs() < 1e-6);
    assert_eq!(optimal_step(1.0, 3.0).unwrap(), 0.5);
}

/// Deck 004's series of sin about π/4: value, slope and curvature are 1/√2, 1/√2, −1/√2.
#[test]
fn the_series_of_the_sine() {
    let sine = |x: ArrayView1<f64>| (x[0].sin(), array![x[0].cos()]);
    let at = array![std::f64::consts::FRAC_PI_4];
    let root = std::f64::consts::FRAC_1_SQRT_2;
    assert!((sine.value(at.view()) - root).abs() < 1e-15);
    assert!((sine.gradient(at.view())[0] - root).abs() < 1e-15);
    assert!((sine.hessian(at.view())[[0, 0]] + root).abs() < 1e-8);
}
