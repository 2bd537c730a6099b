//! # Leave a saddle point
//!
//! You stand exactly at a saddle point, `w`, of a hidden loss $J$ of two to five parameters: the
//! gradient there is zero, and one direction, which you do not know, leads down. Write
//! `leave(w, goal, ask)`. It returns a point where $J$ is at most `goal`, which is a little above the
//! minimum. `ask.value_and_gradient(point)`, where `point` is a `Vec<f64>`, gives the number $J$ and the
//! vector $\nabla J$ there, as a pair; you may ask at most 200 times.
//!
//! A kick gets you off the saddle point. It has your own length {{radius}}: the first point that you ask about
//! must have exactly this Euclidean distance from `w`. From there on go as you like. There are no random
//! numbers here, so the direction of the kick is yours to choose, the same for all losses of $n$
//! parameters if you want; but
//!
//! - one axis alone, or the same number in all coordinates, may have no component along the way down;
//! - the direction $(1, 2, \dots, n)$ always has one.
//!
//! Between the saddle point and the minima no curvature is above 4, and the one along the way down is
//! between $-2$ and $-1$ at the saddle point.
//!
//! ## Hints
//!
//! 1. Scale the vector $(1, 2, \dots, n)$ to the length of the kick and add it to `w`. Gradient descent
//!    does the rest.
//! 2. A rate is stable if it is below 2 over the largest curvature. The coordinate along the way down
//!    grows by $1 + \eta |\lambda|$ per update: count how many updates a small rate would take.
//! 3. Stop when the value is at most `goal`, and return the point that you asked about.
//!
//! ## Explanation
//!
//! At the saddle point the gradient is zero, so no rule that only follows gradients goes anywhere; nor
//! is there a downhill direction to kick along, because $g / \|g\|$ is $0 / 0$. After a kick the
//! coordinate along the way down grows exponentially. With $\eta = 0.2$ and $\lambda = -1$ it is multiplied
//! by 1.2 per update, by 38 in twenty. A kick with the same number in all coordinates respects
//! the symmetry of two twin weights and stays on the ridge. A random direction would have
//! a component along the way down with probability one.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, own};

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        let direction: Vec<f64> = (1..=w.len()).map(|i| i as f64).collect();
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = own("radius") / length;
        let mut w: Vec<f64> = w.iter().zip(&direction).map(|(w, d)| w + kick * d).collect();
        for _ in 0..200 {
            let (value, gradient) = ask.value_and_gradient(w.clone());
            if value <= goal {
                break;
            }
            w = w.iter().zip(&gradient).map(|(w, g)| w - 0.2 * g).collect();
        }
        w
    }
}

/// There is no kick: at the saddle point the gradient is zero, so the run never starts.
pub mod no_kick {
    use super::Ask;

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for _ in 0..200 {
            let (value, gradient) = ask.value_and_gradient(w.clone());
            if value <= goal {
                break;
            }
            w = w.iter().zip(&gradient).map(|(w, g)| w - 0.2 * g).collect();
        }
        w
    }
}

/// The kick is the same in all coordinates: it keeps twin weights equal, and the run stays on the ridge.
pub mod equal_kick {
    use super::{Ask, own};

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        let kick = own("radius") / (w.len() as f64).sqrt();
        let mut w: Vec<f64> = w.iter().map(|w| w + kick).collect();
        for _ in 0..200 {
            let (value, gradient) = ask.value_and_gradient(w.clone());
            if value <= goal {
                break;
            }
            w = w.iter().zip(&gradient).map(|(w, g)| w - 0.2 * g).collect();
        }
        w
    }
}

/// The direction of the kick is not scaled: its length depends on the number of parameters.
pub mod unscaled {
    use super::{Ask, own};

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        let kick = own("radius");
        let mut w: Vec<f64> =
            w.iter().enumerate().map(|(i, w)| w + kick * (i as f64 + 1.0)).collect();
        for _ in 0..200 {
            let (value, gradient) = ask.value_and_gradient(w.clone());
            if value <= goal {
                break;
            }
            w = w.iter().zip(&gradient).map(|(w, g)| w - 0.2 * g).collect();
        }
        w
    }
}

/// The rate is so small that two hundred updates do not get away from the saddle point.
pub mod timid {
    use super::{Ask, own};

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        let direction: Vec<f64> = (1..=w.len()).map(|i| i as f64).collect();
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = own("radius") / length;
        let mut w: Vec<f64> = w.iter().zip(&direction).map(|(w, d)| w + kick * d).collect();
        for _ in 0..200 {
            let (value, gradient) = ask.value_and_gradient(w.clone());
            if value <= goal {
                break;
            }
            w = w.iter().zip(&gradient).map(|(w, g)| w - 0.001 * g).collect();
        }
        w
    }
}

/// The kick goes along the negative gradient, but at the saddle point that has no direction: zero divided by zero.
pub mod downhill_kick {
    use super::{Ask, own};

