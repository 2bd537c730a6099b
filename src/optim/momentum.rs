use serde::{Deserialize, Serialize};

use super::{UpdateRule, check_learning_rate, fit_state};
use crate::{Error, Result, Scalar};

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
/// sum to 1 / (1 − ρ). Without dampening, as PyTorch's `SGD(momentum=ρ)`, which is
/// [`MomentumForm::Gradient`].
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
#[serde(bound = "")]
pub struct Momentum<T: Scalar = f64> {
    /// η, the factor of the gradient; finite and not negative.
    pub learning_rate: f64,
    /// ρ, the part of the velocity that survives a step; 0 ≤ ρ < 1.
    pub momentum: f64,
    /// What the velocity is; [`MomentumForm::Step`] unless said otherwise.
    pub form: MomentumForm,
    velocity: Vec<T>,
}

impl<T: Scalar> Momentum<T> {
    /// Momentum with the learning rate η and the momentum ρ.
    pub fn new(learning_rate: f64, momentum: f64) -> Self {
        Self { learning_rate, momentum, form: MomentumForm::default(), velocity: Vec::new() }
    }

    /// The same rule in another form.
    pub fn form(self, form: MomentumForm) -> Self {
        Self { form, ..self }
    }

    /// v, as long as the parameters; empty before the first step.
    pub fn velocity(&self) -> &[T] {
        &self.velocity
    }
}

impl<T: Scalar> UpdateRule<T> for Momentum<T> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        Error::check(
            (0.0..1.0).contains(&self.momentum),
            "momentum",
            self.momentum,
            "0 <= momentum < 1",
        )?;
        Error::check_len("gradient", gradient.len(), x.len())?;
        fit_state(&mut self.velocity, x.len())?;
        let (eta, rho) = (T::of(self.learning_rate), T::of(self.momentum));
        let step = x.iter_mut().zip(gradient).zip(&mut self.velocity);
        match self.form {
            MomentumForm::Step => {
                for ((x, &g), v) in step {
                    *v = rho * *v - eta * g;
                    *x += *v;
                }
            }
            MomentumForm::Gradient => {
                for ((x, &g), v) in step {
                    *v = rho * *v + g;
                    *x -= eta * *v;
                }
            }
        }
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    fn name(&self) -> &'static str {
        "momentum"
    }

    fn reset(&mut self) {
        self.velocity.clear();
    }
}
