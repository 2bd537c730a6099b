use ndarray::{Array2, ArrayView2, Axis};
use rand::seq::SliceRandom;

use crate::{Error, Result, Scalar, data::rng};

/// Examples for a classifier: inputs of shape N × D, and for each the number of its class.
///
/// ```
/// use gradus::data::Labelled;
/// use gradus::prelude::*;
///
/// let data = Labelled::new(array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], vec![0, 1, 1], 2)?;
/// assert_eq!((data.len(), data.features()), (3, 2));
/// assert_eq!(data.of_class(1).inputs, array![[2.0, 3.0], [4.0, 5.0]]);
/// assert_eq!(data.accuracy(&[0, 0, 1])?, 2.0 / 3.0);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled<T: Scalar = f64> {
    /// One example a row, N × D.
    pub inputs: Array2<T>,
    /// The class of each example, in 0 … classes − 1.
    pub labels: Vec<usize>,
    /// The number of classes.
    pub classes: usize,
    /// Rows and columns of the image that an input is, row by row; `None` if it is no image.
    pub image: Option<(usize, usize)>,
}

impl<T: Scalar> Labelled<T> {
    /// Examples that are no images.
    ///
    /// # Errors
    /// If the numbers of inputs and labels differ, there is no feature, or a label is not below
    /// `classes`.
    pub fn new(inputs: Array2<T>, labels: Vec<usize>, classes: usize) -> Result<Self> {
        Error::check_len("labels", labels.len(), inputs.nrows())?;
        Error::check(inputs.ncols() > 0, "inputs", "empty", "at least one column")?;
        check_labels("labels", &labels, classes)?;
        Ok(Self { inputs, labels, classes, image: None })
    }

    /// The same examples as images of this many rows and columns.
    ///
    /// # Errors
    /// If an input has not rows × columns features.
    pub fn with_image(mut self, rows: usize, columns: usize) -> Result<Self> {
        if rows.checked_mul(columns) != Some(self.features()) {
            let (found, expected) = (vec![rows, columns], vec![self.features()]);
            return Err(Error::Shape { argument: "image", found, expected });
        }
        self.image = Some((rows, columns));
        Ok(self)
    }

    /// N, the number of examples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// D, the number of features.
    pub fn features(&self) -> usize {
        self.inputs.ncols()
    }

    /// The examples with these indices, in this order; an index may come twice.
    ///
    /// # Errors
    /// If an index is not below [`len`](Labelled::len).
    pub fn subset(&self, examples: &[usize]) -> Result<Self> {
        if let Some(bad) = examples.iter().find(|&&i| i >= self.len()) {
            Error::check(false, "examples", bad, "indices below the number of examples")?;
        }
        Ok(self.select(examples))
    }

    /// The examples of one class; none if there is no such class.
    pub fn of_class(&self, class: usize) -> Self {
        let here: Vec<usize> = (0..self.len()).filter(|&i| self.labels[i] == class).collect();
        self.select(&here)
    }

    fn select(&self, examples: &[usize]) -> Self {
        Self {
            inputs: self.inputs.select(Axis(0), examples),
            labels: examples.iter().map(|&i| self.labels[i]).collect(),
            ..*self
        }
    }

