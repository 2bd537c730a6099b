//! Federated averaging: training on data that stay where they are.
//!
//! Clients train a shared model on their own examples, and a server averages what comes back. The clients
//! are simulated: each is a part of the terms of one loss.
//!
//! ```
//! use gradus::prelude::*;
//!
//! let digits = data::digits().map(|pixels| pixels / 16.0);
//! let (train, test) = (Softmax::new(&digits.train)?, Softmax::new(&digits.test)?);
//! // Fifty clients, each with images of about two digits.
//! let clients = Clients::by_label(&digits.train.labels, 50, 2, 0)?;
//! let history = Federated::rounds(40)
//!     .participation(0.2)
//!     .local_epochs(5)
//!     .batch_size(10)
//!     .validate(&test)
//!     .run(&train, &clients, &train.initial(Init::Zero, 0), &mut GradientDescent::new(0.1))?;
//! assert!(history.rounds_to(0.8).is_some());
//! // Ten clients a round get 650 parameters of eight bytes, and send as many back.
//! assert_eq!(history.bytes(), 40 * 10 * 2 * 650 * 8);
//! # Ok::<(), gradus::Error>(())
//! ```

use ndarray::{Array1, Array2, ArrayView1};
use rand::seq::SliceRandom;
use rand::{Rng, RngCore};
use rand_distr::Gamma;

use crate::compiled::{Steps, Terms};
use crate::data::{Batches, rng};
use crate::fit::Training;
use crate::minimize::StopReason;
use crate::optim::UpdateRule;
use crate::schedule::LearningRate;
use crate::{Error, FiniteSum, Result, Scalar};

/// Who has which examples: for each client the indices of its own.
///
/// ```
/// use gradus::federated::Clients;
///
/// let labels = [0, 1, 0, 1, 0, 1];
/// let clients = Clients::by_label(&labels, 2, 1, 0)?;
/// assert_eq!(clients.sizes(), [3, 3]);
/// // One of them has all zeros, the other all ones.
/// let counts = clients.counts(&labels, 2)?;
/// assert_eq!(counts.row(0)[0], counts.row(1)[1]);
/// assert_eq!(counts.row(0).sum(), 3);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clients(Vec<Vec<usize>>);

impl Clients {
    /// Clients with these examples.
    ///
    /// # Errors
    /// If there are no clients, or one of them has no examples.
    pub fn new(examples: Vec<Vec<usize>>) -> Result<Self> {
        Error::check(!examples.is_empty(), "clients", 0, "at least 1")?;
        match examples.iter().position(Vec::is_empty) {
            Some(client) => Err(Error::Argument {
                argument: "examples",
                value: format!("empty for client {client}"),
                expected: "at least one example for each client",
            }),
            None => Ok(Self(examples)),
        }
    }

    /// `examples` in a random order, cut into parts whose sizes differ by at most one: independent and
    /// identically distributed.
    ///
    /// # Errors
    /// If there are no clients, or fewer examples than clients.
    pub fn equal(examples: usize, clients: usize, seed: u64) -> Result<Self> {
        let mut order: Vec<usize> = (0..examples).collect();
        order.shuffle(&mut rng(seed));
        Ok(Self(cut(&order, clients, "clients")?))
    }

