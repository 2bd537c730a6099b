use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, data::rng};

/// How [`Batches`] choose their examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Sampling {
    /// Every epoch is a new order of all examples, cut into batches: without replacement.
    Shuffled,
    /// One order, drawn once, in every epoch.
    ShuffledOnce,
    /// Every example of every batch is drawn from all.
    WithReplacement,
    /// Every example is in a batch with probability size / N, independent of the others; a batch that
    /// came out empty is drawn again.
    Bernoulli,
    /// The order of the data, in every epoch.
    RoundRobin,
}

/// Mini-batches: lists of indices, epoch by epoch.
///
/// An epoch has ⌈N / size⌉ batches. What they are is a pure function of the seed and the epoch's
/// number, so any epoch can be had without those before it, and a run that is resumed sees what it
/// would have seen.
///
/// ```
/// use gradus::data::Batches;
///
/// let batches = Batches::shuffled(10, 4, 7)?;
/// let epoch = batches.epoch(0);
/// assert_eq!(epoch.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
/// let mut seen = epoch.concat();
/// seen.sort();
/// assert_eq!(seen, (0..10).collect::<Vec<_>>());
/// assert_ne!(batches.epoch(1), epoch);
///
/// // Without end, through one epoch after the other.
/// for batch in batches.iter().take(100) {
///     assert!(batch.len() <= 4);
/// }
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batches {
    sampling: Sampling,
    examples: usize,
    size: usize,
    seed: u64,
    drop_last: bool,
}

impl Batches {
    /// Batches of `size` out of `examples`, the last of an epoch smaller if need be; if there are
    /// fewer than `size`, all are one batch.
    ///
    /// # Errors
    /// If `examples` or `size` is 0.
    pub fn new(sampling: Sampling, examples: usize, size: usize, seed: u64) -> Result<Self> {
        Error::check(examples > 0, "examples", examples, "at least 1")?;
        Error::check(size > 0, "size", size, "at least 1")?;
        Ok(Self { sampling, examples, size: size.min(examples), seed, drop_last: false })
    }

    /// [`Sampling::Shuffled`]: the usual choice.
    ///
    /// # Errors
    /// As [`new`](Batches::new).
    pub fn shuffled(examples: usize, size: usize, seed: u64) -> Result<Self> {
        Self::new(Sampling::Shuffled, examples, size, seed)
    }

    /// [`Sampling::WithReplacement`]: every batch has `size` examples, the last of an epoch too.
    ///
    /// # Errors
    /// As [`new`](Batches::new).
    pub fn with_replacement(examples: usize, size: usize, seed: u64) -> Result<Self> {
        Self::new(Sampling::WithReplacement, examples, size, seed)
    }

    /// [`Sampling::Bernoulli`]: batches of about `size`.
    ///
    /// # Errors
    /// As [`new`](Batches::new).
    pub fn bernoulli(examples: usize, size: usize, seed: u64) -> Result<Self> {
        Self::new(Sampling::Bernoulli, examples, size, seed)
    }

    /// [`Sampling::RoundRobin`], which needs no seed.
    ///
    /// # Errors
    /// As [`new`](Batches::new).
    pub fn round_robin(examples: usize, size: usize) -> Result<Self> {
        Self::new(Sampling::RoundRobin, examples, size, 0)
    }

    /// The same without the smaller batch that may end an epoch.
    pub fn drop_last(mut self) -> Self {
        self.drop_last = true;
        self
    }

    /// N, the number of examples to choose from.
    pub fn examples(&self) -> usize {
        self.examples
    }

    /// The number of batches in an epoch.
    pub fn per_epoch(&self) -> usize {
        if self.drop_last { self.examples / self.size } else { self.examples.div_ceil(self.size) }
    }

    /// The batches of an epoch, counted from 0.
    pub fn epoch(&self, epoch: usize) -> Vec<Vec<usize>> {
        let mut rng = rng(self.seed);
        if self.sampling != Sampling::ShuffledOnce {
            rng.set_stream(epoch as u64);
        }
        let (all, count) = (0..self.examples, self.per_epoch());
        match self.sampling {
            Sampling::WithReplacement => (0..count)
                .map(|_| (0..self.size).map(|_| rng.random_range(all.clone())).collect())
                .collect(),
            Sampling::Bernoulli => {
                let p = self.size as f64 / self.examples as f64;
                let draw = || all.clone().filter(|_| rng.random_bool(p)).collect();
                std::iter::repeat_with(draw)
                    .filter(|batch: &Vec<usize>| !batch.is_empty())
                    .take(count)
                    .collect()
            }
            Sampling::Shuffled | Sampling::ShuffledOnce | Sampling::RoundRobin => {
                let mut order: Vec<usize> = all.collect();
                if self.sampling != Sampling::RoundRobin {
                    order.shuffle(&mut rng);
                }
                order.chunks(self.size).take(count).map(<[usize]>::to_vec).collect()
            }
        }
    }

