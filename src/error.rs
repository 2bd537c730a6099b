//! What can be wrong with a caller's data.

/// The result of a function of this crate that checks what it is given.
pub type Result<T> = std::result::Result<T, Error>;

/// Bad input: names the argument, its value and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number or choice outside its range.
    #[error("`{argument}` is {value}, expected {expected}")]
    Argument {
        /// The argument's name, as in the signature or the struct's field.
        argument: &'static str,
        /// What was given.
        value: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// An array of the wrong length or shape.
    #[error("`{argument}` has shape {found:?}, expected {expected:?}")]
    Shape {
        /// The argument's name.
        argument: &'static str,
        /// The shape that was given.
        found: Vec<usize>,
        /// The shape that fits.
        expected: Vec<usize>,
    },
}

impl Error {
    /// `value` if `holds`, else an [`Error::Argument`].
    pub(crate) fn check<V: std::fmt::Display>(
        holds: bool,
        argument: &'static str,
        value: V,
        expected: &'static str,
    ) -> Result<()> {
        if holds {
            Ok(())
        } else {
            Err(Self::Argument { argument, value: value.to_string(), expected })
        }
    }

    /// Refuses lengths that differ.
    pub(crate) fn check_len(argument: &'static str, found: usize, expected: usize) -> Result<()> {
        if found == expected {
            Ok(())
        } else {
            Err(Self::Shape { argument, found: vec![found], expected: vec![expected] })
        }
    }
}