    /// Examples sorted by their label and cut into `clients` × `shards` pieces, of which each client gets
    /// `shards` at random: few labels for each. The paper takes two.
    ///
    /// # Errors
    /// If there are no clients or shards, or fewer examples than pieces.
    pub fn by_label(labels: &[usize], clients: usize, shards: usize, seed: u64) -> Result<Self> {
        Error::check(clients > 0, "clients", clients, "at least 1")?;
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|&i| labels[i]);
        let mut pieces = cut(&order, clients.saturating_mul(shards), "shards")?;
        pieces.shuffle(&mut rng(seed));
        Ok(Self(pieces.chunks(shards).map(<[_]>::concat).collect()))
    }

    /// The examples of each label shared out by proportions from a Dirichlet distribution with the
    /// concentration `alpha`: at 100 all clients are alike, at 0.1 they have few labels each, and
    /// unequal numbers of examples. A client that got nothing is given one example of the largest.
    ///
    /// Source: T.-M. H. Hsu, H. Qi and M. Brown, "Measuring the effects of non-identical data
    /// distribution for federated visual classification" (2019).
    ///
    /// # Errors
    /// If there are no clients, fewer examples than clients, or `alpha` is not a finite number > 0.
    pub fn dirichlet(labels: &[usize], clients: usize, alpha: f64, seed: u64) -> Result<Self> {
        check_clients("clients", clients, labels.len())?;
        let gamma = Gamma::new(alpha, 1.0).ok().filter(|_| alpha.is_finite());
        let Some(gamma) = gamma else {
            let expected = "a finite number > 0";
            return Err(Error::Argument { argument: "alpha", value: alpha.to_string(), expected });
        };
        let mut rng = rng(seed);
        let mut parts = vec![Vec::new(); clients];
        for label in 0..labels.iter().max().map_or(0, |&largest| largest + 1) {
            let mut here: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == label).collect();
            here.shuffle(&mut rng);
            let mut shares: Vec<f64> = (&mut rng).sample_iter(gamma).take(clients).collect();
            if shares.iter().sum::<f64>() == 0.0 {
                // All were too small for a number: in the limit one client has everything.
                shares[rng.random_range(0..clients)] = 1.0;
            }
            let (all, mut sum, mut start) = (shares.iter().sum::<f64>(), 0.0, 0);
            for (part, share) in parts.iter_mut().zip(shares) {
                sum += share;
                let end = (sum / all * here.len() as f64).round() as usize;
                part.extend_from_slice(&here[start..end]);
                start = end;
            }
        }
        while let Some(empty) = parts.iter().position(Vec::is_empty) {
            let largest = (0..clients).max_by_key(|&k| parts[k].len()).unwrap_or(0);
            let given = parts[largest].pop();
            parts[empty].extend(given);
        }
        Ok(Self(parts))
    }

    /// K, the number of clients.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none; there is always one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// nₖ, the number of examples of each.
    pub fn sizes(&self) -> Vec<usize> {
        self.0.iter().map(Vec::len).collect()
    }

    /// The examples of each.
    pub fn examples(&self) -> &[Vec<usize>] {
        &self.0
    }

    /// How many examples of each class a client has: K × classes.
    ///
    /// # Errors
    /// If an example has no label here, or a label is not below `classes`.
    pub fn counts(&self, labels: &[usize], classes: usize) -> Result<Array2<usize>> {
        let mut counts = Array2::zeros((self.len(), classes));
        for (k, examples) in self.0.iter().enumerate() {
            for &i in examples {
                let label = labels.get(i).copied();
                match label.and_then(|label| counts.get_mut((k, label))) {
                    Some(count) => *count += 1,
                    None => {
                        let value = label.map_or_else(|| "too short".into(), |l| l.to_string());
                        let expected = "a class below `classes` for each example";
                        return Err(Error::Argument { argument: "labels", value, expected });
                    }
                }
            }
        }
        Ok(counts)
    }
}

/// Cuts a list into parts whose sizes differ by at most one.
fn cut(order: &[usize], parts: usize, argument: &'static str) -> Result<Vec<Vec<usize>>> {
    check_clients(argument, parts, order.len())?;
    let end = |part: usize| part * order.len() / parts;
    Ok((0..parts).map(|part| order[end(part)..end(part + 1)].to_vec()).collect())
}

fn check_clients(argument: &'static str, parts: usize, examples: usize) -> Result<()> {
    let fits = (1..=examples).contains(&parts);
    Error::check(fits, argument, parts, "at least 1, and no more pieces than examples")
}

/// The record of a federated run. It owns all that it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounds<T: Scalar = f64> {
    /// The loss over the examples of all clients: at the start, then after each round.
    pub losses: Vec<f64>,
    /// The accuracy there; empty if there are no classes.
    pub accuracies: Vec<f64>,
    /// The loss on the validation data, as often; empty if there are none.
    pub validation_losses: Vec<f64>,
    /// The accuracy on the validation data; empty if there are none, or no classes.
    pub validation_accuracies: Vec<f64>,
    /// Who took part in each round.
    pub participants: Vec<Vec<usize>>,
    /// How far the clients' models were from their average at the end of each round, before it replaced
    /// them: √(Σ nₖ ‖wₖ − w̄‖² / Σ nₖ).
    pub drifts: Vec<f64>,
    /// Bytes sent from the server to clients in each round: a copy of all parameters to each participant.
    pub bytes_down: Vec<u64>,
    /// Bytes sent back in each round.
    pub bytes_up: Vec<u64>,
    /// The server's parameters at the end.
    pub x: Array1<T>,
    /// Why the run ended; after [`StopReason::NotFinite`], whose step is a round, `x` is from before it.
    pub stop: StopReason,
}

