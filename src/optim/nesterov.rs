use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::{State, UpdateRule, check_decay, check_learning_rate, rule};
use crate::{Result, Scalar};

/// Where [`Nesterov`] takes its gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum NesterovForm {
    /// At the look-ahead point x + ρ v: v ← ρ v − η g, x ← x + v (algorithm 8.3).
    #[default]
    LookAhead,
    /// At x, which then *is* the look-ahead point: v ← ρ v − η g, x ← x + ρ v − η g. So libraries do it,
    /// because their gradient is that of the parameters they hold.
    Shifted,
}

/// Nesterov's accelerated gradient.
///
/// v ← ρ v − η ∇f(x + ρ v),  x ← x + v
///
/// Both [forms](NesterovForm) take the same gradients: the shifted form's x is the look-ahead form's
/// x + ρ v. With [`accelerating`](field@Nesterov::accelerating) the k-th step (from 1) has ρ = (k − 1) / (k + 2),
/// with which f(xₖ) − f* = O(1/k²) on every convex function with η ≤ 1/L.
///
/// Source: Y. Nesterov (1983); algorithm 8.3 of *Deep Learning* (2016); the change of variables: Y. Bengio,
/// N. Boulanger-Lewandowski and R. Pascanu (2012). PyTorch's `SGD(nesterov=True)` is the shifted form at a
/// constant rate.
///
/// ```
/// use gradus::optim::{Nesterov, NesterovForm};
/// use gradus::prelude::*;
///
/// let f = |w: ArrayView1<f64>| (w.dot(&w) / 2.0, w.to_owned());
/// let run = |form| {
///     let mut rule = Nesterov::new(0.1, 0.5).form(form);
///     let trace = Minimize::steps(2).run(&f, &array![1.0], &mut rule)?;
///     Ok::<_, gradus::Error>((trace.x[0], rule.velocity()[0]))
/// };
/// let (x, v) = run(NesterovForm::LookAhead)?;
/// let (shifted, _) = run(NesterovForm::Shifted)?;
/// assert!((shifted - (x + 0.5 * v)).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nesterov {
    /// η, finite and not negative.
    pub learning_rate: f64,
    /// ρ, 0 ≤ ρ < 1.
    pub momentum: f64,
    /// Whether ρ is (k − 1) / (k + 2) at the k-th step in place of [`momentum`](field@Nesterov::momentum).
    pub accelerating: bool,
    /// Where the gradient is taken; [`NesterovForm::LookAhead`] unless said otherwise.
    pub form: NesterovForm,
    state: State,
}

impl Nesterov {
    /// Nesterov's rule with the learning rate η and the momentum ρ.
    pub fn new(learning_rate: f64, momentum: f64) -> Self {
        Self {
            learning_rate,
            momentum,
            accelerating: false,
            form: NesterovForm::default(),
            state: State::new(),
        }
    }

    /// v, as long as the parameters; empty before the first step.
    pub fn velocity(&self) -> Array1<f64> {
        self.state.slot(0)
    }

    /// ρ of the step after `steps` steps.
    fn momentum_after(&self, steps: u64) -> f64 {
        if self.accelerating { steps as f64 / (steps as f64 + 3.0) } else { self.momentum }
    }
}

rule!(Nesterov, "Nesterov", accelerating: bool, form: NesterovForm);

impl<T: Scalar> UpdateRule<T> for Nesterov {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_decay("momentum", self.momentum)?;
        let eta = T::of(self.learning_rate);
        let rho = T::of(self.momentum_after(self.state.steps()));
        let next = T::of(self.momentum_after(self.state.steps() + 1));
        match self.form {
            NesterovForm::LookAhead => self.state.each(x, gradient, move |x, g, [v]| {
                *v = rho * *v - eta * g;
                *x += *v;
            }),
            NesterovForm::Shifted => self.state.each(x, gradient, move |x, g, [v]| {
                *v = rho * *v - eta * g;
                *x += next * *v - eta * g;
            }),
        }
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        match (self.form, self.state.slot_of::<T>(0)) {
            (NesterovForm::LookAhead, Some(velocity)) => {
                look_ahead(x, velocity, T::of(self.momentum_after(self.state.steps())), scratch)
            }
            _ => x,
        }
    }
}

/// x + ρ v.
pub(super) fn look_ahead<'a, T: Scalar>(
    x: &[T],
    velocity: &[T],
    rho: T,
    scratch: &'a mut Vec<T>,
) -> &'a [T] {
    scratch.clear();
    scratch.extend(x.iter().zip(velocity).map(|(&x, &v)| x + rho * v));
    scratch
}
