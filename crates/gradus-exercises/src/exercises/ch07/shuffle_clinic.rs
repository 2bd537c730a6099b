//! # The clinic: inputs that lost their labels
//!
//! A net learns nothing: its loss stays at chance. The inputs are shuffled before each epoch, and that
//! is where it goes wrong. Example $i$ has the input `x[i]` and the label `y[i]`; they belong together.
//! `shuffle(x, y, u)` should put the $N$ examples into a random order and return the inputs and the labels
//! in this order, with the algorithm of Fisher and Yates:
//!
//! for $i = N - 1, N - 2, \dots, 1$, in this order, exchange the examples number $i$ and number
//!
//! $$ j = \lfloor u\,(i + 1) \rfloor , $$
//!
//! where $u$ is the next of the $N - 1$ random numbers in `u`, each from $[0, 1)$: `u[0]` belongs to
//! $i = N - 1$. If $j = i$, nothing moves. There are at least two examples. Mend the code.
//!
//! ## Hints
//!
//! 1. Shuffle two examples by hand, with `u = [0.2]`. Which label has each input afterwards?
//! 2. Positions after $i$ are done. From how many positions may $j$ be drawn, so that they stay as they
//!    are?
//!
//! ## Explanation
//!
//! Inputs with the labels of other examples have nothing to teach: the best that a net can do is to
//! predict how frequent each class is. Nothing crashes, only the loss does not fall. The second fault is
//! quieter. If $j$ comes from all $N$ positions each time, there are $N^{N-1}$ equally likely ways to
//! draw, which cannot be shared equally among $N!$ orders: for $N = 3$, nine ways for six orders. With
//! $i + 1$ positions there are exactly $N!$ ways, one for each order.

use crate::prelude::*;

pub mod stub {
    pub fn shuffle(x: &[Vec<f64>], y: &[f64], u: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (mut x, y) = (x.to_vec(), y.to_vec());
        let n = x.len();
        for (i, u) in (1..n).rev().zip(u) {
            let j = (u * n as f64).floor() as usize;
            x.swap(i, j);
        }
        (x, y)
    }
}

pub mod solution {
    pub fn shuffle(x: &[Vec<f64>], y: &[f64], u: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (mut x, mut y) = (x.to_vec(), y.to_vec());
        let n = x.len();
        for (i, u) in (1..n).rev().zip(u) {
            let j = (u * (i + 1) as f64).floor() as usize;
            x.swap(i, j);
            y.swap(i, j);
        }
        (x, y)
    }
}

/// The inputs are in the right order, but the labels stay where they were: they belong to other examples now.
pub mod labels_stay {
    pub fn shuffle(x: &[Vec<f64>], y: &[f64], u: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (mut x, y) = (x.to_vec(), y.to_vec());
        let n = x.len();
        for (i, u) in (1..n).rev().zip(u) {
            let j = (u * (i + 1) as f64).floor() as usize;
            x.swap(i, j);
        }
        (x, y)
    }
}

/// Labels go with their inputs, but j is still drawn from all N positions: not every order is equally likely.
pub mod from_all {
    pub fn shuffle(x: &[Vec<f64>], y: &[f64], u: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (mut x, mut y) = (x.to_vec(), y.to_vec());
        let n = x.len();
        for (i, u) in (1..n).rev().zip(u) {
            let j = (u * n as f64).floor() as usize;
            x.swap(i, j);
            y.swap(i, j);
        }
        (x, y)
    }
}

/// j is drawn from the i positions before i, so an example can never stay where it is.
pub mod never_stays {
    pub fn shuffle(x: &[Vec<f64>], y: &[f64], u: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (mut x, mut y) = (x.to_vec(), y.to_vec());
        let n = x.len();
        for (i, u) in (1..n).rev().zip(u) {
            let j = (u * i as f64).floor() as usize;
            x.swap(i, j);
            y.swap(i, j);
        }
        (x, y)
    }
}

/// The labels are shuffled for themselves, with the random numbers in another order than the inputs.
pub mod apart {
    pub fn shuffle(x: &[Vec<f64>], y: &[f64], u: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (mut x, mut y) = (x.to_vec(), y.to_vec());
        let n = x.len();
        for (i, u) in (1..n).rev().zip(u) {
            let j = (u * (i + 1) as f64).floor() as usize;
            x.swap(i, j);
        }
        for (i, u) in (1..n).rev().zip(u.iter().rev()) {
            let j = (u * (i + 1) as f64).floor() as usize;
            y.swap(i, j);
        }
        (x, y)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    // The range of each draw: near 0 an example moves, near 1 it stays.
    let mut case = |group, ranges: &[[f64; 2]]| {
        let n = ranges.len() + 1;
        let x: Vec<Vec<f64>> = (0..n).map(|_| draw.vector(2, -2.0, 2.0)).collect();
        let y: Vec<f64> = (0..n).map(|i| i as f64).collect();
        // Three decimals below 0.997: no product with a small whole number is rounded up to one.
        let u: Vec<f64> = ranges.iter().map(|[low, high]| draw.decimal(*low, *high, 3)).collect();
        Case::new(group, Args::new().with("x", x).with("y", y).with("u", u))
    };
    let (any, small, large) = ([0.0, 0.99], [0.02, 0.1], [0.93, 0.99]);
    vec![
        case("any draws", &[small, any, any, any]),
        case("any draws", &[[0.3, 0.6], any, any, any, any]),
        case("any draws", &[any, small, large, any, any, any, small]),
        case("draws near 0 and 1", &[large, small, large]),
        case("draws near 0 and 1", &[small, large, small, large]),
        case("draws near 0 and 1", &[large, large, small, large, small]),
    ]
}

exercise! {
    id: "shuffle-clinic",
    chapter: 7,
    points: 2,
    clinic: true,
    source: include_str!("shuffle_clinic.rs"),
    call: |x, ask| shuffle(x.matrix("x"), x.vector("y"), x.vector("u")),
    mistakes: [labels_stay, from_all, never_stays, apart],
    // The numbers are only moved.
    judge: Judge::Same(0.0),
}
