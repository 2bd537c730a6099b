use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Mutex;

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

use super::layer::Mode;
use super::loss::argmax;
use super::pass::{CHUNK, Pass};
use super::{Examples, Init, Loss, Net, Regularized, Regularizer, Role};
use crate::objective::Evaluation;
use crate::{Error, FiniteSum, Objective, Result, Scalar};

/// The mean loss of a [`Net`] on examples, as a function of the net's parameters; made by
/// [`loss_on`](Net::loss_on).
///
/// As an [`Objective`] it is in evaluation mode, unless [`training`](NetLoss::training) says otherwise. As a
/// [`FiniteSum`], by which [`Fit`](crate::fit::Fit) trains, its batches are in training mode. Calls use the
/// same memory again, so that a step of training allocates nothing.
///
/// ```
/// use gradus::gradcheck::check_directions;
/// use gradus::prelude::*;
///
/// let digits = gradus::data::digits().map(|pixels| pixels / 16.0);
/// let net = Mlp::new(&[64, 16, 10], Activation::Tanh);
/// let loss = net.loss_on(&digits.train)?;
/// let w = loss.initial(Init::Xavier, 0);
/// assert!(check_directions(&loss, w.view(), 2, 0)?.passed());
/// # Ok::<(), gradus::Error>(())
/// ```
pub struct NetLoss<T: Scalar = f64> {
    net: Net,
    examples: Examples<T>,
    loss: Loss,
    mode: Mode,
    pass: Mutex<Space<T>>,
}

/// A pass, and the gradient of a part of the examples.
#[derive(Default)]
struct Space<T> {
    pass: Pass<T>,
    part: Vec<T>,
}

impl<T: Scalar> NetLoss<T> {
    pub(super) fn new(net: Net, examples: Examples<T>) -> Result<Self> {
        net.check()?;
        examples.check()?;
        Error::check_len("inputs", examples.features(), net.input().size())?;
        Error::check_len("outputs", net.output().size(), examples.outputs())?;
        let labelled = examples.labels().is_some();
        let loss = net.loss_of(labelled);
        let fits = labelled || loss == Loss::SquaredError;
        let expected = "the squared error, for values to predict";
        Error::check(fits, "loss", format!("{loss:?}"), expected)?;
        Ok(Self { net, examples, loss, mode: Mode::Evaluate, pass: Mutex::default() })
    }

    /// The net.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// The examples.
    pub fn examples(&self) -> &Examples<T> {
        &self.examples
    }

    /// Parameters to begin with: weights by `init`, biases 0, scales 1.
    pub fn initial(&self, init: Init, seed: u64) -> Array1<T> {
        self.net.initial(init, seed)
    }

    /// The same loss in training mode: dropout with masks drawn with `seed`, the same at every call, and batch
    /// normalisation by the statistics of these examples.
    pub fn training(mut self, seed: u64) -> Self {
        self.mode = Mode::Train { seed };
        self
    }

    /// The same loss over the examples with these indices only: what a mini-batch sees.
    ///
    /// # Errors
    /// If `examples` is empty or names an example that is not there.
    pub fn subset(&self, examples: &[usize]) -> Result<Self> {
        let examples = self.examples.subset(examples)?;
        Ok(Self { net: self.net.clone(), examples, pass: Mutex::default(), ..*self })
    }

    /// This loss plus a penalty on all weights; biases, scales and running statistics go free.
    ///
    /// [`Regularizer::on`] puts the penalty on all parameters.
    ///
    /// # Errors
    /// If the penalty's strength is negative or not finite.
    pub fn regularized(self, regularizer: Regularizer) -> Result<Regularized<Self>> {
        let weights: Vec<_> = self.ranges(|role| role == Role::Weight);
        Ok(weights.into_iter().fold(regularizer.on(self)?, Regularized::within))
    }

    /// The part of the examples that the net classifies rightly, in evaluation mode.
    ///
    /// # Errors
    /// If `w` has not the net's number of parameters, or the examples have no classes.
    pub fn accuracy(&self, w: ArrayView1<'_, T>) -> Result<f64> {
        self.evaluate(w)?.accuracy.ok_or(Error::Argument {
            argument: "examples",
            value: "values to predict".into(),
            expected: "examples with classes",
        })
    }

