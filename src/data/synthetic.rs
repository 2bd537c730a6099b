use std::f64::consts::TAU;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::{Labelled, normal, rng};
use crate::curvature::check_finite;
use crate::{Error, Result};

/// Points on a line with noise: `n` evenly spaced x in [0, 1] and y = intercept + slope · x + noise · z,
/// z standard normal.
///
/// ```
/// use gradus::data;
///
/// let (x, y) = data::line(5, 1.0, 2.0, 0.0, 0)?;
/// assert_eq!(x.to_vec(), [0.0, 0.25, 0.5, 0.75, 1.0]);
/// assert_eq!(y.to_vec(), [1.0, 1.5, 2.0, 2.5, 3.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`polynomial`].
pub fn line(
    n: usize,
    intercept: f64,
    slope: f64,
    noise: f64,
    seed: u64,
) -> Result<(Array1<f64>, Array1<f64>)> {
    polynomial(n, &[intercept, slope], (0.0, 1.0), noise, seed)
}

/// Points on a polynomial with noise: `n` evenly spaced x in `interval` and
/// y = Σ coefficientsⱼ xʲ + noise · z, z standard normal.
///
/// ```
/// use gradus::data;
///
/// let (x, y) = data::polynomial(3, &[0.0, 0.0, 1.0], (-1.0, 1.0), 0.0, 0)?;
/// assert_eq!(y, &x * &x);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If n is 0, anything is not finite, or `noise` is negative.
pub fn polynomial(
    n: usize,
    coefficients: &[f64],
    interval: (f64, f64),
    noise: f64,
    seed: u64,
) -> Result<(Array1<f64>, Array1<f64>)> {
    function(n, interval, noise, seed, |x| coefficients.iter().rev().fold(0.0, |y, c| y * x + c))
}

/// Points on the graph of `f` with noise: `n` evenly spaced x in `interval` and y = f(x) + noise · z,
/// z standard normal.
///
/// ```
/// let (x, y) = gradus::data::function(9, (0.0, 6.0), 0.1, 0, f64::sin)?;
/// assert_eq!((x.len(), y.len()), (9, 9));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If n is 0, anything is not finite, or `noise` is negative.
pub fn function(
    n: usize,
    interval: (f64, f64),
    noise: f64,
    seed: u64,
    f: impl Fn(f64) -> f64,
) -> Result<(Array1<f64>, Array1<f64>)> {
    Error::check(n > 0, "n", n, "at least 1")?;
    let (low, high) = interval;
    Error::check(
        (high - low).is_finite(),
        "interval",
        format!("({low}, {high})"),
        "two finite numbers",
    )?;
    check_noise("noise", noise)?;
    let x = if n == 1 { Array1::from_elem(1, low) } else { Array1::linspace(low, high, n) };
    let y = x.mapv(f) + normal(n, seed) * noise;
    match y.iter().find(|y| !y.is_finite()) {
        Some(bad) => Err(Error::Argument {
            argument: "f",
            value: bad.to_string(),
            expected: "finite values on the interval",
        }),
        None => Ok((x, y)),
    }
}

/// Classes that lie around each other: `n` points on `classes` circles of radius 1, 2, …, class by
/// class in turn, moved by normal `noise` in both coordinates. No line separates them.
///
/// ```
/// let rings = gradus::data::rings(200, 2, 0.1, 0)?;
/// assert_eq!(rings.inputs.dim(), (200, 2));
/// assert_eq!(rings.counts(), [100, 100]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `classes` is 0, n is less than `classes`, or `noise` is negative or not finite.
pub fn rings(n: usize, classes: usize, noise: f64, seed: u64) -> Result<Labelled> {
    plane(n, classes, noise, seed, |_, class, rng| {
        polar((class + 1) as f64, rng.random_range(0.0..TAU))
    })
}

/// Classes that wind around each other: `n` points on `classes` spiral arms, class by class in turn,
/// moved by normal `noise` in both coordinates.
///
/// On its way from the centre to radius 1 an arm turns by 4 radians, and the points of a class are evenly
/// spaced along the radius; as in CS231n's notes, but for the noise, which is in the angle there.
///
/// ```
/// let spirals = gradus::data::spirals(300, 3, 0.02, 0)?;
/// assert_eq!(spirals.counts(), [100, 100, 100]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`rings`].
pub fn spirals(n: usize, classes: usize, noise: f64, seed: u64) -> Result<Labelled> {
    plane(n, classes, noise, seed, |i, class, _| {
        let radius = (i / classes + 1) as f64 / n.div_ceil(classes) as f64;
        polar(radius, TAU * class as f64 / classes as f64 + 4.0 * radius)
    })
}

