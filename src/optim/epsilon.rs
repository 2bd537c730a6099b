use serde::{Deserialize, Serialize};

use super::check_not_negative;
use crate::{Result, Scalar};

/// The small constant that keeps a rule from dividing by zero, and where it stands.
///
/// Papers and libraries differ: Adam's paper and PyTorch add it outside the root, *Deep Learning*'s
/// algorithms 8.5 and 8.7 inside. In this crate it is outside unless a rule's documentation says otherwise.
///
/// ```
/// use gradus::optim::{Epsilon, RmsProp};
///
/// let outside = RmsProp::new(0.01); // √r + 10⁻⁸
/// let inside = RmsProp::new(0.01).epsilon(Epsilon::Inside(1e-6)); // √(r + 10⁻⁶)
/// # let _ = (outside, inside);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Epsilon {
    /// √r + ε.
    Outside(f64),
    /// √(r + ε).
    Inside(f64),
}

impl Epsilon {
    /// (a, b) such that the root is √(r + a) + b: no branch in the loop.
    pub(super) fn terms<T: Scalar>(self) -> Result<(T, T)> {
        let (inside, outside) = match self {
            Self::Outside(epsilon) => (0.0, epsilon),
            Self::Inside(epsilon) => (epsilon, 0.0),
        };
        check_not_negative("epsilon", inside + outside)?;
        Ok((T::of(inside), T::of(outside)))
    }
}
