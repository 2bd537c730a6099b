//! Figures as SVG that speak for themselves.
//!
//! A [`Figure`] holds one or more [`Panel`]s; each method of a panel adds one thing to draw. Title and
//! description are arguments of the figure, so that none is without alternative text.
//!
//! ```
//! use gradus::plot::{Figure, Panel};
//!
//! let figure = Figure::new("Halving", "Both lines fall; the dashed one falls twice as fast.").panel(
//!     Panel::new("update k", "distance")
//!         .log_y()
//!         .line("momentum", (0..20).map(|k| 0.5_f64.powi(k)))
//!         .line("Nesterov", (0..20).map(|k| 0.25_f64.powi(k))),
//! );
//! figure.save(std::env::temp_dir().join("halving.svg"))?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Colour
//!
//! Text and axes are in `currentColor`, so a page's light and dark themes hold for its figures too.
//! Labels that lie on lines have a rim in the page's custom property `--bg`. An SVG that is a document
//! of its own follows `prefers-color-scheme`. Series take the colours and dashes of [`style`].
//!
//! # The data inside
//!
//! Every SVG carries what it draws as JSON in its `<metadata>`, without entities: `<`, `>` and `&`
//! are JSON escapes.
//!
//! ```json
//! {"gradus-figure": {"title": "...", "panels": [{
//!     "title": "...", "x_label": "...", "y_label": "...",
//!     "x_scale": "linear", "y_scale": "log",
//!     "series": [{"kind": "line", "name": "...", "x": [0.0, 1.0], "y": [4.0, 2.0]}]
//! }]}}
//! ```
//!
//! Numbers are the shortest decimals that give the same double back. What a series has, by `kind`:
//!
//! | kind | fields beside `kind` and `name` |
//! |---|---|
//! | `line`, `points`, `path` | `x`, `y`, equally long |
//! | `minimum`, `note` | `x`, `y` of one number each |
//! | `band` | `x`, `low`, `high` |
//! | `horizontal` | `y` of one number |
//! | `vertical` | `x` of one number |
//! | `histogram` | `x`: n + 1 edges, `y`: n counts |
//! | `vectors` | `x`, `y`, `u`, `v`: where arrows begin, and their components |
//! | `level sets`, `heat map`, `surface` | `x`, `y`, `z`: one row for each y, and `levels` if lines are drawn |
//! | `regions` | `x`, `y`, `z` with indices of `names` |
//! | `image` | `x`, `y` (numbers of columns and rows), `z`: one row for each y, downwards |
//!
//! In a `z`, numbers have seven significant digits (they are rounded before anything is drawn) and
//! `null` stands for what is not finite.

mod axis;
mod clip;
mod contour;
mod data;
mod draw;
mod figure;
mod heat;
mod mosaic;
mod panel;
mod pen;
mod space;
pub mod style;
mod svg;
#[cfg(test)]
mod tests;

pub use data::{Interval, PlotPoint, PlotValue};
pub use figure::Figure;
pub use panel::Panel;
