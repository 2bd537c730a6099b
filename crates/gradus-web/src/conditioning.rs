//! The heavy ball on an ellipse: what condition number, rate and momentum do together.

use std::f64::consts::TAU;
use std::rc::Rc;

use gradus::curvature::{momentum_rate, optimal_momentum, optimal_step, spectrum};
use gradus::ndarray::{Array2, array};
use gradus::optim::Momentum;
use gradus::plot::{Figure, Panel};
use gradus::problems::{Problem, ellipse};
use gradus::{Objective, Result};

use crate::action::set_near;
use crate::layer::{Handle, Scenery, Stage, View, above, plain, stage};
use crate::number::{point, short};
use crate::walk::{Walk, walk};
use crate::{Explorer, Knob, Picture, Scale, Settings};

/// The explorer.
pub(crate) struct Conditioning;

/// The largest momentum on the map, and the samples along its sides.
const MOST: f64 = 0.99;
const SAMPLES: usize = 45;

fn problem(settings: &Settings) -> Result<Problem> {
    ellipse(settings.number("kappa"), settings.number("angle").to_radians())
}

fn way(settings: &Settings) -> Result<Walk> {
    let mut rule = Momentum::new(settings.number("rate"), settings.number("momentum"));
    let start = [settings.number("x"), settings.number("y")];
    walk(&problem(settings)?, start, &mut rule, None, settings.count("steps"), (0.0, 1))
}

/// The factor by which the error shrinks at each step in the long run, and the worse of the two curvatures.
fn rate(eta: f64, rho: f64, kappa: f64) -> (f64, f64) {
    let (flat, steep) = (momentum_rate(eta, rho, 1.0), momentum_rate(eta, rho, kappa));
    if steep > flat { (steep, kappa) } else { (flat, 1.0) }
}

impl Explorer for Conditioning {
    fn name(&self) -> &'static str {
        "conditioning"
    }

    fn title(&self) -> &'static str {
        "Conditioning"
    }

    fn first(&self) -> &'static str {
        "Drag the point on the map to the right: the path zigzags, then flies off. Then drag it up, and \
         find the place where both curves fall as fast as they can."
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            ("The best rate without momentum", "kappa=30"),
            ("Too large a rate", "kappa=30&rate=0.067"),
            ("The best pair", "kappa=30&rate=0.0945&momentum=0.485"),
        ]
    }

    fn knobs(&self, settings: &Settings) -> Vec<Knob> {
        let kappa = settings.number("kappa").max(1.0);
        let best = optimal_step(1.0, kappa).unwrap_or(0.1);
        let start = problem(settings).map_or([1.0, 0.1], |p| [p.start[0], p.start[1]]);
        let (bowl, rule) = ("The bowl", "The rule");
        vec![
            Knob::number("kappa", "condition number κ", bowl, (1.0, 1000.0, Scale::Log), 30.0),
            Knob::number(
                "angle",
                "angle of the flat axis, in degrees",
                bowl,
                (0.0, 180.0, Scale::Whole),
                30.0,
            ),
            Knob::number("x", "start w₀", bowl, (-1.2, 1.2, Scale::Linear), start[0]),
            Knob::number("y", "start w₁", bowl, (-1.2, 1.2, Scale::Linear), start[1]),
            Knob::number("rate", "rate η", rule, (0.0, 4.0 / kappa, Scale::Linear), best),
            Knob::number("momentum", "momentum ρ", rule, (0.0, MOST, Scale::Linear), 0.0),
            Knob::number("steps", "steps", rule, (5.0, 300.0, Scale::Whole), 60.0),
            Knob::number(
                "step",
                "step",
                rule,
                (0.0, 300.0, Scale::Whole),
                settings.number("steps"),
            ),
        ]
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        let walk = way(settings)?;
        Ok([walk.points.concat(), walk.values].concat())
    }

    fn changed(&self, key: &str, settings: &mut Settings) {
        match key {
            "kappa" => settings.forget(|key| key == "rate"),
            "steps" => settings.forget(|key| key == "step"),
            _ => {}
        }
    }

    fn tap(&self, view: &str, x: f64, y: f64, settings: &mut Settings) {
        let keys = if view == "map" { ["rate", "momentum"] } else { ["x", "y"] };
        set_near(self, settings, keys[0], x);
        set_near(self, settings, keys[1], y);
    }

    fn drag(&self, handle: &str, x: f64, y: f64, settings: &mut Settings) {
        self.tap(if handle == "start" { "plane" } else { "map" }, x, y, settings);
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let problem = problem(settings)?;
        let walk = way(settings)?;
        let step = settings.count("step").min(settings.count("steps"));
        let views = vec![
            plane(&problem, &walk, step, settings)?,
            map(settings)?,
            errors(&problem, &walk, step, settings)?,
        ];
        Ok(Picture {
            views,
            words: words(&walk, step, settings),
            last: Some(settings.count("steps")),
        })
    }
}

