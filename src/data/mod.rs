//! Reproducible data: what to train on, how to scale it, and the batches to train with.
//!
//! Every random number comes from a seeded ChaCha generator, whose stream is the same on every machine.

mod batches;
mod digits;
pub mod idx;
mod labelled;
mod scaling;
mod sources;
mod synthetic;
mod table;

use ndarray::Array1;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

pub use batches::{Batches, Endless, Sampling};
pub use digits::digits;
pub use labelled::{Labelled, Split};
pub use scaling::{Standardizer, Whitening};
pub use sources::{Source, fashion_mnist, mnist, sources};
pub use synthetic::{blobs, function, line, polynomial, rings, sparse, spirals, three_modes};
pub use table::Table;

/// A generator that gives the same numbers for the same `seed`, on every machine and in every version.
///
/// ```
/// use gradus::prelude::*;
///
/// let mut a = rng(7);
/// let mut b = rng(7);
/// assert_eq!(a.random::<u64>(), b.random::<u64>());
/// ```
pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// n independent standard normal numbers.
///
/// ```
/// let noise = gradus::data::normal(1000, 0);
/// assert!(noise.mean().unwrap().abs() < 0.1);
/// ```
pub fn normal(n: usize, seed: u64) -> Array1<f64> {
    rng(seed).sample_iter(StandardNormal).take(n).collect()
}