    /// What every layer gives for the examples, and the gradient of the loss with respect to it: what
    /// histograms by layer show.
    ///
    /// ```
    /// use gradus::models::Summary;
    /// use gradus::prelude::*;
    ///
    /// let digits = gradus::data::digits().map(|pixels| pixels / 16.0);
    /// let loss = Mlp::new(&[64, 32, 10], Activation::Relu).loss_on(&digits.train)?;
    /// let layers = loss.layers(loss.initial(Init::He, 0).view())?;
    /// assert_eq!(layers[1].name, "relu1");
    /// assert_eq!(layers[1].outputs.dim(), (1079, 32));
    /// let zeros = Summary::of(&layers[1].outputs).zeros;
    /// assert!(zeros > 0.2 && zeros < 0.8); // about half of the units are off
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `w` has not the net's number of parameters.
    pub fn layers(&self, w: ArrayView1<'_, T>) -> Result<Vec<LayerPass<T>>> {
        self.net.check_parameters(w.len())?;
        let (w, n) = (contiguous(&w), self.examples.len());
        let mut pass = Pass::default();
        let mut gradient = vec![T::zero(); w.len()];
        self.examples.gather(0..n, &mut pass.input);
        pass.forward(&self.net, &w, n, self.mode);
        self.loss.mean(pass.delta(&self.net, n), (0..n).map(|i| self.examples.target(i)));
        let names: Vec<&str> = self.net.layers().map(|(name, _)| name).collect();
        let mut layers = Vec::new();
        pass.backward(&self.net, &w, n, 0, &mut gradient, |i, outputs, gradients| {
            layers.push(LayerPass {
                name: names[i].to_string(),
                outputs: outputs.to_owned(),
                gradients: gradients.to_owned(),
            });
        });
        layers.reverse();
        Ok(layers)
    }

    /// The mean loss over the `n` examples that `index` names; writes its gradient if there is a place.
    fn pass(
        &self,
        n: usize,
        index: impl Fn(usize) -> usize + Copy,
        mode: Mode,
        w: &[T],
        mut gradient: Option<&mut [T]>,
    ) -> T {
        let mut fresh;
        let mut shared = self.pass.try_lock();
        let Space { pass, part } = match &mut shared {
            Ok(space) => &mut **space,
            // Another thread is at it.
            Err(_) => {
                fresh = Space::default();
                &mut fresh
            }
        };
        let whole = n <= CHUNK || (self.net.couples() && mode != Mode::Evaluate);
        let chunk = if whole { n } else { CHUNK };
        let first = self.net.stages().iter().position(|stage| !stage.range.is_empty());
        if let (false, Some(gradient)) = (whole, &mut gradient) {
            gradient.fill(T::zero());
        }
        let mut value = 0.0;
        for start in (0..n).step_by(chunk) {
            let m = chunk.min(n - start);
            let share = m as f64 / n as f64;
            let examples = (start..start + m).map(index);
            self.examples.gather(examples.clone(), &mut pass.input);
            pass.forward(&self.net, w, m, other(mode, start));
            let targets = examples.map(|i| self.examples.target(i));
            value += share * self.loss.mean(pass.delta(&self.net, m), targets).wide();
            let (Some(gradient), Some(first)) = (&mut gradient, first) else { continue };
            if whole {
                pass.backward(&self.net, w, m, first, gradient, |_, _, _| {});
            } else {
                part.resize(w.len(), T::zero());
                pass.backward(&self.net, w, m, first, part, |_, _, _| {});
                let share = T::of(share);
                gradient.iter_mut().zip(part.iter()).for_each(|(sum, &v)| *sum += share * v);
            }
        }
        T::of(value)
    }

    /// The ranges of the blocks with such roles.
    fn ranges(&self, wanted: impl Fn(Role) -> bool) -> Vec<Range<usize>> {
        let blocks = self.net.blocks().iter().filter(|block| wanted(block.role));
        blocks.map(|block| block.range.clone()).collect()
    }
}

/// One layer in a pass over N examples.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerPass<T: Scalar = f64> {
    /// The layer's name, such as `relu1`.
    pub name: String,
    /// Its outputs, N × features.
    pub outputs: Array2<T>,
    /// ∂J/∂outputs, for the mean loss J.
    pub gradients: Array2<T>,
}

/// What there is to say about many numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The part of them that is 0.
    pub zeros: f64,
}

