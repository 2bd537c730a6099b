//! Cutting lines and polygons off at a panel's edge, and leaving out what no eye can see.

/// A point in tenths of a pixel.
pub(super) type Place = (f64, f64);

/// The rectangle of a panel, y downwards, in tenths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn contains(&self, (x, y): Place) -> bool {
        let slack = 0.5;
        x >= self.left - slack
            && x <= self.right + slack
            && y >= self.top - slack
            && y <= self.bottom + slack
    }

    /// The part of the segment inside, after Liang and Barsky.
    fn segment(&self, a: Place, b: Place) -> Option<(Place, Place)> {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, a.0 - self.left),
            (dx, self.right - a.0),
            (-dy, a.1 - self.top),
            (dy, self.bottom - a.1),
        ] {
            if step == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else {
                leave = leave.min(room / step);
            }
        }
        (enter <= leave).then(|| {
            let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
            (if enter > 0.0 { at(enter) } else { a }, if leave < 1.0 { at(leave) } else { b })
        })
    }

    /// The pieces of a polyline inside.
    pub(super) fn polyline(&self, points: &[Place]) -> Vec<Vec<Place>> {
        let mut pieces: Vec<Vec<Place>> = Vec::new();
        let mut last: Option<Place> = None;
        for w in points.windows(2) {
            let Some((a, b)) = self.segment(w[0], w[1]) else {
                last = None;
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if last == Some(a) => piece.push(b),
                _ => pieces.push(vec![a, b]),
            }
            last = (b == w[1]).then_some(b);
        }
        pieces
    }

    /// The part of a polygon inside, after Sutherland and Hodgman.
    pub(super) fn polygon(&self, points: &[Place]) -> Vec<Place> {
        let mut polygon = points.to_vec();
        let rooms: [fn(&Self, Place) -> f64; 4] =
            [|r, p| p.0 - r.left, |r, p| r.right - p.0, |r, p| p.1 - r.top, |r, p| r.bottom - p.1];
        for room in rooms {
            let mut kept = Vec::with_capacity(polygon.len());
            for (k, &here) in polygon.iter().enumerate() {
                let before = polygon[(k + polygon.len() - 1) % polygon.len()];
                let (a, b) = (room(self, before), room(self, here));
                if (a < 0.0) != (b < 0.0) {
                    let t = a / (a - b);
                    kept.push((
                        before.0 + t * (here.0 - before.0),
                        before.1 + t * (here.1 - before.1),
                    ));
                }
                if b >= 0.0 {
                    kept.push(here);
                }
            }
            polygon = kept;
        }
        polygon
    }
}

/// The line with fewer points: none is further from the drawn line than `tolerance`
/// (Douglas and Peucker).
pub(super) fn simplify(points: &[Place], tolerance: f64) -> Vec<Place> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut todo = vec![(0, points.len() - 1)];
    while let Some((first, last)) = todo.pop() {
        let (a, b) = (points[first], points[last]);
        let furthest = (first + 1..last)
            .map(|k| (k, distance(points[k], a, b)))
            .max_by(|p, q| p.1.total_cmp(&q.1));
        if let Some((k, d)) = furthest
            && d > tolerance
        {
            keep[k] = true;
            todo.push((first, k));
            todo.push((k, last));
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect()
}

/// The distance of `p` from the segment between `a` and `b`.
fn distance(p: Place, a: Place, b: Place) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let t = if length == 0.0 {
        0.0
    } else {
        (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length).clamp(0.0, 1.0)
    };
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn a_line_that_leaves_and_comes_back_is_two_pieces() {
        let pieces = UNIT.polyline(&[(5.0, 5.0), (5.0, 15.0), (8.0, 15.0), (8.0, 5.0)]);
        assert_eq!(pieces, [[(5.0, 5.0), (5.0, 10.0)], [(8.0, 10.0), (8.0, 5.0)]]);
        assert_eq!(UNIT.polyline(&[(-1.0, 5.0), (-5.0, 6.0)]), Vec::<Vec<Place>>::new());
        assert_eq!(UNIT.polyline(&[(1.0, 1.0), (2.0, 2.0), (3.0, 1.0)])[0].len(), 3);
    }

    #[test]
    fn a_far_point_keeps_the_slope() {
        let pieces = UNIT.polyline(&[(0.0, 10.0), (1e200, -1e200)]);
        let (x, y) = pieces[0][1];
        assert!((x - 10.0).abs() < 1e-9 && y.abs() < 1e-9);
    }

    #[test]
    fn a_polygon_is_cut_to_the_rectangle() {
        let cut = UNIT.polygon(&[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]);
        assert_eq!(cut.len(), 4);
        assert!(cut.iter().all(|p| UNIT.contains(*p)));
    }

    #[test]
    fn simplifying_keeps_corners() {
        let line: Vec<Place> =
            (0..=100_i32).map(|k| (f64::from(k), f64::from((k - 50).abs()))).collect();
        assert_eq!(simplify(&line, 0.1), [(0.0, 50.0), (50.0, 0.0), (100.0, 50.0)]);
    }
}
