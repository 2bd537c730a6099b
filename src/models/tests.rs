//! What the models compute, against differences and the decks' numbers.

use ndarray::{Array1, Array2, ArrayView1, Axis, array};

use super::*;
use crate::data::{self, Labelled};
use crate::gradcheck::{check_gradient, check_hessian};
use crate::prelude::{GradientDescent, Minimize};
use crate::{Objective, optim::Rule};

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
