//! What is compiled with the crate, once for each number type.
//!
//! Generic code is compiled by the program that uses it, and in a notebook every cell is a program. The loops of
//! training, the layers of a net and the linear classifiers are large. So the public functions, which take
//! whatever a reader has, hand their arguments to the number type: [`Compiled`] for `f32` and for `f64`. The
//! traits here have just those methods of an objective and of a rule that are needed, because a program compiles
//! all methods of a trait whose objects it makes.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

use crate::federated::{Clients, Federated, Rounds};
use crate::fit::{Fit, History};
use crate::minimize::{Minimize, Trace};
use crate::models::classifier;
use crate::models::examples::{Examples, Target};
use crate::models::layer::{Cache, Layer};
use crate::models::net::{AnyLayer, of_any};
use crate::models::{LinearRegression, Loss};
use crate::objective::Evaluation;
use crate::optim::UpdateRule;
use crate::{FiniteSum, Objective, Result, Scalar};

/// What [`Minimize`] asks of an objective.
pub trait Values<T> {
    fn value_and_gradient(&self, x: ArrayView1<'_, T>, gradient: ArrayViewMut1<'_, T>) -> T;
    fn value(&self, x: ArrayView1<'_, T>) -> T;
}

impl<T: Scalar, O: Objective<T> + ?Sized> Values<T> for &O {
    fn value_and_gradient(&self, x: ArrayView1<'_, T>, gradient: ArrayViewMut1<'_, T>) -> T {
        (**self).value_and_gradient(x, gradient)
    }

    fn value(&self, x: ArrayView1<'_, T>) -> T {
        (**self).value(x)
    }
}

/// What [`Fit`] and [`Federated`] ask of a finite sum.
pub trait Terms<T> {
    fn terms(&self) -> usize;
    fn on_batch(
        &self,
        batch: &[usize],
        seed: u64,
        w: ArrayView1<'_, T>,
        gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T>;
    fn evaluate(&self, w: ArrayView1<'_, T>) -> Result<Evaluation>;
    fn running(&self) -> Vec<Range<usize>>;
}

impl<T: Scalar, F: FiniteSum<T> + ?Sized> Terms<T> for &F {
    fn terms(&self) -> usize {
        (**self).terms()
    }

    fn on_batch(
        &self,
        batch: &[usize],
        seed: u64,
        w: ArrayView1<'_, T>,
        gradient: ArrayViewMut1<'_, T>,
    ) -> Result<T> {
        (**self).on_batch(batch, seed, w, gradient)
    }

    fn evaluate(&self, w: ArrayView1<'_, T>) -> Result<Evaluation> {
        (**self).evaluate(w)
    }

    fn running(&self) -> Vec<Range<usize>> {
        (**self).running()
    }
}

/// What all loops ask of a rule.
pub trait Steps<T> {
    fn learning_rate(&self) -> f64;
    fn set_learning_rate(&mut self, learning_rate: f64);
    fn reset(&mut self);
    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T];
    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()>;
}

impl<T: Scalar, R: UpdateRule<T> + ?Sized> Steps<T> for &mut R {
    fn learning_rate(&self) -> f64 {
        (**self).learning_rate()
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        (**self).set_learning_rate(learning_rate);
    }

    fn reset(&mut self) {
        (**self).reset();
    }

    fn probe<'a>(&self, x: &'a [T], scratch: &'a mut Vec<T>) -> &'a [T] {
        (**self).probe(x, scratch)
    }

    fn update(&mut self, x: &mut [T], gradient: &[T]) -> Result<()> {
        (**self).update(x, gradient)
    }
}

/// A number type, with what was compiled for it.
pub trait Compiled: Sized + 'static {
    /// [`Minimize::run`].
    fn minimize(
        run: Minimize<'_, Self>,
        objective: &dyn Values<Self>,
        start: &Array1<Self>,
        rule: &mut dyn Steps<Self>,
    ) -> Result<Trace<Self>>
    where
        Self: Scalar;

    /// [`Fit::run`].
    fn fit(
        fit: Fit<'_, Self>,
        train: &dyn Terms<Self>,
        start: &Array1<Self>,
        rule: &mut dyn Steps<Self>,
    ) -> Result<History<Self>>
    where
        Self: Scalar;

    /// [`Federated::run`].
    fn federated(
        run: Federated<'_, Self>,
        train: &dyn Terms<Self>,
        clients: &Clients,
        start: &Array1<Self>,
        rule: &mut dyn Steps<Self>,
    ) -> Result<Rounds<Self>>
    where
        Self: Scalar;

