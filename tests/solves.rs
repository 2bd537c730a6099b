//! What `examples/solves.rs` prints is as good as promised.

#[path = "../examples/solves.rs"]
mod solves;

use gradus::prelude::*;

#[test]
fn nearly_every_problem_is_solved_in_no_more_evaluations_than_by_scipy() {
    let lines = solves::table().unwrap();
    let solved = lines.iter().filter(|line| line.ours.values().any(|o| o.solved != "-")).count();
    assert!(solved >= 34, "{solved} of 35 solved");
    for method in ["BFGS", "L-BFGS", "CG"] {
        let (ours, theirs, both) = solves::totals(&lines, method);
        assert!(ours <= theirs, "{method}: {ours} against {theirs} on {both} problems");
    }
    for line in &lines {
        for (method, outcome) in &line.ours {
            assert!(outcome.value.is_finite(), "{method} on {}", line.problem.name);
        }
    }
}

/// The same problem, written twice: values and gradients at the start agree with those by jax.
#[test]
fn the_problems_agree_with_those_of_the_script() {
    let record: serde_json::Value =
        serde_json::from_str(include_str!("references/solves.json")).unwrap();
    for (line, result) in gradus::problems::more_garbow_hillstrom()
        .unwrap()
        .iter()
        .zip(record["results"].as_array().unwrap())
    {
        let mut gradient = Array1::zeros(line.dim());
        let value = line.value_and_gradient(line.start.view(), gradient.view_mut());
        let expected = result["start_value"].as_f64().unwrap();
        // Sums of up to a hundred squares; exponentials lose a few digits more.
        assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{}: {value}", line.name);
        let expected: Vec<f64> = result["start_gradient"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g.as_f64().unwrap())
            .collect();
        let scale = expected.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        for (g, e) in gradient.iter().zip(&expected) {
            assert!(
                (g - e).abs() <= 1e-11 * scale,
                "{}: {gradient} against {expected:?}",
                line.name
            );
        }
    }
}
