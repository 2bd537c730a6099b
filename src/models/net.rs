use std::fmt;
use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::block::layout;
use super::layer::{
    Activation, BatchNorm, Cache, Conv2d, Dropout, Layer, Linear, MaxPool2d, Mode, Shape,
};
use super::loss::argmax;
use super::pass::{CHUNK, Pass};
use super::{Block, Examples, Init, Loss, NetLoss, softmax};
use crate::{Error, Result, Scalar};

/// A net: layers one after the other, without data and without weights.
///
/// It is built from its input on; a layer that does not fit is reported when the net is first used. Its
/// parameters are one vector of named [`blocks`](Net::blocks).
///
/// ```
/// use gradus::prelude::*;
///
/// let net = Net::images(1, 8, 8).conv2d(16, 3).relu().max_pool2d(2).linear(10);
/// let names: Vec<&str> = net.blocks().iter().map(|block| block.name.as_str()).collect();
/// assert_eq!(names, ["conv1.weight", "conv1.bias", "linear1.weight", "linear1.bias"]);
/// assert_eq!(net.len(), 16 * 9 + 16 + 10 * 16 * 16 + 10);
///
/// let digits = gradus::data::digits();
/// let loss = net.loss_on(&digits.train)?;
/// let w = loss.initial(Init::Zero, 0);
/// assert!((loss.value(w.view()) - 10.0_f64.ln()).abs() < 1e-12); // at chance
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    input: Shape,
    stages: Vec<Stage>,
    blocks: Vec<Block>,
    loss: Option<Loss>,
    /// What was wrong with the first layer that does not fit.
    invalid: Option<Error>,
}

/// A layer in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stage {
    pub name: String,
    pub layer: AnyLayer,
    pub output: Shape,
    pub range: Range<usize>,
}

/// Any layer that a net can have.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyLayer {
    Linear(Linear),
    Activation(Activation),
    Dropout(Dropout),
    BatchNorm(BatchNorm),
    Conv2d(Conv2d),
    MaxPool2d(MaxPool2d),
}

/// The same expression for whatever layer it is.
macro_rules! of_any {
    ($any:expr, $layer:ident => $body:expr) => {
        match $any {
            AnyLayer::Linear($layer) => $body,
            AnyLayer::Activation($layer) => $body,
            AnyLayer::Dropout($layer) => $body,
            AnyLayer::BatchNorm($layer) => $body,
            AnyLayer::Conv2d($layer) => $body,
            AnyLayer::MaxPool2d($layer) => $body,
        }
    };
}
pub(crate) use of_any;

impl AnyLayer {
    fn name(&self) -> &'static str {
        match self {
            Self::Linear(_) => "linear",
            Self::Activation(Activation::Relu) => "relu",
            Self::Activation(Activation::Tanh) => "tanh",
            Self::Activation(Activation::Sigmoid) => "sigmoid",
            Self::Dropout(_) => "dropout",
            Self::BatchNorm(_) => "norm",
            Self::Conv2d(_) => "conv",
            Self::MaxPool2d(_) => "pool",
        }
    }
}

impl Net {
    /// A net that takes this many features, and so far gives them back.
    pub fn inputs(features: usize) -> Self {
        Self::images(features, 1, 1)
    }

    /// A net that takes images: rows of channels × rows × columns numbers.
    pub fn images(channels: usize, rows: usize, columns: usize) -> Self {
        let input = Shape { channels, rows, columns };
        let empty = Error::check(input.size() > 0, "input", "empty", "at least one number");
        Self { input, stages: Vec::new(), blocks: Vec::new(), loss: None, invalid: empty.err() }
    }

    /// Then a [`Linear`] layer with this many outputs; an image becomes a row of features.
    pub fn linear(self, outputs: usize) -> Self {
        let inputs = self.output().size();
        self.push(AnyLayer::Linear(Linear { inputs, outputs }))
    }

    /// Then an [`Activation`].
    pub fn activation(self, activation: Activation) -> Self {
        self.push(AnyLayer::Activation(activation))
    }

    /// Then max(0, x).
    pub fn relu(self) -> Self {
        self.activation(Activation::Relu)
    }

    /// Then tanh x.
    pub fn tanh(self) -> Self {
        self.activation(Activation::Tanh)
    }

    /// Then 1 / (1 + e⁻ˣ).
    pub fn sigmoid(self) -> Self {
        self.activation(Activation::Sigmoid)
    }

    /// Then [`Dropout`] of this part of the numbers.
    pub fn dropout(self, rate: f64) -> Self {
        self.push(AnyLayer::Dropout(Dropout { rate }))
    }

    /// Then [`BatchNorm`].
    pub fn batch_norm(self) -> Self {
        let (channels, pixels) = (self.output().channels, self.output().pixels());
        self.push(AnyLayer::BatchNorm(BatchNorm { channels, pixels }))
    }

