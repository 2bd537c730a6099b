//! A derivative from values of the function: the V of its error, and where one is on it.

use gradus::gradcheck::Difference;
use gradus::plot::{Figure, Panel};
use gradus::{Result, Scalar};

use crate::action::set_near;
use crate::layer::{Handle, Layer, Scenery, View, plain, stage};
use crate::number::short;
use crate::{Explorer, Knob, Picture, Scale, Settings};

/// The explorer.
pub(crate) struct GradientCheck;

const FUNCTIONS: [&str; 5] =
    ["exp(x) sin(x)", "sin(x)", "x⁴ − 3 x²", "log(1 + exp(x))", "max(0, 1 − x)"];

const DIFFERENCES: [(&str, Difference); 3] = [
    ("forward", Difference::Forward),
    ("centred", Difference::Centred),
    ("five-point", Difference::FivePoint),
];

/// The errors that the axis shows.
const ERRORS: (f64, f64) = (1e-17, 10.0);

/// The steps that the axis shows.
const STEPS: (f64, f64) = (1e-16, 1.0);

/// The function with this name and its derivative. At the kink of max(0, 1 − x) it takes 0 of its slopes.
fn function<T: Scalar>(name: &str, x: T) -> (T, T) {
    let (one, three) = (T::one(), T::of(3.0));
    match name {
        "sin(x)" => (x.sin(), x.cos()),
        "x⁴ − 3 x²" => ((x * x - three) * x * x, (T::of(4.0) * x * x - T::of(6.0)) * x),
        "log(1 + exp(x))" => ((one + x.exp()).ln(), one / (one + (-x).exp())),
        "max(0, 1 − x)" => ((one - x).max(T::zero()), if x < one { -one } else { T::zero() }),
        _ => {
            let (e, (s, c)) = (x.exp(), x.sin_cos());
            (e * s, e * (s + c))
        }
    }
}

/// What a formula gives for the derivative at x with the step h, which is made so that x + h is exact.
fn numeric<T: Scalar>(difference: Difference, name: &str, x: f64, steps: &[f64]) -> Vec<f64> {
    let x = T::of(x);
    let slope = |h: &f64| {
        let h = (x + T::of(*h)) - x;
        // A step that x does not feel gives 0/0.
        difference.derivative(|x| function(name, x).0, x, h).wide()
    };
    steps.iter().map(slope).collect()
}

struct Check {
    name: String,
    x: f64,
    h: f64,
    difference: Difference,
    single: bool,
}

impl Check {
    fn of(settings: &Settings) -> Self {
        let named = |(name, _): &&(&str, Difference)| *name == settings.text("difference");
        Self {
            name: settings.text("function").into(),
            x: settings.number("x"),
            h: settings.number("h"),
            difference: DIFFERENCES.iter().find(named).map_or(Difference::Centred, |(_, d)| *d),
            single: settings.text("numbers") == "f32",
        }
    }

    fn numeric(&self, steps: &[f64]) -> Vec<f64> {
        match self.single {
            true => numeric::<f32>(self.difference, &self.name, self.x, steps),
            false => numeric::<f64>(self.difference, &self.name, self.x, steps),
        }
    }

    /// The relative errors, within what the axis shows.
    fn errors(&self, steps: &[f64]) -> Vec<f64> {
        let exact = function(&self.name, self.x).1;
        let size = exact.abs().max(1e-3);
        let error = |slope: &f64| match (slope - exact).abs() / size {
            error if error.is_nan() => ERRORS.1,
            error => error.clamp(ERRORS.0, ERRORS.1),
        };
        self.numeric(steps).iter().map(error).collect()
    }

    /// The step that balances both errors, as the crate would take it.
    fn best(&self) -> f64 {
        match self.single {
            true => f64::from(self.difference.step(self.x as f32)),
            false => self.difference.step(self.x),
        }
    }
}

