//! Sets of images that are too large to be bundled: where they may lie, and how to get them.

use std::path::{Path, PathBuf};

use ndarray::{Array2, Axis};

use super::{Labelled, Split, idx, labelled};
use crate::{FileProblem, Result};

/// A set of 28 × 28 grey images in ten classes, 60,000 to train and 10,000 to test with, in MNIST's four
/// files: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`, each with or without `.gz`.
///
/// They are looked for in the folder of the source's [`folder`](Source::folder) name in `$GRADUS_DATA`,
/// `$XDG_DATA_HOME/gradus` (usually `~/.local/share/gradus`), and where Debian's packages put data sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// The set's name.
    pub name: &'static str,
    /// The name of its folder.
    pub folder: &'static str,
    /// What it holds.
    pub about: &'static str,
    /// How to get it.
    pub remedy: &'static str,
}

/// Zalando's articles of clothing.
const FASHION_MNIST: Source = Source {
    name: "Fashion-MNIST",
    folder: "fashion-mnist",
    about: "70,000 images of clothes, 28 x 28 pixels, ten classes (MIT licence)",
    remedy: "`apt install dataset-fashion-mnist` on Debian or Ubuntu, or the four files from https://github.com/zalandoresearch/fashion-mnist",
};

/// Handwritten digits.
const MNIST: Source = Source {
    name: "MNIST",
    folder: "mnist",
    about: "70,000 images of handwritten digits, 28 x 28 pixels, ten classes",
    remedy: "the four files from https://github.com/cvdf-datasets/mnist",
};

/// The sets that can be loaded if their files are there.
pub fn sources() -> [Source; 2] {
    [FASHION_MNIST, MNIST]
}

/// Fashion-MNIST, if its files are there: see [`Source`] and [`Source::load`].
///
/// Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
/// machine learning algorithms" (2017).
///
/// ```
/// match gradus::data::fashion_mnist() {
///     Ok(fashion) => assert_eq!(fashion.test.len(), 10_000),
///     Err(error) => println!("{error}"), // says where it looked, and how to get the files
/// }
/// ```
///
/// # Errors
/// As [`Source::load`].
pub fn fashion_mnist() -> Result<Split<f32>> {
    FASHION_MNIST.load()
}

/// MNIST, if its files are there: see [`Source`] and [`Source::load`].
///
/// Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
/// recognition" (1998).
///
/// # Errors
/// As [`Source::load`].
pub fn mnist() -> Result<Split<f32>> {
    MNIST.load()
}

impl Source {
    /// The folders where the files may lie, in the order in which they are looked at.
    pub fn folders(&self) -> Vec<PathBuf> {
        let variable = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let own = variable("XDG_DATA_HOME")
            .or_else(|| variable("HOME").map(|home| home.join(".local/share")))
            .map(|data| data.join("gradus"));
        let places = [variable("GRADUS_DATA"), own, Some("/usr/share/datasets".into())];
        places.into_iter().flatten().map(|place| place.join(self.folder)).collect()
    }

    /// The first of these folders that has all four files.
    pub fn find(&self) -> Option<PathBuf> {
        self.folders().into_iter().find(|folder| {
            ["train", "t10k"].iter().all(|part| {
                let [images, labels] = names(part);
                file(folder, &images).is_some() && file(folder, &labels).is_some()
            })
        })
    }

    /// Loads the set: pixels from 0 to 255. A tenth of the training examples of every class, drawn with
    /// seed 0, is [`validation`](Split::validation).
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File) if the files are not there (the message says where they were looked for, and how to
    /// get them), damaged, or do not belong together.
    pub fn load(&self) -> Result<Split<f32>> {
        let folder = self.find().ok_or_else(|| {
            let looked: Vec<_> = self.folders().iter().map(|f| f.display().to_string()).collect();
            FileProblem::Missing { places: looked.join(", "), remedy: self.remedy.into() }
                .of(Path::new(self.name))
        })?;
        self.load_from(&folder)
    }

    /// As [`load`](Source::load), from this folder.
    ///
    /// # Errors
    /// As [`load`](Source::load).
    pub fn load_from(&self, folder: &Path) -> Result<Split<f32>> {
        let (pixels, labels) = pair(folder, "train")?;
        let [train, validation, _] = labelled::stratify(&labels, CLASSES, 0.1, 0.0, 0);
        let part = |pixels: &Array2<u8>, labels: &[usize], examples: &[usize]| Labelled {
            inputs: pixels.select(Axis(0), examples).mapv(f32::from),
            labels: examples.iter().map(|&i| labels[i]).collect(),
            classes: CLASSES,
            image: Some((SIDE, SIDE)),
        };
        let (train, validation) =
            (part(&pixels, &labels, &train), part(&pixels, &labels, &validation));
        let (pixels, labels) = pair(folder, "t10k")?;
        let all: Vec<usize> = (0..labels.len()).collect();
        Ok(Split { train, validation, test: part(&pixels, &labels, &all) })
    }
}

