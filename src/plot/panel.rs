//! One panel: axes and what is drawn between them.

use ndarray::ArrayView2;
use serde_json::{Value, json};

use crate::plot::axis::{Axis, Scale};
use crate::plot::contour;
use crate::plot::data::{Data, Grid, Interval, PlotPoint, PlotValue, Series, extent, plane};
use crate::plot::style::{self, Look};
use crate::{Error, Objective, Result};

/// A pair of axes and what is drawn between them.
///
/// Every method adds one thing and gives the panel back. Names are shown: a line's at its end, all
/// others in a legend above; an empty name shows nothing. A series whose name begins with an update
/// rule's takes that rule's colour and dash ([`style::of`]). Data are checked when the figure is
/// drawn: see [`Figure::to_svg`](crate::plot::Figure::to_svg).
///
/// ```
/// use gradus::plot::Panel;
///
/// let panel = Panel::new("update k", "loss J(w)")
///     .title("rate 0.1")
///     .log_y()
///     .y_range(1e-3..10.0)
///     .line("gradient descent", [4.0, 2.0, 1.0, 0.5])
///     .line("momentum 0.9", [4.0, 1.0, 0.1, 0.01])
///     .horizontal("target", 0.05);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    pub(super) title: String,
    pub(super) labels: [String; 2],
    pub(super) scales: [Scale; 2],
    pub(super) ranges: [Option<Interval>; 2],
    pub(super) equal: bool,
    pub(super) legend: bool,
    pub(super) series: Vec<Series>,
    /// What was wrong with an argument, kept until the figure is drawn.
    problem: Option<Error>,
}

impl From<&Panel> for Panel {
    fn from(panel: &Panel) -> Self {
        panel.clone()
    }
}

impl Panel {
    /// An empty panel with the names of its axes (quantity and, if it has one, unit).
    pub fn new(x_label: impl Into<String>, y_label: impl Into<String>) -> Self {
        Self {
            title: String::new(),
            labels: [x_label.into(), y_label.into()],
            scales: [Scale::Linear; 2],
            ranges: [None; 2],
            equal: false,
            legend: false,
            series: Vec::new(),
            problem: None,
        }
    }

    /// The text above the panel: what differs from its neighbours.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Makes the horizontal axis logarithmic.
    pub fn log_x(mut self) -> Self {
        self.scales[0] = Scale::Log;
        self
    }

    /// Makes the vertical axis logarithmic.
    pub fn log_y(mut self) -> Self {
        self.scales[1] = Scale::Log;
        self
    }

    /// Shows just this part of the horizontal axis; without it, all of the data.
    pub fn x_range(mut self, range: impl Into<Interval>) -> Self {
        self.ranges[0] = Some(range.into());
        self
    }

    /// Shows just this part of the vertical axis; what leaves it is cut off at the panel's edge.
    pub fn y_range(mut self, range: impl Into<Interval>) -> Self {
        self.ranges[1] = Some(range.into());
        self
    }

    /// One unit is equally long on both axes, as a space of parameters wants it. Level sets do so of
    /// themselves.
    pub fn equal(mut self) -> Self {
        self.equal = true;
        self
    }

    /// Lets the axes have different units after all: for level sets that are far wider than high.
    pub fn stretched(mut self) -> Self {
        self.equal = false;
        self
    }

    /// Names the lines in a legend above the panel and not at their ends.
    pub fn legend(mut self) -> Self {
        self.legend = true;
        self
    }

    /// A line through `y` at x = 0, 1, 2, ...: a trace against the number of updates.
    pub fn line<V: PlotValue>(
        self,
        name: impl Into<String>,
        y: impl IntoIterator<Item = V>,
    ) -> Self {
        let y = wide(y);
        let x = (0..y.len()).map(|k| k as f64).collect();
        self.add(name, Data::Line { x, y })
    }

