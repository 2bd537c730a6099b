//! The number types that the crate computes with.

use std::fmt::{Debug, Display};
use std::iter::Sum;

use ndarray::{LinalgScalar, ScalarOperand};
use num_traits::{Float, FromPrimitive, NumAssign, ToPrimitive};
use serde::{Serialize, de::DeserializeOwned};

use crate::compiled::Compiled;
use crate::optim::state::Slots;

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
    + Compiled
    + 'static
{
    /// The nearest number of this type.
    fn of(value: f64) -> Self;

    /// The same number as an `f64`, exactly.
    fn wide(self) -> f64;

    #[doc(hidden)]
    fn into_slots(slots: Vec<Vec<Self>>) -> Slots;

    #[doc(hidden)]
    fn slots_ref(slots: &Slots) -> Option<&Vec<Vec<Self>>>;

    #[doc(hidden)]
    fn slots_mut(slots: &mut Slots) -> Option<&mut Vec<Vec<Self>>>;
}

macro_rules! scalar {
    ($type:ty, $slots:ident) => {
        impl Scalar for $type {
            fn of(value: f64) -> Self {
                value as Self
            }

            fn wide(self) -> f64 {
                f64::from(self)
            }

            fn into_slots(slots: Vec<Vec<Self>>) -> Slots {
                Slots::$slots(slots)
            }

            fn slots_ref(slots: &Slots) -> Option<&Vec<Vec<Self>>> {
                if let Slots::$slots(slots) = slots { Some(slots) } else { None }
            }

            fn slots_mut(slots: &mut Slots) -> Option<&mut Vec<Vec<Self>>> {
                if let Slots::$slots(slots) = slots { Some(slots) } else { None }
            }
        }
    };
}

scalar!(f32, F32);
scalar!(f64, F64);
