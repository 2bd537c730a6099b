//! Level sets of gridded values by marching squares.

use crate::plot::data::Grid;

/// A polyline in data coordinates; closed if its last point is its first.
pub(super) type Polyline = Vec<(f64, f64)>;

/// The grid with `factor` times as many steps, filled in by Catmull-Rom cubics.
///
/// They reproduce quadratics exactly (in the middle cells), so the ellipses of a quadratic bowl come
/// out as ellipses from few samples. A NaN spreads to the cells beside it.
pub(super) fn refine(grid: &Grid, factor: usize) -> Grid {
    let (nx, ny) = (grid.x.len(), grid.y.len());
    let rows: Vec<Vec<f64>> = (0..ny).map(|j| stretch(grid.row(j), factor)).collect();
    let width = rows[0].len();
    let mut columns = Vec::with_capacity(width);
    for i in 0..width {
        let column: Vec<f64> = rows.iter().map(|row| row[i]).collect();
        columns.push(stretch(&column, factor));
    }
    let height = (ny - 1) * factor + 1;
    let mut z = Vec::with_capacity(width * height);
    for j in 0..height {
        z.extend(columns.iter().map(|column| column[j]));
    }
    debug_assert_eq!(width, (nx - 1) * factor + 1);
    Grid { x: between(&grid.x, factor), y: between(&grid.y, factor), z }
}

/// Evenly spaced values between neighbours.
fn between(values: &[f64], factor: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity((values.len() - 1) * factor + 1);
    for w in values.windows(2) {
        out.extend((0..factor).map(|k| {
            let t = k as f64 / factor as f64;
            w[0] * (1.0 - t) + w[1] * t
        }));
    }
    out.push(values[values.len() - 1]);
    out
}

fn stretch(values: &[f64], factor: usize) -> Vec<f64> {
    let n = values.len();
    // Beyond the ends the values go on as a parabola.
    let at = |k: isize| -> f64 {
        if k < 0 {
            if n > 2 {
                3.0 * (values[0] - values[1]) + values[2]
            } else {
                2.0 * values[0] - values[1]
            }
        } else if k as usize >= n {
            if n > 2 {
                3.0 * (values[n - 1] - values[n - 2]) + values[n - 3]
            } else {
                2.0 * values[n - 1] - values[n - 2]
            }
        } else {
            values[k as usize]
        }
    };
    let mut out = Vec::with_capacity((n - 1) * factor + 1);
    for k in 0..n as isize - 1 {
        let (a, b, c, d) = (at(k - 1), at(k), at(k + 1), at(k + 2));
        out.extend((0..factor).map(|m| {
            let t = m as f64 / factor as f64;
            // At a wall of NaN the straight line serves.
            if m == 0 {
                b
            } else if a.is_nan() || d.is_nan() {
                b + t * (c - b)
            } else {
                b + 0.5
                    * t
                    * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            }
        }));
    }
    out.push(values[n - 1]);
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
    lines(&Grid { x: frame(&grid.x), y: frame(&grid.y), z }, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(n: usize, f: fn(f64, f64) -> f64) -> Grid {
        let range = (-2.0, 2.0).into();
        Grid::sample(range, range, (n, n), &mut |x, y| f(x, y)).unwrap()
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
    fn cubics_reproduce_a_parabola() {
        let values: Vec<f64> = (0..6).map(|k| f64::from(k * k)).collect();
        for (k, v) in stretch(&values, 4).into_iter().enumerate() {
            let x = k as f64 / 4.0;
            assert!((v - x * x).abs() < 1e-12); // sums of numbers up to 125
        }
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
