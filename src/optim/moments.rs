use super::check_decay;
use crate::{Result, Scalar};

/// The numbers that Adam and its kin need at step t: decay rates and bias corrections.
///
/// m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g² start at zero; m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ)
/// undo what that costs.
#[derive(Clone, Copy)]
pub(super) struct Moments<T> {
    keep1: T,
    add1: T,
    keep2: T,
    add2: T,
    /// 1 − β₁ᵗ and 1 − β₂ᵗ.
    pub bias: (f64, f64),
}

impl<T: Scalar> Moments<T> {
    /// For the step after `steps` steps.
    pub fn new(beta1: f64, beta2: f64, steps: u64) -> Result<Self> {
        check_decay("beta1", beta1)?;
        check_decay("beta2", beta2)?;
        let t = steps as f64 + 1.0;
        Ok(Self {
            keep1: T::of(beta1),
            add1: T::of(1.0 - beta1),
            keep2: T::of(beta2),
            add2: T::of(1.0 - beta2),
            bias: (1.0 - beta1.powf(t), 1.0 - beta2.powf(t)),
        })
    }

    /// The mean of gradients after `g`.
    #[inline(always)]
    pub fn first(&self, m: T, g: T) -> T {
        self.keep1 * m + self.add1 * g
    }

    /// The mean of squared gradients after `g`.
    #[inline(always)]
    pub fn second(&self, v: T, g: T) -> T {
        self.keep2 * v + self.add2 * g * g
    }

    /// (1 − β₂) of its argument.
    #[inline(always)]
    pub fn add_second(&self, square: T) -> T {
        self.add2 * square
    }

    /// (η / (1 − β₁ᵗ), 1 / (1 − β₂ᵗ)), or (η, 1) without correction.
    pub fn corrections(&self, learning_rate: f64, correct: bool) -> (T, T) {
        let (first, second) = if correct { self.bias } else { (1.0, 1.0) };
        (T::of(learning_rate / first), T::of(1.0 / second))
    }
}
