//! Images side by side, each a bitmap inside the SVG.

use plotters_backend::text_anchor::{HPos, VPos};

use crate::bitmap::bitmap;
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
        let data = base64(&bitmap(shape.0, &grid.z, (low, high)));
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
}
