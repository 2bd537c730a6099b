//! A plotters backend that writes compact SVG.
//!
//! Plotters' own SVG backend repeats every attribute on every element and knows neither dashes nor
//! the page's colour. This one writes integers in tenths of a pixel, joins neighbours of one style
//! into one path, and has a pen for what plotters' styles cannot say.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};

/// The background of the page: its theme's custom property, else the browser's.
const PAGE: &str = "var(--bg,Canvas)";

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// What is on the sheet, and the pen.
#[derive(Default)]
pub(super) struct Sheet {
    out: String,
    /// The attributes and the path data of the path that is being written.
    path: Option<(String, String)>,
    /// The dash of the strokes to come, in tenths of a pixel.
    pub(super) dash: &'static [u16],
    /// Whether the texts to come get a rim in the colour of the page.
    pub(super) halo: bool,
}

impl Sheet {
    fn path(&mut self, attributes: String, data: &str) {
        match &mut self.path {
            Some((open, all)) if *open == attributes => all.push_str(data),
            _ => {
                self.end_path();
                self.path = Some((attributes, data.to_string()));
            }
        }
    }

    fn end_path(&mut self) {
        if let Some((attributes, data)) = self.path.take() {
            let _ = writeln!(self.out, "<path{attributes} d=\"{data}\"/>");
        }
    }

    /// Fills the inside of the rings together; a ring inside a ring is a hole.
    pub(super) fn rings(&mut self, rings: &[Vec<BackendCoord>], fill: BackendColor) {
        let all: String = rings.iter().map(|ring| data(ring.iter().copied()) + "z").collect();
        if !all.is_empty() {
            let attributes = filled(fill);
            self.raw(&format!("<path{attributes} fill-rule=\"evenodd\" d=\"{all}\"/>"));
        }
    }

    /// A stroke in the colour of the page, if the page tells it.
    pub(super) fn casing(&mut self, points: &[BackendCoord], width: u32) {
        let data = data(points.iter().copied());
        self.path(format!(" style=\"stroke:{PAGE}\" stroke-width=\"{width}\""), &data);
    }

    /// Fills rectangles that touch, without the seams of smoothed edges.
    pub(super) fn tiles(&mut self, tiles: &[(BackendCoord, BackendCoord)], fill: BackendColor) {
        let all: String = tiles
            .iter()
            .map(|((x0, y0), (x1, y1))| format!("M{x0} {y0}H{x1}V{y1}H{x0}z"))
            .collect();
        self.path(format!("{} shape-rendering=\"crispEdges\"", filled(fill)), &all);
    }

    /// Writes `element` as it is.
    pub(super) fn raw(&mut self, element: &str) {
        self.end_path();
        self.out.push_str(element);
        self.out.push('\n');
    }

    /// The elements, one a line, without a blank line.
    pub(super) fn finish(&mut self) -> String {
        self.end_path();
        std::mem::take(&mut self.out)
    }
}

/// The backend: a handle on a [`Sheet`].
#[derive(Clone)]
pub(super) struct Svg {
    pub(super) sheet: Rc<RefCell<Sheet>>,
    size: (u32, u32),
}

impl Svg {
    pub(super) fn new(width: u32, height: u32) -> Self {
        Self { sheet: Rc::default(), size: (width, height) }
    }

    fn stroke(&self, style: &impl BackendStyle) -> String {
        let colour = style.color();
        let mut attributes =
            format!(" stroke=\"{}\" stroke-width=\"{}\"", name(colour), style.stroke_width());
        if colour.alpha < 1.0 {
            let _ = write!(attributes, " stroke-opacity=\"{}\"", colour.alpha);
        }
        let dash = self.sheet.borrow().dash;
        if !dash.is_empty() {
            let lengths: Vec<String> = dash.iter().map(u16::to_string).collect();
            let _ = write!(attributes, " stroke-dasharray=\"{}\"", lengths.join(" "));
        }
        attributes
    }

    fn shape(&self, style: &impl BackendStyle, fill: bool, data: &str) -> Drawn {
        if style.color().alpha > 0.0 {
            let attributes = if fill { filled(style.color()) } else { self.stroke(style) };
            self.sheet.borrow_mut().path(attributes, data);
        }
        Ok(())
    }
}

