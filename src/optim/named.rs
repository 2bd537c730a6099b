use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::catalogue::PRIVATE;
use super::{
    AdaBound, AdaDelta, AdaGrad, AdaMax, Adam, AdamW, AmsGrad, GradientDescent, Lion, Momentum,
    NAdam, Nesterov, RAdam, RmsProp, Sgd, UpdateRule, Yogi,
};
use crate::{Error, Result, Scalar};

/// A rule by its name, as [`catalogue`](super::catalogue) and legends have it (capitals do not matter),
/// with some of its hyperparameters; the others keep their defaults. Momentum's ρ is 0.9 unless set.
///
/// ```
/// use gradus::optim::{Rule, named};
/// use gradus::prelude::*;
///
/// let settings = [("beta1".to_string(), 0.8.into())].into();
/// let mut rule = named::<f64>("Adam", 0.1, &settings)?;
/// let mut w = array![1.0];
/// rule.step(&mut w, &array![5.0])?;
/// assert!((w[0] - 0.9).abs() < 1e-9);
///
/// let settings = [("beta3".to_string(), 0.8.into())].into();
/// let error = named::<f64>("Adam", 0.1, &settings).err().unwrap();
/// assert!(error.to_string().starts_with("`beta3` is 0.8, expected one of Adam's hyperparameters: beta1,"));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If there is no such rule, it has no such hyperparameter, or a value is of another kind or out of range.
pub fn named<T: Scalar>(
    name: &str,
    learning_rate: f64,
    settings: &BTreeMap<String, Value>,
) -> Result<Box<dyn UpdateRule<T>>> {
    let rate = learning_rate;
    let mut rule = match name.to_lowercase().as_str() {
        "gradient descent" => with(GradientDescent::new(rate), settings),
        "momentum" => with(Momentum::new(rate, 0.9), settings),
        "nesterov" => with(Nesterov::new(rate, 0.9), settings),
        "sgd" => with(Sgd::new(rate), settings),
        "adagrad" => with(AdaGrad::new(rate), settings),
        "rmsprop" => with(RmsProp::new(rate), settings),
        "adadelta" => {
            let mut rule = AdaDelta::new();
            rule.learning_rate = rate;
            with(rule, settings)
        }
        "adam" => with(Adam::new(rate), settings),
        "adamw" => with(AdamW::new(rate), settings),
        "amsgrad" => with(AmsGrad::new(rate), settings),
        "adamax" => with(AdaMax::new(rate), settings),
        "nadam" => with(NAdam::new(rate), settings),
        "radam" => with(RAdam::new(rate), settings),
        "adabound" => with(AdaBound::new(rate), settings),
        "yogi" => with(Yogi::new(rate), settings),
        "lion" => with(Lion::new(rate), settings),
        _ => {
            let names: Vec<_> = super::catalogue().iter().map(|entry| entry.rule.name()).collect();
            let expected = format!("one of {}", names.join(", "));
            Err(Error::Setting { key: "rule".into(), value: format!("\"{name}\""), expected })
        }
    }?;
    // A rule checks its hyperparameters when it steps.
    rule.update(&mut [T::zero()], &[T::zero()])?;
    rule.reset();
    Ok(rule)
}

/// A rule with other values of these fields.
fn with<T: Scalar, R>(
    mut rule: R,
    settings: &BTreeMap<String, Value>,
) -> Result<Box<dyn UpdateRule<T>>>
where
    R: UpdateRule<T> + Serialize + DeserializeOwned + 'static,
{
    let mut fields = match serde_json::to_value(&rule) {
        Ok(Value::Object(fields)) => fields,
        _ => return Ok(Box::new(rule)),
    };
    let open = |key: &str| !PRIVATE.contains(&key) && key != "learning_rate";
    let names: Vec<_> = fields.keys().filter(|key| open(key)).cloned().collect();
    for (key, value) in settings {
        let setting =
            |expected| Error::Setting { key: key.clone(), value: value.to_string(), expected };
        if !names.contains(key) {
            let expected = match names.join(", ") {
                none if none.is_empty() => format!("nothing: {} has only its rate", rule.name()),
                names => format!("one of {}'s hyperparameters: {names}", rule.name()),
            };
            return Err(setting(expected));
        }
        fields.insert(key.clone(), value.clone());
        rule = serde_json::from_value(Value::Object(fields.clone())).map_err(|error| {
            // Such as "invalid type: string "x", expected f64".
            setting(error.to_string().rsplit("expected ").next().unwrap_or_default().to_string())
        })?;
    }
    Ok(Box::new(rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::catalogue;

    fn set(settings: &[(&str, Value)]) -> BTreeMap<String, Value> {
        settings.iter().map(|(key, value)| (key.to_string(), value.clone())).collect()
    }

    #[test]
    fn every_rule_of_the_catalogue_has_its_name() {
        for entry in catalogue() {
            let name = entry.rule.name();
            let rule = named::<f64>(name, 0.25, &set(&[])).unwrap();
            assert_eq!((rule.name(), rule.learning_rate()), (name, 0.25));
            assert_eq!(named::<f32>(&name.to_uppercase(), 0.5, &set(&[])).unwrap().name(), name);
        }
    }

    /// The same steps as of a rule that was made by its methods.
    #[test]
    fn settings_are_those_of_the_rule() {
        let settings =
            set(&[("decay", 0.5.into()), ("epsilon", serde_json::json!({"Inside": 0.1}))]);
        let mut by_name = named::<f64>("rmsprop", 0.3, &settings).unwrap();
        let mut rule = RmsProp::new(0.3).decay(0.5).epsilon(crate::optim::Epsilon::Inside(0.1));
        let (mut x, mut y) = ([1.0, 2.0], [1.0, 2.0]);
        for _ in 0..3 {
            by_name.update(&mut x, &[0.3, -4.0]).unwrap();
            rule.update(&mut y, &[0.3, -4.0]).unwrap();
        }
        assert_eq!(x, y);
        let mut momentum = named::<f64>("momentum", 0.1, &set(&[("momentum", 0.into())])).unwrap();
        momentum.update(&mut x, &[1.0, 1.0]).unwrap();
        momentum.update(&mut x, &[1.0, 1.0]).unwrap();
        assert!((x[0] - (y[0] - 0.2)).abs() < 1e-15);
    }

    #[test]
    fn what_no_rule_takes_is_refused() {
        let message = |name, rate, settings: &[(&str, Value)]| {
            named::<f64>(name, rate, &set(settings)).err().unwrap().to_string()
        };
        assert!(message("Adamw2", 0.1, &[]).starts_with(
            "`rule` is \"Adamw2\", expected one of gradient descent, momentum, Nesterov, SGD,"
        ));
        assert_eq!(
            message("Adam", 0.1, &[("state", 1.into())]),
            "`state` is 1, expected one of Adam's hyperparameters: beta1, beta2, bias_correction, epsilon"
        );
        assert_eq!(
            message("Adam", 0.1, &[("beta1", "x".into())]),
            "`beta1` is \"x\", expected f64"
        );
        assert_eq!(
            message("Adam", 0.1, &[("beta1", 1.into())]),
            "`beta1` is 1, expected a number in [0, 1)"
        );
        assert_eq!(
            message("gradient descent", 0.1, &[("momentum", 0.9.into())]),
            "`momentum` is 0.9, expected nothing: gradient descent has only its rate"
        );
        assert!(message("SGD", f64::NAN, &[]).starts_with("`learning_rate` is NaN"));
    }
}
