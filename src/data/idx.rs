//! IDX files, the format of MNIST and its kin: an array of bytes behind a short header.
//!
//! Two zero bytes, the type of the elements (8: unsigned bytes), the number of dimensions, each
//! dimension as a big-endian 32-bit number, then the elements, the last dimension running fastest
//! (Y. LeCun, C. Cortes and C. J. C. Burges, *The MNIST Database of Handwritten Digits*, 1998). Files may
//! be compressed with gzip.
//!
//! ```
//! use gradus::data::idx;
//!
//! let file = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
//! let array = idx::parse(&file)?;
//! assert_eq!(array.shape(), [2, 3]);
//! assert_eq!(array[[1, 0]], 4);
//! # Ok::<(), gradus::FileProblem>(())
//! ```

use std::io::{ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ndarray::ArrayD;

use crate::{FileProblem, Result};

/// Reads an IDX file of unsigned bytes, compressed or not.
///
/// # Errors
/// [`Error::File`](crate::Error::File) if the file cannot be read, or as [`parse`].
pub fn read(path: impl AsRef<Path>) -> Result<ArrayD<u8>> {
    let path = path.as_ref();
    std::fs::read(path)
        .map_err(|error| FileProblem::system("read", &error))
        .and_then(|bytes| parse(&bytes))
        .map_err(|problem| problem.of(path))
}

/// The array in an IDX file of unsigned bytes, compressed or not, given as bytes.
///
/// Memory is taken for what is there, never for what a header promises.
///
/// # Errors
/// If the file is of another kind, has elements of another type, is truncated, longer than its header
/// says, or damaged gzip.
pub fn parse(bytes: &[u8]) -> Result<ArrayD<u8>, FileProblem> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        array(MultiGzDecoder::new(bytes), bytes.len())
    } else {
        array(bytes, bytes.len())
    }
}

/// Reads an array from what is in a file of this size.
fn array(mut reader: impl Read, size: usize) -> Result<ArrayD<u8>, FileProblem> {
    let mut header = Vec::new();
    fill(&mut reader, &mut header, 4, size)?;
    let [0, 0, kind, rank] = header[..] else {
        return Err(FileProblem::Kind {
            found: format!("it begins with the bytes {header:02x?}"),
            expected: "an IDX file",
        });
    };
    if kind != 8 {
        return Err(FileProblem::Kind {
            found: format!("its elements are of the type {kind:#04x}"),
            expected: "an IDX file of unsigned bytes (type 0x08)",
        });
    }
    fill(&mut reader, &mut header, 4 + 4 * u128::from(rank), size)?;
    let shape: Vec<usize> = header[4..]
        .chunks_exact(4)
        .map(|size| u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize)
        .collect();
    let len = shape.iter().fold(1_u128, |len, &size| len.saturating_mul(size as u128));
    let mut values = Vec::new();
    fill(&mut reader, &mut values, len, size).map_err(|problem| match problem {
        FileProblem::Truncated { found, expected } => FileProblem::Truncated {
            found: found + header.len(),
            expected: expected.saturating_add(header.len() as u128),
        },
        other => other,
    })?;
    // The end of a compressed file has its checksum.
    let mut rest = [0];
    match reader.read(&mut rest) {
        Ok(0) => {}
        Ok(_) => return Err(FileProblem::TooLong { expected: header.len() + values.len() }),
        Err(error) => return Err(FileProblem::Gzip(error.to_string())),
    }
    ArrayD::from_shape_vec(shape.as_slice(), values).map_err(|_| FileProblem::Kind {
        found: format!("its dimensions {shape:?} are too large"),
        expected: "an IDX file",
    })
}