impl<T: Scalar> Rounds<T> {
    /// The number of rounds.
    pub fn rounds(&self) -> usize {
        self.participants.len()
    }

    /// Bytes sent in all, both ways.
    pub fn bytes(&self) -> u64 {
        self.bytes_down.iter().chain(&self.bytes_up).sum()
    }

    /// After how many rounds the accuracy first was at least this, on the validation data if there are
    /// any: what the paper's tables compare.
    pub fn rounds_to(&self, accuracy: f64) -> Option<usize> {
        let validated = !self.validation_accuracies.is_empty();
        let reached = if validated { &self.validation_accuracies } else { &self.accuracies };
        reached.iter().position(|&reached| reached >= accuracy)
    }
}

/// Federated averaging to be: how many rounds, and what happens in each.
///
/// In every round the server draws m = max(C K, 1) of the K clients and sends them w. Each trains on its
/// own nₖ examples for E epochs of batches of size B, and the server takes the mean of what they send back:
///
/// wₖ ← w − η ∇J(w; batch), again and again;  w ← Σ nₖ wₖ / Σ nₖ, over the m clients
///
/// Unless said otherwise all clients take part (C = 1) with one epoch (E = 1) of the whole of their data
/// (B = ∞): then the mean of steps is a step along the mean gradient, which the paper calls FedSGD.
///
/// Each client begins with the rule as new: what it remembers is neither kept nor sent. The paper's rule is
/// [`GradientDescent`](crate::optim::GradientDescent). It cuts a client's data into batches once a round;
/// here they are shuffled anew in every epoch. C K is rounded to the nearest whole number. All that is
/// random follows from the seed.
///
/// Source: H. B. McMahan, E. Moore, D. Ramage, S. Hampson and B. Agüera y Arcas, "Communication-efficient
/// learning of deep networks from decentralized data" (2017), algorithm 1, with the weights of its
/// corrected version. See the [module](self) for an example.
pub struct Federated<'a, T: Scalar = f64> {
    rounds: usize,
    participation: f64,
    local_epochs: usize,
    batch_size: usize,
    seed: u64,
    schedule: Option<Box<dyn LearningRate + 'a>>,
    validation: Option<&'a dyn FiniteSum<T>>,
}

impl<'a, T: Scalar> Federated<'a, T> {
    /// This many rounds of FedSGD.
    pub fn rounds(rounds: usize) -> Self {
        Self {
            rounds,
            participation: 1.0,
            local_epochs: 1,
            batch_size: usize::MAX,
            seed: 0,
            schedule: None,
            validation: None,
        }
    }

    /// C, the part of the clients that takes part in a round; 0 < C ≤ 1, and at least one does.
    pub fn participation(mut self, participation: f64) -> Self {
        self.participation = participation;
        self
    }

    /// E, how often a client goes through its examples in a round.
    pub fn local_epochs(mut self, local_epochs: usize) -> Self {
        self.local_epochs = local_epochs;
        self
    }

