//! The 35 problems of Moré, Garbow and Hillstrom by Newton, BFGS, L-BFGS and conjugate gradients, beside SciPy.
//!
//! `cargo run --release --example solves` prints the table in Markdown. SciPy's results are those of
//! `tests/references/solves.py`. All stop at a largest gradient component of 10⁻⁶.

use std::collections::BTreeMap;

use gradus::prelude::*;
use gradus::problems::{Problem, more_garbow_hillstrom};
use gradus::second_order::{
    Bfgs, ConjugateGradients, Descent, Direction, Lbfgs, LineSearch, Newton, StrongWolfe,
};
use serde_json::Value;

/// How one method fared on one problem.
pub struct Outcome {
    /// The last value.
    pub value: f64,
    /// ‖∇f‖ there.
    pub gradient_norm: f64,
    /// Evaluations of f and its gradient, as pairs.
    pub evaluations: usize,
    /// Why it stopped.
    pub stop: String,
    /// Whether the value is a known minimum: "global", "local" or "-".
    pub solved: &'static str,
}

/// One line of the table: ours by method, then SciPy's by method.
pub struct Line {
    /// The problem.
    pub problem: Problem,
    /// Newton, BFGS, L-BFGS, CG.
    pub ours: BTreeMap<&'static str, Outcome>,
    /// BFGS, L-BFGS, CG.
    pub scipy: BTreeMap<&'static str, Outcome>,
}

/// Which known minimum a value is: within a relative 10⁻⁵ and an absolute 10⁻⁸.
fn solved(problem: &Problem, value: f64) -> &'static str {
    let near = |known: f64| (value - known).abs() <= 1e-8 + 1e-5 * known.abs();
    match problem.minima.iter().find(|minimum| near(minimum.value)) {
        Some(minimum) if minimum.global => "global",
        Some(_) => "local",
        None => "-",
    }
}

fn solve<D: Direction, L: LineSearch>(
    problem: &Problem,
    direction: D,
    search: L,
) -> gradus::Result<Outcome> {
    let mut method = Descent::new(direction, search);
    let trace = Minimize::steps(5000).stop(Stop::GradientMax(1e-6)).solve(
        problem,
        &problem.start,
        &mut method,
    )?;
    Ok(Outcome {
        value: trace.value(),
        gradient_norm: trace.gradient_norms[trace.steps()],
        evaluations: trace.evaluations,
        stop: trace.stop.to_string(),
        solved: solved(problem, trace.value()),
    })
}

/// The whole table.
pub fn table() -> gradus::Result<Vec<Line>> {
    let record: Value = serde_json::from_str(include_str!("../tests/references/solves.json"))
        .expect("the record is JSON");
    let problems = more_garbow_hillstrom()?;
    let lines = problems.into_iter().zip(record["results"].as_array().into_iter().flatten());
    lines
        .map(|(problem, result)| {
            assert_eq!(result["problem"], problem.name);
            let wolfe = |c| StrongWolfe::new(1e-4, c);
            let ours = BTreeMap::from([
                ("Newton", solve(&problem, Newton::default(), wolfe(0.9)?)?),
                ("BFGS", solve(&problem, Bfgs::new(), wolfe(0.9)?)?),
                ("L-BFGS", solve(&problem, Lbfgs::new(10), wolfe(0.9)?)?),
                ("CG", solve(&problem, ConjugateGradients::new(), wolfe(0.4)?)?),
            ]);
            let theirs = [("BFGS", "BFGS"), ("L-BFGS", "L-BFGS-B"), ("CG", "CG")];
            let scipy = theirs.map(|(name, theirs)| {
                let method = &result["methods"][theirs];
                let number = |key: &str| method[key].as_f64().unwrap_or(f64::NAN);
                let outcome = Outcome {
                    value: number("value"),
                    gradient_norm: number("gradient_norm"),
                    evaluations: number("evaluations") as usize,
                    stop: method["message"].as_str().unwrap_or_default().into(),
                    solved: solved(&problem, number("value")),
                };
                (name, outcome)
            });
            Ok(Line { problem, ours, scipy: scipy.into() })
        })
        .collect()
}

/// Evaluations of ours and of SciPy's method in total, over the problems that both solve, and their number.
pub fn totals(lines: &[Line], method: &str) -> (usize, usize, usize) {
    let both = lines.iter().filter(|line| {
        line.ours[method].solved != "-" && line.ours[method].solved == line.scipy[method].solved
    });
    both.fold((0, 0, 0), |(ours, theirs, count), line| {
        let (a, b) = (line.ours[method].evaluations, line.scipy[method].evaluations);
        (ours + a, theirs + b, count + 1)
    })
}

#[allow(dead_code)] // the test of the same name uses the table only
fn main() -> gradus::Result<()> {
    let lines = table()?;
    println!("| problem | n | method | f | ‖∇f‖ | evaluations | minimum | stopped because |");
    println!("|---|---|---|---|---|---|---|---|");
    for line in &lines {
        let Problem { name, .. } = &line.problem;
        let n = line.problem.dim();
        let ours = line.ours.iter().map(|(method, outcome)| (method.to_string(), outcome));
        let theirs =
            line.scipy.iter().map(|(method, outcome)| (format!("SciPy {method}"), outcome));
        for (method, Outcome { value, gradient_norm, evaluations, stop, solved }) in
            ours.chain(theirs)
        {
            println!(
                "| {name} | {n} | {method} | {value:.6e} | {gradient_norm:.1e} | {evaluations} | {solved} | {stop} |"
            );
        }
    }
    println!();
    let any = |line: &&Line| line.ours.values().any(|outcome| outcome.solved != "-");
    println!(
        "Solved by at least one of ours: {} of {}.",
        lines.iter().filter(any).count(),
        lines.len()
    );
    for method in ["Newton", "BFGS", "L-BFGS", "CG"] {
        let solved = lines.iter().filter(|line| line.ours[method].solved != "-").count();
        println!("{method}: {solved} solved.");
    }
    for method in ["BFGS", "L-BFGS", "CG"] {
        let (ours, theirs, both) = totals(&lines, method);
        println!(
            "{method}: {ours} evaluations against SciPy's {theirs} on the {both} that both solve."
        );
    }
    Ok(())
}
