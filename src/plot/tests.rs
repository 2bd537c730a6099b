//! The whole way from data to SVG, and what is refused.

use ndarray::{Array1, Array2, ArrayView1, array};
use serde_json::Value;

use crate::Error;
use crate::plot::{Figure, Panel};

fn bowl(w: ArrayView1<f64>) -> (f64, Array1<f64>) {
    (w[0] * w[0] + 4.0 * w[1] * w[1], array![2.0 * w[0], 8.0 * w[1]])
}

fn draw(panel: Panel) -> Result<String, Error> {
    Figure::new("title", "description").panel(panel).to_svg()
}

/// The JSON that an SVG carries.
fn data(svg: &str) -> Value {
    let (_, rest) = svg.split_once("<metadata>").unwrap();
    let (json, _) = rest.split_once("</metadata>").unwrap();
    serde_json::from_str(json).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// The points of every path with this stroke, one list for each piece.
fn strokes(svg: &str, stroke: &str) -> Vec<Vec<(f64, f64)>> {
    let wanted = format!("<path stroke=\"{stroke}\"");
    let mut out = Vec::new();
    for line in svg.lines().filter(|line| line.starts_with(&wanted)) {
        let (_, rest) = line.split_once(" d=\"").unwrap();
        let path = rest.split('"').next().unwrap();
        // Circles are marks, not lines.
        out.extend(path.split('M').skip(1).filter(|piece| !piece.contains('a')).map(points));
    }
    out
}

/// Reads path data: `x y` and then steps `l`, `h` and `v`.
fn points(piece: &str) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    let mut rest = piece;
    let mut command = 'M';
    loop {
        let end = rest.find(['l', 'h', 'v']).unwrap_or(rest.len());
        let args: Vec<f64> =
            rest[..end].replace('-', " -").split_whitespace().map(|n| n.parse().unwrap()).collect();
        let (x, y) = out.last().copied().unwrap_or((0.0, 0.0));
        out.push(match command {
            'M' => (args[0], args[1]),
            'l' => (x + args[0], y + args[1]),
            'h' => (x + args[0], y),
            _ => (x, y + args[0]),
        });
        if end == rest.len() {
            return out;
        }
        command = rest[end..].chars().next().unwrap();
        rest = &rest[end + 1..];
    }
}

/// The straight map from data to places that takes two given values to two given places.
fn map(from: [f64; 2], to: [f64; 2]) -> impl Fn(f64) -> f64 {
    move |v| to[0] + (v - from[0]) / (from[1] - from[0]) * (to[1] - to[0])
}

#[test]
fn drawn_points_are_the_data() {
    // A zigzag: every point is a corner, so none may be left out.
    let y: Vec<f64> = (0..40).map(|k| f64::from(k % 2) + 0.013 * f64::from(k * k % 7)).collect();
    let svg = draw(Panel::new("k", "y").line("Adam", &y)).unwrap();
    let series = &data(&svg)["gradus-figure"]["panels"][0]["series"][0];
    let (x, carried) = (numbers(&series["x"]), numbers(&series["y"]));
    assert_eq!(carried, y);
    assert_eq!(x, (0..40).map(f64::from).collect::<Vec<_>>());

    let drawn = &strokes(&svg, "#c4709f")[0];
    assert_eq!(drawn.len(), y.len());
    let lowest = (0..y.len()).min_by(|a, b| y[*a].total_cmp(&y[*b])).unwrap();
    let highest = (0..y.len()).max_by(|a, b| y[*a].total_cmp(&y[*b])).unwrap();
    let across = map([x[0], x[39]], [drawn[0].0, drawn[39].0]);
    let up = map([y[lowest], y[highest]], [drawn[lowest].1, drawn[highest].1]);
    for (k, (u, v)) in drawn.iter().enumerate() {
        // Both the point and the two that fix the map are rounded to whole tenths of a pixel.
        assert!((u - across(x[k])).abs() <= 1.5, "x of point {k}");
        assert!((v - up(y[k])).abs() <= 1.5, "y of point {k}");
    }
}

#[test]
fn a_logarithmic_axis_is_straight_in_the_logarithm() {
    let y: Vec<f64> = (0..30).map(|k| 10f64.powf(-f64::from(k) / 3.0 - f64::from(k % 2))).collect();
    let svg = draw(Panel::new("k", "y").log_y().line("Adam", &y)).unwrap();
    let drawn = &strokes(&svg, "#c4709f")[0];
    assert_eq!(drawn.len(), y.len());
    let up = map([y[0].log10(), y[29].log10()], [drawn[0].1, drawn[29].1]);
    for (v, (_, place)) in y.iter().zip(drawn) {
        assert!((place - up(v.log10())).abs() <= 1.5);
    }
}

