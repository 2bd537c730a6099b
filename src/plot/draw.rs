//! Laying out one panel and drawing it.

use plotters::coord::Shift;
use plotters::prelude::{
    BLACK, ChartBuilder, Color, DrawingArea, ShapeStyle, TRANSPARENT, TextStyle,
};
use plotters_backend::text_anchor::{HPos, VPos};

use crate::plot::axis::{Axis, Scale, number};
use crate::plot::clip::{Place, Rect};
use crate::plot::contour;
use crate::plot::data::{Data, Grid, Series};
use crate::plot::heat;
use crate::plot::mosaic;
use crate::plot::panel::Panel;
use crate::plot::pen::{HAIR, LINE, SMALL, TEXT_SIZE, Type, colour};
use crate::plot::space;
use crate::plot::style::{self, Look, Style};
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
    look: Look,
    mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Line,
    Path,
    Dot,
    Cross,
    Block,
    Category(usize),
}

/// Where things stand inside the cell of a panel, before the cell's place is known.
pub(super) struct Layout {
    left: f64,
    right: f64,
    above: f64,
    pub(super) below: f64,
    /// The size of the rectangle between the axes.
    width: f64,
    pub(super) height: f64,
    direct: bool,
    /// What the legend holds.
    pub(super) entries: Vec<Entry>,
    x: Axis,
    y: Axis,
}

impl Layout {
    /// The height of what stands above the axes: the title and, if it is the panel's own, a legend.
    pub(super) fn head(&self, own_legend: bool, cell: f64) -> f64 {
        self.above + if own_legend { legend_height(&self.entries, cell - self.left) } else { 0.0 }
    }
}

/// Lays `panel` out in a cell of this width. `height` is that of the rectangle between the axes, if
/// the figure asks for one.
pub(super) fn layout(panel: &Panel, cell: f64, height: Option<f64>) -> Layout {
    let (x_range, y_range) = (panel.shown(0), panel.shown(1));
    let wanted = height.unwrap_or_else(|| (0.52 * cell).clamp(1700.0, 3300.0));
    let y_axis = |height: f64| {
        Axis::new(panel.scales[1], y_range.0, y_range.1, (height / 480.0).round() as usize)
    };
    let title = if panel.title.is_empty() { 0.0 } else { ROW };
    let images = panel.images();
    if !images.is_empty() || panel.surface_grid().is_some() {
        let natural = match images.len() {
            0 => height.unwrap_or((0.74 * cell).clamp(2000.0, 4600.0)),
            _ => mosaic::height(panel, cell),
        };
        return Layout {
            left: 0.0,
            right: 0.0,
            above: title + 50.0,
            below: 0.0,
            width: cell,
            height: natural,
            direct: false,
            entries: entries(panel, false),
            x: Axis::new(panel.scales[0], x_range.0, x_range.1, 4),
            y: y_axis(wanted),
        };
    }
    let below = if panel.labels[0].is_empty() { ROW + 60.0 } else { 2.0 * ROW + 20.0 };
    let bar = panel.series.iter().find_map(heat::bar_width);
    let names = line_ends(panel).map(|s| text_width(&s.name, TEXT_SIZE)).fold(0.0, f64::max);
    let mut height = wanted;
    // Ticks need the size, and their texts take from it: the second round settles it.
    let mut place = || {
        let y = y_axis(height);
        let ticks = y.ticks().iter().map(|(_, t)| text_width(t, TEXT_SIZE)).fold(0.0, f64::max);
        let left = ticks + 90.0 + if panel.labels[1].is_empty() { 40.0 } else { ROW + 25.0 };
        let direct = !panel.legend
            && bar.is_none()
            && names > 0.0
            && names + LEADER < 0.38 * (cell - left)
            && line_ends(panel).count() as f64 * ROW <= wanted;
        let reserved = bar.unwrap_or(if direct { names + LEADER + 50.0 } else { 80.0 });
        let free = cell - left - reserved;
        let x = x_axis(panel.scales[0], x_range, free);
        // The last tick's text may reach beyond the axis.
        let overhang = x
            .ticks()
            .last()
            .map_or(0.0, |(v, t)| text_width(t, TEXT_SIZE) / 2.0 - (1.0 - x.fraction(*v)) * free);
        let right = reserved.max(overhang + 20.0);
        let mut width = cell - left - right;
        if panel.equal {
            let natural = y.span() / x.span();
            height = (natural * width).min((0.8 * cell).min(4600.0));
            width = height / natural;
        }
        let x = x_axis(panel.scales[0], x_range, width);
        (left, right, width, height, direct, x, y)
    };
    place();
    let (left, right, width, height, direct, x, y) = place();
    let entries = entries(panel, direct);
    Layout { left, right, above: title + 70.0, below, width, height, direct, entries, x, y }
}

