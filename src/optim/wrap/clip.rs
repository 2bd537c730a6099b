use serde::{Deserialize, Serialize};

use super::{Scratch, forward};
use crate::optim::UpdateRule;
use crate::{Error, Result, Scalar};

/// How [`Clip`] bounds a gradient.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Clipping {
    /// g · min(1, limit / ‖g‖): shorter, in the same direction.
    Norm(f64),
    /// Each component to [−limit, limit]: the direction may change.
    Value(f64),
}

/// A rule that sees bounded gradients; made by [`clip_norm`](crate::optim::Rule::clip_norm) and
/// [`clip_value`](crate::optim::Rule::clip_value).
///
/// PyTorch's `clip_grad_norm_` divides by ‖g‖ + 10⁻⁶; here a clipped gradient has exactly the limit's
/// length. A gradient with a NaN stays as it is. Source: R. Pascanu, T. Mikolov and Y. Bengio (2013).
///
/// ```
/// use gradus::prelude::*;
///
/// let mut rule = GradientDescent::new(1.0).clip_norm(1.0);
/// let mut w = array![0.0_f64, 0.0];
/// rule.step(&mut w, &array![30.0, 40.0])?;
/// assert!((w[0] + 0.6).abs() < 1e-15 && (w[1] + 0.8).abs() < 1e-15);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clip<R> {
    /// The rule that sees the clipped gradient.
    pub rule: R,
    /// The bound; its limit is > 0.
    pub clipping: Clipping,
    #[serde(skip)]
    scratch: Scratch,
}

impl<R> Clip<R> {
    /// `rule` with this bound on its gradients.
    pub fn new(rule: R, clipping: Clipping) -> Self {
        Self { rule, clipping, scratch: Scratch::default() }
    }
}

forward!(Clip);

impl<T: Scalar, R: UpdateRule<T>> UpdateRule<T> for Clip<R> {
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        let (Clipping::Norm(limit) | Clipping::Value(limit)) = self.clipping;
        Error::check(limit > 0.0, "limit", limit, "a number > 0")?;
        let limit = T::of(limit);
        match self.clipping {
            Clipping::Norm(_) => {
                let norm = gradient.iter().map(|&g| g * g).sum::<T>().sqrt();
                if norm > limit {
                    let factor = limit / norm;
                    let clipped = self.scratch.fill(gradient.iter().map(|&g| g * factor));
                    self.rule.update(x, clipped)
                } else {
                    self.rule.update(x, gradient)
                }
            }
            Clipping::Value(_) => {
                let bound = |g: T| {
                    let g = if g < -limit { -limit } else { g };
                    if g > limit { limit } else { g }
                };
                let clipped = self.scratch.fill(gradient.iter().map(|&g| bound(g)));
                self.rule.update(x, clipped)
            }
        }
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        self.rule.probe(x, scratch)
    }
}
