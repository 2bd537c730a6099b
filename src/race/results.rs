use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::plan::Place;
use super::{Model, Plan, Race};
use crate::{FileProblem, Result};

/// What came out of one run. Losses and accuracies have six digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The model's [label](super::Model::label).
    pub model: String,
    /// The rule's [label](super::Entrant::label).
    pub rule: String,
    /// The learning rate.
    pub learning_rate: f64,
    /// The seed.
    pub seed: u64,
    /// The step at which the loss was no longer finite, if that happened; the lists end before it.
    pub diverged: Option<usize>,
    /// The mean of the batches' losses in each epoch.
    pub train_losses: Vec<f64>,
    /// The loss on the validation data after each epoch.
    pub validation_losses: Vec<f64>,
    /// The accuracy on the validation data after each epoch.
    pub validation_accuracies: Vec<f64>,
    /// The loss on the test data after the epoch with the lowest validation loss (at the start, if none was
    /// finished).
    pub test_loss: f64,
    /// The accuracy on the test data, there.
    pub test_accuracy: f64,
}

impl Record {
    /// The lowest loss on the validation data; infinite if no epoch was finished.
    pub fn best_loss(&self) -> f64 {
        self.validation_losses.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(super) fn place(&self) -> Place {
        (self.model.clone(), self.rule.clone(), self.learning_rate.to_bits(), self.seed)
    }
}

/// The results of a race: when, where, what, and a record of each run.
///
/// The file has one JSON object a line: first date, machine, version of the crate and plan, then the
/// records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// The day on which the race began, such as `2026-11-25`.
    pub date: String,
    /// The machine that ran it.
    pub machine: String,
    /// The version of this crate.
    pub version: String,
    /// The plan.
    pub plan: Plan,
    /// A record for each of the plan's [`runs`](Plan::runs), in their order.
    #[serde(skip)]
    pub records: Vec<Record>,
}

impl Results {
    /// Reads a file of results.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File) if it cannot be read, a line is damaged, or it has not a record
    /// for each run.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = fs::read(path).map_err(|e| FileProblem::system("read", &e).of(path))?;
        let results = Self::parse(path, &text)?;
        let (found, runs) = (results.records.iter().map(Record::place), results.plan.runs());
        let places = results.plan.places();
        let right = found.enumerate().take_while(|(i, place)| places.get(place) == Some(i)).count();
        if right < runs.len() || right < results.records.len() {
            let line = right as u64 + 2;
            let found = format!("{} records that fit the plan", right);
            let expected = format!("one for each of {} runs, in their order", runs.len());
            return Err(FileProblem::Line { line, found, expected }.of(path));
        }
        Ok(results)
    }

    /// The same plan, ready to be run again, whole or in part: [`Race::run`] has the numbers of records.
    ///
    /// # Errors
    /// As [`Race::new`].
    pub fn race(&self) -> Result<Race> {
        Race::new(self.plan.clone())
    }

    /// Every model with every rule, by their labels, in the plan's order.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let Plan { models, rules, data, .. } = &self.plan;
        let rules_of = |model: &Model| {
            let label = model.label(*data);
            rules.iter().map(move |rule| (label.clone(), rule.label().to_owned()))
        };
        models.iter().flat_map(rules_of).collect()
    }

    /// The records of a model with a rule.
    pub fn of(&self, model: &str, rule: &str) -> Vec<&Record> {
        let wanted = |record: &&Record| record.model == model && record.rule == rule;
        self.records.iter().filter(wanted).collect()
    }

    /// Of these, the ones at the learning rate whose [`best_loss`](Record::best_loss) has the lowest mean
    /// over seeds; the first of several.
    pub fn tuned(&self, model: &str, rule: &str) -> Vec<&Record> {
        let all = self.of(model, rule);
        let mut best = (f64::INFINITY, Vec::new());
        // In the plan's order a rate's seeds stand together.
        for group in all.chunk_by(|a, b| a.learning_rate == b.learning_rate) {
            let mean = group.iter().map(|r| r.best_loss()).sum::<f64>() / group.len() as f64;
            if best.1.is_empty() || mean < best.0 {
                best = (mean, group.to_vec());
            }
        }
        best.1
    }

    /// Reads what a file or a journal holds.
    pub(super) fn parse(path: &Path, text: &[u8]) -> Result<Self> {
        let mut lines = text.split(|&byte| byte == b'\n');
        let mut results: Self = json(path, 1, lines.next().unwrap_or_default())?;
        // Behind the last end of a line there is nothing.
        for (line, text) in (2..).zip(lines).filter(|(_, text)| !text.is_empty()) {
            results.records.push(json(path, line, text)?);
        }
        Ok(results)
    }
}

fn json<V: DeserializeOwned>(path: &Path, line: u64, text: &[u8]) -> Result<V> {
    serde_json::from_slice(text).map_err(|error| {
        let expected = if line == 1 { "a race's date, machine and plan" } else { "a record" };
        FileProblem::Line { line, found: error.to_string(), expected: expected.into() }.of(path)
    })
}
