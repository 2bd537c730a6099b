//! What a panel draws: series, grids, and how callers' data becomes them.

use std::ops::{Range, RangeInclusive};

use ndarray::{Array1, ArrayView1, ArrayView2};
use serde_json::{Value, json};

use crate::plot::axis::Scale;
use crate::plot::contour;
use crate::plot::style::Style;
use crate::{Error, Objective, Result};

/// A number that a figure takes: floats and integers, by value or by reference.
///
/// So a series is anything that iterates over numbers: `&trace.values`, `0..100`, `[1.0, 2.0]`, an
/// `Array1`, or a chain of iterators.
///
/// ```
/// use gradus::plot::PlotValue;
///
/// assert_eq!(3_usize.wide(), 3.0);
/// assert_eq!((&0.5_f32).wide(), 0.5);
/// ```
pub trait PlotValue {
    /// The number in double precision.
    fn wide(self) -> f64;
}

macro_rules! plot_value {
    ($($number:ty),*) => {$(
        impl PlotValue for $number {
            fn wide(self) -> f64 {
                self as f64
            }
        }
        impl PlotValue for &$number {
            fn wide(self) -> f64 {
                *self as f64
            }
        }
    )*};
}
plot_value!(f64, f32, i32, i64, u8, u32, u64, usize);

/// A point of the plane that a figure takes: `[x, y]`, `(x, y)` or an `Array1` of two coordinates.
///
/// ```
/// use gradus::plot::PlotPoint;
/// use gradus::prelude::array;
///
/// assert_eq!((&array![1.0, 2.0]).coordinates(), [1.0, 2.0]);
/// assert_eq!([1.0, 2.0].coordinates(), [1.0, 2.0]);
/// ```
pub trait PlotPoint {
    /// The coordinates; a figure refuses other than two.
    fn coordinates(self) -> Vec<f64>;
}

impl PlotPoint for [f64; 2] {
    fn coordinates(self) -> Vec<f64> {
        self.to_vec()
    }
}

impl PlotPoint for &[f64; 2] {
    fn coordinates(self) -> Vec<f64> {
        self.to_vec()
    }
}

impl PlotPoint for (f64, f64) {
    fn coordinates(self) -> Vec<f64> {
        vec![self.0, self.1]
    }
}

impl PlotPoint for &(f64, f64) {
    fn coordinates(self) -> Vec<f64> {
        vec![self.0, self.1]
    }
}

impl PlotPoint for Array1<f64> {
    fn coordinates(self) -> Vec<f64> {
        self.to_vec()
    }
}

impl PlotPoint for &Array1<f64> {
    fn coordinates(self) -> Vec<f64> {
        self.to_vec()
    }
}

/// A range of an axis: `-1.0..2.0`, `-1.0..=2.0`, `(-1.0, 2.0)` or `[-1.0, 2.0]`.
///
/// ```
/// use gradus::plot::Interval;
///
/// assert_eq!(Interval::from(-1.0..2.0), Interval::from((-1.0, 2.0)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    pub(super) fn check(self, argument: &'static str) -> Result<Self> {
        let holds = self.low.is_finite() && self.high.is_finite() && self.low < self.high;
        let found = format!("{}..{}", self.low, self.high);
        Error::check(holds, argument, found, "two finite ends, the lower one first")?;
        Ok(self)
    }

    /// `n` values that are evenly spaced on an axis of this scale, both ends among them.
    pub(super) fn spaced(self, scale: Scale, n: usize) -> Vec<f64> {
        let last = (n - 1) as f64;
        let (low, high) = (scale.position(self.low), scale.position(self.high));
        (0..n)
            .map(|k| match k {
                0 => self.low,
                k if k == n - 1 => self.high,
                k => {
                    let t = k as f64 / last;
                    scale.value(low * (1.0 - t) + high * t)
                }
            })
            .collect()
    }

    /// The middles of `n` cells of equal width.
    fn middles(self, n: usize) -> Vec<f64> {
        let width = (self.high - self.low) / n as f64;
        (0..n).map(|k| self.low + (k as f64 + 0.5) * width).collect()
    }
}

impl From<Range<f64>> for Interval {
    fn from(range: Range<f64>) -> Self {
        Self { low: range.start, high: range.end }
    }
}

impl From<RangeInclusive<f64>> for Interval {
    fn from(range: RangeInclusive<f64>) -> Self {
        Self { low: *range.start(), high: *range.end() }
    }
}

