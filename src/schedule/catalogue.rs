use super::Schedule;
use crate::Result;

/// A schedule as a cheat sheet shows it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// An example from the rate 0.1, made for 100 steps.
    pub schedule: Schedule,
    /// The call that makes the example.
    pub call: &'static str,
    /// The rate of step t in LaTeX, with the rate η that it begins with.
    pub equation: &'static str,
    /// Its name in Keras or TensorFlow; empty if there is none.
    pub keras: &'static str,
    /// Its name in PyTorch; empty if there is none.
    pub pytorch: &'static str,
    /// Its name in optax; empty if there is none.
    pub optax: &'static str,
    /// The paper; "folklore" if nobody can be named.
    pub source: &'static str,
}

/// Every schedule of the crate, as an example.
///
/// ```
/// let schedules = gradus::schedule::catalogue()?;
/// assert!(schedules.iter().all(|entry| entry.schedule.at(100) <= 0.1));
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// Never: the examples are valid.
pub fn catalogue() -> Result<Vec<Entry>> {
    /// The schedule and the call as it is written.
    macro_rules! made {
        ($($call:tt)*) => { (Schedule::$($call)*?, stringify!($($call)*)) };
    }
    let entry = |name, (schedule, call), equation, source, [keras, pytorch, optax]: [_; 3]| Entry {
        name,
        schedule,
        call,
        equation,
        keras,
        pytorch,
        optax,
        source,
    };
    Ok(vec![
        entry(
            "constant",
            made!(constant(0.1)),
            r"\eta",
            "folklore",
            ["", "ConstantLR(factor=1)", "constant_schedule"],
        ),
        entry(
            "inverse square root",
            made!(inverse_sqrt(0.1)),
            r"\eta / \sqrt{t + 1}",
            "Nemirovski and others 2009",
            ["", "", ""],
        ),
        entry(
            "inverse time",
            made!(inverse_time(0.1, 1.0, 10, false)),
            r"\eta / (1 + d\, t / k)",
            "Robbins and Monro 1951",
            ["InverseTimeDecay", "", ""],
        ),
        entry(
            "step",
            made!(step(0.1, 30, 0.1)),
            r"\eta\, \gamma^{\lfloor t/k \rfloor}",
            "folklore",
            ["ExponentialDecay(staircase=True)", "StepLR", "exponential_decay(staircase=True)"],
        ),
        entry(
            "multi-step",
            made!(multi_step(0.1, &[30, 80], 0.1)),
            r"\eta\, \gamma^{\#\{b_i \le t\}}",
            "folklore",
            ["", "MultiStepLR", "piecewise_constant_schedule"],
        ),
        entry(
            "piecewise constant",
            made!(piecewise_constant(&[30, 80], &[0.1, 0.05, 0.02])),
            r"\eta_i \text{ for } b_i < t \le b_{i+1}",
            "folklore",
            ["PiecewiseConstantDecay", "", ""],
        ),
        entry(
            "exponential",
            made!(exponential(0.1, 0.5, 20, false)),
            r"\eta\, \gamma^{t/k}",
            "folklore",
            ["ExponentialDecay", "ExponentialLR (k = 1)", "exponential_decay"],
        ),
        entry(
            "polynomial",
            made!(polynomial(0.1, 0.01, 100, 2.0, false)),
            r"(\eta - \eta_{\text{end}}) (1 - t/n)^p + \eta_{\text{end}}",
            "folklore",
            ["PolynomialDecay", "PolynomialLR", "polynomial_schedule"],
        ),
        entry(
            "linear",
            made!(linear(0.1, 0.0, 100)),
            r"\eta + (\eta_{\text{end}} - \eta)\, t/n",
            "Devlin and others 2018",
            ["PolynomialDecay(power=1)", "LinearLR", "linear_schedule"],
        ),
        entry(
            "cosine",
            made!(cosine(0.1, 0.0, 100)),
            r"\eta_{\text{end}} + (\eta - \eta_{\text{end}}) \tfrac12 (1 + \cos \pi t/n)",
            "Loshchilov and Hutter 2017",
            ["CosineDecay", "CosineAnnealingLR", "cosine_decay_schedule"],
        ),
        entry(
            "warm restarts",
            made!(warm_restarts(0.1, 0.0, 25, 1.5, 0.8)),
            r"\text{cosine over } n, qn, q^2 n, \dots \text{ from } \eta, p\eta, p^2\eta, \dots",
            "Loshchilov and Hutter 2017",
            ["CosineDecayRestarts", "CosineAnnealingWarmRestarts", "sgdr_schedule"],
        ),
        entry(
            "cyclic",
            made!(cyclic(0.01, 0.1, 20, 20, 1.0)),
            r"\text{zigzag between } \eta_{\text{low}} \text{ and } \eta_{\text{high}}",
            "Smith 2017",
            ["", "CyclicLR", ""],
        ),
        entry(
            "one-cycle",
            made!(one_cycle(0.1, 100)),
            r"\text{cosine up from } \eta/25, \text{ then down to } \eta/(25 \cdot 10^4)",
            "Smith and Topin 2018",
            ["", "OneCycleLR", "cosine_onecycle_schedule"],
        ),
        entry(
            "warm-up",
            made!(constant(0.1)?.warm_up(20, 0.0)),
            r"\eta\, t/n \text{ for } t < n, \text{ then the schedule}",
            "Goyal and others 2017",
            [
                "CosineDecay(warmup_steps)",
                "LinearLR, SequentialLR",
                "linear_schedule, join_schedules",
            ],
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_read_as_they_were_written() {
        let all = catalogue().unwrap();
        let step = all.iter().find(|entry| entry.name == "step").unwrap();
        assert_eq!(step.call, "step(0.1, 30, 0.1)");
        assert_eq!(step.schedule, Schedule::step(0.1, 30, 0.1).unwrap());
        let warm_up = all.iter().find(|entry| entry.name == "warm-up").unwrap();
        assert_eq!(warm_up.schedule.at(10), 0.05);
    }
}
