use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::data::{self, Split};
use crate::models::{Activation, Cnn, Init, Mlp, Net};
use crate::optim::named;
use crate::{Error, Result};

/// What is to be run: every model with every rule at each of its rates with every seed.
///
/// It is serde's, so that it can be written as TOML:
///
/// ```toml
/// epochs = 20
/// batch_size = 32
/// seeds = [1, 2, 3]
/// rates = [0.001, 0.01, 0.1]
///
/// [[models]]
/// kind = "mlp"
/// hidden = [64]
///
/// [[rules]]
/// rule = "Adam"
///
/// [[rules]]
/// rule = "Adam"
/// name = "Adam, slow to forget"
/// beta2 = 0.9999
/// rates = [0.001]
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What to learn: the digits unless said.
    #[serde(default)]
    pub data: Data,
    /// The epochs of a run.
    pub epochs: usize,
    /// The size of batches: 32 unless said.
    #[serde(default = "thirty_two")]
    pub batch_size: usize,
    /// The seeds of a run's first weights and of its batches.
    pub seeds: Vec<u64>,
    /// The learning rates of rules that have none of their own.
    #[serde(default)]
    pub rates: Vec<f64>,
    /// The models.
    pub models: Vec<Model>,
    /// The rules.
    pub rules: Vec<Entrant>,
}

fn thirty_two() -> usize {
    32
}

/// What a race is run on, with pixels in [0, 1].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Data {
    /// [`digits`](data::digits), which are always there.
    #[default]
    Digits,
    /// [`fashion_mnist`](data::fashion_mnist), if it is there.
    FashionMnist,
}

impl Data {
    pub(super) fn load(self) -> Result<Split<f32>> {
        Ok(match self {
            Self::Digits => data::digits().map(|pixels| pixels / 16.0).cast(),
            Self::FashionMnist => data::fashion_mnist()?.map(|pixels| pixels / 255.0),
        })
    }

    /// Rows and columns of an image.
    fn side(self) -> usize {
        match self {
            Self::Digits => 8,
            Self::FashionMnist => 28,
        }
    }
}

const CLASSES: usize = 10;

/// A model of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Model {
    /// A linear classifier with the cross-entropy loss, from zero.
    Softmax,
    /// [`Mlp`] with these numbers of hidden units.
    Mlp {
        /// Units of each hidden layer.
        hidden: Vec<usize>,
        /// ReLU unless said; it decides how weights begin: He's way, or else Xavier's.
        #[serde(default = "relu")]
        activation: Activation,
    },
    /// [`Cnn`] with these numbers of filters; its weights begin He's way.
    Cnn {
        /// Filters of each convolution.
        filters: Vec<usize>,
    },
}

fn relu() -> Activation {
    Activation::Relu
}

impl Model {
    /// What the model is called in [`Record::model`](super::Record::model): `softmax`, `MLP 64-32-10`,
    /// `tanh MLP 64-32-10`, `CNN 8-16`.
    pub fn label(&self, data: Data) -> String {
        let joined =
            |numbers: &[usize]| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        match self {
            Self::Softmax => "softmax".into(),
            Self::Mlp { hidden, activation } => {
                let units = joined(&units(hidden, data));
                match activation {
                    Activation::Relu => format!("MLP {units}"),
                    Activation::Tanh => format!("tanh MLP {units}"),
                    Activation::Sigmoid => format!("sigmoid MLP {units}"),
                }
            }
            Self::Cnn { filters } => format!("CNN {}", joined(filters)),
        }
    }

    /// The net for this data.
    pub fn net(&self, data: Data) -> Net {
        match self {
            Self::Softmax => Net::inputs(data.side().pow(2)).linear(CLASSES),
            Self::Mlp { hidden, activation } => Mlp::new(&units(hidden, data), *activation),
            Self::Cnn { filters } => Cnn::new((1, data.side(), data.side()), filters, CLASSES),
        }
    }

    pub(super) fn init(&self) -> Init {
        match self {
            Self::Softmax => Init::Zero,
            Self::Mlp { activation: Activation::Relu, .. } | Self::Cnn { .. } => Init::He,
            Self::Mlp { .. } => Init::Xavier,
        }
    }
}

fn units(hidden: &[usize], data: Data) -> Vec<usize> {
    [&[data.side().pow(2)], hidden, &[CLASSES]].concat()
}

/// A rule of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entrant {
    /// Its name, as [`named`] takes it.
    pub rule: String,
    /// What to call it, where a rule comes more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its learning rates; the plan's if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<f64>,
    /// All other keys: its hyperparameters, as [`named`] takes them.
    #[serde(flatten)]
    pub settings: BTreeMap<String, Value>,
}

impl Entrant {
    /// A rule with its defaults, at the plan's rates.
    pub fn new(rule: &str) -> Self {
        Self { rule: rule.into(), name: None, rates: Vec::new(), settings: BTreeMap::new() }
    }

