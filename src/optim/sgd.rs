use serde::{Deserialize, Serialize};

use super::{State, UpdateRule, check_decay, check_learning_rate, rule};
use crate::{Result, Scalar};

/// Stochastic gradient descent with all the options of PyTorch's `SGD`, under its conventions.
///
/// v ← ρ v + (1 − τ) g (at the first step v ← g),  x ← x − η v, or with
/// [`nesterov`](field@Sgd::nesterov) x ← x − η (g + ρ v)
///
/// Without momentum, x ← x − η g. Defaults: ρ = τ = 0. [`Momentum`](super::Momentum) and
/// [`Nesterov`](super::Nesterov) are the same ideas in the literature's forms. Source: H. Robbins and
/// S. Monro (1951); PyTorch's `SGD`.
///
/// ```
/// use gradus::optim::Sgd;
/// use gradus::prelude::*;
///
/// let mut rule = Sgd::new(0.1).momentum(0.5);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![1.0])?; // v = 1
/// rule.step(&mut w, &array![1.0])?; // v = 1.5
/// assert!((w[0] - 0.75).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sgd {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// ρ, the part of v that survives a step; 0 ≤ ρ < 1.
    pub momentum: f64,
    /// τ, the part of each gradient but the first that is left out; 0 ≤ τ < 1.
    pub dampening: f64,
    /// Whether to step along g + ρ v: Nesterov's momentum after the change of variables.
    pub nesterov: bool,
    state: State,
}

impl Sgd {
    /// Stochastic gradient descent without momentum.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, momentum: 0.0, dampening: 0.0, nesterov: false, state: State::new() }
    }
}

rule!(Sgd, "SGD", momentum: f64, dampening: f64, nesterov: bool);

impl<T: Scalar> UpdateRule<T> for Sgd {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_decay("momentum", self.momentum)?;
        check_decay("dampening", self.dampening)?;
        let (eta, rho) = (T::of(self.learning_rate), T::of(self.momentum));
        if self.momentum == 0.0 {
            return self.state.each(x, gradient, move |x, g, []| *x -= eta * g);
        }
        let first = self.state.steps() == 0;
        let add = if first { T::one() } else { T::of(1.0 - self.dampening) };
        if self.nesterov {
            self.state.each(x, gradient, move |x, g, [v]| {
                *v = rho * *v + add * g;
                *x -= eta * (g + rho * *v);
            })
        } else {
            self.state.each(x, gradient, move |x, g, [v]| {
                *v = rho * *v + add * g;
                *x -= eta * *v;
            })
        }
    }
}
