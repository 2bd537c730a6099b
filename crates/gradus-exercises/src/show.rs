//! How somebody's code did, for people to read: as plain text and as HTML.

use std::fmt::Write as _;

use gradus_student::{Args, Ask, Value};

use crate::exercise::{Curve, Exercise, Judge, Native, Player, Run};
use crate::mark::{Group, Marked, Marks};
use crate::variant::Variant;

/// What was put in, what came back, what is wrong with it.
pub fn text(exercise: &Exercise, marks: &Marks) -> String {
    let mut out = headline(exercise, marks);
    if let Some(problem) = everywhere(marks) {
        let _ = write!(out, "\n  {problem}");
        return out;
    }
    for group in &marks.groups {
        let _ = write!(out, "\n  {}", group.name);
        for case in &group.cases {
            let sign = if case.problem.is_none() { "ok " } else { "no " };
            let _ = write!(out, "\n    {sign} {}", case.args);
            if let Some(problem) = &case.problem {
                if let Some(answer) = &case.answer {
                    let _ = write!(out, "\n        gives {answer}");
                }
                let _ = write!(out, "\n        {problem}");
            }
        }
    }
    if let Some(diagnosis) = &marks.diagnosis {
        let _ = write!(out, "\n  {diagnosis}");
    }
    out
}

/// What is wrong in the same way with every case, if no answer came back at all.
fn everywhere(marks: &Marks) -> Option<&str> {
    let mut cases = marks.groups.iter().flat_map(|group| &group.cases).peekable();
    let first = cases.peek()?.problem.as_deref()?;
    let same = |case: &Marked| case.answer.is_none() && case.problem.as_deref() == Some(first);
    cases.all(same).then_some(first)
}

/// `1 point`, `2 points`.
pub fn points(n: u32) -> String {
    format!("{n} {}", if n == 1 { "point" } else { "points" })
}

/// The points, and how answers are compared.
fn headline(exercise: &Exercise, marks: &Marks) -> String {
    let compared = match exercise.judge {
        Judge::Same(0.0) => " (numbers exactly)".to_owned(),
        Judge::Same(tolerance) => format!(" (numbers within a relative {tolerance:e})"),
        Judge::Dialogue(_) => String::new(),
    };
    format!("{}: {:.1} of {}{compared}", exercise.id, marks.points(), points(marks.of))
}

/// The same as a table, with a picture where the exercise has one.
pub fn html(exercise: &Exercise, marks: &Marks, picture: Option<&str>) -> String {
    let mut out = format!(
        "<div style=\"max-width:60em\"><p><b>{}</b></p>",
        escape(&headline(exercise, marks))
    );
    if let Some(problem) = everywhere(marks) {
        let _ = write!(out, "<p>{}</p></div>", escape(problem));
        return out;
    }
    if let Some(diagnosis) = &marks.diagnosis {
        let _ = write!(
            out,
            "<p style=\"border-left:4px solid #b35900;padding-left:.6em\">{}</p>",
            escape(diagnosis)
        );
    }
    out.push_str(picture.unwrap_or_default());
    out.push_str(
        "<table style=\"text-align:left\"><thead><tr><th></th><th>put in</th>\
         <th>your answer</th><th>what is wrong</th></tr></thead>",
    );
    for group in &marks.groups {
        rows(&mut out, group);
    }
    out.push_str("</table></div>");
    out
}

fn rows(out: &mut String, group: &Group) {
    let left = "style=\"text-align:left;vertical-align:top\"";
    let _ = write!(
        out,
        "<tbody><tr><th colspan=\"4\" scope=\"rowgroup\" {left}>{} {}</th></tr>",
        if group.passed() { "✓" } else { "✗" },
        escape(group.name)
    );
    for case in &group.cases {
        let answer = case.answer.as_ref().map(ToString::to_string).unwrap_or_default();
        let cells = [
            if case.problem.is_none() { "✓" } else { "✗" },
            &case.args.to_string(),
            &answer,
            case.problem.as_deref().unwrap_or_default(),
        ];
        out.push_str("<tr>");
        for cell in cells {
            let _ = write!(out, "<td {left}>{}</td>", escape(cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
}

/// Text that can stand in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The answers over the curve's argument; none where there is no number.
fn values(run: &mut dyn Player, args: &Args, curve: Curve) -> Vec<(usize, f64)> {
    let mut nobody = |_: Value| Value::Nothing;
    let mut at = |t: usize| {
        let replace = |(name, value): &(String, Value)| {
            let value = if name == curve.argument { Value::Index(t) } else { value.clone() };
            (name.clone(), value)
        };
        let args = Args(args.0.iter().map(replace).collect());
        let answer = run.play(&args, &mut Ask(&mut nobody)).ok()?.number()?;
        answer.is_finite().then_some((t, answer))
    };
    (curve.from..curve.to).filter_map(&mut at).collect()
}

/// Width and height of a picture, and the room around the curves.
const SIZE: [f64; 3] = [460.0, 190.0, 46.0];

/// The curve of somebody's answers over the right one, as SVG; none if the exercise has no curve.
pub fn picture(exercise: &Exercise, variant: &Variant, run: &mut dyn Player) -> Option<String> {
    let curve = exercise.curve?;
    variant.during(|| {
        let first = (exercise.cases)(&mut crate::draw::Draw::new(exercise.id, crate::SEED));
        let args = &first.first()?.args;
        let right = values(&mut Native(exercise.solution as Run), args, curve);
        let mine = values(run, args, curve);
        let all = || right.iter().chain(&mine).map(|(_, y)| *y);
        let low = all().fold(f64::INFINITY, f64::min);
        let high = all().fold(f64::NEG_INFINITY, f64::max);
        let [width, height, room] = SIZE;
        let spread = if high > low { high - low } else { 1.0 };
        let length = (curve.to - curve.from).saturating_sub(1).max(1) as f64;
        let place = |&(t, y): &(usize, f64)| {
            let x = room + (t - curve.from) as f64 / length * (width - 2.0 * room);
            let y = height - room - (y - low) / spread * (height - 2.0 * room);
            format!("{x:.1},{y:.1}")
        };
        let line = |points: &[(usize, f64)], style: &str| {
            let places: Vec<String> = points.iter().map(place).collect();
            format!("<polyline fill=\"none\" points=\"{}\" {style}/>", places.join(" "))
        };
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"Your answers and \
             the right ones over {0}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-size=\"12\" fill=\"currentColor\">",
            curve.argument
        );
        out.push_str(&line(
            &right,
            "stroke=\"currentColor\" stroke-opacity=\".35\" stroke-width=\"6\"",
        ));
        out.push_str(&line(&mine, "stroke=\"#b35900\" stroke-width=\"2\""));
        let bottom = height - room + 16.0;
        let mut label = |x: f64, y: f64, anchor: &str, text: &str| {
            let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");
        };
        label(room - 6.0, room + 4.0, "end", &format!("{high:.3}"));
        label(room - 6.0, height - room + 4.0, "end", &format!("{low:.3}"));
        label(room, bottom, "middle", &curve.from.to_string());
        label(width - room, bottom, "middle", &(curve.to - 1).to_string());
        label(width / 2.0, bottom, "middle", curve.argument);
        label(width / 2.0, 18.0, "middle", "thin: your answers; thick and grey: the right ones");
        out.push_str("</svg>");
        Some(out)
    })
}