    /// A line through the points (`x`, `y`).
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let cost = [64.0, 128.0, 192.0];
    /// let panel = Panel::new("samples seen", "loss").curve("SGD", cost, [1.0, 0.6, 0.5]).markers();
    /// ```
    pub fn curve<V: PlotValue, W: PlotValue>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = V>,
        y: impl IntoIterator<Item = W>,
    ) -> Self {
        self.add(name, Data::Line { x: wide(x), y: wide(y) })
    }

    /// The graph of `f` over `range`, from 201 samples (evenly spaced on the axis as it is then:
    /// call [`log_x`](Self::log_x) before).
    pub fn function(
        self,
        name: impl Into<String>,
        range: impl Into<Interval>,
        f: impl Fn(f64) -> f64,
    ) -> Self {
        let scale = self.scales[0];
        let x = range.into().check("range").and_then(|range| {
            positive(scale, "range", range.low)?;
            Ok(range.spaced(scale, 201))
        });
        self.attempt(name, x.map(|x| Data::Line { y: x.iter().map(|x| f(*x)).collect(), x }))
    }

    /// Separate points.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let panel = Panel::new("x", "y")
    ///     .points("data", [0.0, 1.0, 2.0], [0.1, 0.9, 2.2])
    ///     .function("fit", 0.0..2.0, |x| x)
    ///     .note("furthest from the fit", 2.0, 2.2);
    /// ```
    pub fn points<V: PlotValue, W: PlotValue>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = V>,
        y: impl IntoIterator<Item = W>,
    ) -> Self {
        self.add(name, Data::Points { x: wide(x), y: wide(y) })
    }

    /// A shaded band between `low` and `high`. With the name of a line it takes that line's colour.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let panel = Panel::new("update k", "loss")
    ///     .band("Adam", [0, 1, 2], [0.9, 0.3, 0.1], [1.1, 0.6, 0.3])
    ///     .line("Adam", [1.0, 0.45, 0.2]);
    /// ```
    pub fn band<V: PlotValue, W: PlotValue, U: PlotValue>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = V>,
        low: impl IntoIterator<Item = W>,
        high: impl IntoIterator<Item = U>,
    ) -> Self {
        self.add(name, Data::Band { x: wide(x), low: wide(low), high: wide(high) })
    }

    /// A horizontal line right across, with its name on it.
    pub fn horizontal(self, name: impl Into<String>, y: f64) -> Self {
        self.add(name, Data::Horizontal { y })
    }

    /// A vertical line from bottom to top, with its name on it.
    pub fn vertical(self, name: impl Into<String>, x: f64) -> Self {
        self.add(name, Data::Vertical { x })
    }

    /// A short text that begins at the point (`x`, `y`), where a dot stands.
    pub fn note(self, text: impl Into<String>, x: f64, y: f64) -> Self {
        self.add(text, Data::Note { x, y })
    }

    /// Level sets of an objective of two parameters over a rectangle, at levels that are evenly
    /// spaced to the eye.
    ///
    /// ```
    /// use gradus::plot::Panel;
    /// use gradus::prelude::*;
    ///
    /// let ravine = |w: ArrayView1<f64>| {
    ///     (0.5 * w[0] * w[0] + 5.0 * w[1] * w[1], array![w[0], 10.0 * w[1]])
    /// };
    /// let trace = Minimize::steps(30).record_points().run(
    ///     &ravine,
    ///     &array![-4.0, 1.5],
    ///     &mut GradientDescent::new(0.18),
    /// )?;
    /// let panel = Panel::new("w₀", "w₁")
    ///     .level_sets(&ravine, -5.0..5.0, -2.0..2.0)
    ///     .path("gradient descent", &trace.points)
    ///     .minimum(0.0, 0.0);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    pub fn level_sets(
        self,
        objective: &(impl Objective<f64> + ?Sized),
        x_range: impl Into<Interval>,
        y_range: impl Into<Interval>,
    ) -> Self {
        self.sampled_levels(x_range.into(), y_range.into(), &mut plane(objective))
    }

    fn sampled_levels(
        self,
        x_range: Interval,
        y_range: Interval,
        f: &mut dyn FnMut(f64, f64) -> f64,
    ) -> Self {
        let grid = Grid::adaptive(x_range, y_range, f);
        let data = grid.map(|grid| Data::Levels { levels: contour::pick_levels(&grid, 10), grid });
        self.equal().attempt("", data)
    }

    /// Draws these levels instead of those chosen, on the level sets, surface or heat map before.
    pub fn levels<V: PlotValue>(mut self, levels: impl IntoIterator<Item = V>) -> Self {
        let mut new = wide(levels);
        new.sort_by(f64::total_cmp);
        new.dedup();
        let finite = new.iter().all(|level| level.is_finite());
        let last = self.series.iter_mut().rev().find_map(|series| match &mut series.data {
            Data::Levels { levels, .. }
            | Data::Heat { levels, .. }
            | Data::Surface { levels, .. } => Some(levels),
            _ => None,
        });
        match last {
            Some(levels) if finite => *levels = new,
            Some(_) => self.fail("levels", format!("{new:?}"), "finite numbers"),
            None => {
                self.fail("levels", "given first", "level sets, a surface or a heat map before")
            }
        }
        self
    }

    /// The way of an optimizer through the plane: a ring at its start, a mark at each point.
    pub fn path<P: PlotPoint>(
        self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = P>,
    ) -> Self {
        let points: Vec<Vec<f64>> = points.into_iter().map(PlotPoint::coordinates).collect();
        let data = match points.iter().find(|p| p.len() != 2) {
            Some(p) => {
                Err(Error::Shape { argument: "points", found: vec![p.len()], expected: vec![2] })
            }
            None => Ok(Data::Path {
                x: points.iter().map(|p| p[0]).collect(),
                y: points.iter().map(|p| p[1]).collect(),
            }),
        };
        self.attempt(name, data)
    }

    /// Marks a minimum with a cross.
    pub fn minimum(self, x: f64, y: f64) -> Self {
        self.add("minimum", Data::Minimum { x, y })
    }

    /// A surface z = f(x, y) seen from above at an angle, its level sets on the floor below.
    ///
    /// Paths and minima of the panel are drawn on the surface and on the floor.
    ///
    /// ```
    /// use gradus::plot::Panel;
    /// use gradus::prelude::*;
    ///
    /// let bowl = |w: ArrayView1<f64>| (w.dot(&w), 2.0 * &w);
    /// let panel = Panel::new("w₀", "w₁").surface("J(w)", &bowl, -2.0..2.0, -2.0..2.0);
    /// ```
    pub fn surface(
        self,
        z_label: impl Into<String>,
        objective: &(impl Objective<f64> + ?Sized),
        x_range: impl Into<Interval>,
        y_range: impl Into<Interval>,
    ) -> Self {
        self.sampled_surface(z_label.into(), x_range.into(), y_range.into(), &mut plane(objective))
    }

    fn sampled_surface(
        self,
        z_label: String,
        x_range: Interval,
        y_range: Interval,
        f: &mut dyn FnMut(f64, f64) -> f64,
    ) -> Self {
        let grid = Grid::adaptive(x_range, y_range, f);
        let data = grid.map(|grid| Data::Surface { levels: contour::pick_levels(&grid, 8), grid });
        self.attempt(z_label, data)
    }

    /// Colours for f over a rectangle, with a colour bar that has the name, from 81 by 81 samples
    /// evenly spaced on the axes as they are then (call [`log_x`](Self::log_x) before). Where f is
    /// not finite the map stays blank.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// // How fast the worst of two eigenvalues shrinks, by learning rate; 1 is the boundary.
    /// let panel = Panel::new("rate η", "eigenvalue λ")
    ///     .heat_map("factor |1 − ηλ|", 0.0..1.0, 0.0..4.0, |rate, l| (1.0 - rate * l).abs())
    ///     .levels([1.0]);
    /// ```
    pub fn heat_map(
        self,
        name: impl Into<String>,
        x_range: impl Into<Interval>,
        y_range: impl Into<Interval>,
        mut f: impl FnMut(f64, f64) -> f64,
    ) -> Self {
        let ranges = [("x_range", x_range.into()), ("y_range", y_range.into())];
        self.sampled_heat(name.into(), ranges, &mut f)
    }

    fn sampled_heat(
        self,
        name: String,
        ranges: [(&'static str, Interval); 2],
        f: &mut dyn FnMut(f64, f64) -> f64,
    ) -> Self {
        let axis = |k: usize| {
            let (argument, range) = ranges[k];
            positive(self.scales[k], argument, range.check(argument)?.low)?;
            Ok(range.spaced(self.scales[k], 81))
        };
        let data = axis(0).and_then(|x| {
            let grid = Grid::sample(x, axis(1)?, f);
            Ok(Data::Heat { grid, levels: Vec::new(), cells: false })
        });
        self.attempt(name, data)
    }

    /// Colours for `z[[j, i]]` at (`x[i]`, `y[j]`), with a colour bar that has the name; NaN stays
    /// blank.
    ///
    /// ```
    /// use gradus::plot::Panel;
    /// use gradus::prelude::array;
    ///
    /// let accuracy = array![[0.71, 0.93], [0.70, f64::NAN]];
    /// let panel = Panel::new("learning rate", "weight decay")
    ///     .log_x()
    ///     .log_y()
    ///     .heat_grid("accuracy", [1e-3, 1e-2], [1e-4, 1e-2], accuracy.view());
    /// ```
    pub fn heat_grid<V: PlotValue, W: PlotValue>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = V>,
        y: impl IntoIterator<Item = W>,
        z: ArrayView2<'_, f64>,
    ) -> Self {
        let grid = Grid::from_array(wide(x), wide(y), z);
        let data = grid.map(|grid| Data::Heat { grid, levels: Vec::new(), cells: true });
        self.attempt(name, data)
    }

    /// An image: `pixels[[0, 0]]` is the upper left one. Images stand side by side, each with its
    /// name below, and take the whole panel. Ink is where values are high; with values of both signs
    /// blue is negative, orange positive and white zero, on one scale for all images of the panel.
    ///
    /// ```
    /// use gradus::plot::Panel;
    /// use gradus::prelude::array;
    ///
    /// let panel = Panel::new("", "")
    ///     .image("stripes", array![[0.0, 1.0], [0.0, 1.0]].view())
    ///     .image("check", array![[0.0, 1.0], [1.0, 0.0]].view());
    /// ```
    pub fn image(self, name: impl Into<String>, pixels: ArrayView2<'_, f64>) -> Self {
        let (rows, columns) = pixels.dim();
        let axis = |n: usize| (0..n).map(|k| k as f64);
        let data = Grid::from_array(axis(columns).collect(), axis(rows).collect(), pixels)
            .map(|grid| Data::Image { grid });
        self.attempt(name, data)
    }

    /// How often `values` fall into each of `bins` bins of equal width.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let panel = Panel::new("activation", "count").histogram("layer 1", [0.1, 0.2, 0.25, 0.7], 3);
    /// ```
    pub fn histogram<V: PlotValue>(
        self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
        bins: usize,
    ) -> Self {
        self.attempt(name, histogram(&wide(values), bins))
    }

    /// A map of categories over a rectangle: `category` gives the index of a name for each point of
    /// 151 by 151. Where the index has no name the map stays blank.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let side = |x: f64, _: f64| usize::from(x > 0.0);
    /// let panel = Panel::new("w₀", "w₁").regions(["left", "right"], -1.0..1.0, -1.0..1.0, side);
    /// ```
    pub fn regions<N: Into<String>>(
        self,
        names: impl IntoIterator<Item = N>,
        x_range: impl Into<Interval>,
        y_range: impl Into<Interval>,
        mut category: impl FnMut(f64, f64) -> usize,
    ) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let known = names.len();
        let grid = Grid::cells(x_range.into(), y_range.into(), 151, &mut |x, y| {
            let k = category(x, y);
            if k < known { k as f64 } else { f64::NAN }
        });
        self.equal().attempt("", grid.map(|grid| Data::Regions { grid, names }))
    }

    /// Arrows (`u`, `v`) at the points (`x`, `y`), all scaled alike so that they do not overlap.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let x = [-1.0, 0.0, 1.0];
    /// let panel = Panel::new("w₀", "w₁").vectors("−∇f", x, x, x.map(|x| -x), x.map(|x| -10.0 * x));
    /// ```
    pub fn vectors<V: PlotValue, W: PlotValue, A: PlotValue, B: PlotValue>(
        self,
        name: impl Into<String>,
        x: impl IntoIterator<Item = V>,
        y: impl IntoIterator<Item = W>,
        u: impl IntoIterator<Item = A>,
        v: impl IntoIterator<Item = B>,
    ) -> Self {
        self.add(name, Data::Vectors { x: wide(x), y: wide(y), u: wide(u), v: wide(v) })
    }

    /// Gives the series before the colour and dash of an update rule, whatever its name is.
    ///
    /// ```
    /// use gradus::plot::Panel;
    ///
    /// let panel = Panel::new("update k", "loss").line("β = 0.9", [2.0, 1.0]).styled("momentum");
    /// ```
    pub fn styled(mut self, rule: &str) -> Self {
        match (style::of(rule), self.series.last_mut()) {
            (Some(style), Some(series)) => series.style = Some(style),
            (None, _) => self.fail("rule", rule, "the name of an update rule"),
            (_, None) => self.fail("rule", "given first", "a series before"),
        }
        self
    }

    /// Marks the points of the line before.
    pub fn markers(self) -> Self {
        self.set_markers(true)
    }

    /// Draws the path before without marks.
    pub fn no_markers(self) -> Self {
        self.set_markers(false)
    }

    fn set_markers(mut self, markers: bool) -> Self {
        match self.series.last_mut() {
            Some(series) => series.markers = Some(markers),
            None => self.fail("markers", "given first", "a series before"),
        }
        self
    }

    fn add(self, name: impl Into<String>, data: Data) -> Self {
        self.attempt(name, Ok(data))
    }

    fn attempt(mut self, name: impl Into<String>, data: Result<Data>) -> Self {
        match data {
            Ok(data) => self.series.push(Series::new(name, data)),
            Err(error) => self.problem = self.problem.or(Some(error)),
        }
        self
    }

    fn fail(&mut self, argument: &'static str, value: impl ToString, expected: &'static str) {
        let error = Error::Argument { argument, value: value.to_string(), expected };
        self.problem.get_or_insert(error);
    }

    /// Refuses what cannot be drawn.
    pub(super) fn check(&self) -> Result<()> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        Error::check(!self.series.is_empty(), "panel", "empty", "at least one series")?;
        for (k, argument) in [(0, "x_range"), (1, "y_range")] {
            if let Some(range) = self.ranges[k] {
                range.check(argument)?;
                positive(self.scales[k], argument, range.low)?;
            }
        }
        let log = self.scales.map(|scale| scale == Scale::Log);
        self.series.iter().try_for_each(|series| series.check(log))?;
        for (k, argument) in [(0, "x"), (1, "y")] {
            let (low, high) = self.shown(k);
            let holds = Axis::can_show(self.scales[k], low, high);
            let expected = "a range that an axis can show: finite, and longer than rounding";
            Error::check(holds, argument, format!("from {low:e} to {high:e}"), expected)?;
        }
        Ok(())
    }

    /// The surface, if the panel shows one; it is then drawn in space.
    pub(super) fn surface_grid(&self) -> Option<(&str, &Grid, &[f64])> {
        self.series.iter().find_map(|series| match &series.data {
            Data::Surface { grid, levels } => Some((series.name.as_str(), grid, &levels[..])),
            _ => None,
        })
    }

    /// Whether its content sets the panel's height.
    pub(super) fn is_rigid(&self) -> bool {
        self.equal || self.surface_grid().is_some() || !self.images().is_empty()
    }

    /// The images, if the panel shows some; it then shows nothing else.
    pub(super) fn images(&self) -> Vec<(&str, &Grid)> {
        let image = |series: &'_ Series| matches!(series.data, Data::Image { .. });
        self.series
            .iter()
            .filter(|series| image(series))
            .filter_map(|series| Some((series.name.as_str(), series.grid()?)))
            .collect()
    }

    /// The colour, dash and marks of each series.
    pub(super) fn looks(&self) -> Vec<Look> {
        let mut looks: Vec<Look> = Vec::new();
        let mut neutral = 0;
        for (k, series) in self.series.iter().enumerate() {
            let earlier = || self.series[..k].iter().zip(&looks);
            let named = |s: &Series| s.name == series.name && !s.name.is_empty();
            let look = match series.data {
                Data::Line { .. }
                | Data::Points { .. }
                | Data::Path { .. }
                | Data::Band { .. }
                | Data::Histogram { .. }
                | Data::Vectors { .. } => {
                    let namesake = earlier().find(|(s, _)| named(s)).map(|(_, look)| *look);
                    let rule = series.style.or_else(|| style::of(&series.name));
                    namesake.filter(|_| series.style.is_none()).unwrap_or_else(|| {
                        let style = rule.unwrap_or_else(|| {
                            neutral += 1;
                            style::neutral(neutral - 1)
                        });
                        // Points are told apart by shape, whatever their colours are.
                        let alike = |s: &Series, look: &Look| match s.data {
                            Data::Points { .. } => s.kind() == series.kind(),
                            Data::Line { .. } | Data::Path { .. } => {
                                look.style == style && s.kind() == series.kind()
                            }
                            _ => false,
                        };
                        Look { style, variant: earlier().filter(|(s, l)| alike(s, l)).count() }
                    })
                }
                _ => Look { style: series.style.unwrap_or(style::TEXT), variant: 0 },
            };
            looks.push(look);
        }
        looks
    }

    /// The range that an axis shows: the one asked for, or that of the data with a little room.
    pub(super) fn shown(&self, axis: usize) -> (f64, f64) {
        if let Some(range) = self.ranges[axis] {
            return (range.low, range.high);
        }
        let exact = |series: &&Series| series.grid().is_some();
        let of = |series: &Series| series.extents(self.scales)[axis];
        // Where a grid fills the panel, what leaves it is cut off.
        let fitted: Vec<(f64, f64)> = self.series.iter().filter(exact).filter_map(of).collect();
        let loose: Vec<(f64, f64)> = self.series.iter().filter_map(of).collect();
        let all = if fitted.is_empty() { &loose } else { &fitted };
        let (low, high) = extent(all.iter().flat_map(|(a, b)| [*a, *b]));
        if !fitted.is_empty() {
            return (low, high);
        }
        if !low.is_finite() || !high.is_finite() {
            return if self.scales[axis] == Scale::Log { (1.0, 10.0) } else { (0.0, 1.0) };
        }
        let bars = self.series.iter().any(|s| matches!(s.data, Data::Histogram { .. }));
        let spread = self
            .series
            .iter()
            .any(|s| matches!(s.data, Data::Points { .. } | Data::Path { .. } | Data::Note { .. }));
        let pad = match axis {
            0 => [spread; 2],
            _ => [!(bars && low == 0.0), true],
        };
        Axis::padded(self.scales[axis], low, high, pad)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "title": self.title,
            "x_label": self.labels[0],
            "y_label": self.labels[1],
            "x_scale": self.scales[0].name(),
            "y_scale": self.scales[1].name(),
            "series": self.series.iter().map(Series::json).collect::<Vec<_>>(),
        })
    }
}

fn positive(scale: Scale, argument: &'static str, low: f64) -> Result<()> {
    let holds = scale == Scale::Linear || low > 0.0;
    Error::check(holds, argument, low, "positive numbers on a logarithmic axis")
}

fn histogram(values: &[f64], bins: usize) -> Result<Data> {
    Error::check((1..=10_000).contains(&bins), "bins", bins, "1 to 10000")?;
    Error::check(!values.is_empty(), "values", "empty", "at least one number")?;
    if let Some(bad) = values.iter().find(|v| !v.is_finite()) {
        Error::check(false, "values", bad, "finite numbers")?;
    }
    let (low, high) = extent(values.iter().copied());
    let (low, high) = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
    let mut counts = vec![0.0; bins];
    for v in values {
        let bin = ((v - low) / (high - low) * bins as f64) as usize;
        counts[bin.min(bins - 1)] += 1.0;
    }
    Ok(Data::Histogram { edges: Interval { low, high }.spaced(Scale::Linear, bins + 1), counts })
}

fn wide<V: PlotValue>(values: impl IntoIterator<Item = V>) -> Vec<f64> {
    values.into_iter().map(PlotValue::wide).collect()
}
