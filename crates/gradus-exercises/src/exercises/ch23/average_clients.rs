//! # The server's average
//!
//! In federated averaging a client $k$ with $n_k$ examples sends the change $\Delta_k$ of the weights after
//! its local training. Write `average(w, changes, examples)`: the server's new weights
//!
//! $$ w \leftarrow w + \eta \sum_k \frac{n_k}{n} \Delta_k , \qquad n = \sum_k n_k , $$
//!
//! over the clients that answered, with the server's rate, your own $\eta = {{rate}}$. A client whose change
//! holds a number that is not finite is left out, of the sum and of $n$. If nobody is left, $w$ stays as it
//! is.
//!
//! ## Hints
//!
//! 1. First choose the clients whose change is finite, then add up their examples, then the changes.
//!
//! ## Explanation
//!
//! Each example counts once, wherever it lives, so a client counts by its examples. The clients that are left
//! out must not be in $n$ either, or the others' steps shrink. One change with a NaN would otherwise spoil
//! the weights of everybody. With $\eta = 1$ this is plain averaging; the mean change is a step that the
//! server may shorten or lengthen, like any other.

use crate::prelude::*;

pub mod stub {
    pub fn average(w: &[f64], changes: &[Vec<f64>], examples: &[usize]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn average(w: &[f64], changes: &[Vec<f64>], examples: &[usize]) -> Vec<f64> {
        let sound: Vec<(&Vec<f64>, usize)> = changes
            .iter()
            .zip(examples.iter().copied())
            .filter(|(change, _)| change.iter().all(|x| x.is_finite()))
            .collect();
        let all: usize = sound.iter().map(|(_, n)| n).sum();
        let mut new = w.to_vec();
        for (change, n) in sound {
            for (w, d) in new.iter_mut().zip(change) {
                *w += own("rate") * n as f64 / all as f64 * d;
            }
        }
        new
    }
}

/// Every client counts alike; it should count by its number of examples.
pub mod plain_mean {
    use super::own;

    pub fn average(w: &[f64], changes: &[Vec<f64>], examples: &[usize]) -> Vec<f64> {
        let sound: Vec<&Vec<f64>> =
            changes.iter().filter(|change| change.iter().all(|x| x.is_finite())).collect();
        let mut new = w.to_vec();
        for change in &sound {
            for (w, d) in new.iter_mut().zip(*change) {
                *w += own("rate") * d / sound.len() as f64;
            }
        }
        new
    }
}

/// A change with a number that is not finite spoils the average: it is not left out.
pub mod spoiled {
    use super::own;

    pub fn average(w: &[f64], changes: &[Vec<f64>], examples: &[usize]) -> Vec<f64> {
        let all: usize = examples.iter().sum();
        let mut new = w.to_vec();
        for (change, n) in changes.iter().zip(examples) {
            for (w, d) in new.iter_mut().zip(change) {
                *w += own("rate") * *n as f64 / all as f64 * d;
            }
        }
        new
    }
}

/// A client that is left out of the sum is still counted in n, so the others' step is too short.
pub mod counted {
    use super::own;

    pub fn average(w: &[f64], changes: &[Vec<f64>], examples: &[usize]) -> Vec<f64> {
        let all: usize = examples.iter().sum();
        let mut new = w.to_vec();
        for (change, n) in changes.iter().zip(examples) {
            if change.iter().all(|x| x.is_finite()) {
                for (w, d) in new.iter_mut().zip(change) {
                    *w += own("rate") * *n as f64 / all as f64 * d;
                }
            }
        }
        new
    }
}

/// Nobody is left and n is zero, and 0 / 0 is not a number: w has to stay as it is.
pub mod divided_by_zero {
    use super::own;

    pub fn average(w: &[f64], changes: &[Vec<f64>], examples: &[usize]) -> Vec<f64> {
        let (mut sum, mut all) = (vec![0.0; w.len()], 0.0);
        for (change, &n) in changes.iter().zip(examples) {
            if change.iter().all(|x| x.is_finite()) {
                all += n as f64;
                for (sum, d) in sum.iter_mut().zip(change) {
                    *sum += n as f64 * d;
                }
            }
        }
        w.iter().zip(&sum).map(|(w, sum)| w + own("rate") * sum / all).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, clients: usize, spoiled: usize| {
        let n = draw.index(2, 5);
        let mut changes: Vec<Vec<f64>> = (0..clients).map(|_| draw.vector(n, -1.0, 1.0)).collect();
        for (change, bad) in changes.iter_mut().zip([f64::NAN, f64::INFINITY]).take(spoiled) {
            // Not the first of its numbers.
            change[draw.index(1, n)] = bad;
        }
        let examples: Vec<usize> = (0..clients).map(|k| draw.index(1, 50) + 100 * k).collect();
        let args = Args::new().with("w", draw.vector(n, -2.0, 2.0));
        Case::new(group, args.with("changes", changes).with("examples", examples))
    };
    vec![
        case("sound clients", 2, 0),
        case("sound clients", 4, 0),
        case("clients left out", 3, 1),
        case("clients left out", 5, 2),
        case("clients left out", 4, 1),
        // Nobody is left.
        case("clients left out", 1, 1),
        case("clients left out", 2, 2),
    ]
}

exercise! {
    id: "average-clients",
    chapter: 23,
    points: 2,
    own: ["rate" in 0.40..0.90],
    source: include_str!("average_clients.rs"),
    call: |x, ask| average(x.vector("w"), x.matrix("changes"), x.indices("examples")),
    mistakes: [plain_mean, spoiled, counted, divided_by_zero],
    // A few sums.
    judge: Judge::Same(1e-9),
}
