//! Small images of matrices, for figures and for TensorBoard.

/// How many colours an image has: odd, so that zero has one.
const STEPS: usize = 65;

/// A bitmap of `width` numbers a row, the first row on top: from paper at `low` to ink at `high`, or, if
/// `low` is negative, from blue over white at zero to orange. What is missing looks like zero.
pub(crate) fn bitmap(width: usize, values: &[f64], (low, high): (f64, f64)) -> Vec<u8> {
    let indices: Vec<u8> = values.iter().map(|z| step(*z, low, high)).collect();
    encode(width, &indices, &palette(low < 0.0))
}

/// The colour of a value: from low to high, or from −m over 0 to m if there are both signs.
fn step(z: f64, low: f64, high: f64) -> u8 {
    let t = if low < 0.0 {
        let most = high.max(-low);
        0.5 + 0.5 * z / most
    } else if high > low {
        (z - low) / (high - low)
    } else {
        0.0
    };
    let t = if t.is_nan() { 0.5 } else { t };
    (t * (STEPS - 1) as f64).round() as u8
}

/// Paper to ink, or blue over white to orange.
fn palette(signed: bool) -> Vec<[u8; 3]> {
    let mix = |a: [f64; 3], b: [f64; 3], t: f64| {
        [0, 1, 2].map(|c| (a[c] + t * (b[c] - a[c])).round() as u8)
    };
    let (white, ink) = ([255.0; 3], [20.0; 3]);
    let (blue, orange) = ([0.0, 84.0, 148.0], [190.0, 82.0, 0.0]);
    (0..STEPS)
        .map(|k| {
            let t = k as f64 / (STEPS - 1) as f64;
            match signed {
                false => mix(white, ink, t),
                true if t < 0.5 => mix(blue, white, 2.0 * t),
                true => mix(white, orange, 2.0 * t - 1.0),
            }
        })
        .collect()
}

/// A Windows bitmap of eight bits a pixel: the one image format that needs neither a checksum nor a
/// compressor. All browsers read it.
fn encode(width: usize, indices: &[u8], palette: &[[u8; 3]]) -> Vec<u8> {
    let height = indices.len() / width;
    let row = width.next_multiple_of(4);
    let start = 54 + 4 * palette.len();
    let size = start + row * height;
    let word = |n: usize| (n as u32).to_le_bytes();
    let mut out = b"BM".to_vec();
    for n in [size, 0, start, 40, width, height] {
        out.extend(word(n));
    }
    out.extend([1, 0, 8, 0]); // one plane, eight bits
    for n in [0, row * height, 2835, 2835, palette.len(), 0] {
        out.extend(word(n));
    }
    out.extend(palette.iter().flat_map(|[r, g, b]| [*b, *g, *r, 0]));
    // The lowest row comes first.
    for line in indices.chunks(width).rev() {
        out.extend(line);
        out.extend(std::iter::repeat_n(0, row - width));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_says_its_own_size() {
        let bytes = encode(3, &[0, 1, 2, 3, 4, 5], &palette(false));
        assert_eq!(bytes.len(), 54 + 260 + 8);
        assert_eq!(
            u32::from_le_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]) as usize,
            bytes.len()
        );
        assert_eq!(&bytes[314..], [3, 4, 5, 0, 0, 1, 2, 0]);
    }

    #[test]
    fn zero_is_white_between_both_signs() {
        let colours = palette(true);
        assert!(colours[usize::from(step(0.0, -1.0, 3.0))].iter().all(|c| *c == 255));
        assert_eq!(step(3.0, -1.0, 3.0), 64);
        assert_eq!(step(0.0, 0.0, 16.0), 0);
    }
}
