//! Messages between the grader and the student's process.
//!
//! A message is a frame: its length (four bytes, little endian) and that many bytes. The bytes are a
//! [`Value`] by tag and content. Whoever reads trusts nothing: a frame has a greatest length, a count
//! must fit into the bytes that are left, and lists nest at most [`DEPTH`] deep.

use std::io::{self, Read, Write};

use crate::{Args, Value};

/// How deep lists may nest.
pub const DEPTH: usize = 4;

/// What the student's process says.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A question of a dialogue.
    Ask(Value),
    /// The function's answer.
    Answer(Value),
    /// The function panicked, with this message.
    Panicked(String),
}

/// What can be wrong with a message.
#[derive(Debug)]
pub enum WireError {
    /// The other side is gone, late or unreachable.
    Io(io::Error),
    /// The frame is longer than allowed.
    TooLong(usize),
    /// The bytes are no message.
    Malformed,
}

impl std::fmt::Display for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(e) => write!(f, "{e}"),
            Self::TooLong(n) => write!(f, "a message of {n} bytes is too long"),
            Self::Malformed => f.write_str("the message is malformed"),
        }
    }
}

impl std::error::Error for WireError {}

impl From<io::Error> for WireError {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// Writes one frame.
///
/// # Errors
/// If the other side does not take it.
pub fn write_frame(to: &mut impl Write, bytes: &[u8]) -> Result<(), WireError> {
    let length = u32::try_from(bytes.len()).map_err(|_| WireError::TooLong(bytes.len()))?;
    // One write, so that a frame is not two packets.
    let mut frame = length.to_le_bytes().to_vec();
    frame.extend_from_slice(bytes);
    to.write_all(&frame)?;
    to.flush()?;
    Ok(())
}

/// Reads one frame of at most `limit` bytes.
///
/// # Errors
/// If it is longer, or does not come whole.
pub fn read_frame(from: &mut impl Read, limit: usize) -> Result<Vec<u8>, WireError> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > limit {
        return Err(WireError::TooLong(length));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The arguments of a case as bytes.
pub fn encode_args(args: &Args) -> Vec<u8> {
    let mut out = Vec::new();
    count(&mut out, args.0.len());
    for (name, value) in &args.0 {
        text(&mut out, name);
        encode(&mut out, value);
    }
    out
}

/// The arguments in these bytes.
///
/// # Errors
/// If there are none.
pub fn decode_args(bytes: &[u8]) -> Result<Args, WireError> {
    let mut reader = Reader(bytes);
    let mut args = Args::new();
    for _ in 0..reader.count(1)? {
        let name = reader.text()?;
        args.0.push((name, reader.value(DEPTH)?));
    }
    reader.end().map(|()| args)
}

/// A value as bytes.
pub fn encode_value(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&mut out, value);
    out
}

/// The value in these bytes.
///
/// # Errors
/// If there is none.
pub fn decode_value(bytes: &[u8]) -> Result<Value, WireError> {
    let mut reader = Reader(bytes);
    let value = reader.value(DEPTH)?;
    reader.end().map(|()| value)
}

/// A message as bytes.
pub fn encode_message(message: &Message) -> Vec<u8> {
    let (tag, value) = match message {
        Message::Ask(value) => (b'?', encode_value(value)),
        Message::Answer(value) => (b'=', encode_value(value)),
        Message::Panicked(why) => (b'!', encode_value(&Value::Text(why.clone()))),
    };
    [vec![tag], value].concat()
}

/// The message in these bytes.
///
/// # Errors
/// If there is none.
pub fn decode_message(bytes: &[u8]) -> Result<Message, WireError> {
    let (tag, rest) = bytes.split_first().ok_or(WireError::Malformed)?;
    match (tag, decode_value(rest)?) {
        (b'?', value) => Ok(Message::Ask(value)),
        (b'=', value) => Ok(Message::Answer(value)),
        (b'!', Value::Text(why)) => Ok(Message::Panicked(why)),
        _ => Err(WireError::Malformed),
    }
}

fn count(out: &mut Vec<u8>, n: usize) {
    // A count that does not fit is refused by the reader, like any other that lies.
    out.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn vector(out: &mut Vec<u8>, v: &[f64]) {
    count(out, v.len());
    for x in v {
        out.extend_from_slice(&x.to_bits().to_le_bytes());
    }
}

fn encode(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nothing => out.push(b'-'),
        Value::Bool(b) => out.extend_from_slice(&[b'b', u8::from(*b)]),
        Value::Index(i) => {
            out.push(b'i');
            out.extend_from_slice(&(*i as u64).to_le_bytes());
        }
        Value::Number(x) => {
            out.push(b'n');
            out.extend_from_slice(&x.to_bits().to_le_bytes());
        }
        Value::Text(t) => {
            out.push(b't');
            text(out, t);
        }
        Value::Vector(v) => {
            out.push(b'v');
            vector(out, v);
        }
        Value::Indices(v) => {
            out.push(b'x');
            count(out, v.len());
            for i in v {
                out.extend_from_slice(&(*i as u64).to_le_bytes());
            }
        }
        Value::Matrix(rows) => {
            out.push(b'm');
            count(out, rows.len());
            for row in rows {
                vector(out, row);
            }
        }
        Value::List(parts) => {
            out.push(b'l');
            count(out, parts.len());
            for part in parts {
                encode(out, part);
            }
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (first, rest) = self.0.split_first_chunk().ok_or(WireError::Malformed)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A count of things that take at least `size` bytes each.
    fn count(&mut self, size: usize) -> Result<usize, WireError> {
        let n = u32::from_le_bytes(self.bytes()?) as usize;
        if n.saturating_mul(size) > self.0.len() { Err(WireError::Malformed) } else { Ok(n) }
    }

    fn text(&mut self) -> Result<String, WireError> {
        let n = self.count(1)?;
        let (first, rest) = self.0.split_at(n);
        self.0 = rest;
        String::from_utf8(first.to_vec()).map_err(|_| WireError::Malformed)
    }

    fn number(&mut self) -> Result<f64, WireError> {
        self.bytes().map(|b| f64::from_bits(u64::from_le_bytes(b)))
    }

    fn index(&mut self) -> Result<usize, WireError> {
        usize::try_from(u64::from_le_bytes(self.bytes()?)).map_err(|_| WireError::Malformed)
    }

    fn vector(&mut self) -> Result<Vec<f64>, WireError> {
        let n = self.count(8)?;
        (0..n).map(|_| self.number()).collect()
    }

    fn value(&mut self, depth: usize) -> Result<Value, WireError> {
        let [tag] = self.bytes()?;
        Ok(match tag {
            b'-' => Value::Nothing,
            b'b' => match self.bytes()? {
                [0] => Value::Bool(false),
                [1] => Value::Bool(true),
                _ => return Err(WireError::Malformed),
            },
            b'i' => Value::Index(self.index()?),
            b'n' => Value::Number(self.number()?),
            b't' => Value::Text(self.text()?),
            b'v' => Value::Vector(self.vector()?),
            b'x' => {
                let n = self.count(8)?;
                Value::Indices((0..n).map(|_| self.index()).collect::<Result<_, _>>()?)
            }
            b'm' => {
                let n = self.count(4)?;
                Value::Matrix((0..n).map(|_| self.vector()).collect::<Result<_, _>>()?)
            }
            b'l' if depth > 0 => {
                let n = self.count(1)?;
                Value::List((0..n).map(|_| self.value(depth - 1)).collect::<Result<_, _>>()?)
            }
            _ => return Err(WireError::Malformed),
        })
    }

    fn end(&self) -> Result<(), WireError> {
        if self.0.is_empty() { Ok(()) } else { Err(WireError::Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Answer;

    fn examples() -> Vec<Value> {
        vec![
            Value::Nothing,
            true.into_value(),
            7_usize.into_value(),
            (-0.0).into_value(),
            f64::INFINITY.into_value(),
            "κ".into_value(),
            vec![1.0, 2.5].into_value(),
            vec![3_usize, 4].into_value(),
            vec![vec![1.0], vec![]].into_value(),
            (1.0, (vec![2.0], false), "x").into_value(),
        ]
    }

    #[test]
    fn what_is_written_is_read() {
        for value in examples() {
            assert_eq!(decode_value(&encode_value(&value)).unwrap(), value);
            let message = Message::Ask(value);
            assert_eq!(decode_message(&encode_message(&message)).unwrap(), message);
        }
        let args = Args::new().with("w", vec![1.0]).with("k", 3_usize);
        assert_eq!(decode_args(&encode_args(&args)).unwrap(), args);
        let nan = decode_value(&encode_value(&f64::NAN.into_value())).unwrap();
        assert!(nan.number().unwrap().is_nan());
    }

    #[test]
    fn cut_or_changed_bytes_are_no_message_and_no_panic() {
        for value in examples() {
            let bytes = encode_value(&value);
            for end in 0..bytes.len() {
                assert!(decode_value(&bytes[..end]).is_err(), "{value} cut to {end}");
            }
            for i in 0..bytes.len() {
                for b in 0..=255 {
                    let mut changed = bytes.clone();
                    changed[i] = b;
                    let _ = decode_value(&changed);
                }
            }
            assert!(decode_value(&[bytes, vec![0]].concat()).is_err());
        }
    }

    #[test]
    fn a_count_that_lies_allocates_nothing() {
        let lie = [&b"v"[..], &u32::MAX.to_le_bytes()].concat();
        assert!(matches!(decode_value(&lie), Err(WireError::Malformed)));
        let deep = [b'l', 1, 0, 0, 0].repeat(1000);
        assert!(matches!(decode_value(&deep), Err(WireError::Malformed)));
    }

    #[test]
    fn a_long_frame_is_refused_before_it_is_read() {
        let mut frame = u32::MAX.to_le_bytes().to_vec();
        frame.push(1);
        assert!(matches!(read_frame(&mut &frame[..], 100), Err(WireError::TooLong(_))));
    }
}