/// Reads on until `buffer` has `len` bytes, out of a file of this size.
fn fill(
    reader: &mut impl Read,
    buffer: &mut Vec<u8>,
    len: u128,
    size: usize,
) -> Result<(), FileProblem> {
    let missing = len - buffer.len() as u128;
    // Not what a header promises, but what can be there; a compressed file is seen to have more as it
    // comes.
    buffer.reserve_exact(missing.min(size as u128) as usize);
    let mut reader = reader.take(missing.min(u128::from(u64::MAX)) as u64);
    match reader.read_to_end(buffer) {
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => {
            Err(FileProblem::Gzip(error.to_string()))
        }
        _ if (buffer.len() as u128) < len => {
            Err(FileProblem::Truncated { found: buffer.len(), expected: len })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn file(shape: &[u32], values: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, shape.len() as u8];
        shape.iter().for_each(|size| bytes.extend(size.to_be_bytes()));
        bytes.extend(values);
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn message(bytes: &[u8]) -> String {
        parse(bytes).unwrap_err().to_string()
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(shape in prop::collection::vec(0..5_u32, 0..5), seed in any::<u8>()) {
            let len = shape.iter().product::<u32>() as usize;
            let values: Vec<u8> = (0..len).map(|i| seed.wrapping_add(i as u8)).collect();
            let bytes = file(&shape, &values);
            for bytes in [bytes.clone(), gzip(&bytes)] {
                let array = parse(&bytes).unwrap();
                let sizes: Vec<usize> = shape.iter().map(|&size| size as usize).collect();
                prop_assert_eq!(array.shape(), &sizes[..]);
                prop_assert_eq!(array.into_raw_vec_and_offset().0, values.clone());
            }
        }

        #[test]
        fn every_shorter_file_is_refused(cut in 0..40_usize) {
            let bytes = file(&[3, 2, 4], &[7; 24]);
            prop_assert!(message(&bytes[..cut]).starts_with("is truncated"));
            let zipped = gzip(&bytes);
            prop_assert!(parse(&zipped[..cut.min(zipped.len() - 1)]).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..3) {
            let bytes = match kind {
                0 => bytes,
                1 => [vec![0, 0, 8], bytes].concat(),
                _ => [vec![0x1f, 0x8b, 8, 0], bytes].concat(),
            };
            let _ = parse(&bytes);
        }

        #[test]
        fn a_changed_byte_in_gzip_is_seen(at in 11..60_usize, by in 1..=255_u8) {
            // Stored, not compressed: byte 10 is mostly padding.
            let values: Vec<u8> = (0..=255).collect();
            let mut bytes = gzip(&file(&[256], &values));
            bytes[at] ^= by;
            prop_assert!(parse(&bytes).is_err());
        }
    }

    #[test]
    fn each_damage_has_its_name() {
        let good = file(&[2, 3], &[1, 2, 3, 4, 5, 6]);
        assert_eq!(message(&[]), "is truncated: 0 bytes, expected 4");
        assert_eq!(message(&good[..7]), "is truncated: 7 bytes, expected 12");
        assert_eq!(message(&good[..17]), "is truncated: 17 bytes, expected 18");
        let longer = [&good[..], &[0]].concat();
        assert_eq!(message(&longer), "is longer than the 18 bytes that its header promises");
        assert_eq!(message(&gzip(&longer)), "is longer than the 18 bytes that its header promises");
        assert_eq!(
            message(b"PNG file"),
            "is not an IDX file: it begins with the bytes [50, 4e, 47, 20]"
        );
        assert_eq!(
            message(&[0, 0, 0x0d, 1, 0, 0, 0, 0]),
            "is not an IDX file of unsigned bytes (type 0x08): its elements are of the type 0x0d"
        );
        let zipped = gzip(&good);
        assert_eq!(message(&zipped[..20]), "is truncated: 12 bytes, expected 18");
        let mut changed = zipped.clone();
        let checksum = changed.len() - 6;
        changed[checksum] ^= 1;
        assert!(message(&changed).starts_with("is a damaged gzip file"), "{}", message(&changed));
        let cut = &zipped[..zipped.len() - 3];
        assert!(message(cut).starts_with("is a damaged gzip file"), "{}", message(cut));
    }

    #[test]
    fn huge_headers_take_no_memory() {
        let huge = [u32::MAX; 255];
        assert!(
            message(&file(&huge, &[0; 100])).starts_with("is truncated: 1124 bytes, expected 3")
        );
        assert!(message(&gzip(&file(&[u32::MAX; 2], &[0; 100]))).starts_with("is truncated: 112 "));
        // Nothing, in a shape that nobody can have.
        let none = [0, u32::MAX, u32::MAX, u32::MAX];
        assert!(message(&file(&none, &[])).starts_with("is not an IDX file: its dimensions [0, "));
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let message = read("no/such/file").unwrap_err().to_string();
        assert!(message.starts_with("no/such/file: cannot read: "), "{message}");
        assert!(read(".").is_err());
    }
}
