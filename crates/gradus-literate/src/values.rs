//! Named values: what a cell prints as `name = value`, for prose to take up.

use std::collections::BTreeMap;

use nbformat::v4::Output;

use crate::chapter::Chapter;
use crate::prose::{Values, is_value_name};

/// The values that the chapter's code cells printed, from their outputs in order.
pub fn of_chapter(chapter: &Chapter, outputs: &[Vec<Output>]) -> Values {
    chapter
        .code_cells()
        .zip(outputs)
        .map(|((cell, _), outputs)| (cell.id.clone(), of(outputs)))
        .collect()
}

fn of(outputs: &[Output]) -> BTreeMap<String, String> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Stream { name, text } if name == "stdout" => Some(text.0.as_str()),
            _ => None,
        })
        .flat_map(str::lines)
        .filter_map(|line| {
            let (name, value) = line.split_once(" = ")?;
            (is_value_name(name) && !value.trim().is_empty())
                .then(|| (name.to_owned(), value.trim().to_owned()))
        })
        .collect()
}
