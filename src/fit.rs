//! Training by mini-batches: a mean over examples + rule + batches + schedule + validation → [`History`].

use std::ops::ControlFlow;

use ndarray::{Array1, ArrayView1, ArrayViewMut1};
use rand::RngCore;

use crate::compiled::{Steps, Terms};
use crate::data::{Batches, Sampling, rng};
use crate::minimize::StopReason;
use crate::optim::UpdateRule;
use crate::schedule::{LearningRate, ReduceOnPlateau};
use crate::{Error, Evaluation, FiniteSum, Result, Scalar};

/// The part of a batch's statistics in the next running ones: r ← 0.9 r + 0.1 s.
const RUNNING: f64 = 0.1;

/// What an observer sees of each step, between the batch's gradient and the update.
#[derive(Debug, Clone, Copy)]
pub struct BatchProgress<'a, T: Scalar> {
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The number of steps taken before this one, in all epochs.
    pub step: usize,
    /// The examples of the batch.
    pub batch: &'a [usize],
    /// The parameters before the step.
    pub w: ArrayView1<'a, T>,
    /// The mean loss of the batch, in training mode.
    pub loss: T,
    /// Its gradient, where the rule takes it.
    pub gradient: ArrayView1<'a, T>,
    /// The learning rate of the step.
    pub learning_rate: f64,
}

/// What an observer sees of each epoch, after its last step.
#[derive(Debug, Clone, Copy)]
pub struct EpochProgress<'a, T: Scalar> {
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The number of steps taken so far.
    pub steps: usize,
    /// The parameters.
    pub w: ArrayView1<'a, T>,
    /// The mean of the losses of the epoch's batches.
    pub train_loss: f64,
    /// How good the parameters are on the validation data, if there are any.
    pub validation: Option<Evaluation>,
    /// The learning rate of the last step.
    pub learning_rate: f64,
}

/// The record of a training run. It owns all that it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct History<T: Scalar = f64> {
    /// The loss of each step's batch, before the step.
    pub losses: Vec<f64>,
    /// The learning rate of each step.
    pub learning_rates: Vec<f64>,
    /// The mean of each epoch's batch losses.
    pub train_losses: Vec<f64>,
    /// The loss on the validation data after each epoch; empty if there are none.
    pub validation_losses: Vec<f64>,
    /// The accuracy on the validation data after each epoch; empty if there are no classes.
    pub validation_accuracies: Vec<f64>,
    /// The last parameters. After [`StopReason::NotFinite`] they are not of use; take the best.
    pub x: Array1<T>,
    /// The parameters after the epoch with the lowest loss, on the validation data or else in training; before
    /// the first epoch's end those of the start.
    pub best: Array1<T>,
    /// That epoch, counted from 0.
    pub best_epoch: usize,
    /// Why the run ended.
    pub stop: StopReason,
}

impl<T: Scalar> History<T> {
    /// The number of steps taken.
    pub fn steps(&self) -> usize {
        self.learning_rates.len()
    }

    /// The number of epochs that were finished.
    pub fn epochs(&self) -> usize {
        self.train_losses.len()
    }
}

type Schedule<'a> = Box<dyn LearningRate + 'a>;
type BatchObserver<'a, T> = Box<dyn FnMut(&BatchProgress<'_, T>) -> ControlFlow<()> + 'a>;
type EpochObserver<'a, T> = Box<dyn FnMut(&EpochProgress<'_, T>) -> ControlFlow<()> + 'a>;