    /// The batches of epoch 0, then those of epoch 1, and so on without end.
    pub fn iter(&self) -> Endless {
        Endless { batches: *self, epoch: 0, ready: Vec::new().into_iter() }
    }
}

impl IntoIterator for &Batches {
    type Item = Vec<usize>;
    type IntoIter = Endless;

    fn into_iter(self) -> Endless {
        self.iter()
    }
}

/// One batch after the other, without end: see [`Batches::iter`].
#[derive(Debug, Clone)]
pub struct Endless {
    batches: Batches,
    epoch: usize,
    ready: std::vec::IntoIter<Vec<usize>>,
}

impl Iterator for Endless {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        if self.ready.len() == 0 {
            self.ready = self.batches.epoch(self.epoch).into_iter();
            self.epoch += 1;
        }
        self.ready.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sampling; 5] = [
        Sampling::Shuffled,
        Sampling::ShuffledOnce,
        Sampling::WithReplacement,
        Sampling::Bernoulli,
        Sampling::RoundRobin,
    ];

    fn batches(sampling: Sampling, examples: usize, size: usize) -> Batches {
        Batches::new(sampling, examples, size, 3).unwrap()
    }

    #[test]
    fn without_replacement_everyone_comes_once() {
        for sampling in [Sampling::Shuffled, Sampling::ShuffledOnce, Sampling::RoundRobin] {
            for size in [1, 3, 7, 10, 11] {
                let batches = batches(sampling, 10, size);
                let epoch = batches.epoch(5);
                assert_eq!(epoch.len(), batches.per_epoch());
                let mut seen = epoch.concat();
                seen.sort_unstable();
                assert_eq!(seen, (0..10).collect::<Vec<_>>(), "{sampling:?} {size}");
            }
        }
        assert_eq!(batches(Sampling::RoundRobin, 4, 3).epoch(1), [vec![0, 1, 2], vec![3]]);
    }

    #[test]
    fn only_a_new_shuffle_differs_between_epochs() {
        for sampling in ALL {
            let batches = batches(sampling, 100, 10);
            let same = matches!(sampling, Sampling::ShuffledOnce | Sampling::RoundRobin);
            assert_eq!(batches.epoch(0) == batches.epoch(1), same, "{sampling:?}");
            assert_eq!(batches.epoch(1), batches.epoch(1));
        }
    }

    #[test]
    fn draws_are_even() {
        for sampling in [Sampling::WithReplacement, Sampling::Bernoulli] {
            let batches = batches(sampling, 10, 5);
            let mut counts = [0.0_f64; 10];
            let mut sizes = Vec::new();
            for batch in batches.iter().take(2 * 2000) {
                sizes.push(batch.len());
                batch.iter().for_each(|&i| counts[i] += 1.0);
            }
            // A Bernoulli batch of ten halves is empty once in 1,024 times.
            let mean =
                if sampling == Sampling::Bernoulli { 2000.0 * 1024.0 / 1023.0 } else { 2000.0 };
            // Standard deviations: 42 with replacement, 32 for Bernoulli.
            assert!(counts.iter().all(|c| (c - mean).abs() < 150.0), "{counts:?}");
            let equal = sizes.iter().all(|&size| size == 5);
            assert_eq!(equal, sampling == Sampling::WithReplacement);
            assert!(!sizes.contains(&0));
        }
    }

    #[test]
    fn the_first_place_is_anybody_s() {
        // 5,000 shuffles of 5: each is first 1,000 times, with a standard deviation of 28.
        let batches = batches(Sampling::Shuffled, 5, 1);
        let mut first = [0_i32; 5];
        (0..5000).for_each(|epoch| first[batches.epoch(epoch)[0][0]] += 1);
        assert!(first.iter().all(|n| (n - 1000).abs() < 150), "{first:?}");
    }

    #[test]
    fn the_end_of_an_epoch() {
        let batches = batches(Sampling::Shuffled, 10, 4).drop_last();
        assert_eq!(batches.per_epoch(), 2);
        assert!(batches.iter().take(9).all(|batch| batch.len() == 4));
        // More than there is: all of them.
        let batches = Batches::shuffled(3, 64, 0).unwrap().drop_last();
        assert_eq!(batches.iter().next().unwrap().len(), 3);
        let through: Vec<_> = batches.into_iter().take(2).collect();
        assert_eq!(through, [batches.epoch(0), batches.epoch(1)].concat());
    }

    /// Results in the book depend on it.
    #[test]
    fn the_order_never_changes() {
        let batches = Batches::shuffled(8, 8, 42).unwrap();
        assert_eq!(batches.epoch(0), [[7, 1, 5, 4, 6, 0, 3, 2]]);
    }

    #[test]
    fn nothing_to_choose_is_refused() {
        let message = |result: Result<Batches>| result.unwrap_err().to_string();
        assert_eq!(message(Batches::shuffled(0, 1, 0)), "`examples` is 0, expected at least 1");
        assert_eq!(message(Batches::bernoulli(1, 0, 0)), "`size` is 0, expected at least 1");
    }
}