/// Black is the sentinel for the page's text colour: no series is black.
fn name(colour: BackendColor) -> String {
    match colour.rgb {
        (0, 0, 0) => "currentColor".to_string(),
        (r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

fn filled(colour: BackendColor) -> String {
    let mut attributes = format!(" fill=\"{}\"", name(colour));
    if colour.alpha < 1.0 {
        let _ = write!(attributes, " fill-opacity=\"{}\"", colour.alpha);
    }
    attributes
}

/// Path data: the first point absolute, the others relative to the one before.
fn data(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut out = String::new();
    let mut last: Option<BackendCoord> = None;
    for (x, y) in points {
        match last {
            None => {
                let _ = write!(out, "M{x} {y}");
            }
            Some((x0, y0)) => {
                let (dx, dy) = (x - x0, y - y0);
                match (dx, dy) {
                    (0, _) => {
                        let _ = write!(out, "v{dy}");
                    }
                    (_, 0) => {
                        let _ = write!(out, "h{dx}");
                    }
                    _ => {
                        let space = if dy < 0 { "" } else { " " };
                        let _ = write!(out, "l{dx}{space}{dy}");
                    }
                }
            }
        }
        last = Some((x, y));
    }
    out
}

/// Text for XML, as content or as an attribute's value.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A blank line inside inline SVG would end the HTML block of a Markdown page.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// About how wide `text` is in a sans-serif face of this size: no font is needed to lay out.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '·' | '’' => 0.28,
            'f' | 't' | 'r' | '(' | ')' | '[' | ']' | 'I' | '-' => 0.36,
            '⁰' | '¹' | '²' | '³' | '⁴'..='⁾' | '₀'..='₎' => 0.36,
            'm' | 'w' | 'M' | 'W' | '−' | '=' | '→' | '≤' | '≥' | '‖' => 0.82,
            'A'..='Z' => 0.68,
            _ => 0.57,
        })
        .sum();
    // DejaVu Sans, the widest of the usual faces, is a tenth wider than Helvetica.
    1.1 * em * size
}

impl DrawingBackend for Svg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.shape(&color, true, &format!("M{x} {y}h1v1h-1z"))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.shape(style, false, &data([from, to]))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (w, h) = (x1 - x0, y1 - y0);
        self.shape(style, fill, &format!("M{x0} {y0}h{w}v{h}h{}z", -w))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.shape(style, false, &data(path))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (r, d) = (radius as i32, 2 * radius as i32);
        let data = format!("M{} {y}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z", x - r);
        self.shape(style, fill, &data)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        self.shape(style, true, &format!("{}z", data(vert)))
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        let size = style.size();
        let down = match style.anchor().v_pos {
            VPos::Top => 0.76,
            VPos::Center => 0.35,
            VPos::Bottom => -0.08,
        } * size;
        let down = down.round() as i32;
        let place = match style.transform() {
            FontTransform::None => format!(" x=\"{x}\" y=\"{}\"", y + down),
            FontTransform::Rotate90 => {
                format!(" transform=\"translate({} {y})rotate(90)\"", x - down)
            }
            FontTransform::Rotate180 => {
                format!(" transform=\"translate({x} {})rotate(180)\"", y - down)
            }
            FontTransform::Rotate270 => {
                format!(" transform=\"translate({} {y})rotate(-90)\"", x + down)
            }
        };
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let weight = match style.style() {
            FontStyle::Bold => " font-weight=\"600\"",
            FontStyle::Italic | FontStyle::Oblique => " font-style=\"italic\"",
            FontStyle::Normal => "",
        };
        let fill = filled(style.color());
        let mut sheet = self.sheet.borrow_mut();
        // The rim is painted under the glyphs, in the page's background if it tells us.
        let halo = if sheet.halo {
            format!(" paint-order=\"stroke\" stroke-width=\"40\" style=\"stroke:{PAGE}\"")
        } else {
            String::new()
        };
        let text = escape(text);
        sheet.raw(&format!(
            "<text{place}{anchor}{weight} font-size=\"{size}\"{fill}{halo}>{text}</text>"
        ));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = style.size();
        Ok((text_width(text, size).ceil() as u32, size.ceil() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_data_is_relative_and_short() {
        assert_eq!(data([(1, 2), (1, 5), (4, 5), (6, 4), (7, 9)]), "M1 2v3h3l2-1l1 5");
    }

    #[test]
    fn neighbours_of_one_style_share_a_path() {
        let mut svg = Svg::new(10, 10);
        let black = BackendColor { alpha: 1.0, rgb: (0, 0, 0) };
        svg.draw_line((0, 0), (1, 1), &black).unwrap();
        svg.draw_line((2, 0), (3, 1), &black).unwrap();
        assert_eq!(
            svg.sheet.borrow_mut().finish(),
            "<path stroke=\"currentColor\" stroke-width=\"1\" d=\"M0 0l1 1M2 0l1 1\"/>\n"
        );
    }

    #[test]
    fn text_is_escaped_and_has_no_line_breaks() {
        assert_eq!(escape("a < b & \"c\"\n\nd"), "a &lt; b &amp; &quot;c&quot;  d");
    }
}
