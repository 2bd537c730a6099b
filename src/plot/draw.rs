//! Laying out one panel and drawing it.

use plotters::coord::Shift;
use plotters::prelude::{
    BLACK, ChartBuilder, Color, DrawingArea, ShapeStyle, TRANSPARENT, TextStyle,
};
use plotters_backend::text_anchor::{HPos, VPos};

use crate::plot::axis::{Axis, Scale, number};
use crate::plot::clip::{Place, Rect};
use crate::plot::contour;
use crate::plot::data::{Data, Series};
use crate::plot::heat;
use crate::plot::panel::Panel;
use crate::plot::pen::{HAIR, LINE, SMALL, TEXT_SIZE, Type, colour};
use crate::plot::space;
use crate::plot::style::{self, Style};
use crate::plot::svg::{Svg, text_width};
use crate::{Error, Result};

/// The height of a line of text.
const ROW: f64 = 175.0;
/// The length of a legend's sample of line.
const SAMPLE: f64 = 260.0;
/// The stroke from a line's end to its name.
const LEADER: f64 = 150.0;

/// An entry of a legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) name: String,
    style: Style,
    mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Line,
    Path,
    Dot,
    Cross,
    Block,
}

/// Where things stand inside the cell of a panel, before the cell's place is known.
pub(super) struct Layout {
    left: f64,
    right: f64,
    above: f64,
    below: f64,
    /// The size of the rectangle between the axes.
    width: f64,
    height: f64,
    direct: bool,
    /// What the legend holds.
    pub(super) entries: Vec<Entry>,
    x: Axis,
    y: Axis,
}

impl Layout {
    /// The height of the whole cell.
    pub(super) fn total(&self, legend: bool, width: f64) -> f64 {
        self.above + self.legend_height(legend, width) + self.height + self.below
    }

    fn legend_height(&self, legend: bool, width: f64) -> f64 {
        if legend { legend_height(&self.entries, width) } else { 0.0 }
    }
}

/// Lays `panel` out in a cell of this width. `height` is that of the rectangle between the axes, if
/// the figure asks for one.
pub(super) fn layout(panel: &Panel, cell: f64, height: Option<f64>) -> Layout {
    let entries_all = entries(panel, false);
    let (x_range, y_range) = (panel.shown(0), panel.shown(1));
    let wanted = height.unwrap_or_else(|| (0.52 * cell).clamp(1700.0, 3300.0));
    let x = Axis::new(panel.scales[0], x_range.0, x_range.1, (cell / 1100.0) as usize + 1);
    let y = Axis::new(panel.scales[1], y_range.0, y_range.1, (wanted / 480.0) as usize);
    if panel.surface_grid().is_some() {
        return Layout {
            left: 0.0,
            right: 0.0,
            above: if panel.title.is_empty() { 40.0 } else { ROW + 60.0 },
            below: 0.0,
            width: cell,
            height: height.unwrap_or((0.74 * cell).clamp(2000.0, 4600.0)),
            direct: false,
            entries: entries_all,
            x,
            y,
        };
    }
    let ticks = y.ticks().iter().map(|(_, t)| text_width(t, TEXT_SIZE)).fold(0.0, f64::max);
    let left = ticks + 90.0 + if panel.labels[1].is_empty() { 20.0 } else { ROW };
    let below = if panel.labels[0].is_empty() { ROW + 60.0 } else { 2.0 * ROW + 70.0 };
    let above = if panel.title.is_empty() { 70.0 } else { ROW + 70.0 };
    let overhang = x.ticks().last().map_or(0.0, |(v, t)| {
        text_width(t, TEXT_SIZE) / 2.0 - (1.0 - x.fraction(*v)) * (cell - left)
    });
    let margin = overhang.max(60.0) + 20.0;
    let bar = panel.series.iter().find_map(|s| heat::bar_width(s));
    let names = line_ends(panel).map(|s| text_width(&s.name, TEXT_SIZE)).fold(0.0, f64::max);
    let direct = !panel.legend
        && bar.is_none()
        && names > 0.0
        && names + LEADER < 0.38 * (cell - left)
        && line_ends(panel).count() as f64 * ROW <= wanted;
    let right = match bar {
        Some(width) => width,
        None if direct => (names + LEADER + 50.0).max(margin),
        None => margin,
    };
    let mut width = cell - left - right;
    let mut height = wanted;
    if panel.equal {
        let natural = y.span() / x.span();
        let tallest = height_limit(cell);
        height = (natural * width).min(tallest);
        width = height / natural;
    }
    let entries = entries(panel, direct);
    Layout { left, right, above, below, width, height, direct, entries, x, y }
}

