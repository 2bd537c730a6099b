//! A surface in space: z = f(x, y), its level sets on the floor, paths on both.

use plotters_backend::text_anchor::{HPos, VPos};

use crate::plot::axis::{Axis, Scale};
use crate::plot::clip::{Place, Rect};
use crate::plot::contour;
use crate::plot::data::{Data, Grid, extent};
use crate::plot::panel::Panel;
use crate::plot::pen::{HAIR, LINE, Type, colour};
use crate::plot::style::{self, Style};
use crate::plot::svg::Svg;

/// A parallel projection of the unit cube, seen from above, fitted into a rectangle.
struct View {
    scale: f64,
    middle: Place,
}

/// The turn about the vertical, and the height of the eye above the horizon.
const TURN: f64 = 0.60;
const PITCH: f64 = 0.62;
/// How high the surface stands, and how far its lowest point floats above the floor.
const HEIGHT: f64 = 0.55;
const LIFT: f64 = 0.55;

impl View {
    /// Fits the floor, the vertical axis and the points of the surface, all in the unit cube, with
    /// room for ticks and names, into `rect`.
    fn new(rect: Rect, surface: impl Iterator<Item = (f64, f64, f64)>) -> Self {
        let floor = [0.0, 1.0].map(|x| [0.0, 1.0].map(|y| (x, y, -LIFT)));
        let all: Vec<Place> = surface
            .filter(|(.., z)| z.is_finite())
            .chain(floor.into_iter().flatten())
            .chain([(0.0, 0.0, 1.0)])
            .map(|(x, y, z)| flat(x, y, z))
            .collect();
        let (left, right) = extent(all.iter().map(|p| p.0));
        let (low, high) = extent(all.iter().map(|p| p.1));
        let room = Rect {
            left: rect.left + 380.0,
            right: rect.right - 200.0,
            top: rect.top + 60.0,
            bottom: rect.bottom - 300.0,
        };
        let scale = (room.width() / (right - left)).min(room.height() / (high - low));
        let middle = (
            (room.left + room.right) / 2.0 - scale * (left + right) / 2.0,
            (room.top + room.bottom) / 2.0 + scale * (low + high) / 2.0,
        );
        Self { scale, middle }
    }

    /// The unit square is the floor's; z goes from 0 to 1 over the surface's values.
    fn at(&self, x: f64, y: f64, z: f64) -> Place {
        let (right, up) = flat(x, y, z);
        (self.middle.0 + self.scale * right, self.middle.1 - self.scale * up)
    }
}

/// Right and up on the picture's plane.
fn flat(x: f64, y: f64, z: f64) -> Place {
    let (x, y, z) = (x - 0.5, y - 0.5, (z - 0.5) * HEIGHT);
    let (sin, cos) = TURN.sin_cos();
    let away = cos * y - sin * x;
    let (rise, fall) = PITCH.sin_cos();
    (cos * x + sin * y, rise * away + fall * z)
}

