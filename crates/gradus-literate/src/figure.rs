//! Figures as the crate draws them: SVG with its data as JSON in `<metadata>`.

use std::fmt::Write as _;

use serde_json::Value;

/// The figure's data as a table, one row a number: panel, series, and the columns x, y, z.
///
/// A grid of values (a heat map) gives a row for each of its cells.
pub fn csv(data: &Value) -> String {
    let mut table = String::from("panel,series,x,y,z\n");
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    for (i, panel) in list(data, "panels").iter().enumerate() {
        for series in list(panel, "series") {
            let name = series.get("name").and_then(Value::as_str).unwrap_or_default();
            let (x, y, z) = (list(&series, "x"), list(&series, "y"), list(&series, "z"));
            let mut row = |x: &Value, y: &Value, z: &Value| {
                let _ = writeln!(table, "{},{},{},{},{}", i + 1, quoted(name), cell(x), cell(y), cell(z));
            };
            let is_grid = z.first().is_some_and(Value::is_array);
            if is_grid {
                for (y, values) in y.iter().zip(&z) {
                    for (x, value) in x.iter().zip(values.as_array().into_iter().flatten()) {
                        row(x, y, value);
                    }
                }
            } else {
                for k in 0..x.len().max(y.len()) {
                    let at = |values: &[Value]| values.get(k).cloned().unwrap_or(Value::Null);
                    row(&at(&x), &at(&y), &at(&z));
                }
            }
        }
    }
    table
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// The SVG for a page: without its data, which the page offers as CSV, and without blank lines,
/// which would end the block of HTML.
pub fn inline(svg: &str) -> String {
    let without = match (svg.find("<metadata"), svg.find("</metadata>")) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", &svg[..start], &svg[end + "</metadata>".len()..])
        }
        _ => svg.to_owned(),
    };
    let lines: Vec<&str> = without.lines().filter(|line| !line.trim().is_empty()).collect();
    // The XML declaration has no place inside a page.
    lines.join("\n").split_once("?>").map_or_else(|| lines.join("\n"), |(_, svg)| svg.trim_start().to_owned())
}
