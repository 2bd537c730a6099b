use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// The version of what [`save`] writes; it changes when an older text would be misunderstood.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Checkpoint<R> {
    format: u32,
    rule: R,
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// Writes a rule with its state down as JSON, mid-run if need be.
///
/// ```
/// use gradus::optim::{Adam, load, save};
/// use gradus::prelude::*;
///
/// let mut rule = Adam::new(0.1);
/// let mut w = array![1.0, 2.0];
/// rule.step(&mut w, &array![0.3, -0.7])?;
/// let mut loaded: Adam = load(&save(&rule)?)?;
/// let mut again = w.clone();
/// rule.step(&mut w, &array![0.1, 0.2])?;
/// loaded.step(&mut again, &array![0.1, 0.2])?;
/// assert_eq!(w, again); // bit for bit
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// If the rule holds a number that is not finite, which JSON cannot say.
pub fn save<R: Serialize + DeserializeOwned>(rule: &R) -> Result<String> {
    let text = serde_json::to_string(&Checkpoint { format: FORMAT, rule })
        .map_err(|error| invalid("rule", error.to_string()))?;
    // NaN and infinities are written as null, which cannot be read back: better known now.
    load::<R>(&text)
        .map_err(|_| invalid("rule", "a rule with a number that is not finite".into()))?;
    Ok(text)
}

/// Reads what [`save`] wrote; the rule continues the very same sequence.
///
/// # Errors
/// If the text is not a checkpoint of this type of rule, or of another format version.
pub fn load<R: DeserializeOwned>(text: &str) -> Result<R> {
    let json = |error: serde_json::Error| invalid("text", error.to_string());
    let Version { format } = serde_json::from_str(text).map_err(json)?;
    Error::check(format == FORMAT, "format", format, "1, the version that this crate writes")?;
    let checkpoint: Checkpoint<R> = serde_json::from_str(text).map_err(json)?;
    Ok(checkpoint.rule)
}

fn invalid(argument: &'static str, value: String) -> Error {
    Error::Argument { argument, value, expected: "a rule's checkpoint" }
}
