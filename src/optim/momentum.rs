use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::{State, UpdateRule, check_decay, check_learning_rate, rule};
use crate::{Result, Scalar};

/// Which quantity the velocity of [`Momentum`] is.
///
/// At a constant learning rate both give the same points. When the rate changes, they part: the first
/// keeps the length of old steps, the second rescales them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MomentumForm {
    /// v ← ρ v − η g, x ← x + v: the velocity is the last step (Polyak; algorithm 8.2).
    #[default]
    Step,
    /// v ← ρ v + g, x ← x − η v: the velocity is a sum of gradients (PyTorch's `SGD`).
    Gradient,
}

/// Momentum, the heavy ball.
///
/// v ← ρ v − η g,  x ← x + v
///
/// with the learning rate η, the momentum ρ (often 0.9) and the velocity v, zero at first. Minus the
/// velocity is η times the sum of all past gradients, the one k steps ago with weight ρᵏ; the weights
/// sum to 1 / (1 − ρ). PyTorch's `SGD(momentum=ρ)` is [`MomentumForm::Gradient`]. With
/// [`dampening`](field@Momentum::dampening) τ the gradient comes in as (1 − τ) g: with τ = ρ the velocity is a
/// mean of gradients and not a sum. (PyTorch does not damp the first gradient; [`Sgd`](super::Sgd)
/// does as PyTorch does.)
///
/// Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods" (1964);
/// algorithm 8.2 of *Deep Learning* (2016).
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = Momentum::new(0.1, 0.9);
/// let mut w = array![1.0_f64];
/// rule.step(&mut w, &array![1.0])?; // v = −0.1
/// rule.step(&mut w, &array![1.0])?; // v = −0.19
/// assert!((w[0] - 0.71).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Momentum {
    /// η, the factor of the gradient; finite and not negative.
    pub learning_rate: f64,
    /// ρ, the part of the velocity that survives a step; 0 ≤ ρ < 1.
    pub momentum: f64,
    /// τ, the part of each gradient that is left out; 0 ≤ τ < 1, and 0 unless said otherwise.
    pub dampening: f64,
    /// What the velocity is; [`MomentumForm::Step`] unless said otherwise.
    pub form: MomentumForm,
    state: State,
}

impl Momentum {
    /// Momentum with the learning rate η and the momentum ρ.
    pub fn new(learning_rate: f64, momentum: f64) -> Self {
        Self {
            learning_rate,
            momentum,
            dampening: 0.0,
            form: MomentumForm::default(),
            state: State::new(),
        }
    }

    /// v, as long as the parameters; empty before the first step.
    pub fn velocity(&self) -> Array1<f64> {
        self.state.slot(0)
    }
}

rule!(Momentum, "momentum", dampening: f64, form: MomentumForm);

impl<T: Scalar> UpdateRule<T> for Momentum {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_decay("momentum", self.momentum)?;
        check_decay("dampening", self.dampening)?;
        let (eta, rho) = (T::of(self.learning_rate), T::of(self.momentum));
        let add = T::of(1.0 - self.dampening);
        match self.form {
            MomentumForm::Step => {
                let add = eta * add;
                self.state.each(x, gradient, move |x, g, [v]| {
                    *v = rho * *v - add * g;
                    *x += *v;
                })
            }
            MomentumForm::Gradient => self.state.each(x, gradient, move |x, g, [v]| {
                *v = rho * *v + add * g;
                *x -= eta * *v;
            }),
        }
    }
}