fn handle(key: &str, label: &str, at: (f64, f64)) -> Handle {
    Handle { key: key.into(), label: label.into(), at, sort: 0, removable: false }
}

/// The level sets: ellipses, whose half-axes are known. `Panel::level_sets` finds those of any function, but
/// not within a frame, and here they turn with two of the sliders.
fn ellipses(panel: Panel, settings: &Settings) -> Panel {
    let kappa = settings.number("kappa");
    let (sin, cos) = settings.number("angle").to_radians().sin_cos();
    let ring = |radius: f64| -> (Vec<f64>, Vec<f64>) {
        let place = |k: i32| {
            let (s, c) = (TAU * f64::from(k) / 96.0).sin_cos();
            let (flat, steep) = (radius * c, radius * s / kappa.sqrt());
            (flat * cos - steep * sin, flat * sin + steep * cos)
        };
        (0..=96).map(place).unzip()
    };
    // Evenly spaced along the flat axis, as level sets of a bowl are drawn.
    let rings = (1..=12).map(|k| ring(0.2 * f64::from(k)));
    rings.fold(panel.equal().legend(), |panel, (x, y)| panel.curve("level sets", x, y))
}

fn plane(problem: &Problem, walk: &Walk, step: usize, settings: &Settings) -> Result<View> {
    let (kappa, angle) = (settings.text("kappa"), settings.text("angle"));
    let name = format!("ellipse {kappa} {angle}");
    let stage = stage(&name.clone(), || {
        let (x, y) = (problem.domain[0], problem.domain[1]);
        let panel = || Panel::new("w₀", "w₁");
        Ok(Scenery {
            key: name,
            title: "The bowl from above",
            description: "Level sets of a quadratic bowl; the words below the figure tell the path on it.",
            back: ellipses(panel().x_range(x).y_range(y), settings).minimum(0.0, 0.0),
            bare: ellipses(panel().x_range(x).y_range(y), settings).minimum(0.0, 0.0),
            x,
            y,
            log: [false; 2],
            width: 420.0,
        })
    })?;
    let seen = &walk.points[..walk.points.len().min(step + 1)];
    Ok(View {
        name: "plane",
        label: "From above".into(),
        layers: stage.with(|panel| panel.path("", seen).styled("momentum"))?,
        axes: Some(stage.axes),
        handles: vec![handle("start", "Start", (settings.number("x"), settings.number("y")))],
        wide: false,
    })
}

/// The convergence rate of every pair of rate and momentum.
fn rates(kappa: f64) -> Result<Rc<Stage>> {
    let name = format!("rates {kappa}");
    stage(&name.clone(), || {
        let (x, y) = ((0.0, 4.0 / kappa), (0.0, MOST));
        let panel = || Panel::new("rate η", "momentum ρ").x_range(x).y_range(y);
        let colours = "factor a step (blank: diverges)";
        let axis = |(low, high): (f64, f64)| -> Vec<f64> {
            (0..SAMPLES).map(|k| low + (high - low) * (k as f64 + 0.5) / SAMPLES as f64).collect()
        };
        let (etas, rhos) = (axis(x), axis(y));
        let map = Array2::from_shape_fn((SAMPLES, SAMPLES), |(j, i)| {
            let r = rate(etas[i], rhos[j], kappa).0;
            if r < 1.0 { r } else { f64::NAN }
        });
        let seen = || map.iter().copied().filter(|r| r.is_finite());
        let (low, high) = (seen().fold(1.0, f64::min), seen().fold(0.0, f64::max));
        let back = panel().heat_grid(colours, etas, rhos, map.view());
        // Four samples stand for the map: the same colour bar, and quickly drawn.
        let ends = array![[low, high], [low, high]];
        let bare = panel().heat_grid(colours, vec![x.0, x.1], vec![y.0, y.1], ends.view());
        let (alpha, beta) = optimal_momentum(1.0, kappa)?;
        Ok(Scenery {
            key: name,
            title: "Convergence rate by rate and momentum",
            description: "A map of the factor by which the error shrinks at each step. It is smallest \
                          at one point, named best, and blank where the rule diverges, on the right.",
            back: back.note("best", alpha, beta),
            bare,
            x,
            y,
            log: [false; 2],
            width: 420.0,
        })
    })
}

