//! The tables of the cheat sheet are those that the crate's rules and schedules give.

use gradus::prelude::*;
use gradus::{optim, schedule};

/// `–` where there is nothing to say.
fn or_dash(text: &str) -> String {
    if text.is_empty() { "–".into() } else { format!("`{text}`") }
}

fn rules() -> String {
    let mut table = String::from(
        "| rule | update | state | defaults | source | PyTorch | optax |\n|---|---|---|---|---|---|---|\n",
    );
    for entry in optim::catalogue() {
        let state: Vec<String> = entry.state.iter().map(|vector| format!("${vector}$")).collect();
        let state = if state.is_empty() { "–".into() } else { state.join(", ") };
        // A line ends between two assignments and between two defaults, and nowhere within them.
        let update: Vec<String> =
            entry.equation.split(r", \quad ").map(|part| format!("${{{part}}}$")).collect();
        let together = |text: String| text.replace(' ', "\u{a0}").replace('-', "-\u{2060}");
        let defaults: Vec<String> = entry
            .defaults
            .iter()
            .map(|(name, value)| together(format!("{name} {value}")))
            .collect();
        table.push_str(&format!(
            "| {} | {} | {state} | {} | {} | {} | {} |\n",
            entry.rule.name(),
            update.join(", "),
            defaults.join(", "),
            entry.source,
            or_dash(entry.pytorch),
            or_dash(entry.optax),
        ));
    }
    table
}

/// A row: schedule, equation, example, rates at 0, 50 and 100, source, Keras, PyTorch, optax.
fn row(
    [name, equation, example]: [&str; 3],
    rates: [f64; 3],
    source: &str,
    names: [&str; 3],
) -> String {
    let rates = rates.map(|rate| {
        if rate != 0.0 && rate < 1e-3 { format!("{rate:.1e}") } else { format!("{rate:.3}") }
    });
    let (rates, names) = (rates.join(", "), names.map(or_dash).join(" | "));
    format!("| {name} | ${equation}$ | {example} | {rates} | {source} | {names} |\n")
}

fn schedules() -> String {
    let mut table = String::from(
        "| schedule | rate of step $t$ | example | at 0, 50, 100 | source | Keras | PyTorch | optax |\n|---|---|---|---|---|---|---|---|\n",
    );
    for entry in schedule::catalogue().unwrap() {
        let what = [entry.name, entry.equation, &format!("`{}`", entry.call)];
        let rates = [0, 50, 100].map(|t| entry.schedule.at(t));
        table.push_str(&row(what, rates, entry.source, [entry.keras, entry.pytorch, entry.optax]));
    }
    // Two that are no `Schedule`: any function of the step, and a rule that looks at the loss.
    let root = [
        "inverse square root with warm-up",
        r"\eta \min\bigl(t/n, \sqrt{n/t}\bigr)",
        "any function of $t$; $n=20$",
    ];
    let rates = [0.0, 50.0, 100.0].map(|t: f64| 0.1 * (t / 20.0).min((20.0 / t).sqrt()));
    table.push_str(&row(root, rates, "Vaswani and others 2017", ["", "LambdaLR", ""]));
    let plateau = [
        "on plateau",
        r"\eta \leftarrow \gamma \eta \text{ if the loss no longer falls}",
        "`ReduceOnPlateau::new(0.1)`, on a constant loss",
    ];
    let mut rule = ReduceOnPlateau::new(0.1).unwrap();
    let seen: Vec<f64> = (0..=100).map(|_| rule.observe(1.0)).collect();
    let names = ["callbacks.ReduceLROnPlateau", "ReduceLROnPlateau", "contrib.reduce_on_plateau"];
    table.push_str(&row(plateau, [0, 50, 100].map(|t| seen[t]), "folklore", names));
    table
}

#[test]
fn the_tables_of_the_cheat_sheet_are_those_of_the_crate() {
    let path = "book/src/b-cheat-sheet.md";
    let page = std::fs::read_to_string(path).unwrap();
    for (name, table) in [("rules", rules()), ("schedules", schedules())] {
        assert!(
            page.contains(&table),
            "the table of {name} in book/src/b-cheat-sheet.md is not what the crate gives; it should be:\n\n{table}"
        );
    }
}