/// The steps at which the V is measured.
fn steps() -> Vec<f64> {
    (0..=80).map(|k| 10_f64.powf(-16.0 + f64::from(k) / 5.0)).collect()
}

impl Explorer for GradientCheck {
    fn name(&self) -> &'static str {
        "gradient-check"
    }

    fn title(&self) -> &'static str {
        "Gradient check"
    }

    fn first(&self) -> &'static str {
        "Drag the point along the V, from large steps to small ones: the error falls, and rises again. \
         Then take f32."
    }

    fn presets(&self) -> [(&'static str, &'static str); 3] {
        [
            ("The smallest step is not the best", "difference=forward&h=1e-14"),
            ("f32 has half of the digits", "numbers=f32&h=0.005"),
            ("A kink near the point", "function=max(0,+1+%E2%88%92+x)&x=0.95&h=0.1"),
        ]
    }

    fn knobs(&self, _: &Settings) -> Vec<Knob> {
        let (f, d) = ("The function", "The difference");
        vec![
            Knob::choice("function", "function", f, FUNCTIONS, FUNCTIONS[0]),
            Knob::number("x", "point x", f, (-3.0, 3.0, Scale::Linear), 1.0),
            Knob::choice("difference", "formula", d, DIFFERENCES.map(|(name, _)| name), "centred"),
            Knob::number("h", "step h", d, (STEPS.0, STEPS.1, Scale::Log), 0.1),
            Knob::choice("numbers", "numbers", d, ["f64", "f32"], "f64"),
        ]
    }

    fn numbers(&self, settings: &Settings) -> Result<Vec<f64>> {
        // Where a step is large, so that the last bits of sine and exponential do not show.
        let large: Vec<f64> = steps().into_iter().filter(|h| *h > 1e-3).collect();
        Ok(Check::of(settings).numeric(&large))
    }

    fn tap(&self, _: &str, h: f64, _: f64, settings: &mut Settings) {
        set_near(self, settings, "h", h);
    }

    fn drag(&self, _: &str, h: f64, y: f64, settings: &mut Settings) {
        self.tap("", h, y, settings);
    }

    fn draw(&self, settings: &Settings) -> Result<Picture> {
        let check = Check::of(settings);
        let (value, slope) = function(&check.name, check.x);
        let error = check.errors(&[check.h])[0];
        let number = check.numeric(&[check.h])[0];
        let views = vec![v(&check, error)?, secant(&check, slope, value, number)?];
        Ok(Picture { views, words: words(&check, slope, number, error), last: None })
    }
}

fn v(check: &Check, error: f64) -> Result<View> {
    let stage = stage("v", || {
        let panel = || {
            Panel::new("step h", "relative error").log_x().log_y().x_range(STEPS).y_range(ERRORS)
        };
        Ok(Scenery {
            key: "v".into(),
            title: "The error against the step",
            description: "Logarithmic axes for the step h and the relative error of the derivative. The curve, \
                          told in the words below, is a V: rounding on the left, the formula's error on the right.",
            back: panel().curve("", vec![STEPS.0; 2], vec![ERRORS.0; 2]),
            bare: panel(),
            x: STEPS,
            y: ERRORS,
            log: [true; 2],
            width: 460.0,
        })
    })?;
    let steps = steps();
    let errors = check.errors(&steps);
    let layers: Vec<Layer> = stage.with(|panel| {
        panel
            .curve("", steps, errors)
            .styled("momentum")
            .markers()
            .vertical("best step of the theory", check.best())
    })?;
    Ok(View {
        name: "v",
        label: "The error against the step".into(),
        layers,
        axes: Some(stage.axes),
        handles: vec![Handle {
            key: "h".into(),
            label: "Step and error".into(),
            at: (check.h, error),
            sort: 0,
            removable: false,
        }],
        wide: false,
    })
}

