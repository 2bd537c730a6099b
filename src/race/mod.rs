//! Races: every model with every rule at every rate and seed of a plan, and the file of what came out.
//!
//! The command `gradus race` runs a plan; a program reads its results:
//!
//! ```no_run
//! use gradus::race::Results;
//!
//! let results = Results::load("book/race/digits.jsonl")?;
//! println!("run on {} with {}", results.date, results.machine);
//! for record in results.tuned("MLP 64-64-10", "Adam") {
//!     println!("{}: {:.1} %", record.learning_rate, 100.0 * record.test_accuracy);
//! }
//! // The same run once more: on the same kind of processor the same record.
//! assert_eq!(results.race()?.run(0)?, results.records[0]);
//! # Ok::<(), gradus::Error>(())
//! ```

mod journal;
mod plan;
mod results;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::fit::Fit;
use crate::minimize::StopReason;
use crate::models::Examples;
use crate::optim::named;
use crate::{FiniteSum, Result};

use journal::Journal;
pub use plan::{Data, Entrant, Model, Plan, Run};
pub use results::{Record, Results};

/// A plan with its data: ready to run.
///
/// ```
/// use gradus::race::{Data, Entrant, Model, Plan, Race};
///
/// let race = Race::new(Plan {
///     data: Data::Digits,
///     epochs: 3,
///     batch_size: 32,
///     seeds: vec![1, 2],
///     rates: vec![0.1, 1.0],
///     models: vec![Model::Softmax],
///     rules: vec![Entrant::new("SGD"), Entrant::new("Adam")],
/// })?;
/// assert_eq!(race.plan().runs().len(), 2 * 2 * 2);
/// let record = race.run(0)?;
/// assert_eq!((record.model.as_str(), record.rule.as_str()), ("softmax", "SGD"));
/// assert!(record.test_accuracy > 0.8);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Race {
    plan: Plan,
    runs: Vec<Run>,
    train: Examples<f32>,
    validation: Examples<f32>,
    test: Examples<f32>,
}

/// What the observer of a race sees after each run.
#[derive(Debug, Clone, Copy)]
pub struct RaceProgress<'a> {
    /// The run that has just ended; `None` at the beginning.
    pub record: Option<&'a Record>,
    /// How many runs are done, earlier ones included.
    pub done: usize,
    /// How many there are.
    pub of: usize,
}

impl Race {
    /// Checks the plan and loads its data.
    ///
    /// # Errors
    /// As [`Plan::check`], or if the data are not there.
    pub fn new(plan: Plan) -> Result<Self> {
        plan.check()?;
        let parts = plan.data.load()?;
        Ok(Self {
            runs: plan.runs(),
            plan,
            train: parts.train.into(),
            validation: parts.validation.into(),
            test: parts.test.into(),
        })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Run number `i` of [`Plan::runs`], from its beginning.
    ///
    /// It trains in f32, from weights and with batches that follow from its seed. A loss that is not finite
    /// ends it, and is a result like any other.
    ///
    /// # Errors
    /// If there is no such run.
    pub fn run(&self, i: usize) -> Result<Record> {
        let Some(run) = self.runs.get(i) else {
            let expected = "less than the number of runs";
            return Err(crate::Error::Argument { argument: "i", value: i.to_string(), expected });
        };
        let (model, entrant) = (&self.plan.models[run.model], &self.plan.rules[run.rule]);
        let net = model.net(self.plan.data);
        let train = net.loss_on(self.train.clone())?;
        let validation = net.loss_on(self.validation.clone())?;
        let mut rule = named::<f32>(&entrant.rule, run.learning_rate, &entrant.settings)?;
        let history = Fit::epochs(self.plan.epochs)
            .batch_size(self.plan.batch_size)
            .seed(run.seed)
            .validate(&validation)
            .run(&train, &train.initial(model.init(), run.seed), &mut rule)?;
        // The loss of the last epoch's validation may be the first that is not finite.
        let lost = history.validation_losses.iter().position(|loss| !loss.is_finite());
        let diverged = match history.stop {
            StopReason::NotFinite { step } => Some(step),
            _ => lost.map(|_| history.steps()),
        };
        let epochs = lost.unwrap_or(history.validation_losses.len());
        let best = net.loss_on(self.test.clone())?.evaluate(history.best.view())?;
        let kept = |numbers: &[f64]| numbers.iter().take(epochs).map(|&v| rounded(v)).collect();
        Ok(Record {
            model: model.label(self.plan.data),
            rule: entrant.label().into(),
            learning_rate: run.learning_rate,
            seed: run.seed,
            diverged,
            train_losses: kept(&history.train_losses),
            validation_losses: kept(&history.validation_losses),
            validation_accuracies: kept(&history.validation_accuracies),
            test_loss: rounded(best.loss),
            test_accuracy: rounded(best.accuracy.unwrap_or_default()),
        })
    }

    /// Does all runs on so many threads, and writes the results to `path` when all are done.
    ///
    /// A run that has ended is a line in the journal beside that file, `path` with `.journal`. Whatever
    /// stops the race, the next call goes on from there, with the `date` and the `machine` of the first,
    /// and what it writes is what one call would have written; the number of threads changes nothing. A file
    /// of results of the same plan is left as it is, one of another plan is replaced at the end.
    ///
    /// `observe` sees every run, and may end the race with `ControlFlow::Break(())`; then the result is
    /// `None`.
    ///
    /// # Errors
    /// If a file cannot be read or written, the journal is of another plan or in use by another race, or a
    /// run fails.
    pub fn write(
        &self,
        path: impl AsRef<Path>,
        date: &str,
        machine: &str,
        threads: usize,
        mut observe: impl FnMut(&RaceProgress<'_>) -> ControlFlow<()>,
    ) -> Result<Option<Results>> {
        let path = path.as_ref();
        if let Some(done) = Results::load(path).ok().filter(|results| results.plan == self.plan) {
            Journal::forget(path)?;
            return Ok(Some(done));
        }
        let header = Results {
            date: date.into(),
            machine: machine.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            plan: self.plan.clone(),
            records: Vec::new(),
        };
        let (mut journal, found) = Journal::open(path, header)?;
        let mut records: Vec<Option<Record>> = vec![None; self.runs.len()];
        let places = self.plan.places();
        for (line, record) in (2..).zip(found) {
            match places.get(&record.place()) {
                Some(&i) => records[i] = Some(record),
                None => return Err(journal.foreign(line, &record)),
            }
        }
        let open: Vec<usize> = (0..records.len()).filter(|&i| records[i].is_none()).collect();
        let (of, mut done) = (records.len(), records.len() - open.len());
        if observe(&RaceProgress { record: None, done, of }).is_break() {
            return Ok(None);
        }
        let next = AtomicUsize::new(0);
        let work = |results: &dyn Fn(usize, Result<Record>) -> bool| {
            while let Some(&i) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                if !results(i, self.run(i)) {
                    return;
                }
            }
        };
        let finished = std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..threads.clamp(1, open.len().max(1)) {
                let (sender, work) = (sender.clone(), &work);
                // Nobody listens any more when the race is to end.
                scope.spawn(move || work(&|i, result| sender.send((i, result)).is_ok()));
            }
            drop(sender);
            for (i, record) in receiver {
                let record = record?;
                journal.append(&record)?;
                done += 1;
                let record = records[i].insert(record);
                if observe(&RaceProgress { record: Some(record), done, of }).is_break() {
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        if !finished && done < of {
            return Ok(None);
        }
        journal.finish(records.into_iter().flatten().collect()).map(Some)
    }
}

/// Six digits, which is more than a loss in f32 is good for: it keeps the file small.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}