impl From<(f64, f64)> for Interval {
    fn from((low, high): (f64, f64)) -> Self {
        Self { low, high }
    }
}

impl From<[f64; 2]> for Interval {
    fn from([low, high]: [f64; 2]) -> Self {
        Self { low, high }
    }
}

/// Values on a rectangular grid, one row for each y.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) z: Vec<f64>,
    /// Whether cubics may fill in what lies between.
    pub(super) smooth: bool,
}

impl Grid {
    /// Values are kept to seven significant digits: what is drawn is what is carried, and a grid of
    /// full doubles would weigh more than the rest of a page.
    fn rounded(x: Vec<f64>, y: Vec<f64>, z: impl Iterator<Item = f64>) -> Self {
        let z = z
            .map(|z| if z.is_finite() { format!("{z:.6e}").parse().unwrap_or(z) } else { f64::NAN })
            .collect();
        Self { x, y, z, smooth: false }
    }

    /// f at every pair of coordinates.
    pub(super) fn sample(x: Vec<f64>, y: Vec<f64>, f: &mut dyn FnMut(f64, f64) -> f64) -> Self {
        let mut z = Vec::with_capacity(x.len() * y.len());
        for &v in &y {
            z.extend(x.iter().map(|&u| f(u, v)));
        }
        Self::rounded(x, y, z.into_iter())
    }

    /// f over a rectangle from 17 by 17 samples if splines through them find the values at twice as
    /// many; else from 33 or 65. If splines fail even then, f is not smooth: 97 by 97.
    pub(super) fn adaptive(
        x_range: Interval,
        y_range: Interval,
        f: &mut dyn FnMut(f64, f64) -> f64,
    ) -> Result<Self> {
        let (x, y) = (x_range.check("x_range")?, y_range.check("y_range")?);
        let mut sample =
            |n| Self::sample(x.spaced(Scale::Linear, n), y.spaced(Scale::Linear, n), f);
        for n in [33, 65, 129] {
            let grid = sample(n);
            let coarse = contour::thinned(&grid);
            if contour::predicts(&coarse, &grid) {
                return Ok(coarse);
            }
        }
        Ok(sample(97))
    }

    /// f at the middles of `n` by `n` cells.
    pub(super) fn cells(
        x_range: Interval,
        y_range: Interval,
        n: usize,
        f: &mut dyn FnMut(f64, f64) -> f64,
    ) -> Result<Self> {
        let (x, y) = (x_range.check("x_range")?, y_range.check("y_range")?);
        Ok(Self::sample(x.middles(n), y.middles(n), f))
    }

    pub(super) fn from_array(x: Vec<f64>, y: Vec<f64>, z: ArrayView2<'_, f64>) -> Result<Self> {
        if z.dim() != (y.len(), x.len()) {
            return Err(Error::Shape {
                argument: "z",
                found: z.shape().to_vec(),
                expected: vec![y.len(), x.len()],
            });
        }
        let grid = Self::rounded(x, y, z.iter().copied());
        for (argument, axis) in [("x", &grid.x), ("y", &grid.y)] {
            let holds = !axis.is_empty()
                && axis.iter().all(|v| v.is_finite())
                && axis.windows(2).all(|w| w[0] < w[1]);
            Error::check(holds, argument, preview(axis), "increasing numbers, at least one")?;
        }
        Ok(grid)
    }

    pub(super) fn row(&self, j: usize) -> &[f64] {
        &self.z[j * self.x.len()..(j + 1) * self.x.len()]
    }

    /// The least and the largest value.
    pub(super) fn extent(&self) -> (f64, f64) {
        extent(self.z.iter().copied())
    }

    fn json(&self) -> Value {
        let rows: Vec<&[f64]> = (0..self.y.len()).map(|j| self.row(j)).collect();
        json!({ "x": self.x, "y": self.y, "z": rows })
    }
}

/// f on the plane as a function of two numbers.
pub(super) fn plane(objective: &(impl Objective<f64> + ?Sized)) -> impl FnMut(f64, f64) -> f64 {
    move |x, y| objective.value(ArrayView1::from(&[x, y]))
}

/// The least and the largest of the numbers that are not NaN.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values
        .filter(|v| !v.is_nan())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
}

fn preview(values: &[f64]) -> String {
    let shown: Vec<String> = values.iter().take(4).map(f64::to_string).collect();
    let more = if values.len() > 4 { ", ..." } else { "" };
    format!("[{}{more}]", shown.join(", "))
}

