//! Values as colours: heat maps, categories, their colour bar.

use plotters::style::RGBAColor;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::plot::axis::{Axis, Scale};
use crate::plot::clip::Rect;
use crate::plot::contour;
use crate::plot::data::{Data, Grid, Series, edges};
use crate::plot::draw::Frame;
use crate::plot::pen::{HAIR, TEXT_SIZE, Type, colour};
use crate::plot::style::{self, Style};
use crate::plot::svg::text_width;

/// How many steps of colour a heat map has.
const STEPS: usize = 20;

/// The colours of cividis (Nuñez, Anderton and Renslow, 2018): even steps of lightness, the same to
/// all kinds of colour vision; every eighth of the way.
const CIVIDIS: [[u8; 3]; 9] = [
    [0x00, 0x22, 0x4e],
    [0x12, 0x35, 0x70],
    [0x3b, 0x49, 0x6c],
    [0x57, 0x5d, 0x6d],
    [0x70, 0x71, 0x73],
    [0x8a, 0x86, 0x78],
    [0xa5, 0x9c, 0x74],
    [0xc3, 0xb3, 0x69],
    [0xfe, 0xe8, 0x38],
];

fn shade(t: f64) -> Style {
    let place = t.clamp(0.0, 1.0) * (CIVIDIS.len() - 1) as f64;
    let k = (place as usize).min(CIVIDIS.len() - 2);
    let part = place - k as f64;
    let mix = |c: usize| {
        let (a, b) = (f64::from(CIVIDIS[k][c]), f64::from(CIVIDIS[k + 1][c]));
        (a + part * (b - a)).round() as u8
    };
    Style { colour: Some([mix(0), mix(1), mix(2)]), dash: &[] }
}

/// The room that a heat map's colour bar takes at the right of the panel.
pub(super) fn bar_width(series: &Series) -> Option<f64> {
    let Data::Heat { grid, .. } = &series.data else { return None };
    let ticks = bar_axis(grid)
        .ticks()
        .iter()
        .map(|(_, text)| text_width(text, TEXT_SIZE))
        .fold(0.0, f64::max);
    Some(120.0 + 150.0 + 70.0 + ticks + if series.name.is_empty() { 40.0 } else { 220.0 })
}

fn bar_axis(grid: &Grid) -> Axis {
    let (low, high) = bar_range(grid);
    Axis::new(Scale::Linear, low, high, 5)
}

fn bar_range(grid: &Grid) -> (f64, f64) {
    let (low, high) = grid.extent();
    if low < high { (low, high) } else { Axis::padded(Scale::Linear, low, high, [false; 2]) }
}

/// Fills the panel with the series' colours, if it has any.
pub(super) fn fill(frame: &Frame<'_>, series: &Series) {
    match &series.data {
        Data::Heat { grid, .. } => {
            let (low, high) = bar_range(grid);
            let step = |z: f64| ((z - low) / (high - low) * STEPS as f64) as usize;
            let bands = |k: usize| colour(shade((k as f64 + 0.5) / STEPS as f64), 1.0);
            cells(frame, grid, &|z| bands(step(z).min(STEPS - 1)));
            bar(frame, &series.name, grid);
        }
        Data::Regions { grid, .. } => {
            cells(frame, grid, &|z| {
                colour(Style { colour: Some(style::category(z as usize)), dash: &[] }, 0.45)
            });
        }
        Data::Levels { grid, levels } => {
            // Each level darkens what lies above it: the eye finds the valley.
            let fine = contour::refine(grid, 4);
            for level in levels {
                region(frame, &fine, *level, colour(style::TEXT, 0.03));
            }
        }
        _ => {}
    }
}

/// Fills where the values are at least `level`.
fn region(frame: &Frame<'_>, grid: &Grid, level: f64, paint: RGBAColor) {
    let rings: Vec<Vec<(f64, f64)>> = contour::region(grid, level)
        .iter()
        .map(|ring| ring.iter().map(|(x, y)| frame.at(*x, *y)).collect::<Vec<_>>())
        .map(|ring| frame.rect.polygon(&ring))
        .collect();
    frame.svg.rings(&rings, paint);
}

/// One rectangle for each run of cells of one colour; NaN leaves a gap.
fn cells(frame: &Frame<'_>, grid: &Grid, paint: &dyn Fn(f64) -> RGBAColor) {
    let (x, y) = (edges(&grid.x), edges(&grid.y));
    let mut runs: Vec<(RGBAColor, [(f64, f64); 4])> = Vec::new();
    for j in 0..grid.y.len() {
        let row = grid.row(j);
        let mut i = 0;
        while i < row.len() {
            let first = i;
            let same = |z: f64| {
                z.is_nan() == row[first].is_nan() && (z.is_nan() || paint(z) == paint(row[first]))
            };
            while i < row.len() && same(row[i]) {
                i += 1;
            }
            if !row[first].is_nan() {
                let (a, b) = (frame.at(x[first], y[j]), frame.at(x[i], y[j + 1]));
                runs.push((paint(row[first]), [a, (b.0, a.1), b, (a.0, b.1)]));
            }
        }
    }
    // Cells of one colour in one path: sorted by colour, stable in place.
    runs.sort_by_key(|(colour, _)| (colour.0, colour.1, colour.2));
    for (colour, corners) in runs {
        frame.svg.polygon(&frame.rect.polygon(&corners), colour);
    }
}

fn bar(frame: &Frame<'_>, name: &str, grid: &Grid) {
    let svg = frame.svg;
    let axis = bar_axis(grid);
    let left = frame.rect.right + 120.0;
    let rect = Rect { left, right: left + 150.0, ..frame.rect };
    for k in 0..STEPS {
        let at = |k: usize| rect.bottom - rect.height() * k as f64 / STEPS as f64;
        let (a, b) = (at(k), at(k + 1));
        let corners = [(rect.left, a), (rect.right, a), (rect.right, b), (rect.left, b)];
        svg.polygon(&corners, colour(shade((k as f64 + 0.5) / STEPS as f64), 1.0));
    }
    let mut widest = 0.0_f64;
    for (value, text) in axis.ticks() {
        let y = rect.bottom - axis.fraction(*value) * rect.height();
        svg.line(&[(rect.right, y), (rect.right + 35.0, y)], style::TEXT, HAIR, 0.7);
        svg.text(text, (rect.right + 70.0, y), Type::new(HPos::Left, VPos::Center));
        widest = widest.max(text_width(text, TEXT_SIZE));
    }
    let middle = (rect.top + rect.bottom) / 2.0;
    let set = Type { upwards: true, ..Type::new(HPos::Center, VPos::Top) };
    svg.text(name, (rect.right + 70.0 + widest + 50.0, middle), set);
}
