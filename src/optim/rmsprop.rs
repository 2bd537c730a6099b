use serde::{Deserialize, Serialize};

use super::nesterov::look_ahead;
use super::{Epsilon, State, UpdateRule, check_decay, check_learning_rate, rule};
use crate::{Result, Scalar};

/// RMSProp: AdaGrad with a sum that leaks, alone, with momentum, or with Nesterov's momentum.
///
/// r ← ρ r + (1 − ρ) g²,  v ← α v − η g / (√r + ε),  x ← x + v
///
/// With [`nesterov`](field@RmsProp::nesterov) the gradient is that at x + α v: algorithm 8.6, which prints no
/// ε. Without momentum (α = 0, the default) no v is kept. Defaults: ρ = 0.9 (PyTorch: 0.99) and ε = 10⁻⁸
/// outside the root, as in PyTorch; algorithm 8.5 has 10⁻⁶ inside. PyTorch keeps −v/η in place of v: the same at a constant
/// rate. Source: T. Tieleman and G. Hinton, lecture 6.5 of *Neural Networks for Machine Learning* (2012);
/// algorithms 8.5 and 8.6 of *Deep Learning* (2016).
///
/// ```
/// use gradus::optim::RmsProp;
/// use gradus::prelude::*;
///
/// // r = 0.1 g² at first: the step is η / √0.1, whatever the gradient's size.
/// let mut rule = RmsProp::new(0.1);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![7.0])?;
/// assert!((w[0] - (1.0 - 0.1 / 0.1_f64.sqrt())).abs() < 1e-8);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RmsProp {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// ρ, the part of r that survives a step; 0 ≤ ρ < 1.
    pub decay: f64,
    /// ε, which keeps from dividing by zero.
    pub epsilon: Epsilon,
    /// α, the part of v that survives a step; 0 ≤ α < 1.
    pub momentum: f64,
    /// Whether the gradient is taken at x + α v.
    pub nesterov: bool,
    state: State,
}

impl RmsProp {
    /// RMSProp without momentum.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            decay: 0.9,
            epsilon: Epsilon::Outside(1e-8),
            momentum: 0.0,
            nesterov: false,
            state: State::new(),
        }
    }
}

rule!(RmsProp, "RMSProp", decay: f64, epsilon: Epsilon, momentum: f64, nesterov: bool);

impl<T: Scalar> UpdateRule<T> for RmsProp {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_decay("decay", self.decay)?;
        check_decay("momentum", self.momentum)?;
        let (eta, alpha) = (T::of(self.learning_rate), T::of(self.momentum));
        let (keep, add) = (T::of(self.decay), T::of(1.0 - self.decay));
        let (inside, outside) = self.epsilon.terms::<T>()?;
        if self.momentum == 0.0 {
            self.state.each(x, gradient, move |x, g, [r]| {
                *r = keep * *r + add * g * g;
                *x -= eta * g / ((*r + inside).sqrt() + outside);
            })
        } else {
            self.state.each(x, gradient, move |x, g, [r, v]| {
                *r = keep * *r + add * g * g;
                *v = alpha * *v - eta * g / ((*r + inside).sqrt() + outside);
                *x += *v;
            })
        }
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        match self.state.slot_of::<T>(1) {
            Some(velocity) if self.nesterov => {
                look_ahead(x, velocity, T::of(self.momentum), scratch)
            }
            _ => x,
        }
    }
}
