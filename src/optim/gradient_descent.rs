use serde::{Deserialize, Serialize};

use super::{State, UpdateRule, check_learning_rate, rule};
use crate::{Result, Scalar};

/// Gradient descent, and stochastic gradient descent when the gradient is that of a sample.
///
/// x ← x − η g
///
/// with the learning rate η ([`learning_rate`](GradientDescent::learning_rate)). The same as
/// PyTorch's `SGD` without its options. Source: A. Cauchy (1847); algorithm 8.1 of Goodfellow,
/// Bengio and Courville, *Deep Learning* (2016).
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = GradientDescent::new(0.5);
/// let mut w = array![1.0];
/// rule.step(&mut w, &array![0.2])?;
/// assert_eq!(w, array![0.9]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientDescent {
    /// η, the factor of the gradient; finite and not negative.
    pub learning_rate: f64,
    state: State,
}

impl GradientDescent {
    /// Gradient descent with the learning rate η.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, state: State::new() }
    }
}

rule!(GradientDescent, "gradient descent");

impl<T: Scalar> UpdateRule<T> for GradientDescent {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        let eta = T::of(self.learning_rate);
        self.state.each(x, gradient, move |x, g, []| *x -= eta * g)
    }
}