    /// [`Layer::forward`].
    fn forward(
        layer: &AnyLayer,
        w: &[Self],
        x: ArrayView2<'_, Self>,
        y: ArrayViewMut2<'_, Self>,
        cache: &mut Cache<Self>,
    );

    /// [`Layer::backward`].
    fn backward(
        layer: &AnyLayer,
        w: &[Self],
        at: (ArrayView2<'_, Self>, ArrayView2<'_, Self>),
        dy: ArrayView2<'_, Self>,
        dx: Option<ArrayViewMut2<'_, Self>>,
        dw: &mut [Self],
        cache: &mut Cache<Self>,
    );

    /// The loss of one example; its scores become the gradient.
    fn loss(loss: Loss, scores: &mut [Self], target: Target<'_, Self>) -> Self;

    /// The scores of a linear classifier.
    fn scores(
        examples: &Examples<Self>,
        w: ArrayView1<'_, Self>,
        inputs: ArrayView2<'_, Self>,
    ) -> Array2<Self>
    where
        Self: Scalar;

    /// The mean loss of a linear classifier; writes its gradient if there is a place.
    fn mean_loss(
        examples: &Examples<Self>,
        loss: Loss,
        w: ArrayView1<'_, Self>,
        gradient: Option<ArrayViewMut1<'_, Self>>,
    ) -> Self
    where
        Self: Scalar;

    /// The mean of the squared residuals of a linear regression, and its gradient.
    fn squares(
        loss: &LinearRegression<Self>,
        w: ArrayView1<'_, Self>,
        gradient: ArrayViewMut1<'_, Self>,
    ) -> Self
    where
        Self: Scalar;

    /// [`Examples::subset`].
    fn subset(examples: &Examples<Self>, indices: &[usize]) -> Result<Examples<Self>>
    where
        Self: Scalar;
}

macro_rules! compiled {
    ($type:ty) => {
        impl Compiled for $type {
            fn minimize(
                run: Minimize<'_, Self>,
                objective: &dyn Values<Self>,
                start: &Array1<Self>,
                rule: &mut dyn Steps<Self>,
            ) -> Result<Trace<Self>> {
                run.run_steps(objective, start, rule)
            }

            fn fit(
                fit: Fit<'_, Self>,
                train: &dyn Terms<Self>,
                start: &Array1<Self>,
                rule: &mut dyn Steps<Self>,
            ) -> Result<History<Self>> {
                fit.run_epochs(train, start, rule)
            }

            fn federated(
                run: Federated<'_, Self>,
                train: &dyn Terms<Self>,
                clients: &Clients,
                start: &Array1<Self>,
                rule: &mut dyn Steps<Self>,
            ) -> Result<Rounds<Self>> {
                run.run_rounds(train, clients, start, rule)
            }

            fn forward(
                layer: &AnyLayer,
                w: &[Self],
                x: ArrayView2<'_, Self>,
                y: ArrayViewMut2<'_, Self>,
                cache: &mut Cache<Self>,
            ) {
                of_any!(layer, layer => layer.forward(w, x, y, cache));
            }

            fn backward(
                layer: &AnyLayer,
                w: &[Self],
                at: (ArrayView2<'_, Self>, ArrayView2<'_, Self>),
                dy: ArrayView2<'_, Self>,
                dx: Option<ArrayViewMut2<'_, Self>>,
                dw: &mut [Self],
                cache: &mut Cache<Self>,
            ) {
                of_any!(layer, layer => layer.backward(w, at, dy, dx, dw, cache));
            }

            fn loss(loss: Loss, scores: &mut [Self], target: Target<'_, Self>) -> Self {
                loss.row(scores, target)
            }

            fn scores(
                examples: &Examples<Self>,
                w: ArrayView1<'_, Self>,
                inputs: ArrayView2<'_, Self>,
            ) -> Array2<Self> {
                classifier::scores(examples, w, inputs)
            }

            fn mean_loss(
                examples: &Examples<Self>,
                loss: Loss,
                w: ArrayView1<'_, Self>,
                gradient: Option<ArrayViewMut1<'_, Self>>,
            ) -> Self {
                classifier::mean_loss(examples, loss, w, gradient)
            }

            fn squares(
                loss: &LinearRegression<Self>,
                w: ArrayView1<'_, Self>,
                gradient: ArrayViewMut1<'_, Self>,
            ) -> Self {
                loss.squares(w, gradient)
            }

            fn subset(examples: &Examples<Self>, indices: &[usize]) -> Result<Examples<Self>> {
                examples.select(indices)
            }
        }
    };
}

compiled!(f32);
compiled!(f64);
