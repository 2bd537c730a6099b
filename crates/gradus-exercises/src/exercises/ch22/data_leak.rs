//! # The clinic: test data that leak
//!
//! A colleague's net does better on the test data than on new data. The optimizer is not to blame: the test
//! data have had a part in the preparation. Here is the code: mend it. `train` and `test` are the values of
//! one feature, a column of each data set. With
//!
//! $$ \mu = \frac{1}{N} \sum_i x_i, \qquad \sigma = \sqrt{\frac{1}{N} \sum_i (x_i - \mu)^2} $$
//!
//! taken over the $N$ values $x_i$ of `train` only, every value $x$ of both columns becomes
//! $z = (x - \mu) / \sigma$, or $z = x - \mu$ if $\sigma = 0$. Then it is clipped: $z > c$ becomes $c$, and
//! $z < -c$ becomes $-c$, with your own $c = {{c}}$. It returns the two new columns, train first. The
//! clipping is right.
//!
//! ## Hints
//!
//! 1. Which values may decide $\mu$ and $\sigma$, if the test data are to be like data that do not exist yet?
//! 2. Both columns are shifted and divided by the same two numbers.
//! 3. What does the code return if the feature has the same value in all examples?
//!
//! ## Explanation
//!
//! Data that a model meets later cannot be in its preparation. The test data stand for them, so $\mu$ and
//! $\sigma$ come from the training data alone. The test data are not standardised by numbers of their own
//! either: then the same value would mean one thing in training and another in the test. A feature that never
//! changes in training has $\sigma = 0$, and dividing by it gives NaN or infinity. New data can lie far
//! outside of what training has seen; the clipping keeps one such value from ruling the net.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn standardize(train: &[f64], test: &[f64]) -> [Vec<f64>; 2] {
        let c = own("c");
        let all = [train, test].concat();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let deviation = variance.sqrt();
        [train, test]
            .map(|column| column.iter().map(|x| ((x - mean) / deviation).clamp(-c, c)).collect())
    }
}

pub mod solution {
    use super::own;

    pub fn standardize(train: &[f64], test: &[f64]) -> [Vec<f64>; 2] {
        let c = own("c");
        let n = train.len() as f64;
        let mean = train.iter().sum::<f64>() / n;
        let variance = train.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
        [train, test]
            .map(|column| column.iter().map(|x| ((x - mean) / deviation).clamp(-c, c)).collect())
    }
}

/// Each column is standardised by its own mean and deviation; the test data have to get those of the training data.
pub mod own_numbers {
    use super::own;

    pub fn standardize(train: &[f64], test: &[f64]) -> [Vec<f64>; 2] {
        let c = own("c");
        [train, test].map(|column| {
            let n = column.len() as f64;
            let mean = column.iter().sum::<f64>() / n;
            let variance = column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
            let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
            column.iter().map(|x| ((x - mean) / deviation).clamp(-c, c)).collect()
        })
    }
}

/// The leak is mended in part only: the mean is the training data's, but the deviation is still taken over both columns.
pub mod half_mended {
    use super::own;

    pub fn standardize(train: &[f64], test: &[f64]) -> [Vec<f64>; 2] {
        let c = own("c");
        let all = [train, test].concat();
        let mean = train.iter().sum::<f64>() / train.len() as f64;
        let squares = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        let variance = squares / all.len() as f64;
        let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
        [train, test]
            .map(|column| column.iter().map(|x| ((x - mean) / deviation).clamp(-c, c)).collect())
    }
}

/// A feature that does not change in the training data is divided by zero.
pub mod unguarded {
    use super::own;

    pub fn standardize(train: &[f64], test: &[f64]) -> [Vec<f64>; 2] {
        let c = own("c");
        let n = train.len() as f64;
        let mean = train.iter().sum::<f64>() / n;
        let variance = train.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let deviation = variance.sqrt();
        [train, test]
            .map(|column| column.iter().map(|x| ((x - mean) / deviation).clamp(-c, c)).collect())
    }
}

/// The mean and the deviation still come from both columns; only the division by zero is mended.
pub mod leaking {
    use super::own;

    pub fn standardize(train: &[f64], test: &[f64]) -> [Vec<f64>; 2] {
        let c = own("c");
        let all = [train, test].concat();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
        [train, test]
            .map(|column| column.iter().map(|x| ((x - mean) / deviation).clamp(-c, c)).collect())
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let (varied, constant) = ("a feature that changes", "a feature that is constant in training");
    let mut cases = Vec::new();
    for (train, test) in [(4, 2), (5, 3), (7, 4)] {
        // The test data lie elsewhere and wider, so that a leak shows; one value is far out.
        let args = Args::new().with("train", draw.vector(train, 1.0, 5.0));
        let test = [draw.vector(test, 4.0, 6.0), draw.vector(1, 14.0, 18.0)].concat();
        cases.push(Case::new(varied, args.with("test", test)));
    }
    for (train, test) in [(4, 2), (6, 3), (3, 2)] {
        // Whole numbers: their mean has no rounding, so σ is exactly zero.
        let value = draw.decimal(1.0, 9.0, 0);
        let args = Args::new().with("train", vec![value; train]);
        let test = [draw.vector(1, 14.0, 18.0), draw.vector(test, value - 1.5, value + 1.5)];
        cases.push(Case::new(constant, args.with("test", test.concat())));
    }
    // Constant everywhere.
    let value = draw.decimal(1.0, 9.0, 0);
    let args = Args::new().with("train", vec![value; 3]).with("test", vec![value; 2]);
    cases.push(Case::new(constant, args));
    cases
}

exercise! {
    id: "data-leak",
    chapter: 22,
    points: 2,
    clinic: true,
    own: ["c" in 2.00..3.50],
    source: include_str!("data_leak.rs"),
    call: |x, ask| standardize(x.vector("train"), x.vector("test")),
    mistakes: [own_numbers, half_mended, unguarded, leaking],
    // Sums of at most twelve numbers.
    judge: Judge::Same(1e-9),
}
