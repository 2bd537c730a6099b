//! Drawing with a [`Style`] in tenths of a pixel.

use plotters::prelude::{BLACK, Color, IntoFont, RGBAColor, RGBColor, ShapeStyle, TextStyle};
use plotters::style::{FontStyle, FontTransform};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendStyle, DrawingBackend};

use crate::plot::clip::{Place, simplify};
use crate::plot::style::{self, Style};
use crate::plot::svg::Svg;

/// The height of text: 12.5 pixels.
pub(super) const TEXT_SIZE: f64 = 125.0;
/// The height of small text: levels on their lines.
pub(super) const SMALL: f64 = 105.0;
/// The width of a series' line.
pub(super) const LINE: u32 = 18;
/// The width of axes and thin lines.
pub(super) const HAIR: u32 = 9;

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) h: HPos,
    pub(super) v: VPos,
    pub(super) bold: bool,
    pub(super) halo: bool,
    pub(super) upwards: bool,
}

impl Type {
    pub(super) fn new(h: HPos, v: VPos) -> Self {
        Self { size: TEXT_SIZE, h, v, bold: false, halo: false, upwards: false }
    }
}

pub(super) fn colour(style: Style, alpha: f64) -> RGBAColor {
    match style.colour {
        Some([r, g, b]) => RGBColor(r, g, b).mix(alpha),
        None => BLACK.mix(alpha),
    }
}

fn whole(points: &[Place]) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> =
        points.iter().map(|(x, y)| (x.round() as i32, y.round() as i32)).collect();
    out.dedup();
    out
}

impl Svg {
    /// Drawing into memory cannot fail: the backend's error has no value.
    fn done(result: Result<(), plotters_backend::DrawingErrorKind<std::convert::Infallible>>) {
        debug_assert!(result.is_ok());
    }

    pub(super) fn line(&self, points: &[Place], style: Style, width: u32, alpha: f64) {
        let points = whole(&simplify(points, 0.7));
        if points.len() < 2 {
            return;
        }
        self.sheet.borrow_mut().dash = style.dash;
        let stroke = ShapeStyle { color: colour(style, alpha), filled: false, stroke_width: width };
        Self::done(self.clone().draw_path(points, &stroke));
        self.sheet.borrow_mut().dash = &[];
    }

    /// A stroke in the page's own colour, to lie under a line.
    pub(super) fn casing(&self, points: &[Place], width: u32) {
        let points = whole(&simplify(points, 0.7));
        if points.len() > 1 {
            self.sheet.borrow_mut().casing(&points, width);
        }
    }

    /// A disc in the page's own colour, to lie under a dot.
    pub(super) fn rim(&self, (x, y): Place, radius: f64) {
        let corners: Vec<Place> = (0..=12)
            .map(|k| (std::f64::consts::TAU * k as f64 / 12.0).sin_cos())
            .map(|(sin, cos)| (x + radius / 2.0 * cos, y + radius / 2.0 * sin))
            .collect();
        self.casing(&corners, radius as u32);
    }

    pub(super) fn polygon(&self, points: &[Place], fill: RGBAColor) {
        let points = whole(points);
        if points.len() > 2 {
            Self::done(self.clone().fill_polygon(points, &fill.filled()));
        }
    }

    /// Fills the inside of closed lines together; a ring inside a ring is a hole.
    pub(super) fn rings(&self, rings: &[Vec<Place>], fill: RGBAColor) {
        let rings: Vec<_> = rings
            .iter()
            .map(|ring| whole(&simplify(ring, 0.7)))
            .filter(|ring| ring.len() > 2)
            .collect();
        self.sheet.borrow_mut().rings(&rings, BackendStyle::color(&fill));
    }

    /// Fills rectangles that touch, each given by two opposite corners.
    pub(super) fn tiles(&self, tiles: &[(Place, Place)], fill: RGBAColor) {
        let whole = |(x, y): Place| (x.round() as i32, y.round() as i32);
        let tiles: Vec<_> = tiles.iter().map(|(a, b)| (whole(*a), whole(*b))).collect();
        self.sheet.borrow_mut().tiles(&tiles, BackendStyle::color(&fill));
    }

    pub(super) fn circle(&self, (x, y): Place, radius: u32, fill: RGBAColor) {
        let centre = (x.round() as i32, y.round() as i32);
        Self::done(self.clone().draw_circle(centre, radius, &fill.filled(), true));
    }

    /// A mark: circle, square, triangle or diamond. All have the area of the circle of this radius.
    pub(super) fn mark(&self, shape: usize, (x, y): Place, radius: f64, fill: RGBAColor) {
        let corners: &[Place] = match shape % 4 {
            0 => return self.circle((x, y), radius.round() as u32, fill),
            1 => &[(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)],
            2 => &[(0.0, -1.56), (1.35, 0.78), (-1.35, 0.78)],
            _ => &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
        };
        let places: Vec<Place> =
            corners.iter().map(|(u, v)| (x + radius * u, y + radius * v)).collect();
        self.polygon(&places, fill);
    }

    /// Two crossing strokes with a rim.
    pub(super) fn cross(&self, (x, y): Place, half: f64) {
        let stroke = |h: f64, dy: f64| [(x - h, y - dy * h), (x + h, y + dy * h)];
        for dy in [1.0, -1.0] {
            self.casing(&stroke(half + 9.0, dy), 42);
        }
        for dy in [1.0, -1.0] {
            self.line(&stroke(half, dy), style::TEXT, 22, 1.0);
        }
    }

    pub(super) fn ring(&self, (x, y): Place, radius: u32, style: Style, width: u32) {
        let centre = (x.round() as i32, y.round() as i32);
        let stroke = ShapeStyle { color: colour(style, 1.0), filled: false, stroke_width: width };
        Self::done(self.clone().draw_circle(centre, radius, &stroke, false));
    }

    pub(super) fn text(&self, text: &str, (x, y): Place, set: Type) {
        let font = ("sans-serif", set.size).into_font();
        let font = if set.bold { font.style(FontStyle::Bold) } else { font };
        let turn = if set.upwards { FontTransform::Rotate270 } else { FontTransform::None };
        let style = TextStyle::from(font.transform(turn)).pos(Pos::new(set.h, set.v));
        self.sheet.borrow_mut().halo = set.halo;
        Self::done(self.clone().draw_text(text, &style, (x.round() as i32, y.round() as i32)));
        self.sheet.borrow_mut().halo = false;
    }
}