pub(super) fn draw(panel: &Panel, svg: &Svg, rect: Rect) {
    let Some((name, grid, levels)) = panel.surface_grid() else { return };
    let (low, high) = grid.extent();
    let (low, high) = Axis::padded(Scale::Linear, low, high, [false; 2]);
    let span = |axis: &[f64]| (axis[0], axis[axis.len() - 1]);
    let ((x0, x1), (y0, y1)) = (span(&grid.x), span(&grid.y));
    let unit = |x: f64, y: f64| ((x - x0) / (x1 - x0), (y - y0) / (y1 - y0));
    let nodes = grid.z.iter().enumerate().map(|(k, z)| {
        let (u, v) = unit(grid.x[k % grid.x.len()], grid.y[k / grid.x.len()]);
        (u, v, (z - low) / (high - low))
    });
    let view = View::new(rect, nodes);
    let floor = |x: f64, y: f64| {
        let (u, v) = unit(x, y);
        view.at(u, v, -LIFT)
    };
    let above = |x: f64, y: f64, z: f64| {
        let (u, v) = unit(x, y);
        view.at(u, v, (z - low) / (high - low))
    };

    // The floor: its rim, level sets and the panel's paths.
    let rim = [floor(x0, y0), floor(x1, y0), floor(x1, y1), floor(x0, y1), floor(x0, y0)];
    svg.polygon(&rim[..4], colour(style::TEXT, 0.04));
    svg.line(&rim, style::TEXT, HAIR, 0.7);
    let fine = contour::fine(grid);
    for level in levels {
        for line in contour::lines(&fine, *level) {
            let places: Vec<Place> = line.iter().map(|(x, y)| floor(*x, *y)).collect();
            svg.line(&places, style::TEXT, HAIR, 0.5);
        }
    }
    let inside = |x: f64, y: f64| (x0..=x1).contains(&x) && (y0..=y1).contains(&y);
    let height = |x: f64, y: f64| interpolate(&fine, x, y);
    let seen = |x: f64, y: f64| {
        let (u, v) = unit(x, y);
        let surface =
            |u: f64, v: f64| (height(x0 + u * (x1 - x0), y0 + v * (y1 - y0)) - low) / (high - low);
        visible(u, v, &surface)
    };
    let marks = |lifted: bool| {
        let place = |x: f64, y: f64| if lifted { above(x, y, height(x, y)) } else { floor(x, y) };
        for (series, look) in panel.series.iter().zip(panel.looks()) {
            let alpha = |x: f64, y: f64| if lifted && !seen(x, y) { BEHIND } else { 1.0 };
            match &series.data {
                Data::Path { x, y } => {
                    for (a, b) in x.iter().zip(y).zip(x.iter().zip(y).skip(1)) {
                        // A step follows the surface: short pieces, faint behind a wall.
                        let at = |k: f64| (a.0 + k * (b.0 - a.0), a.1 + k * (b.1 - a.1));
                        let pieces: Vec<(f64, f64)> =
                            (0..=16).map(|k| at(f64::from(k) / 16.0)).collect();
                        for run in pieces.chunk_by(|p, q| alpha(p.0, p.1) == alpha(q.0, q.1)) {
                            let run: Vec<_> = run.iter().filter(|p| inside(p.0, p.1)).collect();
                            let Some(&&(u, v)) = run.first() else { continue };
                            let places: Vec<Place> = run.iter().map(|p| place(p.0, p.1)).collect();
                            svg.line(&places, look.style, LINE, alpha(u, v));
                        }
                    }
                    for (x, y) in x.iter().zip(y).filter(|(x, y)| inside(**x, **y)) {
                        let paint = colour(look.style, alpha(*x, *y));
                        svg.mark(look.variant, place(*x, *y), 22.0, paint);
                    }
                    if let (Some(&x), Some(&y)) = (x.first(), y.first())
                        && inside(x, y)
                    {
                        svg.ring(place(x, y), 45, look.style, LINE);
                    }
                }
                Data::Points { x, y } => {
                    for (x, y) in x.iter().zip(y).filter(|(x, y)| inside(**x, **y)) {
                        let paint = colour(look.style, alpha(*x, *y));
                        svg.mark(look.variant, place(*x, *y), 30.0, paint);
                    }
                }
                Data::Minimum { x, y } if inside(*x, *y) => {
                    svg.cross(place(*x, *y), 40.0);
                }
                _ => {}
            }
        }
    };
    marks(false);
    svg.line(&[floor(x0, y0), above(x0, y0, low)], style::TEXT, HAIR, 0.35);
    quads(svg, grid, &above, (low, high));
    marks(true);
    axes(panel, name, svg, &floor, &above, ((x0, x1), (y0, y1), (low, high)));
}

/// How strongly what lies behind a wall shines through.
const BEHIND: f64 = 0.4;

/// Whether no part of the surface stands between its point at (`x`, `y`) and the eye.
fn visible(mut x: f64, mut y: f64, surface: &dyn Fn(f64, f64) -> f64) -> bool {
    let ((sin, cos), (rise, fall)) = (TURN.sin_cos(), PITCH.sin_cos());
    let mut z = surface(x, y);
    // One step towards the eye; it moves nothing on the picture's plane.
    let step = 0.015;
    for _ in 0..100 {
        x += step * fall * sin;
        y -= step * fall * cos;
        z += step * rise / HEIGHT;
        if !(0.0..=1.0).contains(&x) || !(0.0..=1.0).contains(&y) {
            return true;
        }
        if surface(x, y) > z + 0.02 {
            return false;
        }
    }
    true
}