    /// Then a [`Conv2d`] with this many filters of size × size, padded such that, for an odd size, images
    /// keep theirs.
    pub fn conv2d(self, filters: usize, size: usize) -> Self {
        let input = self.output();
        self.push(AnyLayer::Conv2d(Conv2d { input, filters, size, padding: size / 2 }))
    }

    /// Then a [`MaxPool2d`] over windows of size × size.
    pub fn max_pool2d(self, size: usize) -> Self {
        let input = self.output();
        self.push(AnyLayer::MaxPool2d(MaxPool2d { input, size }))
    }

    /// With this loss; unless said, it is cross-entropy for classes and the squared error for values.
    pub fn loss(mut self, loss: Loss) -> Self {
        self.loss = Some(loss);
        self
    }

    fn push(mut self, layer: AnyLayer) -> Self {
        let (output, parameters) =
            of_any!(&layer, layer => (layer.output(self.output()), layer.parameters()));
        match output {
            Ok(output) if self.invalid.is_none() => {
                let alike = self.stages.iter().filter(|s| s.layer.name() == layer.name()).count();
                let name = format!("{}{}", layer.name(), alike + 1);
                let start = self.len();
                let parts = parameters.into_iter();
                let new = layout(
                    parts.map(|(part, shape, role)| (format!("{name}.{part}"), shape, role)),
                );
                let len = new.last().map_or(0, |block| block.range.end);
                self.blocks.extend(new.into_iter().map(|block| Block {
                    range: start + block.range.start..start + block.range.end,
                    ..block
                }));
                self.stages.push(Stage { name, layer, output, range: start..start + len });
            }
            Ok(_) => {}
            Err(error) => {
                self.invalid.get_or_insert(error);
            }
        }
        self
    }

    /// The number of parameters, running statistics included.
    pub fn len(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.range.end)
    }

    /// Whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The blocks of its parameters, layer by layer, such as `linear1.weight` and `linear1.bias`.
    ///
    /// By them [`Groups`](crate::optim::Groups) give layers rules of their own:
    ///
    /// ```
    /// use gradus::optim::{Adam, Groups};
    /// use gradus::prelude::*;
    ///
    /// let net = Mlp::new(&[64, 32, 10], Activation::Relu);
    /// let rate = |name: &str| if name.starts_with("linear1") { 0.001 } else { 0.01 };
    /// let rule = net.blocks().iter().fold(Groups::new(), |rule, block| {
    ///     rule.group(block.len(), Adam::new(rate(&block.name)))
    /// });
    /// assert_eq!(rule.len(), net.len());
    /// ```
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The block with this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn block(&self, name: &str) -> Result<&Block> {
        self.blocks.iter().find(|block| block.name == name).ok_or_else(|| Error::Argument {
            argument: "name",
            value: name.into(),
            expected: "the name of a block of this net",
        })
    }

    /// Name and output shape of each layer.
    pub fn layers(&self) -> impl Iterator<Item = (&str, Shape)> {
        self.stages.iter().map(|stage| (stage.name.as_str(), stage.output))
    }

    /// The shape of an input.
    pub fn input(&self) -> Shape {
        self.input
    }

    /// The shape of an output.
    pub fn output(&self) -> Shape {
        self.stages.last().map_or(self.input, |stage| stage.output)
    }

    /// Parameters to begin with: weights by `init`, biases 0, scales 1.
    pub fn initial<T: Scalar>(&self, init: Init, seed: u64) -> Array1<T> {
        init.weights(&self.blocks, seed)
    }

    /// The loss of this net on these examples: `&Labelled` or [`Examples`].
    ///
    /// # Errors
    /// If a layer does not fit, there are no examples, an input is not finite or not of the net's shape, the
    /// net has not an output for each class or value, or its loss is not for such targets.
    pub fn loss_on<T: Scalar>(&self, examples: impl Into<Examples<T>>) -> Result<NetLoss<T>> {
        NetLoss::new(self.clone(), examples.into())
    }

    /// The outputs for each row of `inputs`, in evaluation mode.
    ///
    /// # Errors
    /// If a layer does not fit, `w` has not [`len`](Net::len) parameters or `inputs` not the net's features.
    pub fn scores<T: Scalar>(
        &self,
        w: ArrayView1<'_, T>,
        inputs: ArrayView2<'_, T>,
    ) -> Result<Array2<T>> {
        self.check()?;
        self.check_parameters(w.len())?;
        Error::check_len("inputs", inputs.ncols(), self.input.size())?;
        let (w, inputs) = (w.to_vec(), inputs.as_standard_layout());
        let mut pass = Pass::default();
        let mut scores = Array2::zeros((inputs.nrows(), self.output().size()));
        let chunks = inputs.axis_chunks_iter(Axis(0), CHUNK);
        for (x, mut scores) in chunks.zip(scores.axis_chunks_iter_mut(Axis(0), CHUNK)) {
            pass.input.clear();
            pass.input.extend(x.iter());
            pass.forward(self, &w, x.nrows(), Mode::Evaluate);
            scores.assign(&pass.scores(self, x.nrows()));
        }
        Ok(scores)
    }

    /// The class with the largest output for each row of `inputs`.
    ///
    /// # Errors
    /// As [`scores`](Net::scores).
    pub fn predict<T: Scalar>(
        &self,
        w: ArrayView1<'_, T>,
        inputs: ArrayView2<'_, T>,
    ) -> Result<Vec<usize>> {
        Ok(argmax(self.scores(w, inputs)?.view()))
    }

    /// The probability of each class for each row of `inputs`: the [`softmax`] of the outputs.
    ///
    /// # Errors
    /// As [`scores`](Net::scores).
    pub fn probabilities<T: Scalar>(
        &self,
        w: ArrayView1<'_, T>,
        inputs: ArrayView2<'_, T>,
    ) -> Result<Array2<T>> {
        Ok(softmax(self.scores(w, inputs)?.view()))
    }

    pub(super) fn stages(&self) -> &[Stage] {
        &self.stages
    }

    pub(super) fn loss_of(&self, labelled: bool) -> Loss {
        let default = if labelled { Loss::CrossEntropy } else { Loss::SquaredError };
        self.loss.unwrap_or(default)
    }

    /// Whether an example's output depends on the others of its batch, in training.
    pub(super) fn couples(&self) -> bool {
        self.stages.iter().any(|stage| matches!(stage.layer, AnyLayer::BatchNorm(_)))
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.invalid.clone().map_or(Ok(()), Err)
    }

    pub(super) fn check_parameters(&self, found: usize) -> Result<()> {
        Error::check_len("w", found, self.len())
    }
}

