use serde::{Deserialize, Serialize};

use super::{check_positive, check_rate};
use crate::{Error, Result};

/// Lowers the rate when the loss no longer falls.
///
/// A loss counts as better if it is below best · (1 − threshold), or for a negative best below
/// best · (1 + threshold). After more than `patience` losses in a row that are not better, the rate is multiplied by `factor` and the next
/// `cooldown` losses are not counted as bad. Defaults: factor 0.1, patience 10, threshold 10⁻⁴, no
/// cooldown, no lowest rate: PyTorch's `ReduceLROnPlateau`, whose decisions these are.
///
/// ```
/// use gradus::prelude::*;
///
/// let mut plateau = ReduceOnPlateau::new(0.1)?.patience(1);
/// let rates: Vec<f64> = [3.0, 2.0, 2.0, 2.0, 1.0].map(|loss| plateau.observe(loss)).to_vec();
/// assert_eq!(rates[..3], [0.1, 0.1, 0.1]);
/// assert!((rates[3] - 0.01).abs() < 1e-17 && rates[4] == rates[3]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReduceOnPlateau {
    rate: f64,
    factor: f64,
    patience: usize,
    threshold: f64,
    cooldown: usize,
    lowest: f64,
    best: Option<f64>,
    bad: usize,
    cooling: usize,
}

impl ReduceOnPlateau {
    /// Begins with the rate η.
    ///
    /// # Errors
    /// If η is negative or not finite.
    pub fn new(rate: f64) -> Result<Self> {
        check_rate("rate", rate)?;
        Ok(Self {
            rate,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            cooldown: 0,
            lowest: 0.0,
            best: None,
            bad: 0,
            cooling: 0,
        })
    }

    /// By what the rate is multiplied, in (0, 1).
    ///
    /// # Errors
    /// If `factor` is not in (0, 1).
    pub fn factor(self, factor: f64) -> Result<Self> {
        check_positive("factor", factor)?;
        Error::check(factor < 1.0, "factor", factor, "a number in (0, 1)")?;
        Ok(Self { factor, ..self })
    }

    /// How many losses in a row may be no better.
    pub fn patience(self, patience: usize) -> Self {
        Self { patience, ..self }
    }

    /// How much better, relatively, counts as better.
    ///
    /// # Errors
    /// If `threshold` is negative or not finite.
    pub fn threshold(self, threshold: f64) -> Result<Self> {
        check_rate("threshold", threshold)?;
        Ok(Self { threshold, ..self })
    }

    /// How many losses after a reduction are not counted.
    pub fn cooldown(self, cooldown: usize) -> Self {
        Self { cooldown, ..self }
    }

    /// Below which the rate does not go.
    ///
    /// # Errors
    /// If `lowest` is negative or not finite.
    pub fn lowest(self, lowest: f64) -> Result<Self> {
        check_rate("lowest", lowest)?;
        Ok(Self { lowest, ..self })
    }

    /// The present rate.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Takes note of a loss and returns the rate for what follows. A NaN is no better than anything.
    pub fn observe(&mut self, loss: f64) -> f64 {
        let better = match self.best {
            None => !loss.is_nan(),
            Some(best) => loss < best - self.threshold * best.abs(),
        };
        if better {
            self.best = Some(loss);
            self.bad = 0;
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > self.patience {
            let reduced = (self.rate * self.factor).max(self.lowest);
            // PyTorch's smallest change that is worth making.
            if self.rate - reduced > 1e-8 {
                self.rate = reduced;
            }
            self.cooling = self.cooldown;
            self.bad = 0;
        }
        self.rate
    }
}