/// A training run to be: how many epochs, what batches, when to stop earlier.
///
/// Each step takes the gradient of one batch, at the point that the rule asks for
/// ([`UpdateRule::probe`]), in training mode. All that is random follows from the seed, on any number of
/// threads.
///
/// ```
/// use gradus::prelude::*;
/// use gradus::optim::Adam;
///
/// let digits = gradus::data::digits().map(|pixels| pixels / 16.0);
/// let net = Mlp::new(&[64, 32, 10], Activation::Relu);
/// let (train, validation) = (net.loss_on(&digits.train)?, net.loss_on(&digits.validation)?);
/// let history = Fit::epochs(10)
///     .batch_size(32)
///     .seed(1)
///     .validate(&validation)
///     .run(&train, &train.initial(Init::He, 1), &mut Adam::new(0.01))?;
/// assert_eq!(history.steps(), 10 * 34); // 1,079 examples in batches of 32
/// assert!(history.validation_accuracies[9] > 0.9);
/// # Ok::<(), gradus::Error>(())
/// ```
pub struct Fit<'a, T: Scalar = f64> {
    epochs: usize,
    batch_size: usize,
    seed: u64,
    sampling: Sampling,
    drop_last: bool,
    schedule: Option<Schedule<'a>>,
    plateau: Option<ReduceOnPlateau>,
    patience: Option<usize>,
    validation: Option<&'a dyn FiniteSum<T>>,
    batch_observers: Vec<BatchObserver<'a, T>>,
    epoch_observers: Vec<EpochObserver<'a, T>>,
}

impl<'a, T: Scalar> Fit<'a, T> {
    /// At most this many epochs, with shuffled batches of 32.
    pub fn epochs(epochs: usize) -> Self {
        Self {
            epochs,
            batch_size: 32,
            seed: 0,
            sampling: Sampling::Shuffled,
            drop_last: false,
            schedule: None,
            plateau: None,
            patience: None,
            validation: None,
            batch_observers: Vec::new(),
            epoch_observers: Vec::new(),
        }
    }

    /// Batches of this many examples; as many as there are, or more, means all in each.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// The seed of batches and of what layers draw.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How batches are chosen.
    pub fn sampling(mut self, sampling: Sampling) -> Self {
        self.sampling = sampling;
        self
    }

    /// Leaves out the smaller batch that may end an epoch.
    pub fn drop_last(mut self) -> Self {
        self.drop_last = true;
        self
    }

    /// Sets the learning rate of step t, counted from 0 through all epochs: a
    /// [`Schedule`](crate::schedule::Schedule) or a closure.
    pub fn schedule(mut self, schedule: impl LearningRate + 'a) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Lowers the learning rate when the loss of an epoch (the validation's, if there is one) is no longer
    /// better.
    pub fn on_plateau(mut self, plateau: ReduceOnPlateau) -> Self {
        self.plateau = Some(plateau);
        self
    }

    /// Looks at the loss and the accuracy on these examples after each epoch.
    pub fn validate(mut self, validation: &'a dyn FiniteSum<T>) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Stops when the loss of an epoch (the validation's, if there is one) had no new lowest value in this
    /// many epochs.
    pub fn early_stopping(mut self, epochs: usize) -> Self {
        self.patience = Some(epochs);
        self
    }

