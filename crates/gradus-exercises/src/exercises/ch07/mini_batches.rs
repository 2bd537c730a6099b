//! # The clinic: the examples that nobody saw
//!
//! An epoch should use each of $N$ examples once. They have been shuffled and are numbered
//! $0, 1, \dots, N - 1$ in their new order. They are cut into mini-batches of $m$ examples, one after
//! another from number 0 on. If fewer than $m$ are left at the end, these make a last, smaller batch. No
//! batch is empty.
//!
//! The batch's gradient is a mean, so an example of a small batch counts for more than one of a full
//! batch. To make up for that, a batch of $s$ examples is given the learning rate $\eta\, s / m$, with
//! your own $\eta = {{rate}}$.
//!
//! A colleague's `batches(n, m)` is below; `n` is $N \ge 1$ and `m` is $m \ge 1$, and $m$ may be larger
//! than $N$. It should return three vectors of the same length, `starts`, `ends` and `rates`: batch
//! number $k$ holds the examples from `starts[k]` up to but not including `ends[k]`, and has the rate
//! `rates[k]`. The training never sees some of the examples. Mend it.
//!
//! ## Hints
//!
//! 1. Try $N = 6$, $m = 3$ on paper, and then $N = 7$, $m = 3$. Which examples are missing?
//! 2. There is another batch as long as an example is left, that is, as long as `start < n`.
//! 3. Where does a batch end that begins less than $m$ before $N$, how many examples has it, and so which
//!    rate?
//!
//! ## Explanation
//!
//! The condition `start + m < n` asks for a full batch and one example more, so that even a full last
//! batch is lost. With `start + m <= n` only the rest is lost, which for $N < m$ is everything. The loop
//! goes on as long as an example is left, and a batch ends at $N$ at the latest. There are
//! $\lceil N / m \rceil$ batches. With the rate $\eta\, s / m$ every example moves the weights by
//! $\eta / m$ times its gradient, whichever batch it is in; with the same rate for all, a last batch of
//! one example would count as much as a full one.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start + m < n {
            starts.push(start);
            ends.push(start + m);
            rates.push(own("rate"));
            start += m;
        }
        (starts, ends, rates)
    }
}

pub mod solution {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start < n {
            starts.push(start);
            ends.push((start + m).min(n));
            rates.push(own("rate") * ((start + m).min(n) - start) as f64 / m as f64);
            start += m;
        }
        (starts, ends, rates)
    }
}

/// The rest is lost: if m does not divide N, the last examples are in no batch.
pub mod rest_lost {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start + m <= n {
            starts.push(start);
            ends.push(start + m);
            rates.push(own("rate"));
            start += m;
        }
        (starts, ends, rates)
    }
}

/// The last batch goes beyond the last example: its end has to be N at most.
pub mod beyond {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start < n {
            starts.push(start);
            ends.push(start + m);
            rates.push(own("rate"));
            start += m;
        }
        (starts, ends, rates)
    }
}

/// There is an empty batch at the end if m divides N.
pub mod empty_batch {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start <= n {
            starts.push(start);
            ends.push((start + m).min(n));
            rates.push(own("rate") * ((start + m).min(n) - start) as f64 / m as f64);
            start += m;
        }
        (starts, ends, rates)
    }
}

/// The ends are the numbers of the last examples; an end is not included, so it is one more.
pub mod included {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start < n {
            starts.push(start);
            ends.push((start + m).min(n) - 1);
            rates.push(own("rate") * ((start + m).min(n) - start) as f64 / m as f64);
            start += m;
        }
        (starts, ends, rates)
    }
}

/// The batches leave gaps: the next one has to begin where the last one ended, not one later.
pub mod gaps {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start < n {
            starts.push(start);
            ends.push((start + m).min(n));
            rates.push(own("rate") * ((start + m).min(n) - start) as f64 / m as f64);
            start += m + 1;
        }
        (starts, ends, rates)
    }
}

/// The batches are right, but a small last batch still has the rate of a full one.
pub mod same_rate {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start < n {
            starts.push(start);
            ends.push((start + m).min(n));
            rates.push(own("rate"));
            start += m;
        }
        (starts, ends, rates)
    }
}

/// The size of the last batch is taken as the rest of N / m, which is 0 where m divides N: its rate is then zero.
pub mod no_rest {
    use super::own;

    pub fn batches(n: usize, m: usize) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
        let (mut starts, mut ends, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        while start < n {
            starts.push(start);
            ends.push((start + m).min(n));
            let size = if start + m < n { m } else { n % m };
            rates.push(own("rate") * size as f64 / m as f64);
            start += m;
        }
        (starts, ends, rates)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let case = |group, n: usize, m: usize| Case::new(group, Args::new().with("n", n).with("m", m));
    let (divides, leaves) = ("m divides N", "m does not divide N");
    let (m, k) = (draw.index(2, 9), draw.index(3, 8));
    let single = draw.index(2, 20);
    let mut cases = vec![
        case(divides, m * k, m),
        case(divides, single, single),
        case(divides, k, 1),
        case(divides, 12 * k, 12),
    ];
    let m = draw.index(4, 12);
    cases.push(case(leaves, m * k + 1, m));
    cases.push(case(leaves, m * k - 1, m));
    cases.push(case(leaves, m * 4 + draw.index(1, m), m));
    let n = draw.index(2, 20);
    cases.push(case(leaves, n, n + draw.index(1, 30)));
    cases
}

exercise! {
    id: "mini-batches",
    chapter: 7,
    points: 2,
    clinic: true,
    own: ["rate" in 0.05..0.90],
    source: include_str!("mini_batches.rs"),
    call: |x, ask| batches(x.index("n"), x.index("m")),
    mistakes: [rest_lost, beyond, empty_batch, included, gaps, same_rate, no_rest],
    // Indices are exact; a rate is a product and a quotient.
    judge: Judge::Same(1e-9),
}