/// The forms that data take on a panel.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    Line { x: Vec<f64>, y: Vec<f64> },
    Points { x: Vec<f64>, y: Vec<f64> },
    Path { x: Vec<f64>, y: Vec<f64> },
    Minimum { x: f64, y: f64 },
    Band { x: Vec<f64>, low: Vec<f64>, high: Vec<f64> },
    Horizontal { y: f64 },
    Vertical { x: f64 },
    Note { x: f64, y: f64 },
    Levels { grid: Grid, levels: Vec<f64> },
    Heat { grid: Grid, levels: Vec<f64>, cells: bool },
    Image { grid: Grid },
    Surface { grid: Grid, levels: Vec<f64> },
    Regions { grid: Grid, names: Vec<String> },
    Histogram { edges: Vec<f64>, counts: Vec<f64> },
    Vectors { x: Vec<f64>, y: Vec<f64>, u: Vec<f64>, v: Vec<f64> },
}

/// Something drawn, with its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) data: Data,
    pub(super) style: Option<Style>,
    pub(super) markers: Option<bool>,
}

impl Series {
    pub(super) fn new(name: impl Into<String>, data: Data) -> Self {
        Self { name: name.into(), data, style: None, markers: None }
    }

    /// The word for the form, as in the metadata.
    pub(super) fn kind(&self) -> &'static str {
        match self.data {
            Data::Line { .. } => "line",
            Data::Points { .. } => "points",
            Data::Path { .. } => "path",
            Data::Minimum { .. } => "minimum",
            Data::Band { .. } => "band",
            Data::Horizontal { .. } => "horizontal",
            Data::Vertical { .. } => "vertical",
            Data::Note { .. } => "note",
            Data::Levels { .. } => "level sets",
            Data::Heat { .. } => "heat map",
            Data::Image { .. } => "image",
            Data::Surface { .. } => "surface",
            Data::Regions { .. } => "regions",
            Data::Histogram { .. } => "histogram",
            Data::Vectors { .. } => "vectors",
        }
    }

    /// The columns of numbers, by name.
    fn columns(&self) -> Vec<(&'static str, &[f64])> {
        use std::slice::from_ref;
        match &self.data {
            Data::Line { x, y } | Data::Points { x, y } | Data::Path { x, y } => {
                vec![("x", x), ("y", y)]
            }
            Data::Minimum { x, y } | Data::Note { x, y } => {
                vec![("x", from_ref(x)), ("y", from_ref(y))]
            }
            Data::Band { x, low, high } => vec![("x", x), ("low", low), ("high", high)],
            Data::Horizontal { y } => vec![("y", from_ref(y))],
            Data::Vertical { x } => vec![("x", from_ref(x))],
            Data::Histogram { edges, counts } => vec![("x", edges), ("y", counts)],
            Data::Vectors { x, y, u, v } => vec![("x", x), ("y", y), ("u", u), ("v", v)],
            Data::Levels { .. }
            | Data::Heat { .. }
            | Data::Surface { .. }
            | Data::Regions { .. }
            | Data::Image { .. } => Vec::new(),
        }
    }

    pub(super) fn grid(&self) -> Option<&Grid> {
        match &self.data {
            Data::Levels { grid, .. }
            | Data::Heat { grid, .. }
            | Data::Surface { grid, .. }
            | Data::Regions { grid, .. }
            | Data::Image { grid } => Some(grid),
            _ => None,
        }
    }

    /// Refuses what cannot be drawn. `log` says which axes are logarithmic.
    pub(super) fn check(&self, log: [bool; 2]) -> Result<()> {
        let columns = self.columns();
        for (argument, values) in &columns {
            let place = |k: usize| format!("{} at index {k} of series `{}`", values[k], self.name);
            Error::check(
                !values.is_empty(),
                argument,
                format!("empty in series `{}`", self.name),
                "at least one number",
            )?;
            if let Some(k) = values.iter().position(|v| !v.is_finite()) {
                Error::check(false, argument, place(k), "finite numbers")?;
            }
            let on_log = match *argument {
                "x" => log[0],
                "y" | "low" | "high" => log[1],
                _ => false,
            };
            if let Some(k) = values.iter().position(|v| on_log && *v <= 0.0) {
                Error::check(false, argument, place(k), "positive numbers on a logarithmic axis")?;
            }
        }
        let edges = usize::from(matches!(self.data, Data::Histogram { .. }));
        for (argument, values) in columns.iter().skip(1) {
            Error::check_len(argument, values.len(), columns[0].1.len() - edges)?;
        }
        if let Some(grid) = self.grid() {
            let (low, high) = grid.extent();
            let found = format!("NaN or infinite everywhere in series `{}`", self.name);
            Error::check(low.is_finite(), "z", found, "some finite number")?;
            let found = format!("from {low:e} to {high:e} in series `{}`", self.name);
            Error::check((high - low).is_finite(), "z", found, "a finite range")?;
            let positive = !(log[0] && grid.x[0] <= 0.0 || log[1] && grid.y[0] <= 0.0);
            let found = format!("from {} and {}", grid.x[0], grid.y[0]);
            Error::check(positive, "range", found, "positive numbers on a logarithmic axis")?;
        }
        Ok(())
    }

    /// The extent in x and in y of what the panel's ranges must show, if it has a say.
    pub(super) fn extents(&self, scales: [Scale; 2]) -> [Option<(f64, f64)>; 2] {
        let of = |values: &[f64]| Some(extent(values.iter().copied()));
        match &self.data {
            Data::Line { x, y } | Data::Points { x, y } | Data::Path { x, y } => [of(x), of(y)],
            Data::Minimum { x, y } | Data::Note { x, y } => [of(&[*x]), of(&[*y])],
            Data::Band { x, low, high } => {
                [of(x), Some((extent(low.iter().copied()).0, extent(high.iter().copied()).1))]
            }
            Data::Horizontal { y } => [None, of(&[*y])],
            Data::Vertical { x } => [of(&[*x]), None],
            Data::Histogram { edges, counts } => {
                [of(edges), Some((0.0, extent(counts.iter().copied()).1))]
            }
            Data::Vectors { x, y, .. } => {
                // An arrow may be as long as the way to the next one.
                let room = |values: &[f64]| {
                    let (low, high) = extent(values.iter().copied());
                    let half = 0.5 * (high - low) / (values.len() as f64).sqrt();
                    Some((low - half, high + half))
                };
                [room(x), room(y)]
            }
            Data::Heat { grid, cells: true, .. }
            | Data::Regions { grid, .. }
            | Data::Image { grid } => [cells(&grid.x, scales[0]), cells(&grid.y, scales[1])],
            Data::Levels { grid, .. } | Data::Surface { grid, .. } | Data::Heat { grid, .. } => {
                [of(&grid.x), of(&grid.y)]
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut value = match self.grid() {
            Some(grid) => grid.json(),
            None => json!({}),
        };
        for (column, values) in self.columns() {
            value[column] = json!(values);
        }
        match &self.data {
            Data::Levels { levels, .. }
            | Data::Heat { levels, .. }
            | Data::Surface { levels, .. }
                if !levels.is_empty() =>
            {
                value["levels"] = json!(levels);
            }
            Data::Regions { grid, names } => {
                // Indices are integers; where there is no name, null.
                let index = |z: &f64| (!z.is_nan()).then_some(*z as usize);
                let rows = (0..grid.y.len()).map(|j| grid.row(j).iter().map(index).collect());
                value["z"] = json!(rows.collect::<Vec<Vec<_>>>());
                value["names"] = json!(names);
            }
            _ => {}
        }
        value["kind"] = json!(self.kind());
        value["name"] = json!(self.name);
        value
    }
}

/// The outer edges of cells whose centres are at `centres`.
fn cells(centres: &[f64], scale: Scale) -> Option<(f64, f64)> {
    let edges = edges(centres, scale);
    Some((edges[0], edges[edges.len() - 1]))
}

/// The edges of cells whose centres are given: half-way between neighbours on the axis.
pub(super) fn edges(centres: &[f64], scale: Scale) -> Vec<f64> {
    let at: Vec<f64> = centres.iter().map(|c| scale.position(*c)).collect();
    let n = at.len();
    if n == 1 {
        return vec![scale.value(at[0] - 0.5), scale.value(at[0] + 0.5)];
    }
    let mut edges = Vec::with_capacity(n + 1);
    edges.push(at[0] - 0.5 * (at[1] - at[0]));
    edges.extend(at.windows(2).map(|w| 0.5 * (w[0] + w[1])));
    edges.push(at[n - 1] + 0.5 * (at[n - 1] - at[n - 2]));
    edges.into_iter().map(|e| scale.value(e)).collect()
}