    /// Shows every step to `observer`, which may end the run with `ControlFlow::Break(())`.
    pub fn observe(
        mut self,
        observer: impl FnMut(&BatchProgress<'_, T>) -> ControlFlow<()> + 'a,
    ) -> Self {
        self.batch_observers.push(Box::new(observer));
        self
    }

    /// Shows every epoch to `observer`, which may end the run with `ControlFlow::Break(())`.
    pub fn observe_epochs(
        mut self,
        observer: impl FnMut(&EpochProgress<'_, T>) -> ControlFlow<()> + 'a,
    ) -> Self {
        self.epoch_observers.push(Box::new(observer));
        self
    }

    /// Trains on `train` with `rule`, from the parameters `start`.
    ///
    /// A loss that is not finite ends the run with [`StopReason::NotFinite`].
    ///
    /// # Errors
    /// If `start` is not finite or not of the objective's length, the batch size is 0, or the rule refuses its
    /// hyperparameters or shapes.
    pub fn run<F, R>(self, train: &F, start: &Array1<T>, rule: &mut R) -> Result<History<T>>
    where
        F: FiniteSum<T> + ?Sized,
        R: UpdateRule<T> + ?Sized,
    {
        let mut rule = rule;
        T::fit(self, &train, start, &mut rule)
    }

    /// [`run`](Fit::run), for objectives and rules behind references.
    pub(crate) fn run_epochs(
        mut self,
        train: &dyn Terms<T>,
        start: &Array1<T>,
        rule: &mut dyn Steps<T>,
    ) -> Result<History<T>> {
        if let Some(bad) = start.iter().find(|w| !w.is_finite()) {
            Error::check(false, "start", bad, "finite parameters")?;
        }
        Error::check(self.batch_size > 0, "batch_size", self.batch_size, "at least 1")?;
        let batches = Batches::new(self.sampling, train.terms(), self.batch_size, self.seed)?;
        let batches = if self.drop_last { batches.drop_last() } else { batches };
        let mut state = Training::new(train, start, self.seed);
        let mut history = History {
            losses: Vec::new(),
            learning_rates: Vec::new(),
            train_losses: Vec::new(),
            validation_losses: Vec::new(),
            validation_accuracies: Vec::new(),
            x: start.clone(),
            best: start.clone(),
            best_epoch: 0,
            stop: StopReason::Steps,
        };
        let mut lowest = f64::INFINITY;
        for epoch in 0..self.epochs {
            let (mut sum, mut seen) = (0.0, 0);
            for batch in batches.epoch(epoch) {
                let step = history.steps();
                if let Some(schedule) = &self.schedule {
                    rule.set_learning_rate(schedule.rate(step));
                }
                let loss = state.look(&batch, rule)?;
                if !loss.is_finite() {
                    history.stop = StopReason::NotFinite { step };
                    return Ok(state.finish(history));
                }
                history.losses.push(loss.wide());
                sum += loss.wide() * batch.len() as f64;
                seen += batch.len();
                let progress = BatchProgress {
                    epoch,
                    step,
                    batch: &batch,
                    w: ArrayView1::from(&state.w),
                    loss,
                    gradient: ArrayView1::from(&state.gradient),
                    learning_rate: rule.learning_rate(),
                };
                if shown(&mut self.batch_observers, |observer| observer(&progress)) {
                    history.stop = StopReason::Observer;
                    return Ok(state.finish(history));
                }
                history.learning_rates.push(rule.learning_rate());
                state.step(rule)?;
            }
            let train_loss = sum / seen as f64;
            let w = ArrayView1::from(&state.w);
            let validation = self.validation.map(|v| v.evaluate(w)).transpose()?;
            history.train_losses.push(train_loss);
            history.validation_losses.extend(validation.map(|v| v.loss));
            history.validation_accuracies.extend(validation.and_then(|v| v.accuracy));
            let measure = validation.map_or(train_loss, |v| v.loss);
            if measure < lowest {
                lowest = measure;
                history.best.assign(&w);
                history.best_epoch = epoch;
            }
            let learning_rate = rule.learning_rate();
            let progress = EpochProgress {
                epoch,
                steps: history.steps(),
                w,
                train_loss,
                validation,
                learning_rate,
            };
            if shown(&mut self.epoch_observers, |observer| observer(&progress)) {
                history.stop = StopReason::Observer;
                break;
            }
            if self.patience.is_some_and(|epochs| epoch - history.best_epoch >= epochs) {
                let epochs = self.patience.unwrap_or_default();
                history.stop = StopReason::EarlyStopping { epochs };
                break;
            }
            if let Some(plateau) = &mut self.plateau {
                rule.set_learning_rate(plateau.observe(measure));
            }
        }
        Ok(state.finish(history))
    }
}

/// Shows something to all observers; whether one of them asked for the end.
fn shown<O>(observers: &mut [O], mut show: impl FnMut(&mut O) -> ControlFlow<()>) -> bool {
    observers.iter_mut().filter_map(|observer| show(observer).break_value()).count() > 0
}

/// What changes from step to step.
pub(crate) struct Training<'a, T: Scalar> {
    train: &'a dyn Terms<T>,
    w: Vec<T>,
    gradient: Vec<T>,
    probe: Vec<T>,
    running: Running<T>,
    seeds: rand_chacha::ChaCha8Rng,
}

impl<'a, T: Scalar> Training<'a, T> {
    /// At the parameters `start`; what layers draw follows from the seed.
    pub(crate) fn new(train: &'a dyn Terms<T>, start: &Array1<T>, seed: u64) -> Self {
        Self {
            train,
            w: start.to_vec(),
            gradient: vec![T::zero(); start.len()],
            probe: Vec::new(),
            running: Running::new(train),
            // Another stream than that of the batches.
            seeds: rng(seed ^ u64::MAX),
        }
    }