/// The function around the point, its tangent, and the line whose slope the difference is.
fn secant(check: &Check, slope: f64, value: f64, number: f64) -> Result<View> {
    let f = |x: &f64| function(&check.name, *x).0;
    let (low, high) = (check.x - 1.2, check.x + 1.2);
    let line = |slope: f64| vec![value - 1.2 * slope, value + 1.2 * slope];
    let graph: Vec<f64> = (0..=120).map(|k| low + 0.02 * f64::from(k)).collect();
    let values: Vec<f64> = graph.iter().map(f).collect();
    let (least, most) = values.iter().fold((value, value), |(a, b), v| (a.min(*v), b.max(*v)));
    let room = (0.25 * (most - least)).max(0.1);
    let mut panel = Panel::new("x", "f(x)")
        .legend()
        .y_range(least - room..most + room)
        .curve("f", graph, values)
        .curve("tangent", vec![low, high], line(slope));
    if number.is_finite() {
        let steep = number.clamp(-1e3, 1e3);
        panel = panel.curve("line of the difference", vec![low, high], line(steep));
    }
    let offsets: &[f64] = match check.difference {
        Difference::Forward => &[0.0, 1.0],
        Difference::Centred => &[-1.0, 1.0],
        Difference::FivePoint => &[-2.0, -1.0, 1.0, 2.0],
    };
    let asked: Vec<f64> = offsets.iter().map(|k| check.x + k * check.h).collect();
    let there: Vec<f64> = asked.iter().map(f).collect();
    let figure = Figure::new(
        "The function and the difference",
        "The function around x, its tangent there, and the line through the same point with the slope that the \
         difference gives.",
    )
    .width(460.0)
    .height(250.0)
    .panel(panel.x_range(low..high).points("values that are asked for", asked, there));
    plain("secant", "The function and the difference", &figure)
}

fn words(check: &Check, slope: f64, number: f64, error: f64) -> String {
    let best = check.best();
    let least = check.errors(&steps()).into_iter().fold(ERRORS.1, f64::min);
    let place = if check.h > 10.0 * best {
        "The step is large: the formula's error rules, and a smaller step is better"
    } else if check.h < 0.1 * best {
        "The step is small: rounding rules, and a larger step is better"
    } else {
        "The step is near the one that balances both errors"
    };
    format!(
        "At x = {} with h = {} the difference in {} gives {}; the derivative is {}. The relative error is {}. {place}, \
         about {}. The lowest point of the curve is {}.",
        short(check.x, 3),
        short(check.h, 2),
        if check.single { "f32" } else { "f64" },
        short(number, 9),
        short(slope, 9),
        short(error, 2),
        short(best, 1),
        short(least, 1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, act, open};

    fn check(query: &str) -> Check {
        Check::of(&open(&format!("gradient-check?{query}")).unwrap().settings)
    }

    #[test]
    fn the_error_is_a_v() {
        for function in ["", "function=sin(x)&", "function=log(1+%2B+exp(x))&"] {
            // ε^⅔, times the third derivative over the first.
            for (numbers, low) in [("f64", 1e-9), ("f32", 1e-3)] {
                let check = check(&format!("{function}numbers={numbers}"));
                let best = check.errors(&[check.best()])[0];
                assert!(best < low, "{function}{numbers}: {best}");
                let ends = check.errors(&[1e-15, 1.0]);
                assert!(
                    ends.iter().all(|end| *end > 100.0 * best),
                    "{function}{numbers}: {ends:?}"
                );
            }
        }
    }

    #[test]
    fn the_handle_moves_the_step() {
        let frame = open("gradient-check").unwrap();
        let (u, v) = frame.picture.views[0].axes.unwrap().place((1e-5, 1e-3));
        let drag = Action::Drag { view: "v".into(), handle: "h".into(), u, v };
        let moved = act("gradient-check", &drag).unwrap();
        assert_eq!(moved.link(), "gradient-check?h=0.00001");
        assert!(
            moved.picture.words.contains("near the one that balances"),
            "{}",
            moved.picture.words
        );
        assert!(open("gradient-check?h=1e-14").unwrap().picture.words.contains("rounding rules"));
    }
}