/// A class in three places: half of `n` points, of class 1, fill three discs of radius 0.75 around
/// (0, 1.5), (−1.5, −1) and (1.5, −1); the other half, of class 0, fills the rest of the square
/// [−3, 3]². All are moved by normal `noise`. No line separates them (deck 003).
///
/// ```
/// let modes = gradus::data::three_modes(200, 0.0, 0)?;
/// assert_eq!(modes.counts(), [100, 100]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If n is less than 2, or `noise` is negative or not finite.
pub fn three_modes(n: usize, noise: f64, seed: u64) -> Result<Labelled> {
    const CENTERS: [[f64; 2]; 3] = [[0.0, 1.5], [-1.5, -1.0], [1.5, -1.0]];
    const RADIUS: f64 = 0.75;
    plane(n, 2, noise, seed, |i, class, rng| {
        if class == 1 {
            // The square root spreads the points evenly over the disc.
            let [x, y] = polar(RADIUS * rng.random::<f64>().sqrt(), rng.random_range(0.0..TAU));
            let [cx, cy] = CENTERS[i / 2 % 3];
            return [cx + x, cy + y];
        }
        loop {
            let point @ [x, y] = [rng.random_range(-3.0..3.0), rng.random_range(-3.0..3.0)];
            if CENTERS.iter().all(|[cx, cy]| (x - cx).hypot(y - cy) > RADIUS) {
                return point;
            }
        }
    })
}

/// A round cloud of points for each class: `n` points, class by class in turn, normal around the rows of
/// `centers` (classes × D) with this standard deviation in every coordinate.
///
/// ```
/// use gradus::prelude::*;
///
/// let blobs = data::blobs(100, array![[0.0, 0.0], [3.0, 1.0]].view(), 0.5, 0)?;
/// assert_eq!(blobs.inputs.dim(), (100, 2));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If `centers` is empty or not finite, n is less than its number of rows, or `deviation` is negative or
/// not finite.
pub fn blobs(
    n: usize,
    centers: ArrayView2<'_, f64>,
    deviation: f64,
    seed: u64,
) -> Result<Labelled> {
    check_finite("centers", &centers.to_owned())?;
    let classes = centers.nrows();
    check_classes(n, classes)?;
    check_noise("deviation", deviation)?;
    let labels: Vec<usize> = (0..n).map(|i| i % classes).collect();
    let mut inputs = centers.select(Axis(0), &labels);
    shake(&mut inputs, deviation, &mut rng(seed));
    Labelled::new(inputs, labels, classes)
}

/// A linear regression whose features are present or absent, some often and some rarely: feature j is 1
/// with probability `probabilities[j]`, else 0, and y = Σ weightsⱼ xⱼ + noise · z, z standard normal.
/// Returns the inputs, n × D, and y.
///
/// ```
/// // A frequent feature and a rare one, equally important.
/// let (x, y) = gradus::data::sparse(1000, &[0.5, 0.01], &[1.0, 1.0], 0.1, 0)?;
/// assert!(x.column(0).sum() > 400.0 && x.column(1).sum() < 30.0);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If n is 0, there is no probability or one outside [0, 1], the number of weights is another, a weight is
/// not finite, or `noise` is negative or not finite.
pub fn sparse(
    n: usize,
    probabilities: &[f64],
    weights: &[f64],
    noise: f64,
    seed: u64,
) -> Result<(Array2<f64>, Array1<f64>)> {
    Error::check(n > 0, "n", n, "at least 1")?;
    Error::check(!probabilities.is_empty(), "probabilities", "empty", "at least one")?;
    if let Some(bad) = probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Error::check(false, "probabilities", bad, "numbers in [0, 1]")?;
    }
    Error::check_len("weights", weights.len(), probabilities.len())?;
    if let Some(bad) = weights.iter().find(|w| !w.is_finite()) {
        Error::check(false, "weights", bad, "finite numbers")?;
    }
    check_noise("noise", noise)?;
    let mut rng = rng(seed);
    let x = Array2::from_shape_fn((n, weights.len()), |(_, j)| {
        f64::from(u8::from(rng.random_bool(probabilities[j])))
    });
    let y = x.dot(&ArrayView1::from(weights));
    let y = y.mapv(|y| y + noise * rng.sample::<f64, _>(StandardNormal));
    Ok((x, y))
}

fn polar(radius: f64, angle: f64) -> [f64; 2] {
    [radius * angle.cos(), radius * angle.sin()]
}

/// `n` points of the plane, class by class in turn, moved by noise. `place` gets the point's number and
/// class.
fn plane(
    n: usize,
    classes: usize,
    noise: f64,
    seed: u64,
    mut place: impl FnMut(usize, usize, &mut ChaCha8Rng) -> [f64; 2],
) -> Result<Labelled> {
    check_classes(n, classes)?;
    check_noise("noise", noise)?;
    let mut rng = rng(seed);
    let labels: Vec<usize> = (0..n).map(|i| i % classes).collect();
    let places: Vec<_> = (0..n).map(|i| place(i, labels[i], &mut rng)).collect();
    let mut inputs = Array2::from(places);
    shake(&mut inputs, noise, &mut rng);
    Labelled::new(inputs, labels, classes)
}