    /// The loss of a batch, and its gradient where the rule wants it.
    pub(crate) fn look(&mut self, batch: &[usize], rule: &dyn Steps<T>) -> Result<T> {
        let probe = ArrayView1::from(rule.probe(&self.w, &mut self.probe));
        let gradient = ArrayViewMut1::from(&mut self.gradient[..]);
        let loss = self.train.on_batch(batch, self.seeds.next_u64(), probe, gradient)?;
        self.running.take(&self.w, &mut self.gradient);
        Ok(loss)
    }

    /// The rule's step, and that of the running statistics.
    pub(crate) fn step(&mut self, rule: &mut dyn Steps<T>) -> Result<()> {
        rule.update(&mut self.w, &self.gradient)?;
        self.running.put(&mut self.w);
        Ok(())
    }

    pub(crate) fn into_parameters(self) -> Vec<T> {
        self.w
    }

    fn finish(self, history: History<T>) -> History<T> {
        History { x: self.into_parameters().into(), ..history }
    }
}

/// The running statistics among the parameters, which follow the batches and not the rule.
struct Running<T> {
    ranges: Vec<std::ops::Range<usize>>,
    next: Vec<T>,
}

impl<T: Scalar> Running<T> {
    fn new(train: &dyn Terms<T>) -> Self {
        Self { ranges: train.running(), next: Vec::new() }
    }

    /// Takes a batch's statistics out of the gradient, for the statistics after the step.
    fn take(&mut self, w: &[T], gradient: &mut [T]) {
        let follow = T::of(RUNNING);
        self.next.clear();
        for range in &self.ranges {
            let (now, of_batch) = (&w[range.clone()], &mut gradient[range.clone()]);
            self.next.extend(now.iter().zip(&*of_batch).map(|(&r, &s)| r + follow * (s - r)));
            of_batch.fill(T::zero());
        }
    }

