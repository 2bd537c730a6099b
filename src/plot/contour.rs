//! Level sets of gridded values by marching squares.

use crate::plot::data::Grid;

/// A polyline in data coordinates; closed if its last point is its first.
pub(super) type Polyline = Vec<(f64, f64)>;

/// The grid with `factor` times as many steps, filled in by cubic splines if it is smooth, else by
/// straight lines.
pub(super) fn refine(grid: &Grid, factor: usize) -> Grid {
    let ny = grid.y.len();
    let stretch = if grid.smooth { spline } else { between };
    let rows: Vec<Vec<f64>> = (0..ny).map(|j| stretch(grid.row(j), factor)).collect();
    let columns: Vec<Vec<f64>> = (0..rows[0].len())
        .map(|i| stretch(&rows.iter().map(|row| row[i]).collect::<Vec<_>>(), factor))
        .collect();
    let z = (0..(ny - 1) * factor + 1).flat_map(|j| columns.iter().map(move |c| c[j])).collect();
    Grid { x: between(&grid.x, factor), y: between(&grid.y, factor), z, smooth: false }
}

/// The grid fine enough for level lines: about 360 steps along a side.
pub(super) fn fine(grid: &Grid) -> Grid {
    refine(grid, 360_usize.div_ceil(grid.x.len().max(grid.y.len())).max(1))
}

/// Every second sample in x and in y, of an odd number.
pub(super) fn thinned(grid: &Grid) -> Grid {
    let z =
        (0..grid.y.len()).step_by(2).flat_map(|j| grid.row(j).iter().step_by(2).copied()).collect();
    let half = |axis: &[f64]| axis.iter().step_by(2).copied().collect();
    Grid { x: half(&grid.x), y: half(&grid.y), z, smooth: true }
}

/// Whether splines through every second sample find the others again, so well that no level line
/// would move by a visible distance: within a hundredth of the height above the lowest value, or of
/// that of the lowest level.
pub(super) fn predicts(coarse: &Grid, grid: &Grid) -> bool {
    let (low, _) = grid.extent();
    let floor = pick_levels(grid, 10).first().map_or(0.0, |level| level - low);
    let guess = refine(coarse, 2);
    let off = |guess: f64, z: f64| (guess - z).abs() > 0.01 * (z - low).max(floor);
    !guess.z.iter().zip(&grid.z).any(|(g, z)| g.is_nan() || z.is_nan() || off(*g, *z))
}

/// Evenly spaced values between neighbours.
fn between(values: &[f64], factor: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity((values.len() - 1) * factor + 1);
    for w in values.windows(2) {
        out.extend((0..factor).map(|k| {
            let t = k as f64 / factor as f64;
            if k == 0 { w[0] } else { w[0] * (1.0 - t) + w[1] * t }
        }));
    }
    out.push(values[values.len() - 1]);
    out
}

/// The cubic spline through evenly spaced values whose third derivative does not jump at the second
/// and the last but one ("not a knot"): exact for cubics.
fn spline(values: &[f64], factor: usize) -> Vec<f64> {
    let n = values.len();
    if n < 4 || values.iter().any(|v| v.is_nan()) {
        return between(values, factor);
    }
    // Second derivatives m: m[k−1] + 4 m[k] + m[k+1] = r[k], with m[0] = 2 m[1] − m[2] at the end,
    // so that 6 m[1] = r[1]; likewise at the other end. Thomas' algorithm for those between.
    let r = |k: usize| 6.0 * (values[k + 1] - 2.0 * values[k] + values[k - 1]);
    let mut m = vec![0.0; n];
    m[1] = r(1) / 6.0;
    m[n - 2] = r(n - 2) / 6.0;
    let mut upper = vec![0.0; n];
    for k in 2..n - 2 {
        let pivot = 4.0 - upper[k - 1];
        upper[k] = 1.0 / pivot;
        m[k] = (r(k) - m[k - 1]) / pivot;
    }
    for k in (2..n - 2).rev() {
        m[k] -= upper[k] * m[k + 1];
    }
    m[0] = 2.0 * m[1] - m[2];
    m[n - 1] = 2.0 * m[n - 2] - m[n - 3];
    let mut out = between(values, factor);
    for k in 0..n - 1 {
        for (q, value) in out[k * factor..(k + 1) * factor].iter_mut().enumerate() {
            let t = q as f64 / factor as f64;
            let s = 1.0 - t;
            *value += ((s * s * s - s) * m[k] + (t * t * t - t) * m[k + 1]) / 6.0;
        }
    }
    out
}