    /// Example i as an image, for a figure; `None` if it is no image or there is no such example.
    pub fn pixels(&self, i: usize) -> Option<ArrayView2<'_, T>> {
        let shape = self.image.filter(|_| i < self.len())?;
        self.inputs.row(i).into_shape_with_order(shape).ok()
    }

    /// How many examples each class has.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes];
        for &label in &self.labels {
            counts[label] += 1;
        }
        counts
    }

    /// The labels as rows with a single one, N × classes.
    pub fn one_hot(&self) -> Array2<T> {
        let mut rows = Array2::zeros((self.len(), self.classes));
        for (i, &label) in self.labels.iter().enumerate() {
            rows[(i, label)] = T::one();
        }
        rows
    }

    /// The part of the examples whose class is the predicted one; of none it is 0.
    ///
    /// # Errors
    /// If the number of predictions is not that of the examples.
    pub fn accuracy(&self, predicted: &[usize]) -> Result<f64> {
        Error::check_len("predicted", predicted.len(), self.len())?;
        let right = predicted.iter().zip(&self.labels).filter(|(p, l)| p == l).count();
        Ok(right as f64 / self.len().max(1) as f64)
    }

    /// How often class j was predicted where class i was right: element (i, j), classes × classes.
    ///
    /// # Errors
    /// If the number of predictions is not that of the examples, or one is not below `classes`.
    pub fn confusion(&self, predicted: &[usize]) -> Result<Array2<usize>> {
        Error::check_len("predicted", predicted.len(), self.len())?;
        check_labels("predicted", predicted, self.classes)?;
        let mut counts = Array2::zeros((self.classes, self.classes));
        for (&right, &predicted) in self.labels.iter().zip(predicted) {
            counts[(right, predicted)] += 1;
        }
        Ok(counts)
    }

    /// The same examples with inputs of another number type.
    pub fn cast<U: Scalar>(&self) -> Labelled<U> {
        Labelled {
            inputs: self.inputs.mapv(|v| U::of(v.wide())),
            labels: self.labels.clone(),
            classes: self.classes,
            image: self.image,
        }
    }

    /// Three parts, with the same share of every class in each: `validation` and `test` of the
    /// examples, rounded class by class, drawn with `seed`, and the rest to train on. The examples of a
    /// part keep their order.
    ///
    /// ```
    /// let parts = gradus::data::rings(100, 2, 0.1, 0)?.split(0.2, 0.1, 7)?;
    /// assert_eq!(parts.train.counts(), [35, 35]);
    /// assert_eq!(parts.validation.counts(), [10, 10]);
    /// assert_eq!(parts.test.counts(), [5, 5]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a part is not in [0, 1] or both together are more than 1.
    pub fn split(&self, validation: f64, test: f64, seed: u64) -> Result<Split<T>> {
        let part = 0.0..=1.0;
        Error::check(part.contains(&validation), "validation", validation, "a number in [0, 1]")?;
        Error::check(part.contains(&test), "test", test, "a number in [0, 1]")?;
        Error::check(
            validation + test <= 1.0,
            "test",
            test,
            "at most 1, together with `validation`",
        )?;
        Ok(self.parts(validation, test, seed))
    }

    /// [`split`](Labelled::split) with shares that are known to be good.
    pub(super) fn parts(&self, validation: f64, test: f64, seed: u64) -> Split<T> {
        let parts = stratify(&self.labels, self.classes, validation, test, seed);
        let [train, validation, test] = parts.map(|part| self.select(&part));
        Split { train, validation, test }
    }
}

/// The examples to train, to validate and to test with, in the order of the data: of every class these
/// shares, drawn with `seed`, and the rest to train with.
pub(super) fn stratify(
    labels: &[usize],
    classes: usize,
    validation: f64,
    test: f64,
    seed: u64,
) -> [Vec<usize>; 3] {
    let mut rng = rng(seed);
    let mut parts = [const { Vec::new() }; 3];
    for class in 0..classes {
        let mut here: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == class).collect();
        here.shuffle(&mut rng);
        let share = |part: f64| (part * here.len() as f64).round() as usize;
        let tested = share(test);
        let held = share(validation).min(here.len() - tested);
        parts[2].extend(here.drain(..tested));
        parts[1].extend(here.drain(..held));
        parts[0].append(&mut here);
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts
}

fn check_labels(argument: &'static str, labels: &[usize], classes: usize) -> Result<()> {
    match labels.iter().find(|&&label| label >= classes) {
        Some(bad) => Error::check(false, argument, bad, "classes below the number of classes"),
        None => Ok(()),
    }
}

/// Three sets of examples: one to learn from, one to choose by, and one to look at once, at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Split<T: Scalar = f64> {
    /// What a model learns from.
    pub train: Labelled<T>,
    /// What decides between models, rates and times to stop.
    pub validation: Labelled<T>,
    /// What says how good the chosen model is.
    pub test: Labelled<T>,
}