impl Summary {
    /// Of these numbers; all NaN if there are none.
    pub fn of<'a, T: Scalar>(numbers: impl IntoIterator<Item = &'a T>) -> Self {
        let numbers: Vec<f64> = numbers.into_iter().map(|v| v.wide()).collect();
        let n = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        Self {
            mean,
            std: (numbers.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt(),
            min: numbers.iter().copied().fold(f64::NAN, f64::min),
            max: numbers.iter().copied().fold(f64::NAN, f64::max),
            zeros: numbers.iter().filter(|&&v| v == 0.0).count() as f64 / n,
        }
    }
}

impl<T: Scalar> Objective<T> for NetLoss<T> {
    fn value_and_gradient(&self, w: ArrayView1<'_, T>, mut gradient: ArrayViewMut1<'_, T>) -> T {
        let n = self.examples.len();
        let value = into_slice(gradient.view_mut(), |gradient| {
            self.pass(n, |i| i, self.mode, &contiguous(&w), Some(gradient))
        });
        if self.mode != Mode::Evaluate {
            for range in self.running() {
                gradient.slice_axis_mut(ndarray::Axis(0), range.into()).fill(T::zero());
            }
        }
        value
    }

    fn value(&self, w: ArrayView1<'_, T>) -> T {
        self.pass(self.examples.len(), |i| i, self.mode, &contiguous(&w), None)
    }
}

impl<T: Scalar> FiniteSum<T> for NetLoss<T> {
    fn terms(&self) -> usize {
        self.examples.len()
    }

    fn on_batch(
        &self,
        batch: &[usize],
        seed: u64,
        w: ArrayView1<'_, T>,
        gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T> {
        self.examples.check_indices(batch)?;
        self.net.check_parameters(w.len())?;
        Error::check_len("gradient", gradient.len(), w.len())?;
        let mode = Mode::Train { seed };
        Ok(into_slice(gradient, |gradient| {
            self.pass(batch.len(), |i| batch[i], mode, &contiguous(&w), Some(gradient))
        }))
    }

    fn evaluate(&self, w: ArrayView1<'_, T>) -> Result<Evaluation> {
        self.net.check_parameters(w.len())?;
        let scores = self.net.scores(w, self.examples.inputs())?;
        let accuracy = self.examples.labels().map(|labels| {
            let predicted = argmax(scores.view());
            let right = predicted.iter().zip(labels).filter(|(p, y)| p == y).count();
            right as f64 / labels.len() as f64
        });
        let mut scores = scores;
        let targets = (0..self.examples.len()).map(|i| self.examples.target(i));
        let loss = self.loss.mean(scores.view_mut(), targets).wide();
        Ok(Evaluation { loss, accuracy })
    }

    fn running(&self) -> Vec<Range<usize>> {
        self.ranges(|role| matches!(role, Role::Mean | Role::Variance))
    }
}

/// The clone has memory of its own.
impl<T: Scalar> Clone for NetLoss<T> {
    fn clone(&self) -> Self {
        let (net, examples) = (self.net.clone(), self.examples.clone());
        Self { net, examples, pass: Mutex::default(), ..*self }
    }
}

impl<T: Scalar> fmt::Debug for NetLoss<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetLoss")
            .field("net", &self.net)
            .field("examples", &self.examples.len())
            .field("loss", &self.loss)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// A vector's numbers, copied only if they are strided.
fn contiguous<'a, T: Scalar>(w: &'a ArrayView1<'_, T>) -> Cow<'a, [T]> {
    w.as_slice().map_or_else(|| w.to_vec().into(), Cow::Borrowed)
}

/// Lets `write` fill a vector as a slice.
fn into_slice<T: Scalar, R>(mut to: ArrayViewMut1<'_, T>, write: impl FnOnce(&mut [T]) -> R) -> R {
    if let Some(to) = to.as_slice_mut() {
        return write(to);
    }
    let mut numbers = vec![T::zero(); to.len()];
    let result = write(&mut numbers);
    to.assign(&ArrayView1::from(&numbers));
    result
}

/// The mode of the chunk that begins here: each draws its own numbers.
fn other(mode: Mode, start: usize) -> Mode {
    match mode {
        Mode::Train { seed } => Mode::Train { seed: seed.wrapping_add(start as u64) },
        Mode::Evaluate => mode,
    }
}
