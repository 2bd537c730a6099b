use std::collections::VecDeque;

use ndarray::Array1;

use super::bfgs::is_curved;
use super::descent::{Direction, Progress, Step, cautious_first_step};
use crate::{Objective, Result};

/// L-BFGS: [`Bfgs`](super::Bfgs) from the last m steps only, by the two-loop recursion.
///
/// It keeps m pairs (s, y), 2 m n numbers, and starts each recursion from sᵀy / yᵀy · I of the newest. A pair
/// with sᵀy ≤ ε ‖s‖ ‖y‖ is skipped. Often m = 10. Source: J. Nocedal (1980); D. C. Liu and J. Nocedal
/// (1989); J. Nocedal and S. Wright, *Numerical Optimization* (2006), algorithms 7.4 and 7.5.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::second_order::{Descent, Lbfgs, StrongWolfe};
///
/// let f = gradus::problems::nesterov_chain(50)?;
/// let mut method = Descent::new(Lbfgs::new(5), StrongWolfe::default());
/// let trace = Minimize::steps(200).stop(Stop::GradientNorm(1e-8)).solve(&f, &f.start, &mut method)?;
/// assert!((trace.value() - f.lowest().unwrap()).abs() < 1e-12);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lbfgs {
    memory: usize,
    pairs: VecDeque<Pair>,
    weights: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Pair {
    s: Array1<f64>,
    y: Array1<f64>,
    /// 1 / sᵀy.
    rho: f64,
    /// sᵀy / yᵀy.
    scale: f64,
}

impl Lbfgs {
    /// L-BFGS that remembers m steps; with m = 0 it is steepest descent.
    pub fn new(memory: usize) -> Self {
        Self { memory, pairs: VecDeque::new(), weights: Vec::new() }
    }

    /// m, the number of steps remembered.
    pub fn memory(&self) -> usize {
        self.memory
    }
}

impl Direction for Lbfgs {
    fn name(&self) -> &'static str {
        "L-BFGS"
    }

    fn direction<O: Objective + ?Sized>(
        &mut self,
        _: &O,
        at: Progress<'_>,
        direction: &mut Array1<f64>,
    ) -> Result<()> {
        direction.zip_mut_with(at.gradient, |d, g| *d = -g);
        self.weights.clear();
        for Pair { s, y, rho, .. } in self.pairs.iter().rev() {
            let weight = rho * s.dot(direction);
            direction.scaled_add(-weight, y);
            self.weights.push(weight);
        }
        if let Some(newest) = self.pairs.back() {
            *direction *= newest.scale;
        }
        for (Pair { s, y, rho, .. }, weight) in self.pairs.iter().zip(self.weights.iter().rev()) {
            let correction = weight - rho * y.dot(direction);
            direction.scaled_add(correction, s);
        }
        Ok(())
    }

    fn first_step(&self, at: Progress<'_>, _: f64) -> f64 {
        if self.pairs.is_empty() { cautious_first_step(at.gradient.view()) } else { 1.0 }
    }

    fn learn(&mut self, step: Step<'_>) {
        if self.memory == 0 {
            return;
        }
        let (mut ss, mut sy, mut yy) = (0.0, 0.0, 0.0);
        let ends = step.from.iter().zip(step.to);
        let gradients = step.from_gradient.iter().zip(step.to_gradient);
        for ((x, to_x), (g, to_g)) in ends.zip(gradients) {
            let (s, y) = (to_x - x, to_g - g);
            ss += s * s;
            sy += s * y;
            yy += y * y;
        }
        if !is_curved(sy, ss, yy) {
            return;
        }
        // The oldest pair's memory serves the newest.
        let old = (self.pairs.len() == self.memory).then(|| self.pairs.pop_front()).flatten();
        let (mut s, mut y) = match old {
            Some(pair) => (pair.s, pair.y),
            None => (Array1::zeros(step.to.len()), Array1::zeros(step.to.len())),
        };
        s.assign(step.to);
        s -= step.from;
        y.assign(step.to_gradient);
        y -= step.from_gradient;
        self.pairs.push_back(Pair { s, y, rho: 1.0 / sy, scale: sy / yy });
    }

    fn reset(&mut self) {
        self.pairs.clear();
    }
}
