//! `gradus data`: which data sets are here, and how to get the others.

use gradus::data::{Source, sources};
use gradus_literate::error::Error;

use crate::say;

/// The set that is part of the crate.
const DIGITS: &str = "Digits: 1,797 images of handwritten digits, 8 x 8 pixels, ten classes";
const ATTRIBUTION: &str = "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, \
    UCI Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49, CC BY 4.0";

pub(crate) fn data() -> Result<(), Vec<Error>> {
    say(&format!("  bundled  {DIGITS}"))?;
    say(&format!("           {ATTRIBUTION}"))?;
    let damaged: Vec<_> = sources().iter().map(show).collect::<Result<Vec<_>, _>>()?;
    let damaged: Vec<_> = damaged.into_iter().flatten().collect();
    if damaged.is_empty() { Ok(()) } else { Err(damaged) }
}

/// Says where a set is, or how to get it; returns what is wrong with one that is there.
fn show(source: &Source) -> Result<Option<Error>, Vec<Error>> {
    let Some(folder) = source.find() else {
        say(&format!("  missing  {}: {}", source.name, source.about))?;
        let looked: Vec<_> = source.folders().iter().map(|f| f.display().to_string()).collect();
        say(&format!("           looked for in {}", looked.join(", ")))?;
        say(&format!("           to get it: {}", source.remedy))?;
        return Ok(None);
    };
    let damaged = source.load_from(&folder).err().map(Error::new);
    let state = if damaged.is_some() { "DAMAGED" } else { "here   " };
    say(&format!("  {state}  {}: {}", source.name, source.about))?;
    say(&format!("           in {}", folder.display()))?;
    Ok(damaged)
}