/// The surface's mesh of about 32 by 32 quads, the furthest first.
fn quads(svg: &Svg, grid: &Grid, above: &dyn Fn(f64, f64, f64) -> Place, (low, high): (f64, f64)) {
    let grid = contour::refine(grid, 32_usize.div_ceil(grid.x.len()).max(1));
    let nx = grid.x.len();
    let step = nx.div_ceil(34).max(1);
    let nodes = |n: usize| (0..n - 1).step_by(step).collect::<Vec<_>>();
    // Away from the eye is up in y and down in x: see `flat`.
    for j in nodes(grid.y.len()).into_iter().rev() {
        for i in nodes(nx) {
            let corner = |i: usize, j: usize| {
                let (i, j) = (i.min(nx - 1), j.min(grid.y.len() - 1));
                (grid.x[i], grid.y[j], grid.z[j * nx + i])
            };
            let (k, l) = (i + step, j + step);
            let corners = [corner(i, j), corner(k, j), corner(k, l), corner(i, l)];
            if corners.iter().any(|(.., z)| z.is_nan()) {
                continue;
            }
            let places = corners.map(|(x, y, z)| above(x, y, z));
            let mean = corners.iter().map(|(.., z)| z).sum::<f64>() / 4.0;
            let t = ((mean - low) / (high - low) * 12.0).floor().min(11.0) / 11.0;
            svg.polygon(&places, colour(shade(t), 1.0));
        }
    }
}

/// From blue in the valley to a light grey on the heights: an even ramp of lightness.
fn shade(t: f64) -> Style {
    let mix = |a: f64, b: f64| (a + t * (b - a)).round() as u8;
    Style { colour: Some([mix(31.0, 214.0), mix(93.0, 222.0), mix(138.0, 228.0)]), dash: &[] }
}

fn axes(
    panel: &Panel,
    name: &str,
    svg: &Svg,
    floor: &dyn Fn(f64, f64) -> Place,
    above: &dyn Fn(f64, f64, f64) -> Place,
    ((x0, x1), (y0, y1), (low, high)): ((f64, f64), (f64, f64), (f64, f64)),
) {
    let set = |h, v| Type::new(h, v);
    for (value, text) in Axis::new(Scale::Linear, x0, x1, 4).ticks() {
        let (u, v) = floor(*value, y0);
        svg.line(&[(u, v), (u - 20.0, v + 35.0)], style::TEXT, HAIR, 0.7);
        svg.text(text, (u - 30.0, v + 50.0), set(HPos::Center, VPos::Top));
    }
    for (value, text) in Axis::new(Scale::Linear, y0, y1, 4).ticks() {
        let (u, v) = floor(x1, *value);
        svg.line(&[(u, v), (u + 30.0, v + 25.0)], style::TEXT, HAIR, 0.7);
        svg.text(text, (u + 55.0, v + 50.0), set(HPos::Left, VPos::Center));
    }
    let (u, v) = floor((x0 + x1) / 2.0, y0);
    svg.text(&panel.labels[0], (u - 120.0, v + 260.0), set(HPos::Right, VPos::Center));
    let (u, v) = floor(x1, (y0 + y1) / 2.0);
    svg.text(&panel.labels[1], (u + 330.0, v + 120.0), set(HPos::Left, VPos::Center));
    let post: Vec<Place> = vec![above(x0, y0, low), above(x0, y0, high)];
    svg.line(&post, style::TEXT, HAIR, 0.7);
    for (value, text) in Axis::new(Scale::Linear, low, high, 4).ticks() {
        let (u, v) = above(x0, y0, *value);
        svg.line(&[(u, v), (u - 35.0, v)], style::TEXT, HAIR, 0.7);
        svg.text(text, (u - 60.0, v), set(HPos::Right, VPos::Center));
    }
    let (u, v) = above(x0, y0, high);
    svg.text(name, (u, v - 60.0), set(HPos::Center, VPos::Bottom));
}

/// The grid's value at a point inside, between its nodes bilinearly.
fn interpolate(grid: &Grid, x: f64, y: f64) -> f64 {
    let cell = |axis: &[f64], v: f64| {
        let k = axis.partition_point(|a| *a <= v).clamp(1, axis.len() - 1) - 1;
        (k, (v - axis[k]) / (axis[k + 1] - axis[k]))
    };
    let ((i, s), (j, t)) = (cell(&grid.x, x), cell(&grid.y, y));
    let z = |i: usize, j: usize| grid.z[j * grid.x.len() + i];
    (1.0 - t) * ((1.0 - s) * z(i, j) + s * z(i + 1, j))
        + t * ((1.0 - s) * z(i, j + 1) + s * z(i + 1, j + 1))
}