/// As many ticks as fit beside each other on `width`.
fn x_axis(scale: Scale, (low, high): (f64, f64), width: f64) -> Axis {
    let fits = |axis: &Axis| {
        let ticks = axis.ticks();
        let spans = ticks.windows(2).map(|w| {
            let apart = (axis.fraction(w[1].0) - axis.fraction(w[0].0)) * width;
            apart - 0.5 * (text_width(&w[0].1, TEXT_SIZE) + text_width(&w[1].1, TEXT_SIZE))
        });
        spans.fold(f64::INFINITY, f64::min) > 130.0
    };
    let most = ((width / 400.0) as usize).clamp(2, 8);
    (2..=most)
        .rev()
        .map(|count| Axis::new(scale, low, high, count))
        .find(fits)
        .unwrap_or_else(|| Axis::new(scale, low, high, 2))
}

/// The lines that can carry their names at their ends.
fn line_ends(panel: &Panel) -> impl Iterator<Item = &Series> {
    panel.series.iter().filter(|s| matches!(s.data, Data::Line { .. }) && !s.name.is_empty())
}

/// What a legend has to name; `direct`: the lines name themselves.
fn entries(panel: &Panel, direct: bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (series, look) in panel.series.iter().zip(panel.looks()) {
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
                    look,
                    mark: Mark::Category(k),
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
        entries.push(Entry { name: series.name.clone(), look, mark });
    }
    entries
}

fn entry_width(entry: &Entry) -> f64 {
    sample_width(entry.mark) + 60.0 + text_width(&entry.name, TEXT_SIZE) + 160.0
}

fn sample_width(mark: Mark) -> f64 {
    if matches!(mark, Mark::Line | Mark::Path) { SAMPLE } else { 110.0 }
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
            let Look { style, variant } = entry.look;
            let paint = colour(style, 1.0);
            let sample = sample_width(entry.mark);
            match entry.mark {
                Mark::Line | Mark::Path => {
                    svg.line(&[(x, y), (x + SAMPLE, y)], style, LINE, 1.0);
                    if entry.mark == Mark::Path || variant > 0 {
                        svg.mark(variant, (x + SAMPLE / 2.0, y), 27.0, paint);
                    }
                }
                Mark::Dot => svg.mark(variant, (x + 55.0, y), 32.0, paint),
                Mark::Cross => svg.cross((x + 55.0, y), 42.0),
                Mark::Block | Mark::Category(_) => {
                    let (a, b) = (y - 45.0, y + 45.0);
                    let corners = [(x, a), (x + 110.0, a), (x + 110.0, b), (x, b)];
                    let fill = match entry.mark {
                        Mark::Category(k) => heat::category(k),
                        _ => colour(style, 0.35),
                    };
                    svg.polygon(&corners, fill);
                    let rim = [corners[0], corners[1], corners[2], corners[3], corners[0]];
                    svg.line(&rim, style, HAIR, 0.8);
                }
            }
            svg.text(&entry.name, (x + sample + 60.0, y), Type::new(HPos::Left, VPos::Center));
            x += entry_width(entry);
        }
    }
}

/// A panel whose place is known: data to tenths of a pixel.
pub(super) struct Frame<'a> {
    pub(super) svg: &'a Svg,
    pub(super) rect: Rect,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Whether lines get a rim in the page's colour, because they run over strong colours.
    pub(super) cased: bool,
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
            if self.cased {
                self.svg.casing(&piece, width + 12);
            }
            self.svg.line(&piece, style, width, alpha);
        }
    }
}