    pub fn leave(w: &[f64], goal: f64, ask: &mut Ask) -> Vec<f64> {
        let (_, gradient) = ask.value_and_gradient(w.to_vec());
        let length = gradient.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = own("radius") / length;
        let mut w: Vec<f64> = w.iter().zip(&gradient).map(|(w, g)| w - kick * g).collect();
        for _ in 0..200 {
            let (value, gradient) = ask.value_and_gradient(w.clone());
            if value <= goal {
                break;
            }
            w = w.iter().zip(&gradient).map(|(w, g)| w - 0.2 * g).collect();
        }
        w
    }
}

/// Value and gradient of the hidden loss. With s = q · z, for a point z away from the saddle point, it
/// is a |z|² / 2 - (a + b) s² / 2 + c s⁴ / 4: curvature a across the unit vector q and -b along it.
fn loss(case: &Case, w: &[f64]) -> (f64, Vec<f64>) {
    let h = &case.hidden;
    let (q, a, b, c) = (h.vector("q"), h.number("a"), h.number("b"), h.number("c"));
    let z: Vec<f64> = w.iter().zip(case.args.vector("w")).map(|(w, s)| w - s).collect();
    let s: f64 = q.iter().zip(&z).map(|(q, z)| q * z).sum();
    let square: f64 = z.iter().map(|z| z * z).sum();
    let value = a * square / 2.0 - (a + b) * s * s / 2.0 + c * s.powi(4) / 4.0;
    let along = c * s.powi(3) - (a + b) * s;
    let gradient = z.iter().zip(q).map(|(z, q)| a * z + along * q).collect();
    (h.number("height") + value, gradient)
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, twins: Option<[usize; 2]>| {
        let mut w = draw.vector(n, 5.0, 9.0);
        let mut q = vec![0.0; n];
        match twins {
            // The way down is the difference of two weights that are equal.
            Some([i, j]) => {
                w[j] = w[i];
                (q[i], q[j]) = (0.5_f64.sqrt(), -0.5_f64.sqrt());
            }
            // Up to the factor, all of one sign: at no right angle to 1, 2, ..., n.
            None => {
                let direction = draw.vector(n, 0.2, 1.0);
                let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
                q = direction.iter().map(|x| x / length).collect();
            }
        }
        let (b, c) = (draw.decimal(1.0, 2.0, 2), draw.decimal(0.5, 1.0, 2));
        let height = draw.decimal(-5.0, 5.0, 2);
        // The minima are b² / 4c below the saddle point.
        let goal = height - 0.9 * b * b / (4.0 * c);
        let hidden = Args::new().with("q", q).with("a", draw.decimal(0.5, 4.0, 2)).with("b", b);
        Case::new(group, Args::new().with("w", w).with("goal", goal))
            .hiding(hidden.with("c", c).with("height", height))
    };
    let (plane, space) = ("two parameters", "more parameters");
    vec![
        case(plane, 2, None),
        case(plane, 2, Some([0, 1])),
        case(plane, 2, None),
        case(space, 3, None),
        case(space, 4, Some([1, 3])),
        case(space, 5, None),
        case(space, 5, Some([2, 0])),
    ]
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(w) if w.len() == case.args.vector("w").len() && w.iter().all(|x| x.is_finite()) => {
            Ok(loss(case, w).into_value())
        }
        _ => {
            let n = case.args.vector("w").len();
            Err(format!("your function asks about {question}, which is not {n} finite numbers"))
        }
    }
}

fn judge(case: &Case, answer: &Value, asked: &[Value]) -> Result<(), String> {
    let start = case.args.vector("w");
    let w = match answer.vector() {
        Some(w) if w.len() == start.len() && w.iter().all(|x| x.is_finite()) => w,
        _ => return Err(format!("a point of {} numbers was expected", start.len())),
    };
    let Some(first) = asked.first().and_then(Value::vector) else {
        return Err("your function asked about no point".to_owned());
    };
    let square: f64 = first.iter().zip(start).map(|(x, s)| (x - s) * (x - s)).sum();
    // Numbers below ten, so their difference is rounded at 1e-15; the kick is at least 0.05 long.
    if (square.sqrt() - own("radius")).abs() > 1e-9 {
        return Err(
            "the first point that was asked about is not a kick's length away from `w`".to_owned()
        );
    }
    // A solution that stops as soon as it is below the goal is below it to the last bit.
    if loss(case, w).0 <= case.args.number("goal") {
        Ok(())
    } else {
        Err("the loss is above the goal at the point that came back".to_owned())
    }
}

exercise! {
    id: "leave-the-saddle",
    chapter: 11,
    points: 4,
    own: ["radius" in 0.05..0.60],
    source: include_str!("leave_the_saddle.rs"),
    call: |x, ask| leave(x.vector("w"), x.number("goal"), ask),
    mistakes: [no_kick, equal_kick, unscaled, timid, downhill_kick],
    judge: Judge::Dialogue(Dialogue { limit: 200, answer, judge }),
}