impl Stage {
    pub(super) fn forward<T: Scalar>(
        &self,
        w: &[T],
        x: ArrayView2<'_, T>,
        y: ndarray::ArrayViewMut2<'_, T>,
        cache: &mut Cache<T>,
    ) {
        T::forward(&self.layer, &w[self.range.clone()], x, y, cache);
    }
}

/// One line a layer: its name, the shape of its output, the number of its parameters.
impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = |shape: Shape| match shape {
            Shape { channels, rows: 1, columns: 1 } => channels.to_string(),
            Shape { channels, rows, columns } => format!("{channels} × {rows} × {columns}"),
        };
        writeln!(f, "{:<10} {:>14} {:>10}", "input", shape(self.input), "")?;
        for stage in &self.stages {
            writeln!(
                f,
                "{:<10} {:>14} {:>10}",
                stage.name,
                shape(stage.output),
                stage.range.len()
            )?;
        }
        write!(f, "{:<10} {:>14} {:>10}", "in all", "", self.len())
    }
}

/// Multilayer perceptrons: linear layers with an activation between each two.
///
/// ```
/// use gradus::prelude::*;
///
/// let net = Mlp::new(&[64, 32, 10], Activation::Relu);
/// assert_eq!(net, Net::inputs(64).linear(32).relu().linear(10));
/// assert_eq!(net.len(), 65 * 32 + 33 * 10);
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Mlp {}

impl Mlp {
    /// The net with these numbers of units, from input to output.
    #[allow(clippy::new_ret_no_self)] // a name for a net
    pub fn new(units: &[usize], activation: Activation) -> Net {
        let (&inputs, rest) = units.split_first().unwrap_or((&0, &[]));
        let mut net = Net::inputs(inputs);
        for (i, &outputs) in rest.iter().enumerate() {
            net = if i == 0 { net } else { net.activation(activation) }.linear(outputs);
        }
        net
    }
}

/// Small convolutional nets: 3 × 3 convolutions, each with ReLU and 2 × 2 max pooling, then a linear layer.
///
/// ```
/// use gradus::prelude::*;
///
/// let net = Cnn::new((1, 28, 28), &[16, 32], 10);
/// let same = Net::images(1, 28, 28).conv2d(16, 3).relu().max_pool2d(2);
/// assert_eq!(net, same.conv2d(32, 3).relu().max_pool2d(2).linear(10));
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Cnn {}

impl Cnn {
    /// The net for images of channels × rows × columns, with these numbers of filters and of classes.
    #[allow(clippy::new_ret_no_self)] // a name for a net
    pub fn new(
        (channels, rows, columns): (usize, usize, usize),
        filters: &[usize],
        classes: usize,
    ) -> Net {
        let start = Net::images(channels, rows, columns);
        let convolve = |net: Net, &filters| net.conv2d(filters, 3).relu().max_pool2d(2);
        filters.iter().fold(start, convolve).linear(classes)
    }
}
