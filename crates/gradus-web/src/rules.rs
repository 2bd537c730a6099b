//! Update rules as knobs: any rule of the crate with its hyperparameters.
//!
//! The crate's `named` makes rules from their names by deserializing them, and its `catalogue` reads
//! their defaults by serializing them: a third of the WebAssembly, for sixteen structs whose fields are public.
//! So the fields are named here, and a test holds them to `named` and `catalogue`.

use gradus::Result;
use gradus::optim::{
    AdaBound, AdaDelta, AdaGrad, AdaMax, Adam, AdamW, AmsGrad, GradientDescent, Lion, Momentum,
    NAdam, Nesterov, RAdam, RmsProp, Sgd, UpdateRule, Yogi,
};

use crate::{Knob, Scale, Settings};

/// What stands in a choice of rules for none.
pub(crate) const NONE: &str = "none";

/// The value of a hyperparameter.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Number(f64),
    Switch(bool),
}

/// A field that is a hyperparameter.
trait Field: Copy {
    fn value(self) -> Value;
    fn set(&mut self, value: Value);
}

impl Field for f64 {
    fn value(self) -> Value {
        Value::Number(self)
    }

    fn set(&mut self, value: Value) {
        if let Value::Number(number) = value {
            *self = number;
        }
    }
}

impl Field for bool {
    fn value(self) -> Value {
        Value::Switch(self)
    }

    fn set(&mut self, value: Value) {
        if let Value::Switch(on) = value {
            *self = on;
        }
    }
}

/// What looks at each hyperparameter that a reader can set, and may give it another value.
type Visitor<'a> = dyn FnMut(&'static str, Value) -> Value + 'a;

macro_rules! rules {
    ($rate:ident; $($name:literal: $new:expr, [$($field:ident),*];)*) => {
        /// The names of all rules, in the order in which the book tells of them.
        pub(crate) const NAMES: [&str; 16] = [$($name),*];

        /// The rule with this name, after `visit` saw its hyperparameters; gradient descent if there is none.
        fn visited(name: &str, $rate: f64, visit: &mut Visitor<'_>) -> Box<dyn UpdateRule> {
            match name {
                $($name => {
                    let mut rule = $new;
                    rule.learning_rate = $rate;
                    $(rule.$field.set(visit(stringify!($field), rule.$field.value()));)*
                    Box::new(rule)
                })*
                _ => Box::new(GradientDescent::new($rate)),
            }
        }
    };
}

#[rustfmt::skip]
rules! {
    rate;
    "gradient descent": GradientDescent::new(rate), [];
    "momentum": Momentum::new(rate, 0.9), [momentum, dampening];
    "Nesterov": Nesterov::new(rate, 0.9), [momentum, accelerating];
    "SGD": Sgd::new(rate), [momentum, dampening, nesterov];
    "AdaGrad": AdaGrad::new(rate), [];
    "RMSProp": RmsProp::new(rate), [decay, momentum, nesterov];
    "AdaDelta": AdaDelta::new(), [decay];
    "Adam": Adam::new(rate), [beta1, beta2, bias_correction];
    "AdamW": AdamW::new(rate), [beta1, beta2, weight_decay];
    "AMSGrad": AmsGrad::new(rate), [beta1, beta2, bias_correction];
    "AdaMax": AdaMax::new(rate), [beta1, beta2];
    "NAdam": NAdam::new(rate), [beta1, beta2];
    "RAdam": RAdam::new(rate), [beta1, beta2];
    "AdaBound": AdaBound::new(rate), [beta1, beta2];
    "Yogi": Yogi::new(rate), [beta1, beta2, bias_correction];
    "Lion": Lion::new(rate), [beta1, beta2, weight_decay];
}

/// A hyperparameter's name on the page, and the scale of its slider.
fn shown(field: &str) -> (&'static str, Scale) {
    match field {
        "momentum" => ("momentum ρ", Scale::Decay),
        "decay" => ("decay β₂", Scale::Decay),
        "beta1" => ("β₁", Scale::Decay),
        "beta2" => ("β₂", Scale::Decay),
        "dampening" => ("dampening τ", Scale::Linear),
        "weight_decay" => ("weight decay λ", Scale::Linear),
        "nesterov" => ("Nesterov's gradient", Scale::Linear),
        "accelerating" => ("growing momentum", Scale::Linear),
        _ => ("bias correction", Scale::Linear),
    }
}