const CLASSES: usize = 10;
const SIDE: usize = 28;

/// The files of images and of labels of a part.
fn names(part: &str) -> [String; 2] {
    [format!("{part}-images-idx3-ubyte"), format!("{part}-labels-idx1-ubyte")]
}

/// The file of this name in `folder`, compressed or not.
fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    ["", ".gz"].iter().map(|end| folder.join(format!("{name}{end}"))).find(|file| file.is_file())
}

/// Images, one a row, and their classes.
fn pair(folder: &Path, part: &str) -> Result<(Array2<u8>, Vec<usize>)> {
    let [images, labels] = names(part);
    let [images, labels] =
        [images, labels].map(|name| file(folder, &name).unwrap_or(folder.join(name)));
    let wrong =
        |file: &Path, found: String, expected| Err(FileProblem::Kind { found, expected }.of(file));
    let pixels = idx::read(&images)?;
    let &[n, SIDE, SIDE] = pixels.shape() else {
        let found = format!("its dimensions are {:?}", pixels.shape());
        return wrong(&images, found, "a file of images of 28 x 28 pixels");
    };
    let pixels = pixels.into_shape_with_order((n, SIDE * SIDE)).map_err(|error| {
        FileProblem::Kind { found: error.to_string(), expected: "a file of images" }.of(&images)
    })?;
    let classes = idx::read(&labels)?;
    if classes.shape() != [n] {
        let found = format!("its dimensions are {:?}, those of the images {n}", classes.shape());
        return wrong(&labels, found, "the file of the images' labels");
    }
    if let Some(bad) = classes.iter().find(|&&class| usize::from(class) >= CLASSES) {
        return wrong(&labels, format!("it has the label {bad}"), "a file of labels from 0 to 9");
    }
    Ok((pixels, classes.iter().map(|&class| usize::from(class)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// The four files with 20 training and 10 test examples; every pixel of image i is i.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (part, n) in [("train", 20_u8), ("t10k", 10)] {
            let [images, labels] = names(part);
            let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 28, 0, 0, 0, 28];
            bytes.extend((0..n).flat_map(|i| [i; SIDE * SIDE]));
            fs::write(folder.path().join(images), bytes).unwrap();
            let mut bytes = vec![0, 0, 8, 1, 0, 0, 0, n];
            bytes.extend((0..n).map(|i| i % 2));
            fs::write(folder.path().join(labels), bytes).unwrap();
        }
        folder
    }

    fn message(folder: &tempfile::TempDir) -> String {
        MNIST.load_from(folder.path()).unwrap_err().to_string()
    }

    #[test]
    fn four_files_are_a_set() {
        let data = MNIST.load_from(folder().path()).unwrap();
        assert_eq!((data.train.len(), data.validation.counts()[..2].to_vec()), (18, vec![1, 1]));
        assert_eq!(data.test.labels, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
        assert_eq!(data.test.pixels(7).unwrap()[(27, 27)], 7.0);
        for part in [&data.train, &data.validation] {
            let right = |i: usize| part.inputs[(i, 0)] as usize % 2 == part.labels[i];
            assert!((0..part.len()).all(right));
        }
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let files = folder();
        let labels = files.path().join("t10k-labels-idx1-ubyte");
        fs::write(&labels, [0, 0, 8, 1, 0, 0, 0, 1, 0]).unwrap();
        assert!(message(&files).ends_with(
            "t10k-labels-idx1-ubyte: is not the file of the images' labels: its dimensions are [1], those of the images 10"
        ));
        fs::write(&labels, [[0, 0, 8, 1, 0, 0, 0, 10].as_slice(), &[10; 10]].concat()).unwrap();
        assert!(
            message(&files).ends_with("is not a file of labels from 0 to 9: it has the label 10")
        );
        fs::remove_file(&labels).unwrap();
        assert!(message(&files).contains("t10k-labels-idx1-ubyte: cannot read: "));

        let files = folder();
        let path = |name: &str| files.path().join(name);
        fs::copy(path("train-labels-idx1-ubyte"), path("train-images-idx3-ubyte")).unwrap();
        assert!(message(&files).ends_with(
            "train-images-idx3-ubyte: is not a file of images of 28 x 28 pixels: its dimensions are [20]"
        ));
    }

    #[test]
    fn fashion_mnist_is_loaded_where_it_is() {
        match fashion_mnist() {
            Ok(data) => {
                assert_eq!(data.train.counts(), [5400; 10]);
                assert_eq!(data.validation.counts(), [600; 10]);
                assert_eq!(data.test.counts(), [1000; 10]);
                // An ankle boot.
                assert_eq!(data.test.labels[0], 9);
            }
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains("/usr/share/datasets/fashion-mnist"), "{message}");
                assert!(message.contains("apt install dataset-fashion-mnist"), "{message}");
            }
        }
    }
}