fn map(settings: &Settings) -> Result<View> {
    let stage = rates(settings.number("kappa"))?;
    Ok(View {
        name: "map",
        label: "How fast, by rate and momentum".into(),
        layers: stage.with(|panel| panel)?,
        axes: Some(stage.axes),
        handles: vec![handle(
            "pair",
            "Rate and momentum",
            (settings.number("rate"), settings.number("momentum")),
        )],
        wide: false,
    })
}

/// The error in each eigendirection against the step.
fn errors(problem: &Problem, walk: &Walk, step: usize, settings: &Settings) -> Result<View> {
    let spectrum = spectrum(&problem.hessian(problem.start.view()))?;
    let kappa = settings.number("kappa");
    let mut panel = Panel::new("step k", "error").log_y().legend();
    for (k, (name, lambda)) in [("flat", 1.0), ("steep", kappa)].into_iter().enumerate() {
        let axis = spectrum.vectors.column(k);
        let error = |p: &[f64; 2]| (p[0] * axis[0] + p[1] * axis[1]).abs();
        let along: Vec<f64> = walk.points.iter().map(error).collect();
        let name = format!("{name} direction, λ = {}", short(lambda, 3));
        panel = panel.line(name.as_str(), above(1e-12, &along));
    }
    let figure = Figure::new(
        "The error in each direction",
        "The absolute error along the flat and along the steep axis of the bowl at each step.",
    )
    .width(820.0)
    .height(160.0)
    .panel(panel.vertical("", step as f64));
    Ok(View { wide: true, ..plain("errors", "The error in each direction", &figure)? })
}

fn words(walk: &Walk, step: usize, settings: &Settings) -> String {
    let (kappa, eta, rho) =
        (settings.number("kappa"), settings.number("rate"), settings.number("momentum"));
    let (r, worst) = rate(eta, rho, kappa);
    let at = walk.points.len().min(step + 1) - 1;
    let [x, y] = walk.points[at];
    let place = if walk.lost && step >= walk.points.len() {
        format!("the path leaves the picture at step {}", walk.points.len())
    } else {
        format!(
            "after {at} steps the path is at {}, where J is {}",
            point(x, y),
            short(walk.values[at], 2)
        )
    };
    let verdict = if eta == 0.0 {
        "without a rate nothing moves".to_string()
    } else if r >= 1.0 {
        format!("the error grows by the factor {} at each step: it diverges", short(r, 3))
    } else {
        let which = if worst == 1.0 { "flat" } else { "steep" };
        format!(
            "in the long run the error shrinks by the factor {} at each step, and the {which} direction is the slow one",
            short(r, 3)
        )
    };
    let (alpha, beta) = optimal_momentum(1.0, kappa).unwrap_or((eta, rho));
    format!(
        "With κ = {}, η = {} and ρ = {} {place}; {verdict}. The best pair is η = {}, ρ = {} with the factor {}.",
        short(kappa, 3),
        short(eta, 3),
        short(rho, 3),
        short(alpha, 3),
        short(beta, 3),
        short(beta.sqrt(), 3)
    )
}

#[cfg(test)]
mod tests {
    use crate::{Action, act, open};

    #[test]
    fn the_presets_tell_their_story() {
        let words = |query: &str| open(&format!("conditioning?{query}")).unwrap().picture.words;
        let presets = crate::Explorer::presets(&super::Conditioning);
        assert!(words(presets[0].1).contains("by the factor 0.935"), "{}", words(presets[0].1));
        assert!(words(presets[1].1).contains("diverges"), "{}", words(presets[1].1));
        assert!(words(presets[2].1).contains("by the factor 0.696"), "{}", words(presets[2].1));
    }

    #[test]
    fn the_point_on_the_map_is_rate_and_momentum() {
        let frame = open("conditioning").unwrap();
        let (u, v) = frame.picture.views[1].axes.unwrap().place((0.05, 0.6));
        let drag = Action::Drag { view: "map".into(), handle: "pair".into(), u, v };
        let moved = act("conditioning", &drag).unwrap();
        assert_eq!(moved.link(), "conditioning?momentum=0.6&rate=0.05");
        let slide = Action::Slide { key: "kappa".into(), position: 240 };
        assert_eq!(
            act(&moved.link(), &slide).unwrap().link(),
            "conditioning?kappa=1000&momentum=0.6"
        );
    }
}