fn height_limit(cell: f64) -> f64 {
    (0.8 * cell).min(4600.0)
}

/// The lines that can carry their names at their ends.
fn line_ends(panel: &Panel) -> impl Iterator<Item = &Series> {
    panel.series.iter().filter(|s| matches!(s.data, Data::Line { .. }) && !s.name.is_empty())
}

/// What a legend has to name; `direct`: the lines name themselves.
fn entries(panel: &Panel, direct: bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (series, style) in panel.series.iter().zip(panel.styles()) {
        let mark = match series.data {
            Data::Line { .. } if !direct => Mark::Line,
            Data::Path { .. } => Mark::Path,
            Data::Points { .. } => Mark::Dot,
            Data::Minimum { .. } => Mark::Cross,
            Data::Band { .. } | Data::Histogram { .. } => Mark::Block,
            Data::Vectors { .. } => Mark::Line,
            Data::Regions { ref names, .. } => {
                entries.extend(names.iter().enumerate().map(|(k, name)| Entry {
                    name: name.clone(),
                    style: Style { colour: Some(style::category(k)), dash: &[] },
                    mark: Mark::Block,
                }));
                continue;
            }
            _ => continue,
        };
        let named_by_line = direct && line_ends(panel).any(|line| line.name == series.name);
        if series.name.is_empty()
            || named_by_line
            || entries.iter().any(|entry| entry.name == series.name)
        {
            continue;
        }
        entries.push(Entry { name: series.name.clone(), style, mark });
    }
    entries
}

fn entry_width(entry: &Entry) -> f64 {
    let sample = if matches!(entry.mark, Mark::Line | Mark::Path) { SAMPLE } else { 110.0 };
    sample + 60.0 + text_width(&entry.name, TEXT_SIZE) + 160.0
}

/// The rows of a legend: how many entries each holds.
fn legend_rows(entries: &[Entry], width: f64) -> Vec<&[Entry]> {
    let mut rows = Vec::new();
    let mut first = 0;
    let mut used = 0.0;
    for (k, entry) in entries.iter().enumerate() {
        let needed = entry_width(entry);
        if k > first && used + needed > width {
            rows.push(&entries[first..k]);
            first = k;
            used = 0.0;
        }
        used += needed;
    }
    if first < entries.len() {
        rows.push(&entries[first..]);
    }
    rows
}

pub(super) fn legend_height(entries: &[Entry], width: f64) -> f64 {
    legend_rows(entries, width).len() as f64 * (ROW + 15.0)
}

/// Draws a legend whose first row's top is at `top`.
pub(super) fn legend(svg: &Svg, entries: &[Entry], (left, top): Place, width: f64) {
    for (k, row) in legend_rows(entries, width).into_iter().enumerate() {
        let y = top + (k as f64 + 0.5) * (ROW + 15.0);
        let mut x = left;
        for entry in row {
            let style = entry.style;
            let mut sample = SAMPLE;
            match entry.mark {
                Mark::Line => svg.line(&[(x, y), (x + SAMPLE, y)], style, LINE, 1.0),
                Mark::Path => {
                    svg.line(&[(x, y), (x + SAMPLE, y)], style, LINE, 1.0);
                    svg.circle((x + SAMPLE / 2.0, y), 26, colour(style, 1.0));
                }
                Mark::Dot => {
                    svg.circle((x + 55.0, y), 32, colour(style, 1.0));
                    sample = 110.0;
                }
                Mark::Cross => {
                    cross(svg, (x + 55.0, y));
                    sample = 110.0;
                }
                Mark::Block => {
                    let (a, b) = (y - 45.0, y + 45.0);
                    let corners = [(x, a), (x + 110.0, a), (x + 110.0, b), (x, b)];
                    svg.polygon(&corners, colour(style, 0.45));
                    sample = 110.0;
                }
            }
            svg.text(&entry.name, (x + sample + 60.0, y), Type::new(HPos::Left, VPos::Center));
            x += entry_width(entry);
        }
    }
}

