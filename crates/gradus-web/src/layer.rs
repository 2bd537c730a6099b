//! A figure in layers, so that what moves is drawn without what stays.
//!
//! Level sets take [`Figure`] a frame's whole time or more, a path next to none. So the level sets are
//! drawn once, and a path lies on top of them as a drawing of its own: the lines by which the figure with
//! the path differs from the figure without it.

use gradus::Result;
use gradus::plot::{Figure, Panel};

use crate::cache::cached;

/// One drawing of several that lie upon each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Two layers with the same key are the same drawing.
    pub key: String,
    /// The SVG.
    pub svg: String,
}

/// A figure on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// What it shows, in a few words.
    pub label: String,
    /// The drawings, from the back to the front.
    pub layers: Vec<Layer>,
    /// Where the axes are, if the reader can point into it.
    pub axes: Option<Axes>,
    /// What can be moved.
    pub handles: Vec<Handle>,
    /// Whether it takes the whole width.
    pub wide: bool,
}

/// A place that can be dragged or moved by the arrow keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Handle {
    /// Its name among the explorer's handles.
    pub key: String,
    /// Its name on the page.
    pub label: String,
    /// Where it is, in the figure's coordinates.
    pub at: (f64, f64),
    /// Which of the sorts of points it belongs to: how it looks.
    pub sort: usize,
    /// Whether it can be removed.
    pub removable: bool,
}

/// The rectangle between the axes of a drawing, and the numbers at its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// Left, top, right and bottom as parts of the drawing's width and height.
    pub edges: [f64; 4],
    /// The horizontal axis from left to right.
    pub x: (f64, f64),
    /// The vertical axis from bottom to top.
    pub y: (f64, f64),
    /// Which of them are logarithmic.
    pub log: [bool; 2],
}

impl Axes {
    /// Where a point is, as parts of the drawing's width and height; never beyond the axes.
    pub(crate) fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let part = |v: f64, (low, high): (f64, f64), log: bool| {
            let t = if log { (v / low).ln() / (high / low).ln() } else { (v - low) / (high - low) };
            if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) }
        };
        let [left, top, right, bottom] = self.edges;
        let (u, v) = (part(x, self.x, self.log[0]), part(y, self.y, self.log[1]));
        (left + u * (right - left), bottom - v * (bottom - top))
    }

    /// The point at a place.
    pub(crate) fn point(&self, (u, v): (f64, f64)) -> (f64, f64) {
        let value = |part: f64, (low, high): (f64, f64), log: bool| {
            let t = part.clamp(0.0, 1.0);
            if log { low * (high / low).powf(t) } else { low + t * (high - low) }
        };
        let [left, top, right, bottom] = self.edges;
        (
            value((u - left) / (right - left), self.x, self.log[0]),
            value((bottom - v) / (bottom - top), self.y, self.log[1]),
        )
    }
}

/// A panel that stays, ready for panels that differ from it by what moves.
pub(crate) struct Stage {
    key: String,
    back: String,
    bare: String,
    panel: Panel,
    width: f64,
    pub(crate) axes: Axes,
}

/// What a stage is made of.
pub(crate) struct Scenery<'a> {
    /// Stands for all that the stage shows.
    pub(crate) key: String,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    /// What is seen.
    pub(crate) back: Panel,
    /// The same axes and legend without what takes long to draw.
    pub(crate) bare: Panel,
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    pub(crate) log: [bool; 2],
    /// The figure's width in pixels.
    pub(crate) width: f64,
}

impl Stage {
    pub(crate) fn new(scenery: Scenery<'_>) -> Result<Self> {
        let Scenery { key, title, description, back, bare, x, y, log, width } = scenery;
        // A panel wants some series: a stroke without length shows nothing.
        let bare = bare.curve("", vec![x.0; 2], vec![y.0; 2]);
        let back = Figure::new(title, description).width(width).panel(back).to_svg()?;
        let figure = |panel: Panel| Figure::new("-", "-").width(width).panel(panel).to_svg();
        let plain = figure(bare.clone())?;
        // A diagonal tells where the axes are.
        let diagonal = figure(bare.clone().curve("", vec![x.0, x.1], vec![y.0, y.1]))?;
        let edges = edges(ink(&diagonal, &plain)).unwrap_or([0.0, 0.0, 1.0, 1.0]);
        let (w, h) = size(&plain);
        let edges = [edges[0] / w, edges[1] / h, edges[2] / w, edges[3] / h];
        let axes = Axes { edges, x, y, log };
        Ok(Self { key, back: stripped(&back), bare: plain, panel: bare, width, axes })
    }

    /// The stage's layer, and one with what `add` adds to its panel.
    pub(crate) fn with(&self, add: impl FnOnce(Panel) -> Panel) -> Result<Vec<Layer>> {
        let full =
            Figure::new("-", "-").width(self.width).panel(add(self.panel.clone())).to_svg()?;
        let (w, h) = size(&self.bare);
        let front = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" aria-hidden=\"true\" fill=\"none\" \
             stroke-linejoin=\"round\">{}</svg>",
            ink(&full, &self.bare).trim_end()
        );
        let back = Layer { key: self.key.clone(), svg: self.back.clone() };
        Ok(vec![back, Layer { key: hash(&front), svg: front }])
    }
}

/// A stage, made once for each key.
pub(crate) fn stage(
    key: &str,
    make: impl FnOnce() -> Result<Scenery<'static>>,
) -> Result<std::rc::Rc<Stage>> {
    cached(&format!("stage {key}"), || Stage::new(make()?))
}

