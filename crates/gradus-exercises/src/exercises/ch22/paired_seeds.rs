//! # Seed by seed
//!
//! Two rules have been run with the same $n \ge 2$ seeds: with the seed $i$ the first ended at the validation
//! loss $a_i$ and the second at $b_i$. Seeds differ more than rules do, so compare seed by seed. Let
//!
//! $$ d_i = b_i - a_i, \qquad \bar d = \frac{1}{n} \sum_i d_i, \qquad
//!    s = \sqrt{\frac{1}{n - 1} \sum_i (d_i - \bar d)^2}, \qquad \text{SE} = \frac{s}{\sqrt{n}} . $$
//!
//! Write `compare(a, b)`: the two ends of the interval $\bar d \pm k\, \text{SE}$ with your own $k = {{k}}$,
//! the lower first, and a verdict. It is `"first"` if the first rule is ahead, that is, if the whole interval
//! is above zero; `"second"` if it is all below zero; and `"neither"` if zero is in it.
//!
//! ## Hints
//!
//! 1. $s$ is the spread of the differences, not of the losses.
//! 2. A low loss is good. If the first rule is ahead, what is the sign of $b_i - a_i$?
//!
//! ## Explanation
//!
//! With the same seed both rules begin at the same weights and see the same batches, so much of what a seed
//! does to the one it does to the other, and it cancels in the difference. Suppose that losses scatter by 0.1
//! from seed to seed but differences only by 0.01: then a gap of 0.02 shows with five seeds, and unpaired it
//! would take about 200. $s$ says how far a single difference is from the mean, $\text{SE}$ how far the mean
//! is from what endless seeds would give; it shrinks with $\sqrt{n}$.

use crate::prelude::*;

pub mod stub {
    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let n = a.len() as f64;
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let mean = d.iter().sum::<f64>() / n;
        let squares: f64 = d.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if low > 0.0 {
            "first"
        } else if high < 0.0 {
            "second"
        } else {
            "neither"
        };
        (low, high, verdict)
    }
}

/// The spread is that of the losses, as if the seeds of the two rules had nothing in common; take it from the differences.
pub mod unpaired {
    use super::own;

    fn mean_and_variance(x: &[f64]) -> (f64, f64) {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        (mean, x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0))
    }

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let (first, second) = (mean_and_variance(a), mean_and_variance(b));
        let mean = second.0 - first.0;
        let error = ((first.1 + second.1) / a.len() as f64).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if low > 0.0 {
            "first"
        } else if high < 0.0 {
            "second"
        } else {
            "neither"
        };
        (low, high, verdict)
    }
}

/// This is the spread s of single differences; the mean of n of them is known better, by √n.
pub mod of_one {
    use super::own;

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let n = a.len() as f64;
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let mean = d.iter().sum::<f64>() / n;
        let squares: f64 = d.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0)).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if low > 0.0 {
            "first"
        } else if high < 0.0 {
            "second"
        } else {
            "neither"
        };
        (low, high, verdict)
    }
}

/// The squares are divided by n in place of n - 1: the mean was taken from the same numbers, so this spread is too small.
pub mod too_small {
    use super::own;

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let n = a.len() as f64;
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let mean = d.iter().sum::<f64>() / n;
        let squares: f64 = d.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / n / n).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if low > 0.0 {
            "first"
        } else if high < 0.0 {
            "second"
        } else {
            "neither"
        };
        (low, high, verdict)
    }
}

/// The difference is turned round, a - b: the interval has the other sign.
pub mod turned {
    use super::own;

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let n = a.len() as f64;
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let mean = d.iter().sum::<f64>() / n;
        let squares: f64 = d.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if low > 0.0 {
            "first"
        } else if high < 0.0 {
            "second"
        } else {
            "neither"
        };
        (low, high, verdict)
    }
}

/// The verdict looks at the mean alone: a difference whose interval holds zero is none.
pub mod by_the_mean {
    use super::own;

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let n = a.len() as f64;
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let mean = d.iter().sum::<f64>() / n;
        let squares: f64 = d.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if mean > 0.0 { "first" } else { "second" };
        (low, high, verdict)
    }
}

/// The verdict takes the rule with the higher losses for the better one.
pub mod high_is_good {
    use super::own;

    pub fn compare(a: &[f64], b: &[f64]) -> (f64, f64, &'static str) {
        let n = a.len() as f64;
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let mean = d.iter().sum::<f64>() / n;
        let squares: f64 = d.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        let (low, high) = (mean - own("k") * error, mean + own("k") * error);
        let verdict = if low > 0.0 {
            "second"
        } else if high < 0.0 {
            "first"
        } else {
            "neither"
        };
        (low, high, verdict)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let rounded = |x: f64| (x * 1e3).round() / 1e3;
    let mut case = |group, n: usize, gap: f64| {
        // The seed moves both losses alike. Every other difference is above the gap, the rest below.
        let a = draw.vector(n, 0.3, 0.6);
        let noise = draw.vector(n, 0.01, 0.03);
        let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        let b: Vec<f64> = (0..n).map(|i| rounded(a[i] + gap + sign(i) * noise[i])).collect();
        Case::new(group, Args::new().with("a", a).with("b", b))
    };
    // The gap is more than k SE in the first group, and not far from zero in the second.
    let (clear, unclear) = ("a rule is ahead", "no rule is ahead");
    vec![
        case(clear, 4, 0.12),
        case(clear, 5, -0.12),
        case(clear, 8, 0.08),
        case(clear, 2, -0.2),
        case(unclear, 4, 0.0),
        case(unclear, 6, 0.004),
        case(unclear, 7, -0.004),
    ]
}

exercise! {
    id: "paired-seeds",
    chapter: 22,
    points: 2,
    own: ["k" in 1.80..3.00],
    source: include_str!("paired_seeds.rs"),
    call: |x, ask| compare(x.vector("a"), x.vector("b")),
    mistakes: [unpaired, of_one, too_small, turned, by_the_mean, high_is_good],
    // Differences of numbers of three decimals lose two digits at most.
    judge: Judge::Same(1e-9),
}