fn cross(svg: &Svg, (x, y): Place) {
    let r = 42.0;
    for (dx, dy) in [(r, r), (r, -r)] {
        svg.line(&[(x - dx, y - dy), (x + dx, y + dy)], style::TEXT, 22, 1.0);
    }
}

/// A panel whose place is known: data to tenths of a pixel.
pub(super) struct Frame<'a> {
    pub(super) svg: &'a Svg,
    pub(super) rect: Rect,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Frame<'_> {
    pub(super) fn at(&self, x: f64, y: f64) -> Place {
        (
            self.rect.left + self.x.fraction(x) * self.rect.width(),
            self.rect.bottom - self.y.fraction(y) * self.rect.height(),
        )
    }

    fn places(&self, x: &[f64], y: &[f64]) -> Vec<Place> {
        x.iter().zip(y).map(|(x, y)| self.at(*x, *y)).collect()
    }

    pub(super) fn polyline(&self, places: &[Place], style: Style, width: u32, alpha: f64) {
        for piece in self.rect.polyline(places) {
            self.svg.line(&piece, style, width, alpha);
        }
    }
}

/// Draws `panel` in the cell whose upper left corner and width are given.
pub(super) fn draw(
    panel: &Panel,
    layout: Layout,
    svg: &Svg,
    root: &DrawingArea<Svg, Shift>,
    (cell_left, cell_top): Place,
    cell_width: f64,
    own_legend: bool,
) -> Result<()> {
    let above = layout.above + layout.legend_height(own_legend, cell_width);
    // A panel of equal aspect may be narrower than its cell: it stands in the middle.
    let spare = cell_width - layout.left - layout.width - layout.right;
    let left = cell_left + layout.left + spare.max(0.0) / 2.0;
    let top = cell_top + above;
    let outer = Rect { left, top, right: left + layout.width, bottom: top + layout.height };
    if !panel.title.is_empty() {
        let middle = ((outer.left + outer.right) / 2.0, cell_top + 30.0);
        let set = Type { bold: true, ..Type::new(HPos::Center, VPos::Top) };
        svg.text(&panel.title, middle, set);
    }
    if own_legend {
        let legend_top = cell_top + layout.above - 50.0;
        let legend_left = if panel.surface_grid().is_some() { cell_left + 100.0 } else { left };
        legend(svg, &layout.entries, (legend_left, legend_top), cell_width - layout.left);
    }
    if panel.surface_grid().is_some() {
        space::draw(panel, svg, outer);
        return Ok(());
    }

    // Grids fill the panel: their colours lie under everything, and no mesh over them.
    let filled = panel.series.iter().any(|s| s.grid().is_some());
    let measure = Frame { svg, rect: outer, x: layout.x.clone(), y: layout.y.clone() };
    for series in &panel.series {
        heat::fill(&measure, series);
    }
    let rect = mesh(panel, &layout, root, outer, filled)?;
    let frame = Frame { svg, rect, x: layout.x, y: layout.y };

    let mut names = Vec::new();
    for (series, style) in panel.series.iter().zip(panel.styles()) {
        draw_series(&frame, series, style);
        if layout.direct
            && let Data::Line { x, y } = &series.data
            && !series.name.is_empty()
        {
            let end =
                x.iter().zip(y).rev().map(|(x, y)| frame.at(*x, *y)).find(|p| rect.contains(*p));
            if let Some(end) = end {
                names.push((end, series.name.as_str(), style));
            }
        }
    }
    name_lines(&frame, names);
    Ok(())
}

