use serde::Serialize;
use serde_json::Value;

use super::{
    AdaBound, AdaDelta, AdaGrad, AdaMax, Adam, AdamW, AmsGrad, GradientDescent, Lion, Momentum,
    NAdam, Nesterov, RAdam, RmsProp, Sgd, UpdateRule, Yogi,
};

/// The fields that a rule keeps for itself: no hyperparameters.
pub(super) const PRIVATE: [&str; 2] = ["state", "product"];

/// A rule as a cheat sheet shows it.
pub struct Entry {
    /// The rule with its defaults; the learning rate is one that is often taken.
    pub rule: Box<dyn UpdateRule>,
    /// The update in LaTeX, in the letters of the book: parameters w, gradient g, velocity v, mean of
    /// gradients s, squares r.
    pub equation: &'static str,
    /// The vectors that the rule remembers, as long as the parameters, in LaTeX; with the condition
    /// if only a variant has one.
    pub state: &'static [&'static str],
    /// The names and values of its hyperparameters.
    pub defaults: Vec<(String, String)>,
    /// The paper, and the algorithm's number in *Deep Learning* (2016) if it has one.
    pub source: &'static str,
    /// Its name in PyTorch; empty if there is none.
    pub pytorch: &'static str,
    /// Its name in optax; empty if there is none.
    pub optax: &'static str,
}

/// Every rule of the crate, in the order in which the book tells of them.
///
/// ```
/// for entry in gradus::optim::catalogue() {
///     println!("{}: {} vectors, {:?}", entry.rule.name(), entry.state.len(), entry.defaults);
/// }
/// ```
pub fn catalogue() -> Vec<Entry> {
    vec![
        entry(
            GradientDescent::new(0.1),
            r"w \leftarrow w - \eta g",
            &[],
            "Cauchy 1847; 8.1",
            "SGD",
            "sgd",
        ),
        entry(
            Momentum::new(0.01, 0.9),
            r"v \leftarrow \rho v - \eta g, \quad w \leftarrow w + v",
            &["v"],
            "Polyak 1964; 8.2",
            "SGD(momentum)",
            "sgd(momentum)",
        ),
        entry(
            Nesterov::new(0.01, 0.9),
            r"v \leftarrow \rho v - \eta\, g(w + \rho v), \quad w \leftarrow w + v",
            &["v"],
            "Nesterov 1983; 8.3",
            "SGD(nesterov=True)",
            "sgd(nesterov=True)",
        ),
        entry(
            Sgd::new(0.01).momentum(0.9),
            r"v \leftarrow \rho v + (1 - \tau) g, \quad w \leftarrow w - \eta v",
            &["v"],
            "Robbins and Monro 1951",
            "SGD",
            "sgd",
        ),
        entry(
            AdaGrad::new(0.01),
            r"r \leftarrow r + g^2, \quad w \leftarrow w - \frac{\eta\, g}{\sqrt{r} + \epsilon}",
            &["r"],
            "Duchi, Hazan and Singer 2011; 8.4",
            "Adagrad",
            "adagrad",
        ),
        entry(
            RmsProp::new(0.001),
            r"r \leftarrow \rho r + (1 - \rho) g^2, \quad v \leftarrow \alpha v - \frac{\eta\, g}{\sqrt{r} + \epsilon}, \quad w \leftarrow w + v",
            &["r", r"v \text{ if } \alpha > 0"],
            "Tieleman and Hinton 2012; 8.5, with α > 0 and Nesterov's gradient 8.6",
            "RMSprop",
            "rmsprop",
        ),
        entry(
            AdaDelta::new(),
            r"r \leftarrow \rho r + (1 - \rho) g^2, \quad \Delta = \sqrt{\frac{u + \epsilon}{r + \epsilon}}\, g, \quad u \leftarrow \rho u + (1 - \rho) \Delta^2, \quad w \leftarrow w - \eta \Delta",
            &["r", "u"],
            "Zeiler 2012",
            "Adadelta",
            "adadelta",
        ),
        entry(
            Adam::new(0.001),
            r"s \leftarrow \beta_1 s + (1 - \beta_1) g, \quad r \leftarrow \beta_2 r + (1 - \beta_2) g^2, \quad w \leftarrow w - \frac{\eta\, \hat s}{\sqrt{\hat r} + \epsilon}",
            &["s", "r"],
            "Kingma and Ba 2015; 8.7",
            "Adam",
            "adam",
        ),
        entry(
            AdamW::new(0.001),
            r"w \leftarrow (1 - \eta \lambda) w - \frac{\eta\, \hat s}{\sqrt{\hat r} + \epsilon}",
            &["s", "r"],
            "Loshchilov and Hutter 2019",
            "AdamW",
            "adamw",
        ),
        entry(
            AmsGrad::new(0.001),
            r"u \leftarrow \max(u, r), \quad w \leftarrow w - \frac{\eta\, \hat s}{\sqrt{\hat u} + \epsilon}",
            &["s", "r", "u"],
            "Reddi, Kale and Kumar 2018",
            "Adam(amsgrad=True)",
            "amsgrad",
        ),
        entry(
            AdaMax::new(0.002),
            r"u \leftarrow \max(\beta_2 u, \lvert g \rvert + \epsilon), \quad w \leftarrow w - \frac{\eta\, \hat s}{u}",
            &["s", "u"],
            "Kingma and Ba 2015",
            "Adamax",
            "adamax",
        ),
        entry(
            NAdam::new(0.002),
            r"w \leftarrow w - \frac{\eta}{\sqrt{\hat r} + \epsilon} \Bigl( \frac{\mu_{t+1} s}{1 - \prod_{i \le t+1} \mu_i} + \frac{(1 - \mu_t) g}{1 - \prod_{i \le t} \mu_i} \Bigr)",
            &["s", "r"],
            "Dozat 2016",
            "NAdam",
            "nadam",
        ),
        entry(
            RAdam::new(0.001),
            r"w \leftarrow w - \eta\, \hat s \ \text{ at first, then }\ w \leftarrow w - \frac{\eta\, R_t\, \hat s}{\sqrt{\hat r} + \epsilon}",
            &["s", "r"],
            "Liu and others 2020",
            "RAdam",
            "radam",
        ),
        entry(
            AdaBound::new(0.001),
            r"w \leftarrow w - \operatorname{clip}\Bigl(\frac{\eta \sqrt{1 - \beta_2^t}}{(1 - \beta_1^t)(\sqrt{r} + \epsilon)},\, l_t,\, u_t\Bigr)\, s",
            &["s", "r"],
            "Luo, Xiong, Liu and Sun 2019",
            "",
            "",
        ),
        entry(
            Yogi::new(0.01),
            r"r \leftarrow r - (1 - \beta_2) \operatorname{sign}(r - g^2)\, g^2, \quad w \leftarrow w - \frac{\eta\, \hat s}{\sqrt{\hat r} + \epsilon}",
            &["s", "r"],
            "Zaheer and others 2018",
            "",
            "yogi",
        ),
        entry(
            Lion::new(0.0001),
            r"w \leftarrow (1 - \eta \lambda) w - \eta \operatorname{sign}(\beta_1 s + (1 - \beta_1) g), \quad s \leftarrow \beta_2 s + (1 - \beta_2) g",
            &["s"],
            "Chen and others 2023",
            "",
            "lion",
        ),
    ]
}

