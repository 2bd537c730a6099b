//! # AdaGrad for rare words
//!
//! A linear model has one weight for each word. A sentence has few of the words, so its gradient is zero
//! for all other weights. It comes as a list: `values[j]` is added to the gradient of the weight
//! `words[j]`, and all entries of the gradient begin at zero. If a word is in the sentence twice, it is in
//! the list twice, and its gradient $g_i$ is the sum of both values. Write `sparse_adagrad(w, r, words, values)`: one step of AdaGrad with this $g$,
//!
//! $$ r_i \leftarrow r_i + g_i^2, \qquad w_i \leftarrow w_i - \frac{\eta}{\sqrt{r_i} + \epsilon}\, g_i , $$
//!
//! with your own $\eta = {{rate}}$, with $\epsilon = 10^{-7}$, and with the new $r_i$ in the second
//! formula. `w` and `r` have the same length, and so have `words` and `values`; the lists may be empty.
//! Return the new $w$ and the new $r$, in this order. A weight whose word is not in the list keeps its
//! $w_i$ and its $r_i$.
//!
//! ## Hints
//!
//! 1. The word 3 comes with the values 2 and $-1$. What is $g_3$, and what is added to $r_3$?
//! 2. Is $(a + b)^2$ the same as $a^2 + b^2$? Sum the values of each word before you square.
//! 3. A vector of zeros as long as `w` may collect the gradient.
//!
//! ## Explanation
//!
//! The list is a way to write a gradient, so what counts is the sum for each word. Two small steps in
//! place of one use two different roots; a sum of squares in place of the square of the sum gives another
//! rate to each word that comes twice. With the values 1 and $-1$ the gradient is zero and nothing may
//! move. Libraries *coalesce* the list first: they add the values of each word. What makes AdaGrad good for
//! rare words is that a missing word adds nothing to its $r_i$: its rate waits until the word comes.

use crate::prelude::*;

pub mod stub {
    pub fn sparse_adagrad(
        w: &[f64],
        r: &[f64],
        words: &[usize],
        values: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn sparse_adagrad(
        w: &[f64],
        r: &[f64],
        words: &[usize],
        values: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 1e-7);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        let mut g = vec![0.0; w.len()];
        for (&i, value) in words.iter().zip(values) {
            g[i] += value;
        }
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

/// A word that comes twice makes two steps, each with a sum of its own; its values have to be added first.
pub mod two_steps {
    use super::own;

    pub fn sparse_adagrad(
        w: &[f64],
        r: &[f64],
        words: &[usize],
        values: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 1e-7);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for (&i, g) in words.iter().zip(values) {
            r[i] += g * g;
            w[i] -= rate * g / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

/// For a word that comes twice the squares of its values are added to r; it gets the square of their sum.
pub mod sum_of_squares {
    use super::own;

    pub fn sparse_adagrad(
        w: &[f64],
        r: &[f64],
        words: &[usize],
        values: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 1e-7);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        let mut g = vec![0.0; w.len()];
        for (&i, value) in words.iter().zip(values) {
            g[i] += value;
            r[i] += value * value;
        }
        for i in 0..w.len() {
            w[i] -= rate * g[i] / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

/// The last value of a word replaces the ones before; they have to be added.
pub mod last_value {
    use super::own;

    pub fn sparse_adagrad(
        w: &[f64],
        r: &[f64],
        words: &[usize],
        values: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 1e-7);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        let mut g = vec![0.0; w.len()];
        for (&i, value) in words.iter().zip(values) {
            g[i] = *value;
        }
        for i in 0..w.len() {
            r[i] += g[i] * g[i];
            w[i] -= rate * g[i] / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

/// The value at position j is given to the weight j: `words` tells which weight it belongs to.
pub mod positions {
    use super::own;

    pub fn sparse_adagrad(
        w: &[f64],
        r: &[f64],
        words: &[usize],
        values: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (rate, eps) = (own("rate"), 1e-7);
        let (mut w, mut r) = (w.to_vec(), r.to_vec());
        for (i, g) in values.iter().enumerate() {
            r[i] += g * g;
            w[i] -= rate * g / (r[i].sqrt() + eps);
        }
        (w, r)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, words: &[usize]| {
        let w = draw.vector(n, -3.0, 3.0);
        // A weight whose word has never come has r = 0.
        let r = (0..n).map(|i| if i % 3 == 1 { 0.0 } else { draw.decimal(0.1, 9.0, 2) });
        let r: Vec<f64> = r.collect();
        // No two values of a word sum to zero.
        let sign = |j: usize| if j.is_multiple_of(2) { 1.0 } else { -0.4 };
        let value = |j: usize| sign(j) * draw.decimal(0.5, 1.2, 2);
        let values: Vec<f64> = (0..words.len()).map(value).collect();
        let args = Args::new().with("w", w).with("r", r);
        Case::new(group, args.with("words", words.to_vec()).with("values", values))
    };
    let (once, twice) = ("no word twice", "words that come twice");
    vec![
        case(once, 4, &[1, 3]),
        case(once, 6, &[4, 0, 2]),
        case(once, 3, &[]),
        case(twice, 3, &[1, 1]),
        case(twice, 5, &[2, 4, 1, 2]),
        case(twice, 6, &[3, 0, 5, 3, 0, 3]),
    ]
}

exercise! {
    id: "sparse-adagrad",
    chapter: 16,
    points: 3,
    own: ["rate" in 0.05..0.60],
    source: include_str!("sparse_adagrad.rs"),
    call: |x, ask| sparse_adagrad(
        x.vector("w"),
        x.vector("r"),
        x.indices("words"),
        x.vector("values"),
    ),
    mistakes: [two_steps, sum_of_squares, last_value, positions],
    // A handful of operations.
    judge: Judge::Same(1e-9),
}