/// Axes, ticks and mesh lines; gives the rectangle between the axes back as plotters rounds it.
fn mesh(
    panel: &Panel,
    layout: &Layout,
    root: &DrawingArea<Svg, Shift>,
    outer: Rect,
    filled: bool,
) -> Result<Rect> {
    let undrawable = |e: String| Error::Argument {
        argument: "figure",
        value: e,
        expected: "room for axes and labels",
    };
    let area = root.clone().shrink(
        ((outer.left - layout.left) as i32, outer.top as i32),
        ((outer.width() + layout.left) as i32, (outer.height() + layout.below) as i32),
    );
    let mut chart = ChartBuilder::on(&area)
        .x_label_area_size(layout.below as i32)
        .y_label_area_size(layout.left as i32)
        .build_cartesian_2d(layout.x.clone(), layout.y.clone())
        .map_err(|e| undrawable(e.to_string()))?;
    let text = TextStyle::from(("sans-serif", TEXT_SIZE));
    let axis = ShapeStyle { color: BLACK.mix(0.7), filled: false, stroke_width: HAIR };
    let bold = ShapeStyle { color: BLACK.mix(0.13), filled: false, stroke_width: HAIR - 2 };
    let light = ShapeStyle { color: BLACK.mix(0.05), filled: false, stroke_width: HAIR - 2 };
    let mut style = chart.configure_mesh();
    style
        .label_style(text.clone())
        .axis_desc_style(text)
        .axis_style(axis)
        .bold_line_style(bold)
        .light_line_style(if panel.scales.contains(&Scale::Log) {
            light
        } else {
            TRANSPARENT.into()
        })
        .set_all_tick_mark_size(35)
        .x_desc(panel.labels[0].as_str())
        .y_desc(panel.labels[1].as_str());
    if filled {
        style.disable_mesh();
    }
    style.draw().map_err(|e| undrawable(e.to_string()))?;
    let (x, y) = chart.plotting_area().get_pixel_range();
    Ok(Rect {
        left: x.start.into(),
        top: y.start.into(),
        right: x.end.into(),
        bottom: y.end.into(),
    })
}

fn draw_series(frame: &Frame<'_>, series: &Series, style: Style) {
    let svg = frame.svg;
    let rect = frame.rect;
    match &series.data {
        Data::Line { x, y } => {
            let places = frame.places(x, y);
            if places.len() == 1 {
                svg.circle(places[0], 32, colour(style, 1.0));
            }
            frame.polyline(&places, style, LINE, 1.0);
            if series.markers == Some(true) {
                for place in places.into_iter().filter(|p| rect.contains(*p)) {
                    svg.circle(place, 30, colour(style, 1.0));
                }
            }
        }
        Data::Points { x, y } => {
            for place in frame.places(x, y).into_iter().filter(|p| rect.contains(*p)) {
                svg.circle(place, 32, colour(style, 0.85));
            }
        }
        Data::Path { x, y } => draw_path(frame, &frame.places(x, y), style, series.markers),
        Data::Minimum { x, y } => {
            let place = frame.at(*x, *y);
            if rect.contains(place) {
                cross(svg, place);
            }
        }
        Data::Band { x, low, high } => {
            let mut ring = frame.places(x, high);
            ring.extend(frame.places(x, low).into_iter().rev());
            svg.polygon(&rect.polygon(&ring), colour(style, 0.22));
        }
        Data::Horizontal { y } => {
            let (_, v) = frame.at(0.0, *y);
            let thin = Style { dash: &[50, 40], ..style };
            frame.polyline(&[(rect.left, v), (rect.right, v)], thin, HAIR + 2, 0.8);
            if rect.contains((rect.left, v)) {
                let set = Type { halo: true, ..Type::new(HPos::Right, VPos::Bottom) };
                svg.text(&series.name, (rect.right - 40.0, v - 25.0), set);
            }
        }
        Data::Vertical { x } => {
            let (u, _) = frame.at(*x, 1.0);
            let thin = Style { dash: &[50, 40], ..style };
            frame.polyline(&[(u, rect.top), (u, rect.bottom)], thin, HAIR + 2, 0.8);
            if rect.contains((u, rect.top)) {
                let fits = u + text_width(&series.name, TEXT_SIZE) + 60.0 < rect.right;
                let (h, dx) = if fits { (HPos::Left, 45.0) } else { (HPos::Right, -45.0) };
                let set = Type { halo: true, ..Type::new(h, VPos::Top) };
                svg.text(&series.name, (u + dx, rect.top + 30.0), set);
            }
        }
        Data::Note { x, y } => {
            let (u, v) = frame.at(*x, *y);
            if rect.contains((u, v)) {
                svg.circle((u, v), 26, colour(style::TEXT, 1.0));
                let fits = u + text_width(&series.name, TEXT_SIZE) + 90.0 < rect.right;
                let (h, dx) = if fits { (HPos::Left, 65.0) } else { (HPos::Right, -65.0) };
                let set = Type { halo: true, ..Type::new(h, VPos::Center) };
                svg.text(&series.name, (u + dx, v), set);
            }
        }
        Data::Levels { grid, levels } => {
            let fine = contour::refine(grid, 4);
            draw_levels(frame, &fine, levels);
        }
        Data::Heat { grid, levels } if !levels.is_empty() => draw_levels(frame, grid, levels),
        Data::Histogram { edges, counts } => {
            for (edge, count) in edges.windows(2).zip(counts) {
                let (a, b) = (frame.at(edge[0], *count), frame.at(edge[1], 0.0));
                let bar = [a, (b.0, a.1), b, (a.0, b.1)];
                let bar = rect.polygon(&bar);
                svg.polygon(&bar, colour(style, 0.45));
            }
        }
        Data::Vectors { x, y, u, v } => draw_vectors(frame, x, y, u, v, style),
        Data::Heat { .. } | Data::Surface { .. } | Data::Regions { .. } => {}
    }
}

