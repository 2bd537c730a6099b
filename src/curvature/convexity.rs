use ndarray::{Array1, ArrayView1};
use rand::Rng;

use crate::{Error, Objective, Result, data};

/// A chord that lies below the graph of a function somewhere: proof that it is not convex.
#[derive(Debug, Clone, PartialEq)]
pub struct Chord {
    /// One end.
    pub a: Array1<f64>,
    /// The other end.
    pub b: Array1<f64>,
    /// Where between them, at (1 − t) a + t b.
    pub t: f64,
    /// f there.
    pub value: f64,
    /// The chord's height there, (1 − t) f(a) + t f(b), which is lower.
    pub chord: f64,
}

/// Looks at `samples` random chords in `domain` for one that lies below the graph of f.
///
/// f is convex where f((1 − t) a + t b) ≤ (1 − t) f(a) + t f(b) for all a, b and 0 ≤ t ≤ 1. One violating
/// chord disproves that; finding none proves nothing. The same `seed` gives the same chords. A
/// violation within rounding, 1e-12 of the values' size, does not count.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::curvature::violating_chord;
///
/// let square = |x: ArrayView1<f64>| (x.dot(&x), 2.0 * &x);
/// let cube = |x: ArrayView1<f64>| (x[0].powi(3), array![3.0 * x[0] * x[0]]);
/// assert_eq!(violating_chord(&square, &[(-2.0, 2.0)], 1000, 0)?, None);
/// let chord = violating_chord(&cube, &[(-2.0, 2.0)], 1000, 0)?.expect("x³ is not convex");
/// assert!(chord.value > chord.chord);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If the domain is empty, or an interval is not finite or upside down.
pub fn violating_chord<O: Objective + ?Sized>(
    objective: &O,
    domain: &[(f64, f64)],
    samples: usize,
    seed: u64,
) -> Result<Option<Chord>> {
    Error::check(!domain.is_empty(), "domain", "empty", "one interval a coordinate")?;
    if let Some((low, high)) = domain.iter().find(|(l, h)| !(l < h && (h - l).is_finite())) {
        Error::check(false, "domain", format!("({low}, {high})"), "finite intervals, low < high")?;
    }
    let mut rng = data::rng(seed);
    let value = |x: ArrayView1<'_, f64>| objective.value(x);
    for _ in 0..samples {
        let mut point = || -> Array1<f64> {
            domain.iter().map(|&(low, high)| rng.random_range(low..high)).collect()
        };
        let (a, b) = (point(), point());
        let t = rng.random_range(0.0..1.0);
        let middle = &a * (1.0 - t) + &b * t;
        let (fa, fb, f) = (value(a.view()), value(b.view()), value(middle.view()));
        let chord = (1.0 - t) * fa + t * fb;
        let rounding = 1e-12 * fa.abs().max(fb.abs()).max(f.abs());
        if f > chord + rounding {
            return Ok(Some(Chord { a, b, t, value: f, chord }));
        }
    }
    Ok(None)
}