    /// B, the size of a client's batches; as many as it has, or more, means all in each.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// The seed of who takes part, of batches, and of what layers draw.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the learning rate of round t, counted from 0: a [`Schedule`](crate::schedule::Schedule) or a
    /// closure.
    pub fn schedule(mut self, schedule: impl LearningRate + 'a) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Looks at the loss and the accuracy on these examples, too.
    pub fn validate(mut self, validation: &'a dyn FiniteSum<T>) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Trains on `train`, whose terms the clients share, from the parameters `start`.
    ///
    /// A loss that is not finite ends the run with [`StopReason::NotFinite`].
    ///
    /// # Errors
    /// If the participation is not in (0, 1], the number of local epochs or the batch size is 0, a client
    /// has an example that is not there, `start` is not finite or not of the objective's length, or the rule
    /// refuses its hyperparameters.
    pub fn run<F, R>(
        self,
        train: &F,
        clients: &Clients,
        start: &Array1<T>,
        rule: &mut R,
    ) -> Result<Rounds<T>>
    where
        F: FiniteSum<T> + ?Sized,
        R: UpdateRule<T> + ?Sized,
    {
        let mut rule = rule;
        T::federated(self, &train, clients, start, &mut rule)
    }

    /// [`run`](Federated::run), for objectives and rules behind references.
    pub(crate) fn run_rounds(
        self,
        train: &dyn Terms<T>,
        clients: &Clients,
        start: &Array1<T>,
        rule: &mut dyn Steps<T>,
    ) -> Result<Rounds<T>> {
        let share = self.participation;
        let fits = share > 0.0 && share <= 1.0;
        Error::check(fits, "participation", share, "a number in (0, 1]")?;
        Error::check(self.local_epochs > 0, "local_epochs", self.local_epochs, "at least 1")?;
        Error::check(self.batch_size > 0, "batch_size", self.batch_size, "at least 1")?;
        if let Some(bad) = start.iter().find(|w| !w.is_finite()) {
            Error::check(false, "start", bad, "finite parameters")?;
        }
        if let Some(bad) = clients.0.iter().flatten().find(|&&i| i >= train.terms()) {
            Error::check(false, "clients", bad, "indices below the number of examples")?;
        }
        let mut history = Rounds {
            losses: Vec::new(),
            accuracies: Vec::new(),
            validation_losses: Vec::new(),
            validation_accuracies: Vec::new(),
            participants: Vec::new(),
            drifts: Vec::new(),
            bytes_down: Vec::new(),
            bytes_up: Vec::new(),
            x: start.clone(),
            stop: StopReason::Steps,
        };
        history.look(train, self.validation)?;
        let count = ((share * clients.len() as f64).round() as usize).max(1);
        for round in 0..self.rounds {
            if let Some(schedule) = &self.schedule {
                rule.set_learning_rate(schedule.rate(round));
            }
            let mut rng = rng(self.seed);
            rng.set_stream(round as u64);
            let mut chosen: Vec<usize> = (0..clients.len()).collect();
            chosen.shuffle(&mut rng);
            chosen.truncate(count);
            chosen.sort_unstable();
            let mut models = Vec::new();
            for &client in &chosen {
                rule.reset();
                let (examples, seed) = (&clients.0[client], rng.next_u64());
                let Some(w) = self.local(train, examples, &history.x, rule, seed)? else {
                    history.stop = StopReason::NotFinite { step: round };
                    return Ok(history);
                };
                models.push((examples.len(), Array1::from(w)));
            }
            history.average(&models);
            history.participants.push(chosen);
            history.look(train, self.validation)?;
            if history.losses.last().is_some_and(|loss| !loss.is_finite()) {
                history.stop = StopReason::NotFinite { step: round };
                return Ok(history);
            }
        }
        Ok(history)
    }

    /// What a client makes of the parameters; `None` if its loss is no longer finite.
    fn local(
        &self,
        train: &dyn Terms<T>,
        examples: &[usize],
        w: &Array1<T>,
        rule: &mut dyn Steps<T>,
        seed: u64,
    ) -> Result<Option<Vec<T>>> {
        let batches = Batches::shuffled(examples.len(), self.batch_size, seed)?;
        let mut training = Training::new(train, w, seed);
        for epoch in 0..self.local_epochs {
            for mut batch in batches.epoch(epoch) {
                batch.iter_mut().for_each(|i| *i = examples[*i]);
                if !training.look(&batch, rule)?.is_finite() {
                    return Ok(None);
                }
                training.step(rule)?;
            }
        }
        let w = training.into_parameters();
        Ok(w.iter().all(|w| w.is_finite()).then_some(w))
    }
}

impl<T: Scalar> Rounds<T> {
    /// Notes how good the parameters are.
    fn look(&mut self, train: &dyn Terms<T>, validation: Option<&dyn FiniteSum<T>>) -> Result<()> {
        let now = train.evaluate(self.x.view())?;
        self.losses.push(now.loss);
        self.accuracies.extend(now.accuracy);
        if let Some(validation) = validation {
            let now = validation.evaluate(self.x.view())?;
            self.validation_losses.push(now.loss);
            self.validation_accuracies.extend(now.accuracy);
        }
        Ok(())
    }

    /// Replaces the parameters by the mean of the clients' models, each with the weight of its examples.
    fn average(&mut self, models: &[(usize, Array1<T>)]) {
        let all: usize = models.iter().map(|(n, _)| n).sum();
        let share = |n: usize| n as f64 / all as f64;
        self.x.fill(T::zero());
        for (n, w) in models {
            self.x.scaled_add(T::of(share(*n)), w);
        }
        let far = |w: ArrayView1<'_, T>| {
            w.iter().zip(&self.x).map(|(&w, &mean)| (w - mean).wide().powi(2)).sum::<f64>()
        };
        self.drifts.push(models.iter().map(|(n, w)| share(*n) * far(w.view())).sum::<f64>().sqrt());
        let bytes = (models.len() * self.x.len() * size_of::<T>()) as u64;
        self.bytes_down.push(bytes);
        self.bytes_up.push(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{self, Labelled};
    use crate::models::{Activation, Init, Mlp, Net, Softmax};
    use crate::optim::{Adam, GradientDescent};
    use crate::prelude::{Fit, Minimize};
    use proptest::prelude::*;
    use rand::RngCore;

    fn blobs(n: usize) -> Labelled {
        let inputs = Array2::from_shape_vec((n, 2), data::normal(2 * n, 5).to_vec()).unwrap();
        let labels = inputs.rows().into_iter().map(|x| usize::from(x[0] > 0.2)).collect();
        Labelled::new(inputs, labels, 2).unwrap()
    }

    fn sorted(clients: &Clients) -> Vec<usize> {
        let mut all = clients.0.concat();
        all.sort_unstable();
        all
    }

    proptest! {
        /// Whoever has what: with all clients, one epoch and whole batches, a round is a step of gradient
        /// descent on the whole loss, but for rounding.
        #[test]
        fn fed_sgd_is_gradient_descent(cuts in prop::collection::btree_set(1..40_usize, 0..6), rate in 0.01..2.0) {
            let f = Softmax::new(blobs(40)).unwrap();
            let ends: Vec<usize> = [0].into_iter().chain(cuts).chain([40]).collect();
            let clients = Clients::new(ends.windows(2).map(|w| (w[0]..w[1]).collect()).collect()).unwrap();
            let start = f.initial(Init::Xavier, 1);
            let mut rule = GradientDescent::new(rate);
            let rounds = Federated::rounds(3).run(&f, &clients, &start, &mut rule).unwrap();
            let trace = Minimize::steps(3).run(&f, &start, &mut rule).unwrap();
            prop_assert!((&rounds.x - &trace.x).iter().all(|d| d.abs() < 1e-13));
        }

        /// Every example has one client, whatever the split.
        #[test]
        fn splits_are_partitions(n in 12..80_usize, clients in 1..6_usize, alpha in 0.01..100.0, seed: u64) {
            let labels: Vec<usize> = (0..n).map(|i| i * i % 5).collect();
            let splits = [
                Clients::equal(n, clients, seed).unwrap(),
                Clients::by_label(&labels, clients, 2, seed).unwrap(),
                Clients::dirichlet(&labels, clients, alpha, seed).unwrap(),
            ];
            for split in splits {
                prop_assert_eq!(split.len(), clients);
                prop_assert_eq!(sorted(&split), (0..n).collect::<Vec<_>>());
                prop_assert!(split.sizes().iter().all(|&size| size > 0));
                prop_assert_eq!(split.counts(&labels, 5).unwrap().sum(), n);
            }
            let sizes = Clients::equal(n, clients, seed).unwrap().sizes();
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }

    /// One client that has everything trains as anybody would.
    #[test]
    fn one_client_is_fit() {
        let f = Mlp::new(&[2, 4, 2], Activation::Tanh).loss_on(blobs(50)).unwrap();
        let start = f.initial(Init::Xavier, 0);
        let clients = Clients::new(vec![(0..50).collect()]).unwrap();
        let run = Federated::rounds(1).local_epochs(3).batch_size(8).seed(4);
        let rounds = run.run(&f, &clients, &start, &mut Adam::new(0.1)).unwrap();
        let mut stream = rng(4);
        let mut order = [0];
        order.shuffle(&mut stream);
        let fit = Fit::epochs(3).batch_size(8).seed(stream.next_u64());
        assert_eq!(fit.run(&f, &start, &mut Adam::new(0.1)).unwrap().x, rounds.x);
        assert_eq!(rounds.drifts, [0.0]);
    }

    #[test]
    fn models_weigh_as_much_as_their_examples() {
        let f = Softmax::new(blobs(40)).unwrap();
        let start = f.initial(Init::Xavier, 2);
        let parts = [(0..10).collect::<Vec<_>>(), (10..40).collect()];
        let run = |parts: Vec<Vec<usize>>| {
            let rule = &mut GradientDescent::new(0.5);
            let clients = Clients::new(parts).unwrap();
            Federated::rounds(1).local_epochs(4).run(&f, &clients, &start, rule).unwrap()
        };
        let [small, large] = parts.clone().map(|part| run(vec![part]).x);
        let both = run(parts.to_vec());
        let mean = 0.25 * &small + 0.75 * &large;
        assert!((&both.x - &mean).iter().all(|d| d.abs() < 1e-15));
        let apart = |w: &Array1<f64>| (w - &mean).dot(&(w - &mean));
        let drift = (0.25 * apart(&small) + 0.75 * apart(&large)).sqrt();
        assert!((both.drifts[0] - drift).abs() < 1e-14 && drift > 0.01);
    }

    #[test]
    fn participants_and_bytes_are_counted() {
        let data = blobs(60).cast::<f32>();
        let f = Softmax::new(&data).unwrap();
        let start = f.initial(Init::Zero, 0);
        let clients = Clients::equal(60, 10, 0).unwrap();
        let run = |share, seed| {
            let run = Federated::rounds(20).participation(share).seed(seed).validate(&f);
            run.run(&f, &clients, &start, &mut GradientDescent::new(0.5)).unwrap()
        };
        let rounds = run(0.3, 1);
        assert!(rounds.participants.iter().all(|who| who.len() == 3 && who.is_sorted()));
        let met: std::collections::BTreeSet<_> = rounds.participants.iter().flatten().collect();
        assert_eq!(met.len(), 10); // 20 draws of 3 in 10 miss one with probability 10 · 0.7²⁰ < 1 %
        // Three clients, six parameters, four bytes.
        assert_eq!((rounds.bytes_down.clone(), rounds.bytes()), (vec![72; 20], 2 * 20 * 72));
        assert_eq!((rounds.rounds(), rounds.losses.len(), rounds.accuracies.len()), (20, 21, 21));
        assert_eq!(rounds.losses, rounds.validation_losses);
        let reached = rounds.rounds_to(0.9).unwrap();
        assert!(rounds.accuracies[reached] >= 0.9 && rounds.accuracies[reached - 1] < 0.9);
        assert_eq!(rounds.rounds_to(1.1), None);
        assert_eq!(run(0.3, 1), rounds);
        assert_ne!(run(0.3, 2).participants, rounds.participants);
        assert!(run(0.01, 1).participants.iter().all(|who| who.len() == 1));
    }

    /// Clients with one class each drift apart; clients that are alike do so less.
    #[test]
    fn skewed_data_drift() {
        let data = blobs(200);
        let f = Softmax::new(&data).unwrap();
        let drift = |clients: Clients| {
            let run = Federated::rounds(5).local_epochs(10).batch_size(10);
            let start = f.initial(Init::Zero, 0);
            let rounds = run.run(&f, &clients, &start, &mut GradientDescent::new(0.5)).unwrap();
            rounds.drifts.iter().sum::<f64>()
        };
        let equal = drift(Clients::equal(200, 4, 0).unwrap());
        let skewed = drift(Clients::by_label(&data.labels, 4, 1, 0).unwrap());
        assert!(skewed > 2.0 * equal, "{skewed} {equal}");
    }

    #[test]
    fn a_small_concentration_is_skewed() {
        let labels: Vec<usize> = (0..1000).map(|i| i % 10).collect();
        let largest = |alpha: f64| {
            let clients = Clients::dirichlet(&labels, 10, alpha, 0).unwrap();
            let counts = clients.counts(&labels, 10).unwrap();
            let part =
                |row: ArrayView1<'_, usize>| *row.iter().max().unwrap() as f64 / row.sum() as f64;
            counts.rows().into_iter().map(part).sum::<f64>() / 10.0
        };
        let (even, skewed) = (largest(1000.0), largest(0.05));
        assert!(even < 0.15 && skewed > 0.5, "{even} {skewed}");
        // As good as none: every label has one client.
        let clients = Clients::dirichlet(&labels, 10, 1e-300, 0).unwrap();
        assert!(clients.sizes().iter().all(|&size| size > 0));
    }

    #[test]
    fn rates_follow_rounds_and_running_statistics_are_averaged() {
        let f = Net::inputs(2).batch_norm().linear(2).loss_on(blobs(60)).unwrap();
        let start = f.initial(Init::He, 0);
        let clients = Clients::equal(60, 3, 0).unwrap();
        let run = Federated::rounds(1).schedule(|_: usize| 0.0);
        let mut rule = GradientDescent::new(0.5);
        let rounds = run.run(&f, &clients, &start, &mut rule).unwrap();
        assert_eq!(rule.learning_rate, 0.0);
        let [mean, variance] = f.running().try_into().unwrap();
        for (i, (now, before)) in rounds.x.iter().zip(&start).enumerate() {
            // The average of three equal numbers may be off by a rounding.
            let still = !mean.contains(&i) && !variance.contains(&i);
            assert_eq!((now - before).abs() < 1e-15, still, "{i}");
        }
    }

    #[test]
    fn a_divergence_ends_the_run_and_keeps_what_was() {
        let f = crate::models::LinearRegression::new(
            ndarray::array![[1.0], [2.0]],
            ndarray::array![1.0, 2.0],
        )
        .unwrap();
        let clients = Clients::new(vec![vec![0], vec![1]]).unwrap();
        let run = Federated::rounds(1000).local_epochs(5);
        let start = ndarray::array![0.0];
        let rounds = run.run(&f, &clients, &start, &mut GradientDescent::new(1e3)).unwrap();
        assert_eq!(rounds.stop, StopReason::NotFinite { step: rounds.rounds() });
        assert!(rounds.x.iter().all(|w: &f64| w.is_finite()));
        assert_eq!(rounds.losses.len(), rounds.rounds() + 1);
    }

    #[test]
    fn what_cannot_be_trained_is_refused() {
        let f = Softmax::new(blobs(4)).unwrap();
        let start = f.initial(Init::Zero, 0);
        let clients = Clients::equal(4, 2, 0).unwrap();
        let run = |run: Federated<'_>, clients: &Clients, start: &Array1<f64>| {
            run.run(&f, clients, start, &mut GradientDescent::new(0.1)).unwrap_err().to_string()
        };
        let of = || Federated::rounds(1);
        for share in [0.0, 1.5, f64::NAN] {
            let message = run(of().participation(share), &clients, &start);
            assert_eq!(message, format!("`participation` is {share}, expected a number in (0, 1]"));
        }
        let message = run(of().local_epochs(0), &clients, &start);
        assert_eq!(message, "`local_epochs` is 0, expected at least 1");
        let message = run(of().batch_size(0), &clients, &start);
        assert_eq!(message, "`batch_size` is 0, expected at least 1");
        let message = run(of(), &Clients::new(vec![vec![4]]).unwrap(), &start);
        assert_eq!(message, "`clients` is 4, expected indices below the number of examples");
        assert!(run(of(), &clients, &ndarray::array![0.0]).starts_with("`w` has shape [1]"));
        assert!(run(of(), &clients, &(start.clone() * f64::NAN)).starts_with("`start` is NaN"));

        let message = |result: Result<Clients>| result.unwrap_err().to_string();
        assert_eq!(message(Clients::new(vec![])), "`clients` is 0, expected at least 1");
        assert_eq!(
            message(Clients::new(vec![vec![0], vec![]])),
            "`examples` is empty for client 1, expected at least one example for each client"
        );
        assert!(message(Clients::equal(3, 4, 0)).starts_with("`clients` is 4, expected"));
        assert!(message(Clients::by_label(&[0, 1], 0, 1, 0)).starts_with("`clients` is 0"));
        assert!(message(Clients::by_label(&[0, 1], 2, 2, 0)).starts_with("`shards` is 4"));
        assert!(message(Clients::by_label(&[0, 1], 1, 0, 0)).starts_with("`shards` is 0"));
        assert!(message(Clients::dirichlet(&[0, 1], 3, 1.0, 0)).starts_with("`clients` is 3"));
        for alpha in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let message = message(Clients::dirichlet(&[0, 1], 2, alpha, 0));
            assert_eq!(message, format!("`alpha` is {alpha}, expected a finite number > 0"));
        }
        let clients = Clients::equal(3, 1, 0).unwrap();
        assert!(clients.counts(&[0, 1], 2).is_err() && clients.counts(&[0, 1, 2], 2).is_err());
    }
}
