use crate::{Error, Result};

/// The online problem on which Adam goes the wrong way: on [−1, 1], at round t = 0, 1, 2, … the loss is
/// C x if t is a multiple of 3, and −x else, with C > 2.
///
/// Three rounds in a row sum to (C − 2) x: the best fixed x is −1. Adam with β₁ = 0 and β₂ = 1/(1 + C²)
/// shortens the rare large step so much that it ends near x = 1; AMSGrad does not. Use it with
/// [`project`](crate::optim::Rule::project). Source: S. J. Reddi, S. Kale and S. Kumar (2018), section 3.
///
/// ```
/// use gradus::optim::{Adam, Region, UpdateRule};
/// use gradus::prelude::*;
/// use gradus::problems::Reddi;
///
/// let problem = Reddi::new(3.0)?;
/// let interval = Region::Box { low: -1.0, high: 1.0 };
/// let mut rule = Adam::new(0.1).beta1(0.0).beta2(0.1).bias_correction(false).project(interval);
/// let mut x = [0.0];
/// let mut losses = Vec::new();
/// for t in 0..3000 {
///     losses.push(problem.loss(t, x[0]));
///     rule.set_learning_rate(0.1 / ((t + 1) as f64).sqrt());
///     rule.update(&mut x, &[problem.gradient(t)])?;
/// }
/// assert!(x[0] > 0.9); // the worst point of the interval
/// assert!(problem.regret(&losses) > 1000.0);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reddi {
    rare: f64,
}

impl Reddi {
    /// The problem with the rare slope C, often 3.
    ///
    /// # Errors
    /// If C is not a finite number > 2.
    pub fn new(rare: f64) -> Result<Self> {
        Error::check(rare > 2.0 && rare.is_finite(), "rare", rare, "a finite number > 2")?;
        Ok(Self { rare })
    }

    /// The slope of round t's loss.
    pub fn gradient(&self, t: usize) -> f64 {
        if t.is_multiple_of(3) { self.rare } else { -1.0 }
    }

    /// Round t's loss at x.
    pub fn loss(&self, t: usize, x: f64) -> f64 {
        self.gradient(t) * x
    }

    /// Σ `losses` minus what the best fixed point, x = −1, would have lost in these rounds.
    pub fn regret(&self, losses: &[f64]) -> f64 {
        let best: f64 = (0..losses.len()).map(|t| self.loss(t, -1.0)).sum();
        losses.iter().sum::<f64>() - best
    }
}
