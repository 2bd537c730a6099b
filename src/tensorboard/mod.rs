//! Event files for [TensorBoard](https://www.tensorflow.org/tensorboard): scalars, histograms, images and
//! hyperparameters.
//!
//! A run is a folder; `tensorboard --logdir FOLDER` shows the runs below one side by side (it comes with
//! `pip install tensorboard`).
//!
//! ```
//! use gradus::tensorboard::Run;
//! use gradus::prelude::*;
//!
//! # let runs = tempfile::tempdir().unwrap();
//! # let runs = runs.path();
//! let mut run = Run::create(runs.join("adam"))?;
//! run.hyperparameters(&[("rule", "Adam".into()), ("rate", 0.01.into())], &["accuracy"])?;
//! for step in 0..10 {
//!     run.scalar("loss", step, 1.0 / (step + 1) as f64)?;
//! }
//! run.scalar("accuracy", 9, 0.97)?;
//! run.histogram("weights", 9, &array![0.1, -0.3, 0.2])?;
//! run.image("template", 9, array![[0.0, 1.0], [1.0, 0.0]].view())?;
//! run.finish()?;
//! # Ok::<(), gradus::Error>(())
//! ```

mod proto;
mod record;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use ndarray::ArrayView2;
use prost::Message;

use crate::bitmap::bitmap;
use crate::{Error, FileProblem, Result, Scalar};
use proto::{Event, Summary, Value, event, hparams};

/// How the names of our files end.
const SUFFIX: &str = ".gradus";

/// The number of buckets of a histogram.
const BUCKETS: usize = 30;

/// A run that TensorBoard shows: a folder with an event file that is being written.
///
/// What is written is seen after [`flush`](Run::flush) or [`finish`](Run::finish), or when the run is dropped;
/// TensorBoard looks every few seconds and takes a file that is still growing as it is.
#[derive(Debug)]
pub struct Run {
    path: PathBuf,
    file: BufWriter<File>,
    clock: fn() -> f64,
    /// Whether hyperparameters were written, whose session has to end.
    session: bool,
}

/// The value of a hyperparameter: a text, a number or a flag.
#[derive(Debug, Clone, PartialEq)]
pub enum Hyperparameter {
    /// Such as the name of a rule.
    Text(String),
    /// Such as a learning rate.
    Number(f64),
    /// Whether something is on.
    Flag(bool),
}

impl From<&str> for Hyperparameter {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Hyperparameter {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<bool> for Hyperparameter {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<f64> for Hyperparameter {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<usize> for Hyperparameter {
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}

impl From<i32> for Hyperparameter {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

impl Run {
    /// Begins the run of this folder, which is made if need be.
    ///
    /// Event files that an earlier run of this crate left in the folder are removed, so that a notebook
    /// that runs again shows its last run.
    ///
    /// # Errors
    /// [`Error::File`] if the folder or the file cannot be written.
    pub fn create(folder: impl AsRef<Path>) -> Result<Self> {
        Self::create_at(folder, now)
    }

    /// As [`create`](Run::create), by this clock of seconds since 1970 in place of the system's: one that stands
    /// still gives the same file every time.
    ///
    /// # Errors
    /// As [`create`](Run::create).
    pub fn create_at(folder: impl AsRef<Path>, clock: fn() -> f64) -> Result<Self> {
        let folder = folder.as_ref();
        let problem = |path: &Path, error| FileProblem::system("write", &error).of(path);
        fs::create_dir_all(folder).map_err(|error| problem(folder, error))?;
        for entry in fs::read_dir(folder).map_err(|error| problem(folder, error))? {
            let entry = entry.map_err(|error| problem(folder, error))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("events.out.tfevents.") && name.ends_with(SUFFIX) {
                fs::remove_file(entry.path()).map_err(|error| problem(&entry.path(), error))?;
            }
        }
        // Never a name that was there before: TensorBoard keeps in mind how far it has read a file.
        let name = format!("events.out.tfevents.{:017.6}{SUFFIX}", clock());
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(|error| problem(&path, error))?;
        let mut run = Self { path, file: BufWriter::new(file), clock, session: false };
        run.write(0, event::What::FileVersion("brain.Event:2".into()))?;
        run.flush()?;
        Ok(run)
    }

    /// The event file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A number at this step: a point of the curve `tag`. A slash in a tag makes groups: `loss/train`.
    ///
    /// # Errors
    /// [`Error::File`] if the file cannot be written, like the others.
    pub fn scalar(&mut self, tag: &str, step: usize, value: f64) -> Result<()> {
        self.value(step, Value { simple_value: Some(value as f32), ..Value::of(tag) })
    }