#[test]
fn parameter_space_has_equal_aspect() {
    let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    let panel = Panel::new("w₀", "w₁").level_sets(&bowl, -3.0..3.0, -1.0..2.0);
    let svg = draw(panel.path("Adam", square).minimum(0.0, 0.0)).unwrap();
    let paths = strokes(&svg, "#c4709f");
    let drawn = paths.iter().find(|path| path.len() == 4).unwrap();
    assert!((drawn[1].0 - drawn[0].0 - (drawn[1].1 - drawn[2].1)).abs() <= 2.0);
}

#[test]
fn a_level_set_lies_where_the_function_has_that_level() {
    let panel = Panel::new("w₀", "w₁").level_sets(&bowl, -3.0..3.0, -2.0..2.0).levels([4.0]);
    let corners = [[-3.0, -2.0], [3.0, 2.0]];
    let svg = draw(panel.path("Adam", corners)).unwrap();
    // The legend's sample comes first.
    let diagonal = &strokes(&svg, "#c4709f")[1];
    let across = map([diagonal[0].0, diagonal[1].0], [-3.0, 3.0]);
    let up = map([diagonal[0].1, diagonal[1].1], [-2.0, 2.0]);
    let ring = strokes(&svg, "currentColor").into_iter().find(|line| line.len() > 20).unwrap();
    for (u, v) in ring {
        let (f, g) = bowl(array![across(u), up(v)].view());
        // A whole tenth of a pixel, and 0.7 by which a line may be simplified, along the gradient.
        let unit = across(1.0) - across(0.0);
        assert!((f - 4.0).abs() < 1.7 * unit * (g[0].abs() + g[1].abs()));
    }
}

#[test]
fn a_path_that_leaves_the_panel_is_cut_off_and_kept_in_the_data() {
    let panel = Panel::new("w₀", "w₁").level_sets(&bowl, -1.0..1.0, -1.0..1.0);
    let far = [[0.0, 0.0], [1e9, 1e9], [0.5, 0.0]];
    let svg = draw(panel.path("Adam", far)).unwrap();
    let [_, _, width, height] = view_box(&svg);
    for (u, v) in strokes(&svg, "#c4709f").into_iter().flatten() {
        assert!((0.0..=width).contains(&u) && (0.0..=height).contains(&v));
    }
    let series = &data(&svg)["gradus-figure"]["panels"][0]["series"][1];
    assert_eq!(numbers(&series["x"]), [0.0, 1e9, 0.5]);
}