/// Level lines, some with their level on them.
fn draw_levels(frame: &Frame<'_>, grid: &crate::plot::data::Grid, levels: &[f64]) {
    let mut labels: Vec<(Place, String)> = Vec::new();
    for (k, level) in levels.iter().enumerate() {
        let text = number(*level);
        let room = text_width(&text, SMALL) / 2.0 + 25.0;
        for line in contour::lines(grid, *level) {
            let places: Vec<Place> = line.iter().map(|(x, y)| frame.at(*x, *y)).collect();
            frame.polyline(&places, style::TEXT, HAIR, 0.5);
            let inner = Rect {
                left: frame.rect.left + room,
                top: frame.rect.top + 80.0,
                right: frame.rect.right - room,
                bottom: frame.rect.bottom - 80.0,
            };
            // A label wants a place where the line is nearly level and no label is near.
            let free = |p: &Place| {
                inner.contains(*p)
                    && labels
                        .iter()
                        .all(|(q, _)| (p.0 - q.0).abs() > 4.0 * room || (p.1 - q.1).abs() > 220.0)
            };
            let best = places.iter().copied().filter(free).max_by(|p, q| (p.1).total_cmp(&q.1));
            if let Some(place) = best
                && k % 2 == 1
                && places.len() > 20
            {
                labels.push((place, text.clone()));
            }
        }
    }
    for (place, text) in labels {
        let set = Type { size: SMALL, halo: true, ..Type::new(HPos::Center, VPos::Center) };
        frame.svg.text(&text, place, set);
    }
}

fn draw_path(frame: &Frame<'_>, places: &[Place], style: Style, markers: Option<bool>) {
    let svg = frame.svg;
    frame.polyline(places, style, LINE, 1.0);
    if markers != Some(false) {
        // A mark too near to the one before would hide the line.
        let mut last: Option<Place> = None;
        for &place in places.iter().skip(1).filter(|p| frame.rect.contains(**p)) {
            let near = last.is_some_and(|q| (place.0 - q.0).hypot(place.1 - q.1) < 45.0);
            if !near {
                svg.circle(place, 24, colour(style, 1.0));
                last = Some(place);
            }
        }
    }
    if let Some(&start) = places.first().filter(|p| frame.rect.contains(**p)) {
        svg.ring(start, 48, style, LINE);
    }
}

