//! Values as colours: heat maps, categories, their colour bar.

use plotters::style::RGBAColor;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::plot::axis::{Axis, Scale, number};
use crate::plot::clip::{Place, Rect};
use crate::plot::contour;
use crate::plot::data::{Data, Grid, Series, edges};
use crate::plot::draw::Frame;
use crate::plot::pen::{HAIR, SMALL, TEXT_SIZE, Type, colour};
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
    Axis::padded(Scale::Linear, low, high, [false; 2])
}

/// Fills the panel with the series' colours, if it has any.
pub(super) fn fill(frame: &Frame<'_>, series: &Series) {
    match &series.data {
        Data::Heat { grid, cells: true, .. } => {
            let (low, high) = bar_range(grid);
            let step = |z: f64| ((z - low) / (high - low) * STEPS as f64) as usize;
            cells(frame, grid, true, &|z| band(step(z).min(STEPS - 1)));
            bar(frame, &series.name, grid);
        }
        Data::Heat { grid, .. } => {
            bands(frame, grid);
            bar(frame, &series.name, grid);
        }
        Data::Regions { grid, names } => {
            cells(frame, grid, false, &|z| category(z as usize));
            for (k, name) in names.iter().enumerate() {
                name_region(frame, grid, k, name);
            }
        }
        Data::Levels { grid, levels } => {
            // Each level darkens what lies above it: the eye finds the valley.
            let fine = contour::fine(grid);
            for level in levels {
                region(frame, &fine, *level, colour(style::TEXT, 0.02));
            }
        }
        _ => {}
    }
}

/// The colour of step `k` of a heat map.
fn band(k: usize) -> RGBAColor {
    colour(shade((k as f64 + 0.5) / STEPS as f64), 1.0)
}

/// The colour of category `k`: neighbours differ in lightness too, and none is so heavy that points on it are
/// lost on a dark page.
pub(super) fn category(k: usize) -> RGBAColor {
    let alpha = [0.25, 0.55, 0.40, 0.15][k % 4];
    colour(Style { colour: Some(style::category(k)), dash: &[] }, alpha)
}

/// Bands of colour between level lines: far lighter than a rectangle for each sample, and smooth.
fn bands(frame: &Frame<'_>, grid: &Grid) {
    let (low, high) = bar_range(grid);
    // The lowest band lies under all others; where a value is missing nothing lies.
    let known = grid.z.iter().map(|z| if z.is_nan() { f64::NAN } else { 1.0 }).collect();
    region(frame, &Grid { z: known, ..grid.clone() }, 0.5, band(0));
    for k in 1..STEPS {
        region(frame, grid, low + (high - low) * k as f64 / STEPS as f64, band(k));
    }
}

/// Writes the name of category `k` where the most of it is around.
fn name_region(frame: &Frame<'_>, grid: &Grid, k: usize, name: &str) {
    let (nx, ny) = (grid.x.len(), grid.y.len());
    // The distance of each cell from the category's border, in cells, by two sweeps.
    let mut depth = vec![0_usize; nx * ny];
    for backwards in [false, true] {
        for n in 0..nx * ny {
            let n = if backwards { nx * ny - 1 - n } else { n };
            let (i, j) = (n % nx, n / nx);
            if grid.z[n] != k as f64 {
                continue;
            }
            let before = |edge: bool, m: usize| if edge { 0 } else { depth[m] };
            let here = if backwards {
                depth[n]
                    .min(1 + before(i + 1 == nx, (n + 1).min(nx * ny - 1)))
                    .min(1 + before(j + 1 == ny, (n + nx).min(nx * ny - 1)))
            } else {
                1 + before(i == 0, n.saturating_sub(1)).min(before(j == 0, n.saturating_sub(nx)))
            };
            depth[n] = here;
        }
    }
    let Some((n, &most)) = depth.iter().enumerate().max_by_key(|(n, d)| (**d, usize::MAX - n))
    else {
        return;
    };
    let cell = frame.rect.width() / nx as f64;
    if most as f64 * cell > 0.5 * text_width(name, TEXT_SIZE) {
        let set = Type { halo: true, ..Type::new(HPos::Center, VPos::Center) };
        frame.svg.text(name, frame.at(grid.x[n % nx], grid.y[n / nx]), set);
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
fn cells(frame: &Frame<'_>, grid: &Grid, numbered: bool, paint: &dyn Fn(f64) -> RGBAColor) {
    let (edges_x, edges_y) = (edges(&grid.x, frame.x.scale()), edges(&grid.y, frame.y.scale()));
    let mut runs: Vec<(RGBAColor, (Place, Place))> = Vec::new();
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
                let (a, b) =
                    (frame.at(edges_x[first], edges_y[j]), frame.at(edges_x[i], edges_y[j + 1]));
                let r = &frame.rect;
                let inside = |p: Place| (p.0.clamp(r.left, r.right), p.1.clamp(r.top, r.bottom));
                runs.push((paint(row[first]), (inside(a), inside(b))));
            }
        }
    }
    // Cells of one colour in one path: sorted by colour, stable in place.
    runs.sort_by_key(|(colour, _)| (colour.0, colour.1, colour.2));
    for run in runs.chunk_by(|a, b| a.0 == b.0) {
        let tiles: Vec<_> = run.iter().map(|(_, (a, b))| (*a, *b)).collect();
        frame.svg.tiles(&tiles, run[0].0);
    }
    // Few cells have room for their numbers.
    if grid.z.len() <= 150 && numbered {
        for (j, y) in grid.y.iter().enumerate() {
            for (i, (x, z)) in grid.x.iter().zip(grid.row(j)).enumerate() {
                let room = (frame.x.fraction(edges_x[i + 1]) - frame.x.fraction(edges_x[i]))
                    * frame.rect.width();
                let place = frame.at(*x, *y);
                let text = number(*z);
                if !z.is_nan() && frame.rect.contains(place) && text_width(&text, SMALL) < room {
                    let set = Type::new(HPos::Center, VPos::Center);
                    frame.svg.text(&text, place, Type { size: SMALL, halo: true, ..set });
                }
            }
        }
    }
}

fn bar(frame: &Frame<'_>, name: &str, grid: &Grid) {
    let svg = frame.svg;
    let axis = bar_axis(grid);
    let left = frame.rect.right + 120.0;
    let rect = Rect { left, right: left + 150.0, ..frame.rect };
    for k in 0..STEPS {
        let at = |k: usize| rect.bottom - rect.height() * k as f64 / STEPS as f64;
        svg.tiles(&[((rect.left, at(k)), (rect.right, at(k + 1)))], band(k));
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
