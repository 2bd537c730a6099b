//! Wrappers: rules that change what another rule sees or does. They nest like iterator adaptors.

mod average;
mod clip;
mod decay;
mod groups;
mod project;
mod proximal;
mod then;

use crate::Scalar;
use crate::optim::state::Slots;

pub use average::{Average, Averaging};
pub use clip::{Clip, Clipping};
pub use decay::{CoupledL2, DecayForm, DecoupledDecay};
pub use groups::{Group, Groups};
pub use project::{Project, Region};
pub use proximal::Proximal;
pub use then::Then;

/// A buffer that is kept from step to step so that no step allocates. It holds nothing of value: all are
/// equal, and none is written down.
#[derive(Debug, Clone, Default)]
struct Scratch(Slots);

impl PartialEq for Scratch {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Scratch {
    /// The buffer, filled with `values`.
    fn fill<T: Scalar>(&mut self, values: impl Iterator<Item = T>) -> &[T] {
        let buffer = self.empty::<T>();
        buffer.extend(values);
        buffer
    }

    /// The buffer, empty but with its memory.
    fn empty<T: Scalar>(&mut self) -> &mut Vec<T> {
        if T::slots_ref(&self.0).is_none() {
            self.0 = T::into_slots(vec![Vec::new()]);
        }
        match T::slots_mut(&mut self.0).and_then(|slots| slots.first_mut()) {
            Some(buffer) => {
                buffer.clear();
                buffer
            }
            None => unreachable!("a buffer of this type was just put there"),
        }
    }
}

/// Implements [`Rule`](super::Rule) for a wrapper by its field `rule`, with further actions on reset.
macro_rules! forward {
    ($type:ident $(, $field:ident)*) => {
        impl<R: $crate::optim::Rule> $crate::optim::Rule for $type<R> {
            fn name(&self) -> &'static str {
                self.rule.name()
            }

            fn learning_rate(&self) -> f64 {
                self.rule.learning_rate()
            }

            fn set_learning_rate(&mut self, learning_rate: f64) {
                self.rule.set_learning_rate(learning_rate);
            }

            fn reset(&mut self) {
                self.rule.reset();
                $(self.$field.reset();)*
            }
        }
    };
}
use forward;
