//! Every direction with every search, and what goes wrong.

use ndarray::{Array1, ArrayView1, array};
use proptest::prelude::*;

use super::*;
use crate::minimize::{Minimize, Stop, StopReason, Trace};
use crate::problems::{beale, ellipse, himmelblau, nesterov_chain, rosenbrock, styblinski_tang};
use crate::{Objective, problems::Problem};

fn solve<D: Direction, L: LineSearch>(f: &Problem, direction: D, search: L, steps: usize) -> Trace {
    Minimize::steps(steps)
        .stop(Stop::GradientNorm(1e-7))
        .solve(f, &f.start, &mut Descent::new(direction, search))
        .unwrap()
}

/// Which way and how far compose freely: all pairs arrive.
#[test]
fn every_pair_arrives() {
    fn with<L: LineSearch + Copy>(search: L, name: &str, finds_slopes: bool) {
        for f in [rosenbrock(), beale(), himmelblau(), styblinski_tang()] {
            let mut runs = vec![
                ("Newton", solve(&f, Newton::default(), search, 200)),
                ("Newton-CG", solve(&f, NewtonCg::new(10), search, 200)),
                ("BFGS", solve(&f, Bfgs::new(), search, 300)),
                ("scaled BFGS", solve(&f, Bfgs::scaled(), search, 300)),
                ("L-BFGS", solve(&f, Lbfgs::new(5), search, 300)),
                ("steepest", solve(&f, Steepest, search, 50_000)),
            ];
            // Conjugate gradients want a search that looks at slopes.
            if finds_slopes {
                runs.push(("CG", solve(&f, ConjugateGradients::new(), search, 2000)));
            }
            for (method, trace) in runs {
                let reason = &trace.stop;
                let known = f.minima.iter().any(|m| (m.value - trace.value()).abs() < 1e-8);
                assert!(known, "{method} with {name} on {}: {reason}, {}", f.name, trace.value());
                let falls = trace.values.windows(2).all(|v| v[1] <= v[0] + 1e-6 * v[0].abs());
                assert!(falls, "{method} with {name} on {} climbs", f.name);
            }
        }
    }
    with(Armijo::default(), "Armijo", false);
    with(StrongWolfe::default(), "strong Wolfe", true);
    with(HagerZhang::default(), "Hager-Zhang", true);
}

/// What the searches accept fulfils their conditions.
#[test]
fn accepted_lengths_fulfil_their_conditions() {
    for f in [rosenbrock(), beale(), ellipse(100.0, 0.3).unwrap()] {
        let gradient = f.gradient(f.start.view());
        let direction = -&gradient;
        let slope = gradient.dot(&direction);
        let value = f.value(f.start.view());
        for first in [1e-6, 1e-3, 1.0, 100.0] {
            let (mut point, mut next_gradient) = (f.start.clone(), gradient.clone());
            let mut slice = Slice {
                objective: &f,
                from: &f.start,
                direction: &direction,
                value,
                slope,
                point: &mut point,
                gradient: &mut next_gradient,
                evaluations: 0,
                last: None,
            };
            let armijo = Armijo::default().search(&mut slice, first).unwrap();
            assert!(armijo.value <= value + 1e-4 * armijo.length * slope);
            let wolfe = StrongWolfe::new(1e-4, 0.1).unwrap().search(&mut slice, first).unwrap();
            assert!(wolfe.value <= value + 1e-4 * wolfe.length * slope);
            assert!(wolfe.slope.abs() <= 0.1 * -slope, "{} from {first}", f.name);
            let hager = HagerZhang::default().search(&mut slice, first).unwrap();
            assert!(hager.slope >= 0.9 * slope && hager.value < value);
            // The accepted point is the one that was left in the buffer.
            let expected = &f.start + &(&direction * hager.length);
            assert!((&point - &expected).iter().all(|d| d.abs() < 1e-12));
        }
    }
}

/// Newton's digits double at each step, near the minimum.
#[test]
fn newton_converges_quadratically() {
    let f = rosenbrock();
    let mut method = Descent::new(Newton::pure(), FullStep);
    let run = Minimize::steps(5).record_points();
    let trace = run.solve(&f, &array![1.02, 1.03], &mut method).unwrap();
    let errors: Vec<f64> = trace
        .points
        .iter()
        .map(|x| (x - &array![1.0, 1.0]).dot(&(x - &array![1.0, 1.0])).sqrt())
        .collect();
    for pair in errors.windows(2).filter(|pair| pair[0] > 1e-7) {
        assert!(pair[1] <= 1000.0 * pair[0] * pair[0] + 1e-15, "{errors:?}");
    }
    assert!(errors[4] < 1e-10, "{errors:?}");
}

#[test]
fn a_singular_hessian_is_named() {
    let flat = |x: ArrayView1<'_, f64>| (x[0], array![1.0, 0.0]);
    let mut method = Descent::new(Newton::pure(), FullStep);
    let error = Minimize::steps(5).solve(&flat, &array![0.0, 0.0], &mut method).unwrap_err();
    assert!(error.to_string().starts_with("`hessian` is singular"), "{error}");
}

/// BFGS with exact enough steps solves a quadratic of n variables in about n steps; so do conjugate
/// gradients.
#[test]
fn quadratics_take_about_n_steps() {
    let f = nesterov_chain(8).unwrap();
    let exact = StrongWolfe::new(1e-4, 1e-3).unwrap();
    for trace in [
        solve(&f, Bfgs::new(), exact, 100),
        solve(&f, Lbfgs::new(8), exact, 100),
        solve(&f, ConjugateGradients::new(), exact, 100),
    ] {
        assert!(trace.steps() <= 16, "{}", trace.steps());
    }
}

