//! All that is linked with a student's code when it is graded: the values that go in and out
//! ([`Value`], [`Args`], [`Answer`]), the [`wire`] between the grader and the student's process, the
//! loop of that process ([`serve()`]), and the [`tools`] that an exercise may allow.
//!
//! It has no dependency and nothing of the crate `gradus`: a student cannot call the rule that an
//! exercise asks for. The grader compiles it with `rustc` alone.

pub mod serve;
pub mod tools;
mod value;
pub mod wire;

pub use serve::serve;
pub use value::{Answer, Args, Ask, Value};