impl<T: Scalar> Split<T> {
    /// The same sets with every input changed by `f`: the three alike.
    ///
    /// ```
    /// use gradus::data;
    ///
    /// let digits = data::digits().map(|inputs| inputs / 16.0); // now in [0, 1]
    /// let scaler = data::Standardizer::fit(digits.train.inputs.view())?;
    /// let digits = digits.try_map(|inputs| scaler.apply(inputs.view()))?;
    /// assert!(digits.train.inputs.mean().unwrap().abs() < 1e-12);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    pub fn map(self, mut f: impl FnMut(Array2<T>) -> Array2<T>) -> Self {
        let mut part = |data: Labelled<T>| Labelled { inputs: f(data.inputs), ..data };
        Self { train: part(self.train), validation: part(self.validation), test: part(self.test) }
    }

    /// [`map`](Split::map) with an `f` that may fail.
    ///
    /// # Errors
    /// The first error of `f`.
    pub fn try_map(self, mut f: impl FnMut(Array2<T>) -> Result<Array2<T>>) -> Result<Self> {
        let mut part = |data: Labelled<T>| Ok(Labelled { inputs: f(data.inputs)?, ..data });
        Ok(Self {
            train: part(self.train)?,
            validation: part(self.validation)?,
            test: part(self.test)?,
        })
    }

    /// The same sets with inputs of another number type.
    pub fn cast<U: Scalar>(&self) -> Split<U> {
        Split {
            train: self.train.cast(),
            validation: self.validation.cast(),
            test: self.test.cast(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn four() -> Labelled {
        let inputs = array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]];
        Labelled::new(inputs, vec![0, 2, 0, 2], 3).unwrap()
    }

    #[test]
    fn a_subset_keeps_order_and_shape() {
        let data = four().with_image(1, 2).unwrap();
        let part = data.subset(&[3, 0, 3]).unwrap();
        assert_eq!(part.inputs, array![[6.0, 7.0], [0.0, 1.0], [6.0, 7.0]]);
        assert_eq!((part.labels, part.classes, part.image), (vec![2, 0, 2], 3, Some((1, 2))));
        assert_eq!(data.subset(&[]).unwrap().len(), 0);
        let message = data.subset(&[1, 4]).unwrap_err().to_string();
        assert_eq!(message, "`examples` is 4, expected indices below the number of examples");
    }

    #[test]
    fn classes_are_counted() {
        let data = four();
        assert_eq!(data.counts(), [2, 0, 2]);
        assert_eq!(data.of_class(1).len(), 0);
        assert_eq!(data.of_class(2).inputs, array![[2.0, 3.0], [6.0, 7.0]]);
        assert_eq!(data.one_hot().row(1), array![0.0, 0.0, 1.0]);
        assert_eq!(data.accuracy(&[0, 2, 1, 2]).unwrap(), 0.75);
        let confusion = data.confusion(&[0, 2, 1, 2]).unwrap();
        assert_eq!(confusion, array![[1, 1, 0], [0, 0, 0], [0, 0, 2]]);
    }

    #[test]
    fn an_image_is_the_input_row_by_row() {
        let data = Labelled::new(array![[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], vec![0], 1).unwrap();
        assert_eq!(data.pixels(0), None);
        let data = data.with_image(2, 3).unwrap();
        assert_eq!(data.pixels(0).unwrap(), array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(data.pixels(1), None);
    }

    #[test]
    fn wrong_sets_are_refused() {
        let fails = |result: Result<Labelled>, message: &str| {
            assert_eq!(result.unwrap_err().to_string(), message);
        };
        let one = array![[1.0]];
        fails(Labelled::new(one.clone(), vec![], 1), "`labels` has shape [0], expected [1]");
        fails(
            Labelled::new(one.clone(), vec![2], 2),
            "`labels` is 2, expected classes below the number of classes",
        );
        fails(
            Labelled::new(Array2::zeros((0, 0)), vec![], 2),
            "`inputs` is empty, expected at least one column",
        );
        let data = Labelled::new(one, vec![0], 1).unwrap();
        fails(data.clone().with_image(2, 1), "`image` has shape [2, 1], expected [1]");
        fails(
            data.clone().with_image(usize::MAX, 2),
            "`image` has shape [18446744073709551615, 2], expected [1]",
        );
        assert!(data.accuracy(&[]).is_err() && data.confusion(&[1]).is_err());
        for (validation, test) in [(-0.1, 0.0), (0.0, 1.1), (0.6, 0.6), (f64::NAN, 0.1)] {
            assert!(data.split(validation, test, 0).is_err(), "{validation} {test}");
        }
    }

    #[test]
    fn parts_of_a_split_are_disjoint_and_all() {
        // The only feature is the index.
        let inputs = Array2::from_shape_fn((103, 1), |(i, _)| i as f64);
        let data = Labelled::new(inputs, (0..103).map(|i| i % 4).collect(), 4).unwrap();
        let parts = data.split(0.25, 0.15, 1).unwrap();
        let mut seen = Vec::new();
        for part in [&parts.train, &parts.validation, &parts.test] {
            let indices: Vec<f64> = part.inputs.iter().copied().collect();
            assert!(indices.is_sorted());
            seen.extend(indices);
        }
        seen.sort_by(f64::total_cmp);
        assert_eq!(seen, (0..103).map(f64::from).collect::<Vec<_>>());
        // 26, 26, 26 and 25 examples: a quarter is 7 (of 6.5) or 6, 0.15 is 4.
        assert_eq!(parts.validation.counts(), [7, 7, 7, 6]);
        assert_eq!(parts.test.counts(), [4, 4, 4, 4]);
        assert_eq!(data.split(0.25, 0.15, 1).unwrap(), parts);
        assert_ne!(data.split(0.25, 0.15, 2).unwrap(), parts);
        // Halves of an odd number, both rounded up, are not more than there is.
        let parts = data.split(0.5, 0.5, 1).unwrap();
        assert_eq!(parts.train.len() + parts.validation.len() + parts.test.len(), 103);
    }
}