/// A function with a wall of NaN and noise in its gradient: bad pairs are skipped, values stay finite.
#[test]
fn bad_curvature_and_nan_do_no_harm() {
    // √ beyond the wall at 1 is NaN; the minimum of −√(1 − x²) + (y − 1)² is (0, 1).
    let wall = |x: ArrayView1<'_, f64>| {
        let root = (1.0 - x[0] * x[0]).sqrt();
        (-root + (x[1] - 1.0).powi(2), array![x[0] / root, 2.0 * (x[1] - 1.0)])
    };
    // Concave along y until |y| > 1: sᵀy < 0 at first.
    let double_well = |x: ArrayView1<'_, f64>| {
        let y = x[1];
        (x[0] * x[0] + (y * y - 1.0).powi(2), array![2.0 * x[0], 4.0 * y * (y * y - 1.0)])
    };
    fn check<O: Objective>(f: &O, start: Array1<f64>, lowest: f64) {
        let run = || Minimize::steps(300).stop(Stop::GradientNorm(1e-7));
        let wolfe = StrongWolfe::default();
        let traces = [
            run().solve(f, &start, &mut Descent::new(Bfgs::new(), Armijo::default())),
            run().solve(f, &start, &mut Descent::new(Bfgs::new(), wolfe)),
            run().solve(f, &start, &mut Descent::new(Lbfgs::new(5), Armijo::default())),
            run().solve(f, &start, &mut Descent::new(Lbfgs::new(5), HagerZhang::default())),
            run().solve(f, &start, &mut Descent::new(NewtonCg::new(5), wolfe)),
        ];
        for trace in traces {
            let trace = trace.unwrap();
            assert!(trace.x.iter().all(|x| x.is_finite()));
            assert!((trace.value() - lowest).abs() < 1e-10, "{}", trace.value());
        }
    }
    check(&wall, array![0.9, -2.0], -1.0);
    check(&double_well, array![0.5, 1e-3], 0.0);
}

/// Where rounding is all that is left, the run says so and ends.
#[test]
fn a_run_at_the_limit_of_precision_ends() {
    let f = |x: ArrayView1<'_, f64>| (1e8 + x.dot(&x), 2.0 * &x);
    let mut method = Descent::new(Lbfgs::new(5), StrongWolfe::default());
    let trace = Minimize::steps(1000)
        .stop(Stop::GradientNorm(0.0))
        .solve(&f, &array![1.0, 2.0], &mut method)
        .unwrap();
    let ended = matches!(trace.stop, StopReason::NoProgress | StopReason::Criterion(_));
    assert!(ended && trace.steps() < 100, "{} after {}", trace.stop, trace.steps());
}

#[test]
fn linear_cg_refuses_what_it_cannot_solve() {
    let a = array![[1.0, 0.0], [0.0, -1.0]];
    assert!(linear_cg(|v| a.dot(&v), array![1.0, 1.0].view(), 1e-10, 10).is_err());
    assert!(linear_cg(|v| v.to_owned(), Array1::zeros(0).view(), 1e-10, 10).is_err());
    assert!(linear_cg(|v| v.to_owned(), array![f64::NAN].view(), 1e-10, 10).is_err());
    let zero = linear_cg(|v| v.to_owned(), array![0.0].view(), 1e-10, 10).unwrap();
    assert!(zero.converged && zero.x == array![0.0]);
}

proptest! {
    /// CG solves A = QᵀQ + I for random Q.
    #[test]
    fn linear_cg_solves_random_systems(
        entries in prop::collection::vec(-1.0..1.0_f64, 16),
        b in prop::collection::vec(-1.0..1.0_f64, 4),
    ) {
        let q = ndarray::Array2::from_shape_vec((4, 4), entries).unwrap();
        let a = q.t().dot(&q) + ndarray::Array2::<f64>::eye(4);
        let b = Array1::from(b);
        let solution = linear_cg(|v| a.dot(&v), b.view(), 1e-12, 40).unwrap();
        let residual = &b - &a.dot(&solution.x);
        prop_assert!(residual.dot(&residual).sqrt() <= 1e-11 * b.dot(&b).sqrt());
    }

    /// After any step with positive curvature BFGS fulfils the secant condition H y = s.
    #[test]
    fn bfgs_fulfils_the_secant_condition(
        from in prop::array::uniform3(-2.0..2.0_f64),
        to in prop::array::uniform3(-2.0..2.0_f64),
    ) {
        let f = |x: ArrayView1<'_, f64>| (x.mapv(|v| v.powi(4) + v * v).sum(), x.mapv(|v| 4.0 * v.powi(3) + 2.0 * v));
        let (from, to) = (Array1::from(from.to_vec()), Array1::from(to.to_vec()));
        let (g, h) = (f.gradient(from.view()), f.gradient(to.view()));
        let (s, y) = (&to - &from, &h - &g);
        prop_assume!(s.dot(&s) > 1e-6);
        let mut bfgs = Bfgs::new();
        bfgs.learn(Step { from: &from, from_gradient: &g, to: &to, to_gradient: &h });
        let gap = bfgs.inverse_hessian().unwrap().dot(&y) - &s;
        prop_assert!(gap.dot(&gap).sqrt() <= 1e-12 * s.dot(&s).sqrt() * y.dot(&y).sqrt().max(1.0));
    }
}