    /// Writes them.
    fn put(&self, w: &mut [T]) {
        let mut next = self.next.as_slice();
        for range in &self.ranges {
            let (here, rest) = next.split_at(range.len());
            w[range.clone()].copy_from_slice(here);
            next = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{self, Labelled};
    use crate::models::{Activation, Basis, Init, LinearRegression, Mlp, Net, Softmax};
    use crate::optim::{Adam, AdamW, GradientDescent, Nesterov, Sgd};
    use crate::prelude::Minimize;
    use ndarray::{Array2, Axis, array};

    fn line() -> LinearRegression {
        let (x, y) = data::line(20, 1.0, 2.0, 0.1, 3).unwrap();
        LinearRegression::new(Basis::Polynomial { degree: 1 }.design(x.view()), y).unwrap()
    }

    /// Two classes on either side of a line.
    fn halves(n: usize) -> Labelled {
        let inputs = Array2::from_shape_vec((n, 2), data::normal(2 * n, 5).to_vec()).unwrap();
        let labels = inputs.rows().into_iter().map(|x| usize::from(x[0] + x[1] > 0.3)).collect();
        Labelled::new(inputs, labels, 2).unwrap()
    }

    /// With all examples in each batch, training is minimizing; also where the rule looks ahead.
    #[test]
    fn whole_batches_are_minimize() {
        let f = line();
        let start = array![0.0, 0.0];
        let mut rule = Nesterov::new(0.1, 0.8);
        let fit = Fit::epochs(30).batch_size(20).sampling(Sampling::RoundRobin);
        let history = fit.run(&f, &start, &mut rule).unwrap();
        rule = Nesterov::new(0.1, 0.8);
        let trace = Minimize::steps(30).run(&f, &start, &mut rule).unwrap();
        assert_eq!(history.x, trace.x);
        assert_eq!((history.steps(), history.epochs()), (30, 30));
        let history = Fit::epochs(30)
            .batch_size(usize::MAX)
            .sampling(Sampling::RoundRobin)
            .run(&f, &start, &mut GradientDescent::new(0.1))
            .unwrap();
        let trace = Minimize::steps(30).run(&f, &start, &mut GradientDescent::new(0.1)).unwrap();
        assert_eq!(history.losses, trace.values[..30]);
        assert_eq!(history.train_losses, history.losses);
    }

    #[test]
    fn the_seed_decides_everything() {
        let net = Mlp::new(&[2, 8, 2], Activation::Relu).dropout(0.2);
        let f = net.loss_on(halves(50)).unwrap();
        let start = f.initial(Init::He, 0);
        let run = |seed| {
            let fit = Fit::epochs(3).batch_size(8).seed(seed);
            fit.run(&f, &start, &mut Adam::new(0.01)).unwrap()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1).losses, run(2).losses);
    }

    #[test]
    fn schedules_and_rates_count_steps() {
        let rates = |fit: Fit<'_>| {
            let history = fit.run(&line(), &array![0.0, 0.0], &mut Sgd::new(0.1)).unwrap();
            (history.learning_rates, history.losses.len())
        };
        let (by_step, losses) =
            rates(Fit::epochs(2).batch_size(8).schedule(|t| 0.1 / (t + 1) as f64));
        assert_eq!(by_step, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(|t| 0.1 / t));
        assert_eq!(losses, 6);
        assert_eq!(rates(Fit::epochs(2).batch_size(8).drop_last()).1, 4);
        // Nothing is better than a threshold that asks for the impossible.
        let plateau = ReduceOnPlateau::new(0.1).unwrap().patience(0).threshold(1.0).unwrap();
        let (on_plateau, _) = rates(Fit::epochs(3).batch_size(20).on_plateau(plateau));
        assert_eq!(on_plateau[1], 0.1);
        assert!((on_plateau[2] - 0.01).abs() < 1e-15);
    }

    #[test]
    fn the_best_epoch_is_kept_and_patience_ends_the_run() {
        let data = halves(60);
        let f = Softmax::new(data.subset(&(0..40).collect::<Vec<_>>()).unwrap()).unwrap();
        // The validation's labels are turned round: every epoch makes it worse.
        let mut turned = data.subset(&(40..60).collect::<Vec<_>>()).unwrap();
        turned.labels.iter_mut().for_each(|label| *label = 1 - *label);
        let validation = Softmax::new(turned).unwrap();
        let start = f.initial(Init::Zero, 0);
        let history = Fit::epochs(50)
            .validate(&validation)
            .early_stopping(4)
            .run(&f, &start, &mut GradientDescent::new(0.5))
            .unwrap();
        assert_eq!(history.stop, StopReason::EarlyStopping { epochs: 4 });
        assert_eq!((history.epochs(), history.best_epoch), (5, 0));
        assert_eq!(validation.value_of(&history.best), history.validation_losses[0]);
        assert_eq!(validation.value_of(&history.x), history.validation_losses[4]);
        assert_eq!(
            history.validation_accuracies[4],
            validation.accuracy(history.x.view()).unwrap()
        );
    }

    impl Softmax {
        fn value_of(&self, w: &Array1<f64>) -> f64 {
            crate::Objective::value(self, w.view())
        }
    }

