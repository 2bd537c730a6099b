use ndarray::Array2;

use super::{Labelled, Split};

const EXAMPLES: usize = 1797;
const PIXELS: usize = 64;

/// For each example 64 pixels and the digit. The array's length is checked when the crate is compiled.
static RECORDS: [u8; EXAMPLES * (PIXELS + 1)] = *include_bytes!("digits.bin");

/// Handwritten digits: 1,797 images of 8 × 8 pixels from 0 to 16 in ten classes, split once and for all.
///
/// [`train`](Split::train) has 1,079 of them, [`validation`](Split::validation) and
/// [`test`](Split::test) 359 each: of every class a fifth, drawn with seed 0.
///
/// The images are the test set of *Optical Recognition of Handwritten Digits* by E. Alpaydin and
/// C. Kaynak (UCI Machine Learning Repository, 1998, <https://doi.org/10.24432/C50P49>), under
/// [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/legalcode), as scikit-learn ships them; each
/// pixel counts the dark points in a 4 × 4 block of a 32 × 32 scan. Scikit-learn's order is kept.
///
/// ```
/// use gradus::data;
///
/// let digits = data::digits();
/// assert_eq!(digits.train.inputs.dim(), (1079, 64));
/// assert_eq!((digits.validation.len(), digits.test.len()), (359, 359));
/// assert_eq!(digits.train.pixels(0).unwrap().dim(), (8, 8));
/// ```
pub fn digits() -> Split {
    let record = |i: usize| &RECORDS[i * (PIXELS + 1)..(i + 1) * (PIXELS + 1)];
    let all = Labelled {
        inputs: Array2::from_shape_fn((EXAMPLES, PIXELS), |(i, j)| f64::from(record(i)[j])),
        labels: (0..EXAMPLES).map(|i| usize::from(record(i)[PIXELS])).collect(),
        classes: 10,
        image: Some((8, 8)),
    };
    all.parts(0.2, 0.2, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Axis;

    #[test]
    fn they_are_those_of_scikit_learn() {
        // The sum of all pixels and the number of each digit, printed by tests/references/digits.py.
        let Split { train, validation, test } = digits();
        let parts = [&train, &validation, &test];
        assert_eq!(parts.iter().map(|p| p.inputs.sum()).sum::<f64>(), 561718.0);
        assert!(parts.iter().all(|p| p.inputs.iter().all(|v| (0.0..=16.0).contains(v))));
        let mut counts = [0; 10];
        for part in parts {
            part.counts().iter().zip(&mut counts).for_each(|(n, sum)| *sum += n);
        }
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }

    /// Results in the book depend on who is where.
    #[test]
    fn the_split_never_changes() {
        let Split { train, validation, test } = digits();
        assert_eq!((train.len(), validation.len(), test.len()), (1079, 359, 359));
        // Every image counts with its place in the part.
        let sums = [&train, &validation, &test].map(|part| {
            let weights = (1..=part.len()).map(|i| i as f64);
            let pixels = part.inputs.sum_axis(Axis(1));
            weights.zip(&pixels).map(|(w, p)| w * p).sum::<f64>()
        });
        assert_eq!(sums, [181878844.0, 20255280.0, 20005905.0]);
    }
}
