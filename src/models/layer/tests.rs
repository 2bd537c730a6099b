//! Every layer's backward pass against differences of its forward pass.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::*;
use crate::data;
use crate::gradcheck::check_gradient;

const N: usize = 4;

/// J(x, w) = Σ c y(x; w) with fixed c, as a function of (x, w) together, by both passes of the layer.
fn objective(
    layer: &impl Layer,
    input: Shape,
    mode: Mode,
) -> impl Fn(ArrayView1<f64>) -> (f64, Array1<f64>) {
    let output = layer.output(input).unwrap();
    let c = Array2::from_shape_vec((N, output.size()), data::normal(N * output.size(), 8).to_vec());
    let c = c.unwrap();
    move |at| {
        let (x, w) = at.split_at(Axis(0), N * input.size());
        let x = x.to_shape((N, input.size())).unwrap().to_owned();
        let w = w.to_vec();
        let mut y = Array2::zeros(c.dim());
        // What a gradient does not overwrite shows up.
        let mut dx = Array2::from_elem(x.dim(), f64::NAN);
        let mut dw = vec![f64::NAN; w.len()];
        let mut cache = Cache::new(mode);
        for _ in 0..2 {
            layer.forward(&w, x.view(), y.view_mut(), &mut cache);
            let at = (x.view(), y.view());
            layer.backward(&w, at, c.view(), Some(dx.view_mut()), &mut dw, &mut cache);
        }
        ((&y * &c).sum(), dx.into_iter().chain(dw).collect())
    }
}

/// x and w are normal numbers; variances among w have to be positive.
fn check(layer: &impl Layer, input: Shape, mode: Mode) {
    let parts = layer.parameters();
    let mut at: Vec<f64> = data::normal(N * input.size(), 1).to_vec();
    for (_, shape, role) in &parts {
        let numbers = data::normal(shape.iter().product(), 2);
        at.extend(numbers.iter().map(|v| if *role == Role::Variance { v.abs() + 0.5 } else { *v }));
    }
    let f = objective(layer, input, mode);
    let checked = check_gradient(&f, Array1::from(at).view()).unwrap();
    assert!(checked.passed(), "{checked}");
}

const TRAIN: Mode = Mode::Train { seed: 5 };

fn image(channels: usize, rows: usize, columns: usize) -> Shape {
    Shape { channels, rows, columns }
}

#[test]
fn linear() {
    check(&Linear { inputs: 5, outputs: 3 }, Shape::features(5), TRAIN);
    check(&Linear { inputs: 12, outputs: 1 }, image(3, 2, 2), Mode::Evaluate);
}

#[test]
fn activations() {
    for activation in [Activation::Relu, Activation::Tanh, Activation::Sigmoid] {
        check(&activation, Shape::features(6), TRAIN);
    }
}

#[test]
fn dropout() {
    for mode in [TRAIN, Mode::Evaluate] {
        check(&Dropout { rate: 0.4 }, Shape::features(6), mode);
    }
}

#[test]
fn convolutions() {
    for (input, filters, size, padding) in [
        (image(1, 4, 5), 2, 3, 1),
        (image(3, 4, 3), 2, 3, 0),
        (image(2, 3, 3), 3, 1, 0),
        (image(2, 2, 4), 1, 5, 2),
        (image(1, 3, 3), 1, 2, 1),
        (image(1, 2, 2), 1, 2, 3),
    ] {
        check(&Conv2d { input, filters, size, padding }, input, TRAIN);
    }
}

#[test]
fn pooling() {
    for (input, size) in [(image(2, 4, 4), 2), (image(1, 5, 7), 2), (image(1, 3, 3), 3)] {
        check(&MaxPool2d { input, size }, input, TRAIN);
    }
}

/// In training the last two blocks get the batch's statistics and not slopes: the layer does not depend
/// on them, which the check is told by putting zeros there.
#[test]
fn batch_norm() {
    struct Trained(BatchNorm);
    impl Layer for Trained {
        fn output(&self, input: Shape) -> Result<Shape> {
            self.0.output(input)
        }
        fn parameters(&self) -> Vec<(&'static str, Vec<usize>, Role)> {
            self.0.parameters()
        }
        fn forward<T: Scalar>(
            &self,
            w: &[T],
            x: ArrayView2<'_, T>,
            y: ArrayViewMut2<'_, T>,
            cache: &mut Cache<T>,
        ) {
            self.0.forward(w, x, y, cache);
        }
        fn backward<T: Scalar>(
            &self,
            w: &[T],
            at: (ArrayView2<'_, T>, ArrayView2<'_, T>),
            dy: ArrayView2<'_, T>,
            dx: Option<ArrayViewMut2<'_, T>>,
            dw: &mut [T],
            cache: &mut Cache<T>,
        ) {
            self.0.backward(w, at, dy, dx, dw, cache);
            dw[2 * self.0.channels..].fill(T::zero());
        }
    }
    for input in [Shape::features(5), image(3, 2, 2)] {
        let layer = BatchNorm { channels: input.channels, pixels: input.pixels() };
        check(&layer, input, Mode::Evaluate);
        check(&Trained(layer), input, TRAIN);
    }
}

#[test]
fn dropout_keeps_the_mean_and_is_seeded() {
    let (layer, x) = (Dropout { rate: 0.3 }, Array2::<f64>::ones((100, 100)));
    let run = |seed| {
        let mut y = Array2::zeros(x.dim());
        layer.forward(&[], x.view(), y.view_mut(), &mut Cache::new(Mode::Train { seed }));
        y
    };
    let y = run(1);
    let kept = y.iter().filter(|&&v| v != 0.0).count() as f64 / 1e4;
    // Five standard deviations of a mean of 10⁴: √(0.21 / 10⁴) each.
    assert!((kept - 0.7).abs() < 0.023, "{kept}");
    assert!(y.iter().all(|&v| v == 0.0 || v == 1.0 / 0.7));
    assert_eq!(run(1), y);
    assert_ne!(run(2), y);
}

#[test]
fn layers_refuse_what_they_cannot_take() {
    let message = |layer: Result<Shape>| layer.unwrap_err().to_string();
    let input = image(1, 4, 4);
    assert_eq!(
        message(Linear { inputs: 15, outputs: 2 }.output(input)),
        "`input` has shape [16], expected [15]"
    );
    assert!(message(Linear { inputs: 16, outputs: 0 }.output(input)).starts_with("`outputs` is 0"));
    assert_eq!(
        message(Dropout { rate: 1.0 }.output(input)),
        "`rate` is 1, expected a number in [0, 1)"
    );
    assert_eq!(
        message(MaxPool2d { input, size: 5 }.output(input)),
        "`size` is 5, expected a window that fits into the image"
    );
    assert!(MaxPool2d { input, size: 0 }.output(input).is_err());
    assert!(MaxPool2d { input: image(2, 4, 4), size: 2 }.output(input).is_err());
    let conv = Conv2d { input, filters: 1, size: 7, padding: 1 };
    assert_eq!(
        message(conv.output(input)),
        "`size` is 7, expected a window that fits into the padded image"
    );
    assert!(Conv2d { size: 0, ..conv }.output(input).is_err());
    assert!(Conv2d { filters: 0, size: 3, ..conv }.output(input).is_err());
    assert!(BatchNorm { channels: 3, pixels: 5 }.output(input).is_err());
}
