//! Images side by side, each a bitmap inside the SVG.

use plotters_backend::text_anchor::{HPos, VPos};

use crate::plot::clip::Rect;
use crate::plot::data::{Grid, extent};
use crate::plot::panel::Panel;
use crate::plot::pen::{HAIR, TEXT_SIZE, Type};
use crate::plot::style;
use crate::plot::svg::Svg;

/// The space between images, and that for a name.
const GAP: f64 = 110.0;
const NAME: f64 = 190.0;

/// How many columns, and the width and the height of an image, for `images` in this width.
fn tiling(images: &[(&str, &Grid)], width: f64) -> (usize, f64, f64) {
    let aspect =
        images.iter().map(|(_, g)| g.y.len() as f64 / g.x.len() as f64).fold(0.0, f64::max);
    let columns = images.len().min(match images.len() {
        0..=6 => 6,
        7..=20 => (images.len().div_ceil(2)).min(8),
        _ => 10,
    });
    let tile = ((width - 200.0 - (columns - 1) as f64 * GAP) / columns as f64).min(1800.0);
    (columns, tile, tile * aspect)
}

pub(super) fn height(panel: &Panel, width: f64) -> f64 {
    let images = panel.images();
    let (columns, _, tile) = tiling(&images, width);
    images.len().div_ceil(columns) as f64 * (tile + name_height(&images))
}

fn name_height(images: &[(&str, &Grid)]) -> f64 {
    if images.iter().all(|(name, _)| name.is_empty()) { GAP } else { NAME + 50.0 }
}

pub(super) fn draw(panel: &Panel, svg: &Svg, rect: Rect) {
    let images = panel.images();
    let (columns, width, height) = tiling(&images, rect.width());
    let (low, high) = extent(images.iter().flat_map(|(_, grid)| grid.z.iter().copied()));
    let used = columns as f64 * (width + GAP) - GAP;
    let left = rect.left + (rect.width() - used) / 2.0;
    for (k, (name, grid)) in images.iter().enumerate() {
        let x = left + (k % columns) as f64 * (width + GAP);
        let y = rect.top + (k / columns) as f64 * (height + name_height(&images));
        let shape = (grid.x.len(), grid.y.len());
        let tall = width * shape.1 as f64 / shape.0 as f64;
        let indices: Vec<u8> = grid.z.iter().map(|z| step(*z, low, high)).collect();
        let data = base64(&bitmap(shape, &indices, &palette(low < 0.0)));
        svg.sheet.borrow_mut().raw(&format!(
            "<image x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{tall:.0}\" \
             preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" \
             href=\"data:image/bmp;base64,{data}\"/>"
        ));
        let rim = [(x, y), (x + width, y), (x + width, y + tall), (x, y + tall), (x, y)];
        svg.line(&rim, style::TEXT, HAIR, 0.5);
        let set = Type::new(HPos::Center, VPos::Top);
        svg.text(name, (x + width / 2.0, y + tall + 40.0), Type { size: TEXT_SIZE, ..set });
    }
}

/// How many colours an image has: odd, so that zero has one.
const STEPS: usize = 65;

/// The colour of a value: from low to high, or from −m over 0 to m if there are both signs. What is
/// missing looks like zero.
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
fn bitmap((width, height): (usize, usize), indices: &[u8], palette: &[[u8; 3]]) -> Vec<u8> {
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

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |k: usize| u32::from(chunk.get(k).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for k in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * k) & 63) as usize];
            out.push(if k > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
        assert_eq!(base64(b""), "");
    }

    #[test]
    fn a_bitmap_says_its_own_size() {
        let bytes = bitmap((3, 2), &[0, 1, 2, 3, 4, 5], &palette(false));
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
