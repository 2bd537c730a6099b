//! Seeded random cases.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// Draws the cases of an exercise. The same seed and purpose give the same numbers on every machine.
#[derive(Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// Draws for a purpose: other purposes with the same seed are independent.
    pub fn new(purpose: &str, seed: u64) -> Self {
        let mut sum = Sha256::new();
        sum.update(seed.to_le_bytes());
        sum.update(purpose);
        Self(ChaCha8Rng::from_seed(sum.finalize().into()))
    }

    /// Uniform in [low, high).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        self.0.random_range(low..high)
    }

    /// Uniform in [low, high), with this many decimals: numbers that a person can read.
    pub fn decimal(&mut self, low: f64, high: f64, decimals: i32) -> f64 {
        let scale = 10_f64.powi(decimals);
        // A zero has no sign.
        (self.uniform(low, high) * scale).round() / scale + 0.0
    }

    /// One of low, low + 1, ..., high - 1.
    pub fn index(&mut self, low: usize, high: usize) -> usize {
        self.0.random_range(low..high)
    }

    /// A vector of n numbers in [low, high), to three decimals.
    pub fn vector(&mut self, n: usize, low: f64, high: f64) -> Vec<f64> {
        (0..n).map(|_| self.decimal(low, high, 3)).collect()
    }

    /// A symmetric matrix with these eigenvalues, turned at random.
    pub fn symmetric(&mut self, eigenvalues: &[f64]) -> Vec<Vec<f64>> {
        let n = eigenvalues.len();
        let mut a = vec![vec![0.0; n]; n];
        for (i, row) in a.iter_mut().enumerate() {
            row[i] = eigenvalues[i];
        }
        // A rotation of each pair of axes keeps the eigenvalues.
        for i in 0..n {
            for j in i + 1..n {
                let (sin, cos) = self.uniform(0.3, 1.2).sin_cos();
                let turn = |x: &mut f64, y: &mut f64| {
                    (*x, *y) = (cos * *x - sin * *y, sin * *x + cos * *y);
                };
                for row in &mut a {
                    let (left, right) = row.split_at_mut(j);
                    turn(&mut left[i], &mut right[0]);
                }
                let (above, below) = a.split_at_mut(j);
                above[i].iter_mut().zip(&mut below[0]).for_each(|(x, y)| turn(x, y));
            }
        }
        a
    }
}