/// About `count` levels that are evenly spaced to the eye.
///
/// They are quantiles of the values, at squared fractions: of a quadratic bowl this gives ellipses
/// at equal distances, of a ravine lines that neither crowd on the walls nor leave the floor empty.
/// Each is rounded to two digits.
pub(super) fn pick_levels(grid: &Grid, count: usize) -> Vec<f64> {
    let mut sorted: Vec<f64> = grid.z.iter().copied().filter(|z| z.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(&least) = sorted.first() else { return Vec::new() };
    let largest = sorted[sorted.len() - 1];
    let mut levels: Vec<f64> = (1..=count)
        .map(|k| {
            let q = (k as f64 / (count as f64 + 0.5)).powi(2);
            let level = sorted[(q * (sorted.len() - 1) as f64) as usize];
            // Two digits of the height above the lowest value, not of the value itself.
            let step = 10f64.powf((level - least).max(1e-300).log10().floor() - 1.0);
            (level / step).round() * step
        })
        .map(|level| format!("{level:.6e}").parse().unwrap_or(level))
        .filter(|level| *level > least && *level < largest)
        .collect();
    levels.dedup();
    levels
}

/// The lines on which the grid's values, interpolated linearly, are `level`.
pub(super) fn lines(grid: &Grid, level: f64) -> Vec<Polyline> {
    let (nx, ny) = (grid.x.len(), grid.y.len());
    let z = |i: usize, j: usize| grid.z[j * nx + i];
    // Every crossing lies on an edge of the grid: 2 · node + 0 goes right from the node, + 1 up.
    const NONE: usize = usize::MAX;
    let mut links = vec![[NONE; 2]; 2 * nx * ny];
    let mut link = |a: usize, b: usize| {
        for (from, to) in [(a, b), (b, a)] {
            let slot = usize::from(links[from][0] != NONE);
            links[from][slot] = to;
        }
    };
    for j in 0..ny - 1 {
        for i in 0..nx - 1 {
            let corners = [z(i, j), z(i + 1, j), z(i + 1, j + 1), z(i, j + 1)];
            if corners.iter().any(|c| c.is_nan()) {
                continue;
            }
            let node = j * nx + i;
            let (bottom, right, top, left) =
                (2 * node, 2 * (node + 1) + 1, 2 * (node + nx), 2 * node + 1);
            let case = corners
                .iter()
                .enumerate()
                .map(|(k, c)| usize::from(*c >= level) << k)
                .sum::<usize>();
            let middle_high = corners.iter().sum::<f64>() / 4.0 >= level;
            match case {
                1 | 14 => link(left, bottom),
                2 | 13 => link(bottom, right),
                3 | 12 => link(left, right),
                4 | 11 => link(right, top),
                6 | 9 => link(bottom, top),
                7 | 8 => link(left, top),
                5 | 10 if (case == 5) == middle_high => {
                    link(left, top);
                    link(bottom, right);
                }
                5 | 10 => {
                    link(left, bottom);
                    link(right, top);
                }
                _ => {}
            }
        }
    }
    let point = |edge: usize| {
        let (node, up) = (edge / 2, edge % 2 == 1);
        let (i, j) = (node % nx, node / nx);
        let (k, l) = if up { (i, j + 1) } else { (i + 1, j) };
        let (a, b) = (z(i, j), z(k, l));
        let t = ((level - a) / (b - a)).clamp(0.0, 1.0);
        (grid.x[i] + t * (grid.x[k] - grid.x[i]), grid.y[j] + t * (grid.y[l] - grid.y[j]))
    };
    let mut out = Vec::new();
    let mut used = vec![false; links.len()];
    // Open lines first, from their ends; what is left are rings.
    for ends_only in [true, false] {
        for start in 0..links.len() {
            let open = links[start][1] == NONE;
            if used[start] || links[start][0] == NONE || ends_only != open {
                continue;
            }
            let mut line = vec![point(start)];
            used[start] = true;
            let mut here = start;
            while let Some(next) = links[here].into_iter().find(|&n| n != NONE && !used[n]) {
                used[next] = true;
                line.push(point(next));
                here = next;
            }
            if !open {
                line.push(line[0]);
            }
            out.push(line);
        }
    }
    out
}

/// The rings around the places where the values are at least `level`; holes are rings too.
pub(super) fn region(grid: &Grid, level: f64) -> Vec<Polyline> {
    // A frame of low values closes every line. It lies on the grid's own border.
    let frame = |values: &[f64]| {
        let mut out = vec![values[0]];
        out.extend_from_slice(values);
        out.push(values[values.len() - 1]);
        out
    };
    let low = level - level.abs().max(1.0);
    let nx = grid.x.len();
    let mut z = vec![low; nx + 2];
    for j in 0..grid.y.len() {
        z.push(low);
        z.extend(grid.row(j).iter().map(|z| if z.is_nan() { low } else { *z }));
        z.push(low);
    }
    z.extend(vec![low; nx + 2]);
    lines(&Grid { x: frame(&grid.x), y: frame(&grid.y), z, smooth: false }, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::axis::Scale;
    use crate::plot::data::Interval;

    fn sampled(n: usize, f: fn(f64, f64) -> f64) -> Grid {
        let range = (-2.0, 2.0);
        let axis = Interval::from(range).spaced(Scale::Linear, n);
        let grid = Grid::sample(axis.clone(), axis, &mut |x, y| f(x, y));
        Grid { smooth: true, ..grid }
    }

    #[test]
    fn the_level_sets_of_a_bowl_are_ellipses() {
        let fine = refine(&sampled(25, |x, y| x * x + 4.0 * y * y), 4);
        let rings = lines(&fine, 1.0);
        assert_eq!(rings.len(), 1);
        assert_eq!(rings[0].first(), rings[0].last());
        for (x, y) in &rings[0] {
            // The cells are 1/24 wide; a chord's sagitta in z is at most (4 + 1)/4 · h².
            assert!((x * x + 4.0 * y * y - 1.0).abs() < 1.25 / 576.0);
        }
    }

    #[test]
    fn splines_reproduce_a_cubic() {
        for n in [4, 5, 6, 9] {
            let values: Vec<f64> = (0..n).map(|k| f64::from(k * k * k - 4 * k)).collect();
            for (k, v) in spline(&values, 4).into_iter().enumerate() {
                let x = k as f64 / 4.0;
                // Some hundred roundings of numbers up to 1000.
                assert!((v - (x * x * x - 4.0 * x)).abs() < 1e-11, "{n} {k} {v}");
            }
        }
    }

    #[test]
    fn a_smooth_function_needs_few_samples_and_a_cliff_many() {
        let sample = |f: fn(f64, f64) -> f64| {
            Grid::adaptive((-2.0, 2.0).into(), (-1.0, 3.0).into(), &mut |x, y| f(x, y)).unwrap()
        };
        let rosenbrock = sample(|x, y| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2));
        assert_eq!((rosenbrock.x.len(), rosenbrock.smooth), (33, true));
        let cliff = sample(|x, _| if x < 0.1 { 0.0 } else { 10.0 + x });
        assert_eq!((cliff.x.len(), cliff.smooth), (97, false));
    }

    #[test]
    fn a_saddle_has_two_open_lines_a_level() {
        let lines = lines(&sampled(21, |x, y| x * x - y * y), 1.03);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.first() != line.last()));
    }

    #[test]
    fn a_region_that_meets_the_border_is_closed_along_it() {
        let rings = region(&sampled(21, |x, _| x), 0.1);
        assert_eq!(rings.len(), 1);
        assert_eq!(rings[0].first(), rings[0].last());
        let reach = rings[0].iter().fold(0.0_f64, |a, p| a.max(p.0));
        assert_eq!(reach, 2.0);
    }

    #[test]
    fn missing_values_leave_a_gap() {
        let grid = sampled(21, |x, y| if x < 0.0 { f64::NAN } else { y });
        let lines = lines(&grid, 0.1);
        assert!(lines.iter().flatten().all(|p| p.0 >= 0.0));
    }

    #[test]
    fn levels_of_a_bowl_are_evenly_spaced_in_radius() {
        let levels = pick_levels(&sampled(61, |x, y| x * x + y * y), 8);
        assert!(levels.len() >= 7);
        assert!(levels.windows(2).all(|w| w[0] < w[1]));
        let radii: Vec<f64> = levels.iter().take(5).map(|l| l.sqrt()).collect();
        for w in radii.windows(3) {
            let (a, b) = (w[1] - w[0], w[2] - w[1]);
            assert!((a - b).abs() < 0.35 * a, "{radii:?}");
        }
    }
}