fn view_box(svg: &str) -> [f64; 4] {
    let (_, rest) = svg.split_once("viewBox=\"").unwrap();
    let numbers: Vec<f64> =
        rest.split('"').next().unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// One panel of every kind.
fn all_kinds() -> Vec<Panel> {
    let z = array![[1.0, 2.0], [f64::NAN, 4.0]];
    let panel = || Panel::new("x", "y");
    vec![
        panel().line("a", [1.0, 2.0]).points("b", [0.5], [1.5]).band("c", [0, 1], [1, 1], [2, 3]),
        panel().function("sin", 0.0..3.0, f64::sin).horizontal("h", 0.5).vertical("v", 1.0),
        panel().log_x().log_y().function("1/x", 1.0..100.0, |x| 1.0 / x).note("here", 10.0, 0.1),
        panel()
            .level_sets(&bowl, -2.0..2.0, -1.0..1.0)
            .path("Adam", [(0.5, 0.5)])
            .minimum(0.0, 0.0),
        panel().surface("f", &bowl, -2.0..2.0, -1.0..1.0).path("Adam", [(0.5, 0.5), (0.0, 0.0)]),
        panel().heat_map("z", 0.0..1.0, 0.0..1.0, |x, y| x * y).levels([0.5]),
        panel().heat_grid("z", [1, 2], [1, 2], z.view()),
        panel()
            .regions(["in", "out"], -1.0..1.0, -1.0..1.0, |x, y| usize::from(x * x + y * y > 1.0)),
        panel().histogram("h", [1.0, 2.0, 2.5, 4.0], 3),
        panel().vectors("g", [0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]),
        panel().image("i", array![[0.0, 1.0], [1.0, 0.0]].view()),
    ]
}

#[test]
fn every_kind_carries_its_data_and_makes_a_sound_document() {
    let svg = Figure::new("T < & \"", "D\n\nD").panels(all_kinds()).to_svg().unwrap();
    assert!(!svg.contains("\n\n"), "a blank line would end the HTML block of a Markdown page");
    assert!(!svg.contains("NaN") && !svg.contains("inf\""));
    assert!(svg.contains("<title id=\"") && svg.contains("T &lt; &amp; &quot;</title>"));
    assert!(svg.contains("<desc id=\"") && svg.contains("role=\"img\""));
    let opened = svg.matches("<text").count();
    assert_eq!(opened, svg.matches("</text>").count());
    let figure = &data(&svg)["gradus-figure"];
    assert_eq!(figure["title"], "T < & \"");
    let kinds: Vec<&str> = figure["panels"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|panel| panel["series"].as_array().unwrap())
        .map(|series| series["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "line",
            "points",
            "band",
            "line",
            "horizontal",
            "vertical",
            "line",
            "note",
            "level sets",
            "path",
            "minimum",
            "surface",
            "path",
            "heat map",
            "heat map",
            "regions",
            "histogram",
            "vectors",
            "image"
        ]
    );
    assert_eq!(figure["panels"][6]["series"][0]["z"][1][0], Value::Null);
    assert_eq!(figure["panels"][2]["x_scale"], "log");
}

#[test]
fn the_same_input_gives_the_same_bytes_and_other_input_other_ids() {
    let figure = |title: &str| Figure::new(title, "d").panels(all_kinds()).to_svg().unwrap();
    assert_eq!(figure("a"), figure("a"));
    let id = |svg: &str| svg.split("<title id=\"").nth(1).unwrap()[..17].to_string();
    assert_ne!(id(&figure("a")), id(&figure("b")));
}

#[test]
fn doubles_come_back_exactly() {
    let y = [0.1 + 0.2, 1e-300, f64::MAX / 4.0, -1.0 / 3.0];
    let svg = draw(Panel::new("k", "y").line("a", y)).unwrap();
    let carried = numbers(&data(&svg)["gradus-figure"]["panels"][0]["series"][0]["y"]);
    assert_eq!(carried, y);
}

#[track_caller]
fn refused(panel: Panel, argument: &str, words: &str) {
    let error = draw(panel).unwrap_err().to_string();
    assert!(error.starts_with(&format!("`{argument}`")), "{error}");
    assert!(error.contains(words), "{error}");
}

#[test]
fn bad_data_are_refused_by_name() {
    let panel = || Panel::new("x", "y");
    let none: [f64; 0] = [];
    refused(panel(), "panel", "empty");
    refused(panel().line("a", none), "x", "empty in series `a`");
    refused(panel().line("a", [1.0, f64::NAN]), "y", "NaN at index 1 of series `a`");
    refused(panel().line("a", [f64::INFINITY]), "y", "inf at index 0");
    refused(panel().log_y().line("a", [1.0, 0.0]), "y", "0 at index 1 of series `a`");
    refused(panel().log_x().curve("a", [-1.0], [1.0]), "x", "-1 at index 0");
    refused(panel().log_y().horizontal("a", 0.0), "y", "0 at index 0");
    refused(panel().curve("a", [1.0, 2.0], [1.0]), "y", "[1], expected [2]");
    refused(panel().band("a", [1.0], [1.0], [1.0, 2.0]), "high", "[2], expected [1]");
    refused(panel().path("a", [array![1.0, 2.0, 3.0]]), "points", "[3], expected [2]");
    refused(panel().line("a", [1.0]).x_range(2.0..1.0), "x_range", "2..1");
    refused(panel().line("a", [1.0]).log_y().y_range(0.0..1.0), "y_range", "0");
    refused(panel().function("a", 0.0..f64::NAN, f64::sin), "range", "0..NaN");
    refused(panel().level_sets(&bowl, 1.0..1.0, 0.0..1.0), "x_range", "1..1");
    refused(panel().heat_map("z", 0.0..1.0, 0.0..1.0, |_, _| f64::NAN), "z", "everywhere");
    refused(panel().log_x().heat_map("z", 0.0..1.0, 0.0..1.0, |x, _| x), "x_range", "0");
    let z = Array2::zeros((2, 3));
    refused(panel().heat_grid("z", [1, 2], [1, 2], z.view()), "z", "[2, 3], expected [2, 2]");
    refused(panel().heat_grid("z", [1, 2, 2], [1, 2], z.view()), "x", "increasing");
    refused(panel().levels([1.0]), "levels", "before");
    refused(panel().line("a", [1.0]).styled("nonesuch"), "rule", "nonesuch");
    refused(panel().line("a", [-f64::MAX, f64::MAX]), "y", "range");
    refused(
        panel().heat_map("z", 0.0..1.0, 0.0..1.0, |x, _| (x - 0.5) * f64::MAX * 2.0),
        "z",
        "from",
    );
    refused(panel().markers(), "markers", "before");
    refused(panel().histogram("h", [1.0, f64::NAN], 3), "values", "NaN");
    refused(panel().histogram("h", [1.0], 0), "bins", "0");
    refused(panel().image("i", Array2::zeros((0, 3)).view()), "y", "[]");
}

#[test]
fn a_figure_needs_words_and_panels() {
    let panel = || Panel::new("x", "y").line("a", [1.0, 2.0]);
    let message = |figure: Figure| figure.to_svg().unwrap_err().to_string();
    assert!(message(Figure::new(" ", "d").panel(panel())).starts_with("`title`"));
    assert!(message(Figure::new("t", "").panel(panel())).starts_with("`description`"));
    assert!(message(Figure::new("t", "d")).starts_with("`panels`"));
    assert!(message(Figure::new("t", "d").panel(panel()).columns(0)).starts_with("`columns`"));
    assert!(message(Figure::new("t", "d").panel(panel()).width(f64::NAN)).starts_with("`width`"));
    assert!(message(Figure::new("t", "d").panel(panel()).height(-1.0)).starts_with("`height`"));
}

#[test]
fn extreme_but_finite_data_are_drawn() {
    let panel = || Panel::new("x", "y");
    for panel in [
        panel().line("a", [1.0]),
        panel().line("a", [5.0, 5.0]),
        panel().line("a", [0.0, 0.0]),
        panel().line("a", [1e-320, 1e-310]),
        panel().line("a", [1.0, 1.0 + f64::EPSILON]),
        panel().line("a", [-1e307, 1e307]),
        panel().log_y().line("a", [1e-300, 1e300]),
        panel().log_y().line("a", [f64::MIN_POSITIVE, f64::MAX]),
        panel().curve("a", [1e12, 1e12 + 1.0], [0.0, 1.0]),
        panel().heat_map("z", 0.0..1.0, 0.0..1.0, |_, _| 3.0),
        panel().level_sets(&|w: ArrayView1<f64>| (0.0, w.to_owned()), 0.0..1.0, 0.0..1.0),
        panel().surface("z", &|w: ArrayView1<f64>| (1.0, w.to_owned()), 0.0..1.0, 0.0..1.0),
        panel().image("i", array![[1.0]].view()),
        panel().vectors("v", [0.0], [0.0], [0.0], [0.0]),
    ] {
        let svg = draw(panel.clone()).unwrap_or_else(|e| panic!("{e}: {panel:?}"));
        assert!(!svg.contains("NaN"), "{panel:?}");
    }
}

#[test]
fn a_failing_figure_leaves_the_file_as_it_was() {
    let path = std::env::temp_dir().join(format!("gradus-figure-{}.svg", std::process::id()));
    let figure = |y: f64| Figure::new("t", "d").panel(Panel::new("x", "y").line("a", [1.0, y]));
    figure(2.0).save(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(figure(f64::NAN).save(&path).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::remove_file(&path).unwrap();
    assert!(figure(2.0).save("/nonexistent/folder/figure.svg").is_err());
}

#[test]
fn long_names_go_to_a_legend_and_lines_of_one_rule_get_marks() {
    let y = || (0..50).map(f64::from);
    let long = "a name that is far too long to stand beside the axes of a panel";
    let svg = draw(Panel::new("x", "y").line(long, y())).unwrap();
    let [_, _, width, _] = view_box(&svg);
    let line = svg.lines().find(|line| line.starts_with("<text") && line.contains(long)).unwrap();
    let x: f64 = line.split("x=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert!(x < 0.2 * width, "a legend begins at the left");

    let twice =
        Panel::new("x", "y").line("momentum 0.5", y()).line("momentum 0.9", y().map(|v| v / 2.0));
    let svg = draw(twice).unwrap();
    let marks = svg.lines().filter(|line| line.starts_with("<path fill=\"#0072b2\"")).count();
    assert!(marks >= 1);
}
