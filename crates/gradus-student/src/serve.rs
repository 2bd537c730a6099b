//! The loop of the student's process: it reads a case, calls the function, writes the answer.
//!
//! Standard input is one end of a socket pair, and both directions go over it, so that whatever the
//! student prints goes elsewhere. Nothing here is trusted by the grader.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::wire::{self, Message};
use crate::{Args, Ask, Value};

/// No frame that the grader sends is longer.
const LIMIT: usize = 64 << 20;

/// Serves cases until the grader closes the connection.
pub fn serve(call: impl Fn(&Args, &mut Ask<'_>) -> Value) {
    // If the grader is gone there is nobody to tell.
    let _ = try_serve(call);
}

fn try_serve(call: impl Fn(&Args, &mut Ask<'_>) -> Value) -> Result<(), wire::WireError> {
    let socket = || io::stdin().as_fd().try_clone_to_owned().map(File::from);
    let (mut from, mut to) = (socket()?, socket()?);
    loop {
        let args = wire::decode_args(&wire::read_frame(&mut from, LIMIT)?)?;
        let mut ask = |question: Value| {
            let bytes = wire::encode_message(&Message::Ask(question));
            wire::write_frame(&mut to, &bytes)
                .and_then(|()| wire::read_frame(&mut from, LIMIT))
                .and_then(|bytes| wire::decode_value(&bytes))
                .expect("the grader has ended the dialogue")
        };
        let message = match catch(|| call(&args, &mut Ask(&mut ask))) {
            Ok(value) => Message::Answer(value),
            Err(why) => Message::Panicked(why),
        };
        wire::write_frame(&mut to, &wire::encode_message(&message))?;
    }
}

/// What the function gives, or the message of its panic.
///
/// # Errors
/// If it panics.
pub fn catch<T>(function: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(function)).map_err(|payload| {
        payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned())
    })
}
