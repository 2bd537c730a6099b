//! The tables of the cheat sheet are those that the crate's rules and schedules give.

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
        let defaults: Vec<String> =
            entry.defaults.iter().map(|(name, value)| format!("{name} {value}")).collect();
        table.push_str(&format!(
            "| {} | ${}$ | {state} | {} | {} | {} | {} |\n",
            entry.rule.name(),
            entry.equation,
            defaults.join(", "),
            entry.source,
            or_dash(entry.pytorch),
            or_dash(entry.optax),
        ));
    }
    table
}

fn schedules() -> String {
    let mut table = String::from(
        "| schedule | rate of step $t$ | example | at 0, 50, 100 | Keras | PyTorch |\n|---|---|---|---|---|---|\n",
    );
    for entry in schedule::catalogue().unwrap() {
        let rates = [0, 50, 100].map(|t| {
            let rate = entry.schedule.at(t);
            if rate != 0.0 && rate < 1e-3 { format!("{rate:.1e}") } else { format!("{rate:.3}") }
        });
        table.push_str(&format!(
            "| {} | ${}$ | `{}` | {} | {} | {} |\n",
            entry.name,
            entry.equation,
            entry.call,
            rates.join(", "),
            or_dash(entry.keras),
            or_dash(entry.pytorch),
        ));
    }
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