    #[test]
    fn observers_see_every_step_and_epoch() {
        let (mut steps, mut epochs) = (Vec::new(), Vec::new());
        let history = Fit::epochs(9)
            .batch_size(8)
            .observe(|p: &BatchProgress<'_, f64>| {
                assert!(p.gradient.iter().all(|g| g.is_finite()) && p.w.len() == 2);
                steps.push((p.epoch, p.step, p.batch.len()));
                ControlFlow::Continue(())
            })
            .observe_epochs(|p| {
                epochs.push((p.epoch, p.steps));
                if p.epoch == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .run(&line(), &array![0.0, 0.0], &mut Sgd::new(0.1))
            .unwrap();
        assert_eq!(steps, [(0, 0, 8), (0, 1, 8), (0, 2, 4), (1, 3, 8), (1, 4, 8), (1, 5, 4)]);
        assert_eq!(epochs, [(0, 3), (1, 6)]);
        assert_eq!(history.stop, StopReason::Observer);
        let history = Fit::epochs(9)
            .observe(|_| ControlFlow::Break(()))
            .run(&line(), &array![0.0, 0.0], &mut Sgd::new(0.1))
            .unwrap();
        assert_eq!((history.steps(), history.losses.len(), history.epochs()), (0, 1, 0));
        assert_eq!(history.x, array![0.0, 0.0]);
    }

    #[test]
    fn a_run_that_diverges_says_at_which_step() {
        let history = Fit::epochs(1000)
            .batch_size(20)
            .run(&line(), &array![0.0, 0.0], &mut GradientDescent::new(1e3))
            .unwrap();
        assert_eq!(history.stop, StopReason::NotFinite { step: history.steps() });
        assert!(history.best.iter().all(|w| w.is_finite()));
        assert!(history.losses.iter().all(|loss| loss.is_finite()));
    }

    /// r ← 0.9 r + 0.1 s with the statistics of each batch, whatever the rule does to everything else.
    #[test]
    fn running_statistics_follow_the_batches() {
        let data = halves(30);
        let f = Net::inputs(2).batch_norm().linear(2).loss_on(&data).unwrap();
        let [mean, variance] = f.running().try_into().unwrap();
        let (mut means, mut variances) = (array![0.0, 0.0], array![1.0, 1.0]);
        let mut follow = |batch: &[usize]| {
            let x = data.inputs.select(Axis(0), batch);
            means = 0.9 * &means + 0.1 * x.mean_axis(Axis(0)).unwrap();
            variances = 0.9 * &variances + 0.1 * x.var_axis(Axis(0), 1.0);
        };
        let history = Fit::epochs(2)
            .batch_size(10)
            .observe(|p| {
                follow(p.batch);
                ControlFlow::Continue(())
            })
            .run(&f, &f.initial(Init::He, 0), &mut AdamW::new(0.1).weight_decay(0.5))
            .unwrap();
        let close = |range: std::ops::Range<usize>, expected: &Array1<f64>| {
            let part = history.x.slice_axis(Axis(0), range.into());
            (&part - expected).iter().all(|d| d.abs() < 1e-14)
        };
        assert!(close(mean, &means) && close(variance, &variances));
        let evaluation = f.evaluate(history.x.view()).unwrap();
        assert!(evaluation.loss < f.evaluate(f.initial(Init::He, 0).view()).unwrap().loss);
    }

    #[test]
    fn single_precision_trains_too() {
        let data = halves(200).cast::<f32>();
        let f = Mlp::new(&[2, 8, 2], Activation::Tanh).loss_on(&data).unwrap();
        let history =
            Fit::epochs(20).run(&f, &f.initial(Init::Xavier, 0), &mut Adam::new(0.05)).unwrap();
        assert!(f.accuracy(history.x.view()).unwrap() > 0.95);
    }

    #[test]
    fn what_cannot_be_trained_is_refused() {
        let run = |fit: Fit<'_>, start: Array1<f64>| {
            fit.run(&line(), &start, &mut Sgd::new(0.1)).unwrap_err().to_string()
        };
        let fit = || Fit::epochs(1);
        assert_eq!(run(fit(), array![0.0]), "`w` has shape [1], expected [2]");
        assert_eq!(run(fit(), array![0.0, f64::NAN]), "`start` is NaN, expected finite parameters");
        assert_eq!(
            run(fit().batch_size(0), array![0.0, 0.0]),
            "`batch_size` is 0, expected at least 1"
        );
    }
}
