//! Figures as the crate draws them: SVG with its data as JSON in `<metadata>`.

use std::fmt::Write as _;

use serde_json::Value;

/// The columns that a figure's series may have, in the table's order.
const COLUMNS: [&str; 7] = ["x", "y", "z", "low", "high", "u", "v"];

/// The figure's data as a table: panel, series, kind, and the columns that its series have.
///
/// A row is a point; of a grid of values (level sets, a heat map), one of its cells.
pub fn csv(data: &Value) -> String {
    let list = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).map(quoted).unwrap_or_default()
    };
    let panels = data.get("gradus-figure").map(|figure| list(figure, "panels")).unwrap_or_default();
    let has = |column: &&str| {
        panels.iter().flat_map(|p| list(p, "series")).any(|s| s.get(*column).is_some())
    };
    let columns: Vec<&str> = COLUMNS.into_iter().filter(has).collect();

    let mut table = format!("panel,series,kind,{}\n", columns.join(","));
    for (i, panel) in panels.iter().enumerate() {
        for series in list(panel, "series") {
            let head = format!("{},{},{}", i + 1, text(&series, "name"), text(&series, "kind"));
            let mut row = |values: &[Value]| {
                let values: Vec<String> = values.iter().map(cell).collect();
                let _ = writeln!(table, "{head},{}", values.join(","));
            };
            let all: Vec<Vec<Value>> = columns.iter().map(|column| list(&series, column)).collect();
            if list(&series, "z").first().is_some_and(Value::is_array) {
                let (x, y) = (list(&series, "x"), list(&series, "y"));
                for (y, values) in y.iter().zip(list(&series, "z")) {
                    for (x, z) in x.iter().zip(values.as_array().into_iter().flatten()) {
                        let value = |column: &&str| match *column {
                            "x" => x.clone(),
                            "y" => y.clone(),
                            "z" => z.clone(),
                            _ => Value::Null,
                        };
                        row(&columns.iter().map(value).collect::<Vec<_>>());
                    }
                }
            } else {
                for k in 0..all.iter().map(Vec::len).max().unwrap_or(0) {
                    let at = |values: &Vec<Value>| values.get(k).cloned().unwrap_or(Value::Null);
                    row(&all.iter().map(at).collect::<Vec<_>>());
                }
            }
        }
    }
    table
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
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
    lines
        .join("\n")
        .split_once("?>")
        .map_or_else(|| lines.join("\n"), |(_, svg)| svg.trim_start().to_owned())
}

/// How wide a narrow figure is, as a part of the 720 pixels that are usual: its text is then shown as
/// large as that of the others. `None` if the figure fills the page.
pub fn part(svg: &str) -> Option<f64> {
    const USUAL: f64 = 720.0;
    let tag = svg.split_once("<svg")?.1.split_once('>')?.0;
    let width: f64 = tag.split_once(" width=\"")?.1.split_once('"')?.0.parse().ok()?;
    (width > 0.0 && width < USUAL).then_some(width / USUAL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_has_a_row_a_point_and_a_row_a_cell_of_a_grid() {
        let data = json!({"gradus-figure": {"panels": [{"series": [
            {"kind": "line", "name": "a, b", "x": [0.0, 1.0], "y": [2.0, 4.5]},
            {"kind": "heat map", "name": "", "x": [0.0, 1.0], "y": [7.0], "z": [[1.0, null]]},
        ]}]}});
        let expected = "panel,series,kind,x,y,z\n\
                        1,\"a, b\",line,0.0,2.0,\n1,\"a, b\",line,1.0,4.5,\n\
                        1,,heat map,0.0,7.0,1.0\n1,,heat map,1.0,7.0,\n";
        assert_eq!(csv(&data), expected);
    }

    #[test]
    fn an_inlined_figure_has_neither_its_data_nor_blank_lines() {
        let svg = "<?xml version=\"1.0\"?>\n<svg>\n\n<metadata>{}</metadata>\n<path/>\n</svg>";
        assert_eq!(inline(svg), "<svg>\n<path/>\n</svg>");
    }

    #[test]
    fn a_narrow_figure_takes_its_part_of_the_page() {
        assert_eq!(
            part("<?xml?><svg id=\"a\" width=\"360\" height=\"9\"><path/></svg>"),
            Some(0.5)
        );
        assert_eq!(part("<svg width=\"720\"/>"), None);
        assert_eq!(part("<svg stroke-width=\"3\"/>"), None);
        assert_eq!(part("<svg width=\"50%\"/>"), None);
        assert_eq!(part("<svg><rect width=\"3\"/></svg>"), None);
    }
}