/// The knobs of a rule's hyperparameters; their keys begin with `prefix`.
pub(crate) fn knobs(rule: &str, prefix: &str, group: &str) -> Vec<Knob> {
    let mut knobs = Vec::new();
    visited(rule, 0.0, &mut |field, value| {
        let (key, (label, scale)) = (format!("{prefix}{field}"), shown(field));
        let high = if scale == Scale::Decay { 0.9999 } else { 0.99 };
        knobs.push(match value {
            Value::Switch(on) => Knob::switch(key, label, group, on),
            Value::Number(number) => Knob::number(key, label, group, (0.0, high, scale), number),
        });
        value
    });
    knobs
}

/// The rule with the hyperparameters that are set.
///
/// # Errors
/// If the rule refuses them.
pub(crate) fn rule(
    name: &str,
    rate: f64,
    prefix: &str,
    settings: &Settings,
) -> Result<Box<dyn UpdateRule>> {
    let mut rule = visited(name, rate, &mut |field, value| match (
        settings.text(&format!("{prefix}{field}")),
        value,
    ) {
        ("", default) => default,
        (text, Value::Switch(_)) => Value::Switch(text == "yes"),
        (text, Value::Number(number)) => Value::Number(text.parse().unwrap_or(number)),
    });
    // A rule checks its hyperparameters when it steps.
    rule.update(&mut [0.0], &[0.0])?;
    rule.reset();
    Ok(rule)
}

/// Whether a rule's step is as long as its rate says, however long the gradient is.
pub(crate) fn scales_gradients(rule: &str) -> bool {
    !matches!(rule, "gradient descent" | "momentum" | "Nesterov" | "SGD")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus::optim::{catalogue, named};
    use std::collections::BTreeMap;

    #[test]
    fn they_are_the_rules_of_the_catalogue_with_their_defaults() {
        let all = catalogue();
        let names: Vec<&str> = all.iter().map(|entry| entry.rule.name()).collect();
        assert_eq!(NAMES.to_vec(), names);
        for entry in all.iter().filter(|entry| entry.rule.name() != "SGD") {
            for knob in knobs(entry.rule.name(), "", "") {
                let default =
                    entry.defaults.iter().find(|(name, _)| *name == knob.key.replace('_', " "));
                assert_eq!(default.unwrap().1, knob.default, "{}", entry.rule.name());
            }
        }
    }

    /// With settings and without, three steps are those of the crate's rule.
    #[test]
    fn they_step_as_the_rules_of_that_name() {
        for name in NAMES {
            for set in [false, true] {
                let (mut settings, mut values) = (Settings::default(), BTreeMap::new());
                for knob in knobs(name, "b.", "").into_iter().filter(|_| set) {
                    let (text, value) = match knob.default.as_str() {
                        "yes" => ("no", false.into()),
                        "no" => ("yes", true.into()),
                        _ => ("0.25", 0.25.into()),
                    };
                    settings.set(&knob.key, text);
                    values.insert(knob.key[2..].to_string(), value);
                }
                // Nesterov's gradient needs momentum and no dampening.
                if values.contains_key("nesterov") && values.contains_key("dampening") {
                    settings.set("b.dampening", "0");
                    values.insert("dampening".into(), 0.into());
                }
                let mut ours = rule(name, 0.1, "b.", &settings).unwrap();
                let mut crates = named::<f64>(name, 0.1, &values).unwrap();
                let (mut x, mut y) = ([1.0, -2.0], [1.0, -2.0]);
                for k in 0..3 {
                    let gradient = [0.3 - f64::from(k), 4.0];
                    ours.update(&mut x, &gradient).unwrap();
                    crates.update(&mut y, &gradient).unwrap();
                }
                assert_eq!(x, y, "{name}");
            }
        }
    }
}