    /// Its name in [`Record::rule`](super::Record::rule).
    pub fn label(&self) -> &str {
        self.name.as_ref().unwrap_or(&self.rule)
    }
}

/// One run of a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The number of the model in the plan.
    pub model: usize,
    /// The number of the rule in the plan.
    pub rule: usize,
    /// The learning rate.
    pub learning_rate: f64,
    /// The seed.
    pub seed: u64,
}

/// Model, rule, the bits of the rate, and seed: what tells a run from the others.
pub(super) type Place = (String, String, u64, u64);

impl Plan {
    /// All runs: model by model, rule by rule, rate by rate, seed by seed.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for model in 0..self.models.len() {
            for (rule, entrant) in self.rules.iter().enumerate() {
                for &learning_rate in self.rates_of(entrant) {
                    let run = |&seed| Run { model, rule, learning_rate, seed };
                    runs.extend(self.seeds.iter().map(run));
                }
            }
        }
        runs
    }

    fn rates_of<'a>(&'a self, entrant: &'a Entrant) -> &'a [f64] {
        if entrant.rates.is_empty() { &self.rates } else { &entrant.rates }
    }

    /// The number of the run in each place.
    pub(super) fn places(&self) -> BTreeMap<Place, usize> {
        let place = |run: &Run| {
            let model = self.models[run.model].label(self.data);
            let rule = self.rules[run.rule].label().to_owned();
            (model, rule, run.learning_rate.to_bits(), run.seed)
        };
        self.runs().iter().enumerate().map(|(i, run)| (place(run), i)).collect()
    }

    /// Whether all of it can be run.
    ///
    /// # Errors
    /// [`Error::Setting`], with the key and its value, if a list is empty or has something twice, a number
    /// is not positive, a model's layers do not fit, or a rule is not known or refuses a hyperparameter.
    pub fn check(&self) -> Result<()> {
        positive("epochs", self.epochs)?;
        positive("batch_size", self.batch_size)?;
        distinct("seeds", self.seeds.iter())?;
        distinct("models", self.models.iter().map(|model| model.label(self.data)))?;
        distinct("rules", self.rules.iter().map(Entrant::label))?;
        for (i, model) in self.models.iter().enumerate() {
            let (key, layers) = match model {
                Model::Softmax => continue,
                Model::Mlp { hidden, .. } => ("hidden", hidden),
                Model::Cnn { filters } => ("filters", filters),
            };
            layers.iter().try_for_each(|&size| positive(&format!("models[{i}].{key}"), size))?;
            model.net(self.data).check().map_err(|error| Error::Setting {
                key: format!("models[{i}].{key}"),
                value: format!("{layers:?}"),
                expected: format!("layers that fit: {error}"),
            })?;
        }
        for (i, entrant) in self.rules.iter().enumerate() {
            let own = !entrant.rates.is_empty();
            let key = if own { format!("rules[{i}].rates") } else { "rates".into() };
            let rates = self.rates_of(entrant);
            distinct(&key, rates.iter().map(|rate| rate.to_bits()))?;
            for &rate in rates {
                if !(rate > 0.0 && rate.is_finite()) {
                    let (value, expected) = (rate.to_string(), "finite numbers > 0".into());
                    return Err(Error::Setting { key, value, expected });
                }
                let rule = named::<f32>(&entrant.rule, rate, &entrant.settings);
                rule.map_err(|error| entrant.within(i, error))?;
            }
        }
        Ok(())
    }
}

impl Entrant {
    /// The rule's error, as one of rule i of the plan.
    fn within(&self, i: usize, error: Error) -> Error {
        let inside = |key: &str| format!("rules[{i}].{key}");
        match error {
            Error::Argument { argument, value, expected } => {
                // As the plan has it: what the rule says is in its own words.
                let value = self.settings.get(argument).map_or(value, Value::to_string);
                Error::Setting { key: inside(argument), value, expected: expected.into() }
            }
            Error::Setting { key, value, expected } => {
                Error::Setting { key: inside(&key), value, expected }
            }
            other => other,
        }
    }
}

fn positive(key: &str, value: usize) -> Result<()> {
    if value > 0 {
        return Ok(());
    }
    Err(Error::Setting { key: key.into(), value: "0".into(), expected: "at least 1".into() })
}

/// Refuses a list that is empty, or has something twice.
fn distinct<V: Ord + ToString>(key: &str, values: impl Iterator<Item = V>) -> Result<()> {
    let mut seen = BTreeSet::new();
    let refuse = |value: String, expected: &str| {
        Err(Error::Setting { key: key.into(), value, expected: expected.into() })
    };
    for value in values {
        let text = value.to_string();
        if !seen.insert(value) {
            return refuse(format!("{text} twice"), "every entry once");
        }
    }
    if seen.is_empty() { refuse("empty".into(), "at least one entry") } else { Ok(()) }
}
