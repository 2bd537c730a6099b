//! # Come to rest
//!
//! Find the minimum of a convex loss $J(w) = \sum_i J_i(w_i)$: each parameter has a loss $J_i$ of its own,
//! with one minimum. Some $J_i$ have a kink at their minimum, as $|w_i|$ has: the slope does not become
//! small there, but changes its sign. The slopes of one parameter may be a million times as large as
//! those of another, and they may be large far from the minimum and small near it.
//!
//! Write `come_to_rest(w, ask)`: start at `w`, and return a point of which every component is within 0.005
//! of the minimum. `ask.vector(p)` gives $\nabla J(p)$ at a point `p` (a `Vec<f64>`; the gradient is 0
//! at a kink), and you may ask at most 300 times. Every component of `w` is at most 5 away from the
//! minimum.
//!
//! ## Hints
//!
//! 1. One learning rate cannot suit all parameters. In which rule does the length of a step not depend on
//!    the size of the gradients?
//! 2. RMSProp at a constant rate $\eta$ jumps from one side of a kink to the other, by about $\eta$ each
//!    time. With an $\eta$ so small that this does no harm, how far does it come in 300 steps?
//! 3. So begin with a large rate and let it fall to zero over the 300 steps. Its sum has to be well above 5.
//!
//! ## Explanation
//!
//! RMSProp divides each component by the size of its own gradients, so a step is about $\eta$ long in each,
//! whatever the unit of the loss. The same property keeps it from coming to rest: where the slope changes
//! its sign, it goes on in jumps of the length $\eta$. A rate that falls from 0.2 to zero in a straight
//! line can go $0.1 \cdot 300 = 30$ in all, and its last step is less than 0.001 long. A constant rate would
//! have to be below 0.01 for the jumps, and above 0.016 for a way of 5 in 300 steps. AdaGrad's own decay
//! does not help: its sum remembers the large gradients of a wall for ever. (Here each slope depends on one
//! parameter only, so bisection, component by component, would do as well. In a net it does not.)

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for k in 0..300 {
            let rate = 0.2 * (1.0 - k as f64 / 300.0);
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                r[i] = 0.9 * r[i] + 0.1 * g[i] * g[i];
                w[i] -= rate * g[i] / (r[i].sqrt() + 1e-12);
            }
        }
        w
    }
}

/// This is RMSProp at a constant rate: it ends in jumps from one side of a kink to the other, as long as the rate.
pub mod constant_rate {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for _ in 0..300 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                r[i] = 0.9 * r[i] + 0.1 * g[i] * g[i];
                w[i] -= 0.2 * g[i] / (r[i].sqrt() + 1e-12);
            }
        }
        w
    }
}

/// This is RMSProp at a constant rate that is small enough to be near the minimum in the end, but too small to come there.
pub mod small_rate {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for _ in 0..300 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                r[i] = 0.9 * r[i] + 0.1 * g[i] * g[i];
                w[i] -= 0.01 * g[i] / (r[i].sqrt() + 1e-12);
            }
        }
        w
    }
}

/// This is gradient descent with one rate for all parameters: it is too large for the steep ones or too small for the flat ones.
pub mod one_rate {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for k in 0..300 {
            let rate = 0.2 * (1.0 - k as f64 / 300.0);
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                w[i] -= rate * g[i];
            }
        }
        w
    }
}

/// One number r serves all parameters: the steep ones make it large, and the flat ones do not move.
pub mod one_number {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut r = 0.0;
        for k in 0..300 {
            let rate = 0.2 * (1.0 - k as f64 / 300.0);
            let g = ask.vector(w.clone());
            r = 0.9 * r + 0.1 * g.iter().map(|g| g * g).sum::<f64>();
            for i in 0..w.len() {
                w[i] -= rate * g[i] / (r.sqrt() + 1e-12);
            }
        }
        w
    }
}

/// This is AdaGrad at a small rate: its steps die on the way, since the sum of squares only grows.
pub mod adagrad {
    use super::Ask;

    pub fn come_to_rest(w: &[f64], ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut r = vec![0.0; w.len()];
        for _ in 0..300 {
            let g = ask.vector(w.clone());
            for i in 0..w.len() {
                r[i] += g[i] * g[i];
                w[i] -= 0.1 * g[i] / (r[i].sqrt() + 1e-12);
            }
        }
        w
    }
}

/// The hidden loss's gradient. The kind of a parameter's loss is that of its position.
fn gradient(case: &Case, p: &[f64]) -> Vec<f64> {
    let (scales, minimum) = (case.hidden.vector("scales"), case.hidden.vector("minimum"));
    let slope = |i: usize| {
        let z = p[i] - minimum[i];
        match i % 3 {
            // A kink: |z| + z²/2.
            0 if z == 0.0 => 0.0,
            0 => z.signum() + z,
            // Steep far away: z²/2 + z⁴/4.
            1 => z + z * z * z,
            // Nearly straight far away: √(1 + z²).
            _ => z / z.hypot(1.0),
        }
    };
    (0..p.len()).map(|i| scales[i] * slope(i)).collect()
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, powers: &[i32]| {
        let minimum = draw.vector(powers.len(), -3.0, 3.0);
        let mut away = |m: &f64| {
            let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
            ((m + sign * draw.uniform(3.5, 4.9)) * 1e3).round() / 1e3
        };
        let w: Vec<f64> = minimum.iter().map(&mut away).collect();
        let scales: Vec<f64> = powers.iter().map(|p| 10_f64.powi(*p)).collect();
        Case::new(group, Args::new().with("w", w))
            .hiding(Args::new().with("scales", scales).with("minimum", minimum))
    };
    let (two, many) = ("two parameters", "more parameters");
    vec![
        case(two, &[3, -3]),
        case(two, &[-2, 4]),
        case(many, &[0, 3, -3]),
        case(many, &[2, -3, 1, -1, 3, 0]),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(p) if p.len() == case.args.vector("w").len() => Ok(gradient(case, p).into_value()),
        _ => Err(format!("your function asks for the gradient at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let minimum = case.hidden.vector("minimum");
    match answer.vector() {
        Some(w) if w.len() == minimum.len() => {
            // A distance that is not a number is not small.
            let near = |(w, m): (&f64, &f64)| (w - m).abs() <= 0.005;
            let pairs = w.iter().zip(minimum).enumerate();
            let far: Vec<usize> = pairs.filter(|(_, pair)| !near(*pair)).map(|(i, _)| i).collect();
            if far.is_empty() {
                Ok(())
            } else {
                Err(format!("not near enough to the minimum: the components {far:?}"))
            }
        }
        _ => Err(format!("a vector of {} numbers was expected", minimum.len())),
    }
}

exercise! {
    id: "come-to-rest",
    chapter: 17,
    points: 4,
    source: include_str!("come_to_rest.rs"),
    call: |x, ask| come_to_rest(x.vector("w"), ask),
    mistakes: [constant_rate, small_rate, one_rate, one_number, adagrad],
    judge: Judge::Dialogue(Dialogue { limit: 300, answer, judge }),
}