fn shake(inputs: &mut Array2<f64>, noise: f64, rng: &mut ChaCha8Rng) {
    inputs.iter_mut().for_each(|x| *x += noise * rng.sample::<f64, _>(StandardNormal));
}

fn check_classes(n: usize, classes: usize) -> Result<()> {
    Error::check(classes > 0, "classes", classes, "at least 1")?;
    Error::check(n >= classes, "n", n, "at least one point a class")
}

fn check_noise(argument: &'static str, noise: f64) -> Result<()> {
    Error::check(noise >= 0.0 && noise.is_finite(), argument, noise, "a finite number >= 0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn radius(point: ndarray::ArrayView1<'_, f64>) -> f64 {
        point[0].hypot(point[1])
    }

    #[test]
    fn rings_have_their_radius() {
        let data = rings(31, 3, 0.0, 1).unwrap();
        assert_eq!(data.counts(), [11, 10, 10]);
        for (point, class) in data.inputs.rows().into_iter().zip(&data.labels) {
            assert!((radius(point) - (class + 1) as f64).abs() < 1e-12);
        }
        assert_eq!(rings(31, 3, 0.1, 1), rings(31, 3, 0.1, 1));
        assert_ne!(rings(31, 3, 0.1, 1), rings(31, 3, 0.1, 2));
    }

    #[test]
    fn spirals_turn() {
        let data = spirals(200, 2, 0.0, 1).unwrap();
        let end = data.of_class(0).inputs;
        assert!((radius(end.row(99)) - 1.0).abs() < 1e-12);
        assert!((end[(99, 0)] - 4.0_f64.cos()).abs() < 1e-12);
        // With two arms, one is the other turned by half a circle.
        assert!((end + data.of_class(1).inputs).iter().all(|d| d.abs() < 1e-12));
    }

    #[test]
    fn three_discs_hold_one_class() {
        let data = three_modes(600, 0.0, 1).unwrap();
        let centers = [[0.0, 1.5], [-1.5, -1.0], [1.5, -1.0]];
        let mut inside = [0; 3];
        for (point, class) in data.inputs.rows().into_iter().zip(&data.labels) {
            let near: Vec<usize> = (0..3)
                .filter(|&k| (point[0] - centers[k][0]).hypot(point[1] - centers[k][1]) <= 0.75)
                .collect();
            assert_eq!(near.len(), *class);
            near.iter().for_each(|&k| inside[k] += 1);
        }
        assert_eq!(inside, [100; 3]);
    }

    #[test]
    fn blobs_are_normal_around_their_centers() {
        let centers = array![[0.0, 5.0, 1.0], [-5.0, 0.0, 1.0]];
        let data = blobs(2000, centers.view(), 2.0, 1).unwrap();
        for class in 0..2 {
            let inputs = data.of_class(class).inputs;
            // Standard deviation of a mean of 1,000: 0.06; of a standard deviation: 0.045.
            let mean = inputs.mean_axis(Axis(0)).unwrap();
            assert!((&mean - &centers.row(class)).iter().all(|d| d.abs() < 0.3));
            assert!(inputs.std_axis(Axis(0), 0.0).iter().all(|s| (s - 2.0).abs() < 0.2));
        }
    }

    #[test]
    fn sparse_features_are_zero_or_one() {
        let (x, y) = sparse(500, &[1.0, 0.1, 0.0], &[2.0, -1.0, 5.0], 0.0, 1).unwrap();
        assert!(x.iter().all(|&x| x == 0.0 || x == 1.0));
        assert_eq!((x.column(0).sum(), x.column(2).sum()), (500.0, 0.0));
        assert!((25.0..75.0).contains(&x.column(1).sum()));
        assert_eq!(y, &x.column(0) * 2.0 - x.column(1));
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        assert!(rings(0, 0, 0.0, 0).is_err() && rings(2, 3, 0.0, 0).is_err());
        assert!(spirals(9, 3, -1.0, 0).is_err() && three_modes(1, 0.0, 0).is_err());
        assert!(blobs(1, Array2::zeros((0, 2)).view(), 1.0, 0).is_err());
        assert!(blobs(1, array![[f64::NAN]].view(), 1.0, 0).is_err());
        assert!(blobs(9, array![[0.0]].view(), f64::INFINITY, 0).is_err());
        assert!(sparse(9, &[], &[], 0.0, 0).is_err() && sparse(9, &[1.5], &[1.0], 0.0, 0).is_err());
        assert!(
            sparse(9, &[0.5], &[], 0.0, 0).is_err() && sparse(0, &[0.5], &[1.0], 0.0, 0).is_err()
        );
        assert!(sparse(9, &[f64::NAN], &[1.0], 0.0, 0).is_err());
    }
}
