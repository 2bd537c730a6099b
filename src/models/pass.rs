use ndarray::{ArrayView2, ArrayViewMut2};

use super::Net;
use super::layer::{Cache, Mode, grown, matrix, matrix_mut};
use crate::Scalar;

/// The examples that go through a net at once where there are more of them: it bounds the memory.
pub(super) const CHUNK: usize = 512;

/// A batch on its way through a net and back, in memory that the next batch uses again.
#[derive(Default)]
pub(super) struct Pass<T> {
    /// The batch, one example after the other.
    pub input: Vec<T>,
    outputs: Vec<Vec<T>>,
    caches: Vec<Cache<T>>,
    /// ∂J/∂y of the layer that is next in the backward pass.
    delta: Vec<T>,
    /// ∂J/∂x of that layer.
    below: Vec<T>,
}

impl<T: Scalar> Pass<T> {
    /// Sends the first `n` examples of the input through the net.
    pub fn forward(&mut self, net: &Net, w: &[T], n: usize, mode: Mode) {
        let stages = net.stages();
        self.outputs.resize_with(stages.len(), Vec::new);
        self.caches.resize_with(stages.len(), || Cache::new(mode));
        for (i, stage) in stages.iter().enumerate() {
            let (before, after) = self.outputs.split_at_mut(i);
            let cache = &mut self.caches[i];
            cache.mode = of_layer(mode, i);
            let width = stage.output.size();
            let y = matrix_mut(grown(&mut after[0], n * width), n, width);
            let x = input_of(net, &self.input, before, i, n);
            stage.forward(w, x, y, cache);
        }
    }

    /// The outputs of the last layer for the `n` examples that went through.
    pub fn scores(&self, net: &Net, n: usize) -> ArrayView2<'_, T> {
        input_of(net, &self.input, &self.outputs, net.stages().len(), n)
    }

    /// A copy of the [`scores`](Pass::scores), which is to become ∂J/∂scores before the way back.
    pub fn delta(&mut self, net: &Net, n: usize) -> ArrayViewMut2<'_, T> {
        let width = net.output().size();
        let scores = input_of(net, &self.input, &self.outputs, net.stages().len(), n);
        let mut delta = matrix_mut(grown(&mut self.delta, n * width), n, width);
        delta.assign(&scores);
        delta
    }

    /// Writes ∂J/∂w into `gradient`, from [`delta`](Pass::delta) back to layer `last`; shows ∂J/∂y of every
    /// layer on the way, with the layer's number and its output.
    pub fn backward(
        &mut self,
        net: &Net,
        w: &[T],
        n: usize,
        last: usize,
        gradient: &mut [T],
        mut show: impl FnMut(usize, ArrayView2<'_, T>, ArrayView2<'_, T>),
    ) {
        for (i, stage) in net.stages().iter().enumerate().skip(last).rev() {
            let x = input_of(net, &self.input, &self.outputs, i, n);
            let y = input_of(net, &self.input, &self.outputs, i + 1, n);
            let dy = matrix(&self.delta[..y.len()], n, y.ncols());
            show(i, y, dy);
            let below = grown(&mut self.below, x.len());
            let dx = (i > last).then(|| matrix_mut(below, n, x.ncols()));
            let range = stage.range.clone();
            let (w, dw) = (&w[range.clone()], &mut gradient[range]);
            let cache = &mut self.caches[i];
            T::backward(&stage.layer, w, (x, y), dy, dx, dw, cache);
            std::mem::swap(&mut self.delta, &mut self.below);
        }
    }
}

/// What goes into layer i: the batch, or the output of the layer before.
fn input_of<'a, T: Scalar>(
    net: &Net,
    input: &'a [T],
    outputs: &'a [Vec<T>],
    i: usize,
    n: usize,
) -> ArrayView2<'a, T> {
    match i.checked_sub(1) {
        None => matrix(&input[..n * net.input().size()], n, net.input().size()),
        Some(before) => {
            let width = net.stages()[before].output.size();
            matrix(&outputs[before][..n * width], n, width)
        }
    }
}

/// The mode of layer i: every layer draws its own numbers.
fn of_layer(mode: Mode, i: usize) -> Mode {
    match mode {
        // Multiples of an odd number differ for different layers.
        Mode::Train { seed } => {
            Mode::Train { seed: seed.wrapping_add((i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)) }
        }
        Mode::Evaluate => Mode::Evaluate,
    }
}
