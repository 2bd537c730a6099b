//! A figure: panels in a grid, written as SVG that carries its data.

use std::path::Path;

use plotters::drawing::IntoDrawingArea;
use serde_json::json;

use crate::plot::draw::{self, Layout};
use crate::plot::panel::Panel;
use crate::plot::svg::{Svg, escape};
use crate::{Error, Result};

/// One or more panels with a title and a description for those who cannot see them.
///
/// ```
/// use gradus::plot::{Figure, Panel};
///
/// let figure = Figure::new("Loss against updates", "The loss halves with every update.")
///     .panel(Panel::new("update k", "loss").log_y().line("gradient descent", [4.0, 2.0, 1.0]));
/// let svg = figure.to_svg()?;
/// assert!(svg.starts_with("<svg") && svg.contains("<title"));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// In a notebook a figure that ends a cell shows itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    title: String,
    description: String,
    panels: Vec<Panel>,
    columns: Option<usize>,
    width: f64,
    height: Option<f64>,
}

/// The space between panels, in tenths of a pixel.
const GAP: f64 = 180.0;

impl Figure {
    /// A figure without panels. `title` names it in a few words; `description` says what a reader
    /// who cannot see it needs to follow the argument.
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
            panels: Vec::new(),
            columns: None,
            width: 720.0,
            height: None,
        }
    }

    /// Adds a panel, in reading order: by value or, as a notebook wants it whose variables live on,
    /// by reference.
    pub fn panel(mut self, panel: impl Into<Panel>) -> Self {
        self.panels.push(panel.into());
        self
    }

    /// Adds panels, in reading order.
    ///
    /// ```
    /// use gradus::plot::{Figure, Panel};
    ///
    /// let panels: Vec<Panel> =
    ///     [0.5, 0.9].map(|r: f64| Panel::new("k", "rᵏ").line("", (0..9).map(|k| r.powi(k)))).into();
    /// let figure = Figure::new("Two powers", "Both fall, the right one slowly.").panels(&panels);
    /// assert_eq!(panels.len(), 2); // still ours
    /// assert!(figure.to_svg().is_ok());
    /// ```
    pub fn panels(mut self, panels: impl IntoIterator<Item = impl Into<Panel>>) -> Self {
        self.panels.extend(panels.into_iter().map(Into::into));
        self
    }

    /// How many panels stand in a row. Without it: up to three in one row, four in two, more in rows
    /// of three.
    ///
    /// ```
    /// use gradus::plot::{Figure, Panel};
    ///
    /// let panel = |rate: f64| {
    ///     let y = (0..20).map(move |k| (1.0 - rate).powi(k));
    ///     Panel::new("update k", "w").title(format!("η = {rate}")).line("", y)
    /// };
    /// let figure = Figure::new("Two rates", "Slow and fast decay, one above the other.")
    ///     .panels([panel(0.1), panel(0.5)])
    ///     .columns(1)
    ///     .width(500.0)
    ///     .height(150.0);
    /// assert!(figure.to_svg().is_ok());
    /// ```
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns);
        self
    }

    /// The width in pixels, 720 unless told. The page may show it smaller.
    pub fn width(mut self, pixels: f64) -> Self {
        self.width = pixels;
        self
    }

    /// The height of each panel between its axes, in pixels. Panels of equal aspect ignore it.
    pub fn height(mut self, pixels: f64) -> Self {
        self.height = Some(pixels);
        self
    }

    /// The figure as an SVG document without blank lines, its data in `<metadata>`.
    ///
    /// # Errors
    /// If title or description is empty, there is no panel, a panel has no series, or a series is
    /// empty, has columns of different lengths, numbers that are not finite, or numbers that are not
    /// positive on a logarithmic axis; and if an argument of a panel's method was wrong.
    pub fn to_svg(&self) -> Result<String> {
        for (argument, text) in [("title", &self.title), ("description", &self.description)] {
            Error::check(!text.trim().is_empty(), argument, "empty", "some text")?;
        }
        Error::check(!self.panels.is_empty(), "panels", "none", "at least one panel")?;
        Error::check((200.0..=4000.0).contains(&self.width), "width", self.width, "200 to 4000")?;
        if let Some(height) = self.height {
            Error::check((60.0..=4000.0).contains(&height), "height", height, "60 to 4000")?;
        }
        let n = self.panels.len();
        let columns = self.columns.unwrap_or(match n {
            1..=3 => n,
            4 => 2,
            _ => 3,
        });
        Error::check((1..=12).contains(&columns), "columns", columns, "1 to 12")?;
        self.panels.iter().try_for_each(Panel::check)?;
        let columns = columns.min(n);

        let width = 10.0 * self.width;
        let cell = (width - (columns - 1) as f64 * GAP) / columns as f64;
        let height = self.height.map(|h| 10.0 * h);
        let mut layouts: Vec<Layout> =
            self.panels.iter().map(|panel| draw::layout(panel, cell, height)).collect();
        // Panels in one row are equally high: those that can be, as high as those that cannot choose.
        for (panels, row) in self.panels.chunks(columns).zip(layouts.chunks_mut(columns)) {
            let rigid = panels.iter().zip(row.iter()).filter(|(panel, _)| panel.is_rigid());
            let fixed = rigid.map(|(_, layout)| layout.height).fold(0.0, f64::max);
            if height.is_some() || fixed == 0.0 {
                continue;
            }
            for (panel, layout) in panels.iter().zip(row.iter_mut()) {
                if !panel.is_rigid() {
                    *layout = draw::layout(panel, cell, Some(fixed.max(1200.0)));
                }
            }
        }
        // Panels that name the same things share one legend above all.
        let shared = n > 1
            && !layouts[0].entries.is_empty()
            && layouts.iter().all(|layout| layout.entries == layouts[0].entries);
        let mut total = 0.0;
        if shared {
            total += draw::legend_height(&layouts[0].entries, width - 200.0) + 40.0;
        }
        let mut tops = Vec::new();
        for row in layouts.chunks(columns) {
            let most = |of: &dyn Fn(&Layout) -> f64| row.iter().map(of).fold(0.0, f64::max);
            let head = most(&|layout| layout.head(!shared, cell));
            tops.push(total + head);
            total += head + most(&|layout| layout.height + layout.below) + 60.0;
        }

        let svg = Svg::new(width as u32, total.ceil() as u32);
        if shared {
            draw::legend(&svg, &layouts[0].entries, (100.0, 20.0), width - 200.0);
        }
        let root = svg.clone().into_drawing_area();
        for (k, (panel, layout)) in self.panels.iter().zip(layouts).enumerate() {
            let place = ((k % columns) as f64 * (cell + GAP), tops[k / columns]);
            draw::draw(panel, layout, &svg, &root, place, cell, !shared)?;
        }
        drop(root);
        let body = svg.sheet.borrow_mut().finish();
        Ok(self.document(&body, width, total.ceil()))
    }

    fn document(&self, body: &str, width: f64, height: f64) -> String {
        let panels: Vec<_> = self.panels.iter().map(Panel::json).collect();
        let data = json!({ "gradus-figure": { "title": self.title, "panels": panels } })
            .to_string()
            // Only strings can hold these; so the text needs no escapes of XML's own.
            .replace('&', "\\u0026")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        // Ids are unique on a page because they come from the content.
        let id = format!("f{:016x}", hash(&[&self.title, &self.description, body, &data]));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"gradus-figure\" role=\"img\" \
             aria-labelledby=\"{id}-t {id}-d\" width=\"{w}\" height=\"{h}\" \
             viewBox=\"0 0 {width} {height}\" style=\"max-width:100%;height:auto\" \
             font-family=\"system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif\" \
             fill=\"none\" stroke-linejoin=\"round\">\n\
             <title id=\"{id}-t\">{title}</title>\n<desc id=\"{id}-d\">{desc}</desc>\n\
             <metadata>{data}</metadata>\n\
             <style>{STAND_ALONE}</style>\n{body}</svg>\n",
            w = width / 10.0,
            h = height / 10.0,
            title = escape(&self.title),
            desc = escape(&self.description),
        )
    }

    /// Writes the SVG to `path`: beside it first, then renamed.
    ///
    /// # Errors
    /// Those of [`to_svg`](Self::to_svg), and if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> std::io::Result<()> {
        let svg = self.to_svg().map_err(std::io::Error::other)?;
        let path = path.as_ref();
        let beside = path.with_extension("svg.part");
        let done = std::fs::write(&beside, svg).and_then(|()| std::fs::rename(&beside, path));
        if done.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
        done
    }

    /// Shows the figure in a notebook: evcxr calls this for the value of a cell. A figure that cannot
    /// be drawn says why on standard error.
    pub fn evcxr_display(&self) {
        match self.to_svg() {
            Ok(svg) => println!("{}", content(&svg)),
            Err(error) => eprintln!("The figure `{}` cannot be drawn: {error}.", self.title),
        }
    }
}

/// The lines by which evcxr knows a value of a MIME type.
fn content(svg: &str) -> String {
    format!("EVCXR_BEGIN_CONTENT image/svg+xml\n{svg}EVCXR_END_CONTENT")
}

/// FNV-1a: the same on every machine and with every compiler.
fn hash(texts: &[&str]) -> u64 {
    texts.iter().flat_map(|text| text.bytes()).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// An SVG that is a document of its own (a file, an `<img>`) has no page to take colours from. In a
/// page `:root` is the page's element, and this says nothing.
const STAND_ALONE: &str = "svg:root{color:#1d2125;background:#fff;--bg:#fff}\
    @media(prefers-color-scheme:dark){svg:root{color:#dfe3e8;background:#15181d;--bg:#15181d}}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notebook_gets_one_item_of_svg() {
        let text = content("<svg></svg>\n");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            ["EVCXR_BEGIN_CONTENT image/svg+xml", "<svg></svg>", "EVCXR_END_CONTENT"]
        );
    }

    #[test]
    fn the_hash_is_fnv() {
        // The published test vectors of FNV-1a, 64 bits.
        assert_eq!(hash(&[""]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(&["foo", "bar"]), 0x8594_4171_f739_67e8);
    }
}