/// Draws `panel` in a cell of which the left edge, the upper end of the axes and the width are given.
pub(super) fn draw(
    panel: &Panel,
    layout: Layout,
    svg: &Svg,
    root: &DrawingArea<Svg, Shift>,
    (cell_left, top): Place,
    cell_width: f64,
    own_legend: bool,
) -> Result<()> {
    // A panel of equal aspect may be narrower than its cell: it stands in the middle.
    let spare = cell_width - layout.left - layout.width - layout.right;
    let left = cell_left + layout.left + spare.max(0.0) / 2.0;
    let outer = Rect { left, top, right: left + layout.width, bottom: top + layout.height };
    let cell_top = top - layout.head(own_legend, cell_width);
    if !panel.title.is_empty() {
        let middle = ((outer.left + outer.right) / 2.0, cell_top + 30.0);
        let set = Type { bold: true, ..Type::new(HPos::Center, VPos::Top) };
        svg.text(&panel.title, middle, set);
    }
    if own_legend {
        let room = cell_width - layout.left;
        let legend_top = top - 50.0 - legend_height(&layout.entries, room);
        let legend_left = if layout.left == 0.0 { cell_left + 100.0 } else { left };
        legend(svg, &layout.entries, (legend_left, legend_top), room);
    }
    if panel.surface_grid().is_some() {
        space::draw(panel, svg, outer);
        return Ok(());
    }
    if !panel.images().is_empty() {
        mosaic::draw(panel, svg, outer);
        return Ok(());
    }

    // Grids fill the panel: their colours lie under everything, and no mesh over them.
    let filled = panel.series.iter().any(|s| s.grid().is_some());
    let cased =
        panel.series.iter().any(|s| matches!(s.data, Data::Heat { .. } | Data::Regions { .. }));
    let measure = Frame { svg, rect: outer, x: layout.x.clone(), y: layout.y.clone(), cased };
    for series in &panel.series {
        heat::fill(&measure, series);
    }
    let rect = mesh(panel, &layout, root, outer, filled)?;
    let frame = Frame { svg, rect, x: layout.x, y: layout.y, cased };

    let obstacles = obstacles(&frame, panel);
    let mut names = Vec::new();
    for (series, look) in panel.series.iter().zip(panel.looks()) {
        draw_series(&frame, series, look, &obstacles);
        if layout.direct
            && let Data::Line { x, y } = &series.data
            && !series.name.is_empty()
            && !names.iter().any(|(_, name, _)| *name == series.name)
        {
            let places = x.iter().zip(y).rev().map(|(x, y)| frame.at(*x, *y));
            if let Some(end) = last_visible(&rect, places) {
                names.push((end, series.name.as_str(), look.style));
            }
        }
    }
    name_lines(&frame, names);
    Ok(())
}

/// Where a line, given from its end backwards, is last seen: its end, or where it leaves the panel.
fn last_visible(rect: &Rect, backwards: impl Iterator<Item = Place>) -> Option<Place> {
    let places: Vec<Place> = backwards.collect();
    if places.first().is_some_and(|p| rect.contains(*p)) {
        return places.first().copied();
    }
    rect.polyline(&places).first().and_then(|piece| piece.first().copied())
}