fn entry<R: UpdateRule + Serialize + 'static>(
    rule: R,
    equation: &'static str,
    state: &'static [&'static str],
    source: &'static str,
    pytorch: &'static str,
    optax: &'static str,
) -> Entry {
    let written = serde_json::to_value(&rule).unwrap_or_default();
    let fields = written.as_object().into_iter().flatten();
    let settings = fields.filter(|(name, _)| !PRIVATE.contains(&name.as_str()));
    let defaults = settings.map(|(name, value)| (name.replace('_', " "), shown(value))).collect();
    Entry { rule: Box::new(rule), equation, state, defaults, source, pytorch, optax }
}

/// A setting as text: `0.9`, `no`, `1e-8 outside`.
fn shown(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.into(),
        Value::Null => "none".into(),
        Value::Number(number) => match number.as_f64() {
            Some(small) if small != 0.0 && small.abs() < 1e-3 => format!("{small:e}"),
            Some(number) => number.to_string(),
            None => number.to_string(),
        },
        Value::String(variant) => words(variant),
        // An enum with a number, such as `Epsilon::Outside(1e-8)`.
        Value::Object(fields) => fields
            .iter()
            .map(|(variant, value)| format!("{} {}", shown(value), words(variant)))
            .collect(),
        Value::Array(_) => value.to_string(),
    }
}

/// `TimesRate` as `times rate`.
fn words(variant: &str) -> String {
    let mut words = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors that the table names are those that the rule makes, in the variant that has most.
    #[test]
    fn the_state_is_as_long_as_the_table_says() {
        fn slots<R: UpdateRule + Serialize>(mut rule: R) -> usize {
            rule.update(&mut [1.0], &[1.0]).unwrap();
            let written = serde_json::to_value(&rule).unwrap();
            written["state"]["slots"]["F64"].as_array().map_or(0, Vec::len)
        }
        let counts = [
            slots(GradientDescent::new(0.1)),
            slots(Momentum::new(0.01, 0.9)),
            slots(Nesterov::new(0.01, 0.9)),
            slots(Sgd::new(0.01).momentum(0.9)),
            slots(AdaGrad::new(0.01)),
            slots({
                let mut rule = RmsProp::new(0.001);
                rule.momentum = 0.9;
                rule
            }),
            slots(AdaDelta::new()),
            slots(Adam::new(0.001)),
            slots(AdamW::new(0.001)),
            slots(AmsGrad::new(0.001)),
            slots(AdaMax::new(0.002)),
            slots(NAdam::new(0.002)),
            slots(RAdam::new(0.001)),
            slots(AdaBound::new(0.001)),
            slots(Yogi::new(0.01)),
            slots(Lion::new(0.0001)),
        ];
        let entries = catalogue();
        assert_eq!(entries.len(), counts.len());
        for (entry, count) in entries.iter().zip(counts) {
            assert_eq!(entry.state.len(), count, "{}", entry.rule.name());
        }
    }

    #[test]
    fn defaults_are_read_off_the_rules() {
        let entries = catalogue();
        let adam = entries.iter().find(|entry| entry.rule.name() == "Adam").unwrap();
        let shown: Vec<String> =
            adam.defaults.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let expected = [
            "beta1 0.9",
            "beta2 0.999",
            "bias correction yes",
            "epsilon 1e-8 outside",
            "learning rate 0.001",
        ];
        assert_eq!(shown, expected);
    }
}
