//! What the models compute, against differences and the decks' numbers.

use ndarray::{Array1, Array2, ArrayView1, Axis, array};

use super::*;
use crate::data::{self, Labelled};
use crate::gradcheck::{check_directions, check_gradient, check_hessian};
use crate::prelude::{GradientDescent, Minimize};
use crate::{FiniteSum, Objective, optim::Rule, set_threads};

/// Twelve examples with five features in three classes.
fn three_classes() -> Labelled {
    let inputs = Array2::from_shape_vec((12, 5), data::normal(60, 1).to_vec()).unwrap();
    Labelled::new(inputs, (0..12).map(|i| i * i % 3).collect(), 3).unwrap()
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

#[test]
fn linear_classifiers_have_their_gradient() {
    let data = three_classes();
    let w = Array1::from_iter(data::normal(18, 2));
    let (softmax, svm) = (Softmax::new(&data).unwrap(), Svm::new(&data).unwrap());
    let objectives: [&dyn Objective; 2] = [&softmax, &svm];
    for objective in objectives {
        let check = check_gradient(objective, w.view()).unwrap();
        assert!(check.passed() && check.kinks().count() == 0, "{check}");
        assert_eq!(objective.value(w.view()), {
            let mut g = Array1::zeros(18);
            objective.value_and_gradient(w.view(), g.view_mut())
        });
        let check = check_hessian(objective, w.view()).unwrap();
        assert!(check.passed(), "{check}");
    }
}

/// The scores of deck 003 for a cat, a car and a frog.
#[test]
fn losses_are_those_of_the_deck() {
    let scores = array![[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]];
    let hinge = Loss::Hinge.of_each(scores.view(), &[0, 1, 2]).unwrap();
    for (loss, deck) in hinge.iter().zip([2.9, 0.0, 12.9]) {
        assert!(close(*loss, deck, 1e-12), "{loss}");
    }
    let entropy = Loss::CrossEntropy.of_each(scores.view(), &[0, 1, 2]).unwrap();
    for (i, loss) in entropy.iter().enumerate() {
        let sum: f64 = scores.row(i).mapv(f64::exp).sum();
        assert!(close(*loss, sum.ln() - scores[(i, i)], 1e-14));
    }
    let squares = Loss::SquaredError.of_each(scores.view(), &[0, 1, 2]).unwrap();
    assert!(close(squares[1], 1.3 * 1.3 + 3.9 * 3.9 + 4.0, 1e-14));
}

#[test]
fn huge_scores_do_not_overflow() {
    let scores = array![[1e4, 0.0], [-1e4, 0.0]];
    let loss = Loss::CrossEntropy.of_each(scores.view(), &[1, 1]).unwrap();
    assert_eq!(loss, array![1e4, 0.0]);
    assert_eq!(softmax(scores.view()), array![[1.0, 0.0], [0.0, 1.0]]);
}

/// At zero hinge loss 2W is as good as W; the softmax loss prefers 2W.
#[test]
fn twice_the_weights_are_as_good_for_the_hinge_loss_only() {
    let data = Labelled::new(array![[1.0, 0.0], [0.0, 1.0]], vec![0, 1], 2).unwrap();
    let w = array![1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let svm = Svm::new(&data).unwrap();
    assert_eq!((svm.value(w.view()), svm.value((&w * 2.0).view())), (0.0, 0.0));
    let softmax = Softmax::new(&data).unwrap();
    assert!(softmax.value((&w * 2.0).view()) < softmax.value(w.view()));
}

#[test]
fn single_precision_agrees() {
    let data = three_classes();
    let w = Array1::from_iter(data::normal(18, 3));
    let narrow = w.mapv(|v| v as f32);
    let f = Softmax::new(&data).unwrap();
    let g = Softmax::new(data.cast::<f32>()).unwrap();
    // A few roundings of 6e-8.
    assert!(close(g.value(narrow.view()).into(), f.value(w.view()), 1e-6));
    for (a, b) in g.gradient(narrow.view()).iter().zip(&f.gradient(w.view())) {
        assert!(close((*a).into(), *b, 1e-6));
    }
}

/// The mean of the parts' losses is the whole's, and a subset keeps to its examples.
#[test]
fn subsets_are_what_a_mini_batch_sees() {
    let f = Softmax::new(three_classes()).unwrap();
    let w = Array1::from_iter(data::normal(18, 4));
    let parts: Vec<_> = [0..4, 4..8, 8..12]
        .map(|range| f.subset(&range.collect::<Vec<_>>()).unwrap())
        .into_iter()
        .collect();
    let mean = parts.iter().map(|p| p.value(w.view())).sum::<f64>() / 3.0;
    assert!(close(mean, f.value(w.view()), 1e-14));
    assert!(f.subset(&[12]).is_err() && f.subset(&[]).is_err());
}

#[test]
fn biases_go_free_of_the_penalty_unless_asked() {
    let f = Softmax::new(three_classes()).unwrap();
    let w = Array1::ones(18);
    let penalised = f.clone().regularized(Regularizer::L2(0.1)).unwrap();
    assert!(close(penalised.penalty(w.view()), 1.5, 1e-14));
    let all = Regularizer::L2(0.1).on(f).unwrap();
    assert!(close(all.penalty(w.view()), 1.8, 1e-14));
    let check = check_gradient(&penalised, Array1::from_iter(data::normal(18, 5)).view()).unwrap();
    assert!(check.passed(), "{check}");
}

/// Features that say nothing get the weight 0 by proximal steps, not by subgradient steps.
#[test]
fn soft_thresholding_gives_zeros() {
    let mut data = three_classes();
    for (mut row, &label) in data.inputs.axis_iter_mut(Axis(0)).zip(&data.labels) {
        row[0] = label as f64;
    }
    let l1 = Regularizer::L1(0.05);
    let f = Softmax::new(&data).unwrap();
    let weights = f.blocks()[0].range.clone();
    let zeros = |w: &Array1<f64>| w.iter().take(15).filter(|&&v| v == 0.0).count();
    let start = f.initial(Init::Normal(0.1), 0);
    let mut rule = GradientDescent::new(0.2).proximal(l1).within(weights);
    let by_proximal = Minimize::steps(2000).run(&f, &start, &mut rule).unwrap();
    let penalised = f.clone().regularized(l1).unwrap();
    let by_gradient =
        Minimize::steps(2000).run(&penalised, &start, &mut GradientDescent::new(0.2)).unwrap();
    assert!(zeros(&by_proximal.x) >= 5, "{}", by_proximal.x);
    assert_eq!(zeros(&by_gradient.x), 0);
    assert!(penalised.value(by_proximal.x.view()) <= by_gradient.value());
}

#[test]
fn bad_examples_and_parameters_are_refused() {
    let message = |result: crate::Result<Softmax>| result.unwrap_err().to_string();
    let mut data = three_classes();
    data.labels[3] = 3;
    let expected = "`labels` is 3, expected classes below the number of classes";
    assert_eq!(message(Softmax::new(&data)), expected);
    data.labels[3] = 0;
    data.inputs[(2, 1)] = f64::NAN;
    assert_eq!(message(Softmax::new(&data)), "`inputs` is NaN, expected finite numbers");
    let values = Examples::values(array![[1.0]], array![[1.0]]).unwrap();
    assert!(message(Softmax::new(values)).starts_with("`examples` is values to predict"));
    let f = Softmax::new(three_classes()).unwrap();
    let zeros = Array1::zeros(18);
    assert!(f.accuracy(Array1::zeros(17).view()).is_err());
    assert!(f.predict(zeros.view(), array![[1.0, 2.0]].view()).is_err());
    let no_image = f.templates(zeros.view()).unwrap_err().to_string();
    assert_eq!(no_image, "`examples` is no images, expected inputs that are images");
    assert!(Loss::Hinge.of_each(array![[1.0, 2.0]].view(), &[2]).is_err());
}

#[test]
fn templates_are_rows_of_the_weights() {
    let data = Labelled::new(Array2::ones((2, 6)), vec![0, 1], 2).unwrap();
    let f = Softmax::new(data.with_image(2, 3).unwrap()).unwrap();
    let w = Array1::from_iter((0..14).map(f64::from));
    let templates = f.templates(w.view()).unwrap();
    assert_eq!(templates[1], array![[6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]);
    fn view(w: &Array1<f64>) -> ArrayView1<'_, f64> {
        w.view()
    }
    assert_eq!(f.blocks()[1].matrix(view(&w)).unwrap(), array![[12.0], [13.0]]);
}

/// Images of 4 × 4, as many as asked for, in three classes.
fn images(n: usize) -> Labelled {
    let inputs = Array2::from_shape_vec((n, 16), data::normal(n * 16, 3).to_vec()).unwrap();
    let labels = (0..n).map(|i| i * i % 3).collect();
    Labelled::new(inputs, labels, 3).unwrap().with_image(4, 4).unwrap()
}

/// A net with every kind of layer.
fn every_layer() -> Net {
    let net = Net::images(1, 4, 4).conv2d(2, 3).batch_norm().relu().max_pool2d(2);
    net.linear(5).batch_norm().tanh().dropout(0.3).linear(4).sigmoid().linear(3)
}

#[test]
fn nets_have_their_gradient() {
    let data = images(7);
    for loss in [Loss::CrossEntropy, Loss::Hinge, Loss::SquaredError] {
        let f = every_layer().loss(loss).loss_on(&data).unwrap();
        let w = f.initial(Init::Normal(0.7), 4);
        for f in [f.clone(), f.training(9)] {
            let check = check_gradient(&f, w.view()).unwrap();
            assert!(check.passed(), "{loss:?} {:?}: {check}", f);
        }
    }
    let values =
        Examples::values(array![[0.1], [0.5], [1.0]], array![[1.0, 2.0], [0.0, 1.0], [2.0, 2.0]]);
    let f = Mlp::new(&[1, 4, 2], Activation::Tanh).loss_on(values.unwrap()).unwrap();
    let check = check_gradient(&f, f.initial(Init::Xavier, 0).view()).unwrap();
    assert!(check.passed(), "{check}");
}

#[test]
fn a_net_of_one_layer_is_the_softmax_classifier() {
    let data = three_classes();
    let (net, softmax) =
        (Net::inputs(5).linear(3).loss_on(&data).unwrap(), Softmax::new(&data).unwrap());
    let w = Array1::from_iter(data::normal(18, 6));
    assert!(close(net.value(w.view()), softmax.value(w.view()), 1e-14));
    let gap = net.gradient(w.view()) - softmax.gradient(w.view());
    assert!(gap.iter().all(|d| d.abs() < 1e-15));
    assert_eq!(net.evaluate(w.view()).unwrap().accuracy, Some(softmax.accuracy(w.view()).unwrap()));
}

/// More examples than go through at once give the mean of the parts.
#[test]
fn many_examples_go_through_in_parts() {
    let f = Mlp::new(&[16, 6, 3], Activation::Tanh).loss_on(images(1200)).unwrap();
    let w = f.initial(Init::Xavier, 1);
    let parts = [0..500, 500..1000, 1000..1200].map(|range| {
        let weight = range.len() as f64 / 1200.0;
        (weight, f.subset(&range.collect::<Vec<_>>()).unwrap())
    });
    let value: f64 = parts.iter().map(|(weight, part)| weight * part.value(w.view())).sum();
    assert!(close(f.value(w.view()), value, 1e-14));
    let mut gradient = f.gradient(w.view());
    for (weight, part) in &parts {
        gradient.scaled_add(-weight, &part.gradient(w.view()));
    }
    assert!(gradient.iter().all(|d| d.abs() < 1e-15));
    let evaluation = f.evaluate(w.view()).unwrap();
    assert!(close(evaluation.loss, value, 1e-14));
}

/// A batch sees what the loss of its examples sees in training mode, but for the running statistics.
#[test]
fn a_batch_is_the_loss_of_its_examples_in_training() {
    let f = every_layer().loss_on(images(40)).unwrap();
    let w = f.initial(Init::He, 1);
    let batch = [3, 17, 4, 30, 3];
    let mut gradient = Array1::zeros(w.len());
    let value = f.on_batch(&batch, 7, w.view(), gradient.view_mut()).unwrap();
    let part = f.subset(&batch).unwrap().training(7);
    assert_eq!(value, part.value(w.view()));
    let running = f.running();
    assert_eq!(running.len(), 4);
    for range in running {
        gradient.slice_axis_mut(Axis(0), range.into()).fill(0.0);
    }
    assert_eq!(gradient, part.gradient(w.view()));
    assert_ne!(value, f.subset(&batch).unwrap().training(8).value(w.view()));
    assert!(f.on_batch(&[40], 0, w.view(), gradient.view_mut()).is_err());
    assert!(f.on_batch(&[], 0, w.view(), gradient.view_mut()).is_err());
    assert!(f.on_batch(&[1], 0, w.view(), Array1::zeros(3).view_mut()).is_err());
}

/// Large enough that products, convolutions and all else are cut.
#[test]
fn threads_do_not_change_a_step() {
    let inputs = Array2::from_shape_vec((96, 196), data::normal(96 * 196, 3).to_vec()).unwrap();
    let data = Labelled::new(inputs, (0..96).map(|i| i % 10).collect(), 10).unwrap().cast::<f32>();
    let nets =
        [Mlp::new(&[196, 500, 301, 10], Activation::Relu), Cnn::new((1, 14, 14), &[8, 9], 10)];
    let batch: Vec<usize> = (0..96).collect();
    for net in nets {
        let f = net.loss_on(&data).unwrap();
        let w = f.initial(Init::He, 0);
        let step = |threads| {
            set_threads(threads);
            let mut gradient = Array1::zeros(w.len());
            (f.on_batch(&batch, 1, w.view(), gradient.view_mut()).unwrap(), gradient)
        };
        let one = step(1);
        assert!(step(2) == one && step(3) == one && step(5) == one);
        set_threads(0);
    }
}

#[test]
fn layers_can_be_looked_at() {
    let data = images(9);
    let net = Net::images(1, 4, 4).conv2d(2, 3).relu().linear(3);
    let f = net.loss_on(&data).unwrap();
    let w = f.initial(Init::He, 1);
    let layers = f.layers(w.view()).unwrap();
    let names: Vec<_> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["conv1", "relu1", "linear1"]);
    let scores = net.scores(w.view(), data.inputs.view()).unwrap();
    assert_eq!(layers[2].outputs, scores);
    assert_eq!(
        layers[2].gradients,
        Loss::CrossEntropy.gradient(scores.view(), &data.labels).unwrap()
    );
    // ∂W = ∂yᵀ x, from what is shown of the last two layers.
    let block = net.block("linear1.weight").unwrap();
    let gradient = f.gradient(w.view());
    let expected = layers[2].gradients.t().dot(&layers[1].outputs);
    let gap = &block.matrix(gradient.view()).unwrap() - &expected;
    assert!(gap.iter().all(|d| d.abs() < 1e-15));
    let summary = Summary::of(&layers[1].outputs);
    assert!(summary.min == 0.0 && summary.zeros > 0.2 && summary.max > summary.mean);
    assert!(Summary::of::<f64>([]).mean.is_nan() && Summary::of::<f64>([]).max.is_nan());
    let filters = net.block("conv1.weight").unwrap().images(w.view(), (3, 3)).unwrap();
    assert_eq!((filters.len(), filters[1][(0, 2)]), (2, w[11]));
}

#[test]
fn nets_that_do_not_fit_are_refused() {
    let message = |net: Net| net.loss_on(images(3)).unwrap_err().to_string();
    assert_eq!(message(Net::inputs(15).linear(3)), "`inputs` has shape [16], expected [15]");
    assert_eq!(message(Net::inputs(16).linear(4)), "`outputs` has shape [4], expected [3]");
    assert_eq!(
        message(Net::inputs(16).linear(0).relu().linear(3)),
        "`outputs` is 0, expected at least 1"
    );
    let pooled = Net::images(1, 4, 4).max_pool2d(3).max_pool2d(2).linear(3);
    assert_eq!(message(pooled.clone()), "`size` is 2, expected a window that fits into the image");
    let w = Array1::<f64>::zeros(pooled.len());
    assert!(pooled.scores(w.view(), Array2::zeros((1, 16)).view()).is_err());
    assert!(message(Net::inputs(16).dropout(1.5).linear(3)).starts_with("`rate` is 1.5"));
    assert!(message(Mlp::new(&[], Activation::Relu)).starts_with("`input` is empty"));
    let values = Examples::values(array![[1.0]], array![[1.0]]).unwrap();
    let hinge = Net::inputs(1).linear(1).loss(Loss::Hinge).loss_on(&values).unwrap_err();
    assert_eq!(
        hinge.to_string(),
        "`loss` is Hinge, expected the squared error, for values to predict"
    );
    let f = Net::inputs(1).linear(1).loss_on(&values).unwrap();
    assert!(f.accuracy(array![1.0, 0.0].view()).is_err());
    assert!(f.evaluate(array![1.0].view()).is_err() && f.layers(array![1.0].view()).is_err());
    assert!(f.net().block("linear2.weight").is_err());
}

#[test]
fn a_net_says_what_it_is() {
    let text = Cnn::new((1, 4, 4), &[2], 3).to_string();
    let expected = "\
input           1 × 4 × 4           \n\
conv1           2 × 4 × 4         20\n\
relu1           2 × 4 × 4          0\n\
pool1           2 × 2 × 2          0\n\
linear1                 3         27\n\
in all                            47";
    assert_eq!(text, expected);
}

#[test]
fn penalties_on_a_net_leave_all_but_weights_free() {
    let f = every_layer().loss_on(images(7)).unwrap();
    let w = Array1::<f64>::ones(f.net().len());
    let weights = f.net().blocks().iter().filter(|b| b.role == Role::Weight).map(Block::len);
    let count = weights.sum::<usize>() as f64;
    let penalised = f.training(1).regularized(Regularizer::L2(1.0)).unwrap();
    assert_eq!(penalised.penalty(w.view()), count);
    let w = penalised.objective.initial(Init::He, 2);
    assert!(check_directions(&penalised, w.view(), 3, 0).unwrap().passed());
}