/// Places that labels had better keep clear of: paths, points and minima, every four pixels.
fn obstacles(frame: &Frame<'_>, panel: &Panel) -> Vec<Place> {
    let mut out = Vec::new();
    for series in &panel.series {
        match &series.data {
            Data::Path { x, y } | Data::Line { x, y } => {
                for piece in frame.rect.polyline(&frame.places(x, y)) {
                    for w in piece.windows(2) {
                        let length = (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1);
                        let n = (length / 40.0).ceil().max(1.0);
                        out.extend((0..=n as usize).map(|k| {
                            let t = k as f64 / n;
                            (w[0].0 + t * (w[1].0 - w[0].0), w[0].1 + t * (w[1].1 - w[0].1))
                        }));
                    }
                }
            }
            Data::Points { x, y } => out.extend(frame.places(x, y)),
            Data::Minimum { x, y } | Data::Note { x, y } => out.push(frame.at(*x, *y)),
            _ => {}
        }
    }
    out
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
    // Ascenders of the name at the left edge reach beyond the height that plotters allows them.
    let label_area = layout.left - 30.0;
    let area = root.clone().shrink(
        ((outer.left - label_area) as i32, outer.top as i32),
        ((outer.width() + label_area) as i32, (outer.height() + layout.below) as i32),
    );
    let mut chart = ChartBuilder::on(&area)
        .x_label_area_size(layout.below as i32)
        .y_label_area_size(label_area as i32)
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

fn draw_series(frame: &Frame<'_>, series: &Series, look: Look, obstacles: &[Place]) {
    let Look { style, variant } = look;
    let svg = frame.svg;
    let rect = frame.rect;
    match &series.data {
        Data::Line { x, y } => {
            let places = frame.places(x, y);
            frame.polyline(&places, style, LINE, 1.0);
            // A line of one point is a mark; a second run of one rule has some marks to tell it by.
            let every = match places.len() {
                n if series.markers == Some(true) || n == 1 => 1,
                n if variant > 0 && series.markers.is_none() => n.div_ceil(9),
                _ => return,
            };
            for place in places.iter().skip(every / 2).step_by(every).filter(|p| rect.contains(**p))
            {
                svg.mark(variant, *place, 30.0, colour(style, 1.0));
            }
        }
        Data::Points { x, y } => {
            for place in frame.places(x, y).into_iter().filter(|p| rect.contains(*p)) {
                svg.mark(variant, place, 32.0, colour(style, 0.85));
            }
        }
        Data::Path { x, y } => draw_path(frame, &frame.places(x, y), look, series.markers),
        Data::Minimum { x, y } => {
            let place = frame.at(*x, *y);
            if rect.contains(place) {
                svg.cross(place, 42.0);
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
                // The rim keeps it visible on a dark patch of a heat map.
                svg.rim((u, v), 38.0);
                svg.circle((u, v), 26, colour(style::TEXT, 1.0));
                let fits = u + text_width(&series.name, TEXT_SIZE) + 90.0 < rect.right;
                let (h, dx) = if fits { (HPos::Left, 50.0) } else { (HPos::Right, -50.0) };
                let set = Type { halo: true, ..Type::new(h, VPos::Bottom) };
                svg.text(&series.name, (u + dx, v - 40.0), set);
            }
        }
        Data::Levels { grid, levels } => {
            draw_levels(frame, &contour::fine(grid), levels, obstacles);
        }
        Data::Heat { grid, levels, .. } => draw_levels(frame, grid, levels, obstacles),
        Data::Histogram { edges, counts } => {
            // Bars as one shape: an outline with the series' dash, and a light fill.
            let ends = |k: usize| frame.at(edges[k], counts[k.min(counts.len() - 1)]);
            let mut outline = vec![frame.at(edges[0], 0.0)];
            for k in 0..counts.len() {
                let (left, right) = (ends(k), frame.at(edges[k + 1], counts[k]));
                outline.extend([left, right]);
            }
            outline.push(frame.at(edges[counts.len()], 0.0));
            svg.polygon(&rect.polygon(&outline), colour(style, 0.25));
            frame.polyline(&outline, style, LINE - 4, 1.0);
        }
        Data::Vectors { x, y, u, v } => draw_vectors(frame, x, y, u, v, style),
        Data::Surface { .. } | Data::Regions { .. } | Data::Image { .. } => {}
    }
}

/// Level lines, every second with its level on it.
fn draw_levels(frame: &Frame<'_>, grid: &Grid, levels: &[f64], obstacles: &[Place]) {
    let mut labels: Vec<(Place, String)> = Vec::new();
    // The labelled ones are chosen from the innermost outwards.
    let odd = usize::from(levels.len() > 4);
    for (k, level) in levels.iter().enumerate() {
        let text = number(*level);
        let half = text_width(&text, SMALL) / 2.0;
        let inner = Rect {
            left: frame.rect.left + half + 30.0,
            top: frame.rect.top + 90.0,
            right: frame.rect.right - half - 30.0,
            bottom: frame.rect.bottom - 90.0,
        };
        for line in contour::lines(grid, *level) {
            let places: Vec<Place> = line.iter().map(|(x, y)| frame.at(*x, *y)).collect();
            frame.polyline(&places, style::TEXT, HAIR, if frame.cased { 1.0 } else { 0.5 });
            // Far from paths and from other labels, measured in label sizes; the lower the better.
            let clear = |p: &Place| {
                let others = labels.iter().map(|(q, _)| q);
                obstacles
                    .iter()
                    .chain(others)
                    .map(|q| ((p.0 - q.0).abs() - half).max(0.0).hypot(p.1 - q.1))
                    .fold(700.0, f64::min)
            };
            let length: f64 =
                places.windows(2).map(|w| (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1)).sum();
            if k % 2 != odd || length < 8.0 * half {
                continue;
            }
            let best = places
                .iter()
                .filter(|p| inner.contains(**p))
                .map(|p| (clear(p), *p))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.1.total_cmp(&b.1.1)));
            if let Some((room, place)) = best
                && room > 90.0
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

fn draw_path(frame: &Frame<'_>, places: &[Place], look: Look, markers: Option<bool>) {
    let svg = frame.svg;
    let Look { style, variant } = look;
    frame.polyline(places, style, LINE, 1.0);
    if markers != Some(false) {
        // A mark too near to the one before would hide the line.
        let mut last: Option<Place> = None;
        for &place in places.iter().skip(1).filter(|p| frame.rect.contains(**p)) {
            let near = last.is_some_and(|q| (place.0 - q.0).hypot(place.1 - q.1) < 55.0);
            if !near {
                svg.mark(variant, place, 24.0, colour(style, 1.0));
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

/// Writes the lines' names at the right edge, none over another; that of a line which ends earlier,
/// beside its end if there is room.
fn name_lines(frame: &Frame<'_>, names: Vec<(Place, &str, Style)>) {
    let early =
        |end: Place, name: &str| end.0 + text_width(name, TEXT_SIZE) + 150.0 < frame.rect.right;
    let (inside, outside): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|(end, name, _)| early(*end, name));
    for (end, name, style) in inside {
        frame.svg.circle(end, 26, colour(style, 1.0));
        let set = Type { halo: true, ..Type::new(HPos::Left, VPos::Center) };
        let y = end.1.clamp(frame.rect.top + 80.0, frame.rect.bottom - 80.0);
        frame.svg.text(name, (end.0 + 70.0, y), set);
    }
    let wanted: Vec<f64> = outside.iter().map(|(end, ..)| end.1).collect();
    let placed = spread(&wanted, ROW * 0.92, frame.rect.top, frame.rect.bottom);
    for ((end, name, style), y) in outside.into_iter().zip(placed) {
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
