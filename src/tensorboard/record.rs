//! The frame of an event file: records with checksums (TensorFlow's `TFRecord`).

use std::io::{Result, Write};

use crc::{CRC_32_ISCSI, Crc};

const CASTAGNOLI: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// A checksum, mixed such that a record of checksums has another.
fn masked(bytes: &[u8]) -> [u8; 4] {
    let sum = CASTAGNOLI.checksum(bytes);
    sum.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

/// Writes length, its checksum, the bytes, their checksum.
pub(super) fn write(file: &mut impl Write, bytes: &[u8]) -> Result<()> {
    let length = (bytes.len() as u64).to_le_bytes();
    let record = [&length, &masked(&length)[..], bytes, &masked(bytes)].concat();
    // In one piece, so that a run that is killed leaves at most its last record unfinished.
    file.write_all(&record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_castagnoli_s() {
        // RFC 3720, B.4.
        assert_eq!(CASTAGNOLI.checksum(&[0; 32]), 0x8a91_36aa);
        assert_eq!(CASTAGNOLI.checksum(&[0xff; 32]), 0x62a8_ab43);
    }
}