    /// How numbers are distributed at this step, in thirty buckets of equal width.
    ///
    /// # Errors
    /// If there are no values or one is not finite, or as [`scalar`](Run::scalar).
    pub fn histogram<'a, T: Scalar>(
        &mut self,
        tag: &str,
        step: usize,
        values: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        let values: Vec<f64> = values.into_iter().map(|value| value.wide()).collect();
        self.value(step, Value { histo: Some(histogram(&values)?), ..Value::of(tag) })
    }

    /// A matrix as an image, from white at its lowest to black at its highest number, or, if there are both
    /// signs, from blue over white at zero to orange.
    ///
    /// # Errors
    /// If the matrix is empty or not finite, or as [`scalar`](Run::scalar).
    pub fn image<T: Scalar>(
        &mut self,
        tag: &str,
        step: usize,
        pixels: ArrayView2<'_, T>,
    ) -> Result<()> {
        let (height, width) = pixels.dim();
        let values: Vec<f64> = pixels.iter().map(|value| value.wide()).collect();
        let range = extent("pixels", &values)?;
        let image = proto::Image {
            height: height as i32,
            width: width as i32,
            // Colours without transparency.
            colorspace: 3,
            encoded_image_string: bitmap(width, &values, range),
        };
        self.value(step, Value { image: Some(image), ..Value::of(tag) })
    }

    /// The run's hyperparameters, and the tags of the scalars by which runs are compared: the table, the
    /// parallel coordinates and the scatter plots of the page HParams. Once a run.
    ///
    /// # Errors
    /// If they were given before, or as [`scalar`](Run::scalar).
    pub fn hyperparameters(
        &mut self,
        values: &[(&str, Hyperparameter)],
        metrics: &[&str],
    ) -> Result<()> {
        Error::check(!self.session, "values", "given again", "hyperparameters once a run")?;
        let time = (self.clock)();
        self.plugin_data("experiment", hparams::experiment(time, values, metrics))?;
        self.plugin_data("session_start_info", hparams::start(time, values))?;
        self.session = true;
        Ok(())
    }

    /// Ends the run.
    ///
    /// # Errors
    /// As [`scalar`](Run::scalar).
    pub fn finish(mut self) -> Result<()> {
        if self.session {
            self.plugin_data("session_end_info", hparams::end((self.clock)()))?;
        }
        self.flush()
    }

    /// Hands everything over to the system, for TensorBoard to see.
    ///
    /// # Errors
    /// As [`scalar`](Run::scalar).
    pub fn flush(&mut self) -> Result<()> {
        self.file.flush().map_err(|error| self.problem(&error))
    }

    fn plugin_data(&mut self, tag: &str, content: hparams::PluginData) -> Result<()> {
        let tag = format!("_hparams_/{tag}");
        self.value(0, hparams::value(&tag, &content))
    }

    fn value(&mut self, step: usize, value: Value) -> Result<()> {
        self.write(step, event::What::Summary(Summary { value: vec![value] }))
    }

    fn write(&mut self, step: usize, what: event::What) -> Result<()> {
        let event = Event { wall_time: (self.clock)(), step: step as i64, what: Some(what) };
        record::write(&mut self.file, &event.encode_to_vec()).map_err(|error| self.problem(&error))
    }

    fn problem(&self, error: &std::io::Error) -> Error {
        FileProblem::system("write", error).of(&self.path)
    }
}

/// The lowest and the highest value.
fn extent(argument: &'static str, values: &[f64]) -> Result<(f64, f64)> {
    Error::check(!values.is_empty(), argument, "empty", "at least one number")?;
    if let Some(bad) = values.iter().find(|v| !v.is_finite()) {
        Error::check(false, argument, bad, "finite numbers")?;
    }
    Ok(values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v))))
}

fn histogram(values: &[f64]) -> Result<proto::Histogram> {
    let (min, max) = extent("values", values)?;
    // The difference of finite numbers may be infinite; half of it never is.
    let half = max / 2.0 - min / 2.0;
    let buckets = if half > 0.0 { BUCKETS } else { 1 };
    let mut counts = vec![0.0; buckets];
    for value in values {
        let part = if half > 0.0 { (value / 2.0 - min / 2.0) / half } else { 0.0 };
        counts[((part * buckets as f64) as usize).min(buckets - 1)] += 1.0;
    }
    let limit = |k: usize| {
        let part = k as f64 / buckets as f64;
        if k == buckets { max } else { min * (1.0 - part) + max * part }
    };
    Ok(proto::Histogram {
        min,
        max,
        num: values.len() as f64,
        sum: values.iter().sum(),
        sum_squares: values.iter().map(|v| v * v).sum(),
        bucket_limit: (1..=buckets).map(limit).collect(),
        bucket: counts,
    })
}

#[cfg(test)]
mod tests;
