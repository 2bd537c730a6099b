//! IDX files: the bytes as they are, and compressed.
#![no_main]

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let plain = gradus::data::idx::parse(bytes);
    if let Ok(array) = &plain {
        assert!(array.len() <= bytes.len() || bytes.starts_with(&[0x1f, 0x8b]));
    }
    // Compressed, the same bytes are the same array, or have the same fault.
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("writing to memory");
        let zipped = encoder.finish().expect("writing to memory");
        assert_eq!(gradus::data::idx::parse(&zipped), plain);
    }
});
