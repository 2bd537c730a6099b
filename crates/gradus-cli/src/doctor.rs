//! `gradus doctor`: what is there, what is missing, how to get it.

use gradus_literate::error::Error;
use gradus_literate::kernel;

use crate::{lab, say};

pub(crate) fn doctor() -> Result<(), Vec<Error>> {
    let status = kernel::find();
    for finding in &status.findings {
        match &finding.found {
            Some(found) => say(&format!("  ok       {}: {found}", finding.name))?,
            None if finding.automatic => {
                say(&format!("  later    {}: {}", finding.name, finding.remedy))?
            }
            None => say(&format!("  MISSING  {}: {}", finding.name, finding.remedy))?,
        }
    }
    match lab::find() {
        Some(found) => say(&format!("  ok       JupyterLab: {}", found.display()))?,
        None => say(&format!("  optional JupyterLab, to work in notebooks: {}", lab::REMEDY))?,
    }
    if cfg!(windows) {
        say(
            "  MISSING  Linux or macOS: on Windows, work in WSL (https://learn.microsoft.com/windows/wsl)",
        )?;
    }
    if status.is_ready() {
        say("Everything that is needed is here, or gradus gets it when it is first needed.")
    } else {
        Err(vec![Error::new("something that is needed is missing; see above")])
    }
}
