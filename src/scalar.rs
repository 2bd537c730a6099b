//! The number types that the crate computes with.

use std::fmt::{Debug, Display};
use std::iter::Sum;

use ndarray::{LinalgScalar, ScalarOperand};
use num_traits::{Float, FromPrimitive, NumAssign, ToPrimitive};
use serde::{Serialize, de::DeserializeOwned};

/// A floating-point number that rules, models and objectives are generic over: `f32` or `f64`.
///
/// Hyperparameters are always `f64`; [`Scalar::of`] brings them to the type of the parameters.
///
/// ```
/// use gradus::Scalar;
/// assert_eq!(f32::of(0.5), 0.5_f32);
/// ```
pub trait Scalar:
    Float
    + NumAssign
    + FromPrimitive
    + ToPrimitive
    + LinalgScalar
    + ScalarOperand
    + Sum
    + Debug
    + Display
    + Default
    + Send
    + Sync
    + Serialize
    + DeserializeOwned
    + 'static
{
    /// The nearest number of this type.
    fn of(value: f64) -> Self;

    /// The same number as an `f64`, exactly.
    fn wide(self) -> f64;
}

impl Scalar for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }

    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Scalar for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn wide(self) -> f64 {
        self
    }
}