/// A whole figure as a view that nobody points into.
pub(crate) fn plain(name: &'static str, label: &str, figure: &Figure) -> Result<View> {
    let svg = stripped(&figure.to_svg()?);
    let layers = vec![Layer { key: hash(&svg), svg }];
    Ok(View { name, label: label.into(), layers, axes: None, handles: Vec::new(), wide: false })
}

/// The SVG without the data that it carries, which nobody reads in a drawing that moves, and without the
/// style of an SVG that stands alone.
fn stripped(svg: &str) -> String {
    let mut out = svg.to_string();
    for (open, close) in [("<metadata>", "</metadata>\n"), ("<style>", "</style>\n")] {
        if let (Some(from), Some(to)) = (out.find(open), out.find(close)) {
            out.replace_range(from..to + close.len(), "");
        }
    }
    out
}

/// The lines of a figure's drawing that another one does not have: from the first that differs to the last.
fn ink<'a>(full: &'a str, bare: &str) -> &'a str {
    let body = |svg: &'a str| svg.split_once("</style>\n").map_or(svg, |(_, body)| body);
    let full = body(full);
    let bare = bare.split_once("</style>\n").map_or(bare, |(_, body)| body);
    let same =
        full.split_inclusive('\n').zip(bare.split_inclusive('\n')).take_while(|(a, b)| a == b);
    let from: usize = same.map(|(line, _)| line.len()).sum();
    let (full, bare) = (&full[from..], &bare[from..]);
    let ends = full.rsplit_terminator('\n').zip(bare.rsplit_terminator('\n'));
    let same: usize = ends.take_while(|(a, b)| a == b).map(|(line, _)| line.len() + 1).sum();
    &full[..full.len() - same.min(full.len())]
}

/// Left, top, right and bottom of the diagonal that is drawn from the lower left corner to the upper right.
fn edges(diagonal: &str) -> Option<[f64; 4]> {
    let data = diagonal.split_once(" d=\"M")?.1.split_once('"')?.0;
    let (start, way) = data.split_once('l')?;
    let (x, y) = start.split_once(' ')?;
    // `l300-200` or `l300 -200`: the second number is negative, so its sign parts them.
    let (dx, dy) = way.split_at(way.find('-')?);
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let (x, y, dx, dy) = (number(x)?, number(y)?, number(dx)?, number(dy)?);
    Some([x, y + dy, x + dx, y])
}

/// The width and height of the view box.
fn size(svg: &str) -> (f64, f64) {
    let size = || {
        let (_, rest) = svg.split_once("viewBox=\"0 0 ")?;
        let (width, height) = rest.split_once('"')?.0.split_once(' ')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    };
    size().unwrap_or((1.0, 1.0))
}

/// FNV-1a in hexadecimal digits.
fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Rules whose colours are those of the categories of a map, in their order: points of a class take them.
pub(crate) const HUES: [&str; 3] = ["AdaMax", "RMSProp", "AdaGrad"];

/// The numbers `values` above `floor`, for a logarithmic axis.
pub(crate) fn above(floor: f64, values: &[f64]) -> Vec<f64> {
    values.iter().map(|&v| if v.is_finite() { v.clamp(floor, 1e30) } else { 1e30 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus::problems;

    fn bowl() -> Stage {
        let bare = Panel::new("x", "y").equal().x_range(-1.0..1.0).y_range(-1.0..1.0);
        Stage::new(Scenery {
            key: "bowl".into(),
            title: "bowl",
            description: "a bowl",
            back: Panel::new("x", "y")
                .level_sets(&problems::bowl(), -1.0..1.0, -1.0..1.0)
                .minimum(0.0, 0.0),
            bare: bare.minimum(0.0, 0.0),
            x: (-1.0, 1.0),
            y: (-1.0, 1.0),
            log: [false; 2],
            width: 400.0,
        })
        .unwrap()
    }

    #[test]
    fn a_point_is_where_it_is_drawn() {
        let stage = bowl();
        let (w, h) = size(&stage.bare);
        let layers = stage.with(|panel| panel.path("", [[0.5, -0.25], [0.1, 0.2]])).unwrap();
        // The path begins where its first point is, to the tenth of a pixel that plotters rounds to.
        let (u, v) = stage.axes.place((0.5, -0.25));
        let data = layers[1].svg.split_once(" d=\"M").unwrap().1.split_once('l').unwrap().0;
        let (x, y) = data.split_once(' ').unwrap();
        assert!((x.parse::<f64>().unwrap() - u * w).abs() <= 2.0, "{data} {}", u * w);
        assert!((y.parse::<f64>().unwrap() - v * h).abs() <= 2.0, "{data} {}", v * h);
        let (x, y) = stage.axes.point((u, v));
        assert!((x - 0.5).abs() < 1e-12 && (y + 0.25).abs() < 1e-12);
    }

    #[test]
    fn the_front_holds_what_was_added_and_no_more() {
        let stage = bowl();
        let nothing = stage.with(|panel| panel).unwrap();
        assert!(!nothing[1].svg.contains("<path") && !nothing[1].svg.contains("<text"));
        let path = stage.with(|panel| panel.path("", [[0.5, 0.5], [0.0, 0.1]])).unwrap();
        assert!(path[1].svg.contains("<path") && !path[1].svg.contains("<text"));
        assert!(path[0].svg.contains("<title") && !path[0].svg.contains("<metadata"));
        assert_eq!(nothing[0], path[0]);
        assert_ne!(nothing[1].key, path[1].key);
    }
}