/// Arrows; the longest reaches about to its neighbour.
fn draw_vectors(frame: &Frame<'_>, x: &[f64], y: &[f64], u: &[f64], v: &[f64], style: Style) {
    let starts = frame.places(x, y);
    let ends: Vec<Place> = (0..x.len()).map(|k| frame.at(x[k] + u[k], y[k] + v[k])).collect();
    let longest =
        starts.iter().zip(&ends).map(|(a, b)| (b.0 - a.0).hypot(b.1 - a.1)).fold(0.0, f64::max);
    let room = (frame.rect.width() * frame.rect.height() / x.len() as f64).sqrt();
    let scale = if longest > 0.0 { 0.9 * room / longest } else { 0.0 };
    for (a, b) in starts.into_iter().zip(ends) {
        let tip = (a.0 + scale * (b.0 - a.0), a.1 + scale * (b.1 - a.1));
        frame.polyline(&[a, tip], style, HAIR + 3, 1.0);
        arrow_head(frame, a, tip, style);
    }
}

/// A filled head at the end of the stroke from `a` to `tip`, if the stroke is longer than it.
fn arrow_head(frame: &Frame<'_>, a: Place, tip: Place, style: Style) {
    let (dx, dy) = (tip.0 - a.0, tip.1 - a.1);
    let length = dx.hypot(dy);
    if length < 60.0 || !frame.rect.contains(tip) {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    let side = |s: f64| (tip.0 - 70.0 * ux - s * 30.0 * uy, tip.1 - 70.0 * uy + s * 30.0 * ux);
    frame.svg.polygon(&[tip, side(1.0), side(-1.0)], colour(style, 1.0));
}

/// Writes the lines' names at the right edge, none over another.
fn name_lines(frame: &Frame<'_>, names: Vec<(Place, &str, Style)>) {
    let wanted: Vec<f64> = names.iter().map(|(end, ..)| end.1).collect();
    let placed = spread(&wanted, ROW * 0.92, frame.rect.top, frame.rect.bottom);
    for ((end, name, style), y) in names.into_iter().zip(placed) {
        let x = frame.rect.right + LEADER;
        let turn = (frame.rect.right + 45.0).max(end.0);
        let leader = [(end.0, end.1), (turn, y), (x - 30.0, y)];
        frame.svg.line(&leader, style, LINE - 6, 1.0);
        frame.svg.text(name, (x, y), Type::new(HPos::Left, VPos::Center));
    }
}

/// Places as near to the wanted ones as can be, `gap` apart and within `low..=high` if they fit.
fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    // Blocks of labels that touch: each stands centred on its members' wishes.
    let mut blocks: Vec<(f64, Vec<usize>)> = Vec::new();
    let half = |n: usize| (n as f64 - 1.0) * gap / 2.0;
    let settle = |members: &[usize]| {
        let mean = members.iter().map(|k| wanted[*k]).sum::<f64>() / members.len() as f64;
        let (a, b) = (low + half(members.len()), high - half(members.len()));
        if a <= b { mean.clamp(a, b) } else { (low + high) / 2.0 }
    };
    for k in order {
        let mut block = (settle(&[k]), vec![k]);
        while let Some((centre, members)) = blocks.last() {
            let touches = block.0 - half(block.1.len()) < centre + half(members.len()) + gap;
            if !touches {
                break;
            }
            let mut joined = members.clone();
            joined.extend(&block.1);
            blocks.pop();
            block = (settle(&joined), joined);
        }
        blocks.push(block);
    }
    let mut out = vec![0.0; wanted.len()];
    for (centre, members) in blocks {
        for (n, k) in members.iter().enumerate() {
            out[*k] = centre - half(members.len()) + n as f64 * gap;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        let placed = spread(&[500.0, 510.0, 505.0, 100.0], 100.0, 0.0, 1000.0);
        assert_eq!(placed, [405.0, 605.0, 505.0, 100.0]);
    }

    #[test]
    fn labels_stay_inside() {
        let placed = spread(&[0.0, 1.0], 100.0, 0.0, 1000.0);
        assert_eq!(placed, [0.0, 100.0]);
    }
}
