//! # What a smaller search would have found
//!
//! A random search has made $M$ runs with the losses $x_1 \le x_2 \le \dots \le x_M$. Had it made only $T$ of
//! them, each choice of $T$ runs being equally likely, its best loss would have been on average
//!
//! $$ \mathbb{E}[\text{best of } T] = \sum_{i=1}^{M} x_i \binom{M - i}{T - 1} \Big/ \binom{M}{T} , \qquad
//!    \binom{n}{k} = \frac{n\,(n - 1) \cdots (n - k + 1)}{k\,(k - 1) \cdots 1} . $$
//!
//! A binomial coefficient is 0 if $k > n$, and 1 if $k = 0$. Write `expected_best(losses, t)`. The losses
//! come in the order of the runs, and $1 \le T \le M \le 8$. Some runs have diverged: a loss that is NaN,
//! infinite or above your own ${{cap}}$ counts as ${{cap}}$.
//!
//! ## Hints
//!
//! 1. In which order does the formula want the losses, and in which order do they come?
//! 2. Write $\binom{n}{k}$ as a product of the $k$ factors $n / 1$, $(n - 1) / 2$, and so on. It is 0 by
//!    itself if $k > n$, for one of the factors is.
//! 3. Check: for $T = 1$ it is the mean of all, for $T = M$ the lowest.
//!
//! ## Explanation
//!
//! The best is $x_i$ if run $i$ is picked and the other $T - 1$ come from the $M - i$ runs behind it. That is
//! so in $\binom{M - i}{T - 1}$ of the $\binom{M}{T}$ ways to pick. One search thus tells what any smaller
//! one would have found, without a run more. Diverged runs have to stay in: to leave them out is to claim
//! that one knew beforehand which rates not to try. A cap keeps one of them from deciding the mean.

use crate::prelude::*;

pub mod stub {
    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::own;

    fn choose(n: usize, k: usize) -> f64 {
        (0..k).map(|j| (n as f64 - j as f64) / (j as f64 + 1.0)).product()
    }

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        let cap = own("cap");
        let mut x: Vec<f64> = losses.iter().map(|&x| if x < cap { x } else { cap }).collect();
        x.sort_by(f64::total_cmp);
        let m = x.len();
        (1..=m).map(|i| x[i - 1] * choose(m - i, t - 1)).sum::<f64>() / choose(m, t)
    }
}

/// The losses are taken in the order of the runs; the formula wants them sorted, the lowest first.
pub mod unsorted {
    use super::own;

    fn choose(n: usize, k: usize) -> f64 {
        (0..k).map(|j| (n as f64 - j as f64) / (j as f64 + 1.0)).product()
    }

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        let cap = own("cap");
        let x: Vec<f64> = losses.iter().map(|&x| if x < cap { x } else { cap }).collect();
        let m = x.len();
        (1..=m).map(|i| x[i - 1] * choose(m - i, t - 1)).sum::<f64>() / choose(m, t)
    }
}

/// Diverged runs are left out: then the search looks better than it was, for it has paid for them too.
pub mod dropped {
    use super::own;

    fn choose(n: usize, k: usize) -> f64 {
        (0..k).map(|j| (n as f64 - j as f64) / (j as f64 + 1.0)).product()
    }

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        let cap = own("cap");
        let mut x: Vec<f64> =
            losses.iter().copied().filter(|x| x.is_finite()).map(|x| x.min(cap)).collect();
        x.sort_by(f64::total_cmp);
        let m = x.len();
        (1..=m).map(|i| x[i - 1] * choose(m - i, t - 1)).sum::<f64>() / choose(m, t)
    }
}

/// A diverged run enters with its own loss, and one that is huge or not a number decides the mean.
pub mod uncapped {
    fn choose(n: usize, k: usize) -> f64 {
        (0..k).map(|j| (n as f64 - j as f64) / (j as f64 + 1.0)).product()
    }

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        let mut x: Vec<f64> = losses.to_vec();
        x.sort_by(f64::total_cmp);
        let m = x.len();
        (1..=m).map(|i| x[i - 1] * choose(m - i, t - 1)).sum::<f64>() / choose(m, t)
    }
}

/// These are the weights of T draws with replacement, where a run can be picked twice.
pub mod with_return {
    use super::own;

    fn share(m: usize, i: usize, t: usize) -> f64 {
        ((m - i) as f64 / m as f64).powi(t as i32)
    }

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        let cap = own("cap");
        let mut x: Vec<f64> = losses.iter().map(|&x| if x < cap { x } else { cap }).collect();
        x.sort_by(f64::total_cmp);
        let m = x.len();
        (1..=m).map(|i| x[i - 1] * (share(m, i - 1, t) - share(m, i, t))).sum()
    }
}

/// The run itself is counted among those behind it: the i-th has M - i behind it, and these weights do not sum to 1.
pub mod shifted {
    use super::own;

    fn choose(n: usize, k: usize) -> f64 {
        (0..k).map(|j| (n as f64 - j as f64) / (j as f64 + 1.0)).product()
    }

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        let cap = own("cap");
        let mut x: Vec<f64> = losses.iter().map(|&x| if x < cap { x } else { cap }).collect();
        x.sort_by(f64::total_cmp);
        let m = x.len();
        (1..=m).map(|i| x[i - 1] * choose(m + 1 - i, t - 1)).sum::<f64>() / choose(m, t)
    }
}

/// This is the lowest loss of all M runs; the best of T runs is higher on average.
pub mod lowest {
    use super::own;

    pub fn expected_best(losses: &[f64], t: usize) -> f64 {
        losses.iter().copied().fold(own("cap"), f64::min)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, good: usize, bad: &[f64], t: usize| {
        let mut losses = draw.vector(good, 0.1, 2.0);
        // The diverged runs are not the last ones.
        for (i, &loss) in bad.iter().enumerate() {
            let place = draw.index(0, good);
            losses.insert(place + i, loss);
        }
        // Nor is the search sorted by chance.
        losses.push(0.05);
        Case::new(group, Args::new().with("losses", losses).with("t", t))
    };
    let (ended, diverged) = ("large losses", "runs without a loss");
    let (nan, infinite) = (f64::NAN, f64::INFINITY);
    vec![
        case(ended, 3, &[15.3, 22.1], 2),
        case(ended, 4, &[31.7], 1),
        case(ended, 3, &[41.5, 18.2, 25.0], 3),
        case(diverged, 3, &[nan, nan], 2),
        case(diverged, 4, &[infinite, nan, 17.4], 2),
        case(diverged, 2, &[nan, infinite, infinite], 3),
        case(diverged, 5, &[nan], 1),
    ]
}

exercise! {
    id: "expected-best",
    chapter: 21,
    points: 3,
    own: ["cap" in 2.50..9.50],
    source: include_str!("expected_best.rs"),
    call: |x, ask| expected_best(x.vector("losses"), x.index("t")),
    mistakes: [unsorted, dropped, uncapped, with_return, shifted, lowest],
    // At most eight products.
    judge: Judge::Same(1e-9),
}
