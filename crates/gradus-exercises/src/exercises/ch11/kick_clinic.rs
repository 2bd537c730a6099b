//! # The clinic: a kick that does not free the run
//!
//! A saddle point holds gradient descent, so a colleague kicks a run that has come to a flat place. It
//! does not help: twin weights, which are equal at the start, stay equal for ever, and the run shakes
//! at every update after the first kick. Here is the update: mend it.
//!
//! It gets the point `w`, the gradient `g` there, a vector `xi` of as many independent standard normal
//! numbers ($\xi$, never all zero), and `since`, the number of updates since the last kick. If
//! $\|g\| < {{small}}$ and `since` is at least 100, it kicks,
//!
//! $$ w \leftarrow w + r\, \frac{\xi}{\|\xi\|} - \eta\, g , $$
//!
//! and otherwise it does not, $w \leftarrow w - \eta\, g$. Norms are Euclidean. Yours are the rate
//! $\eta = {{rate}}$, the length of the kick $r = {{radius}}$ and the bound {{small}}. It returns the new $w$,
//! and the number of updates since the last kick as the next call needs it: 0 after a kick, else
//! `since + 1`.
//!
//! ## Hints
//!
//! 1. Two equal weights get the same gradient. Which numbers does the code add to the first and to the
//!    second weight in a kick?
//! 2. What does the code return as the second part, after a kick?
//!
//! ## Explanation
//!
//! A kick frees a run only if it has a component along the way down, and for twin weights this is
//! the difference of the two. A kick with one number for all weights moves the run along the ridge and
//! never off it, however often it is repeated. A counter that is not set back kicks again at the next
//! update, and at each one after it: the noise then outweighs the short gradients by which the run
//! should leave.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small && since >= 100;
        let scale = if kick { radius / norm(xi) } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[0] - rate * g[i]).collect();
        (moved, since + 1)
    }
}

pub mod solution {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small && since >= 100;
        let scale = if kick { radius / norm(xi) } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[i] - rate * g[i]).collect();
        (moved, if kick { 0 } else { since + 1 })
    }
}

/// The counter is right, but every weight still gets the same kick: twins stay equal.
pub mod twins {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small && since >= 100;
        let scale = if kick { radius / norm(xi) } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[0] - rate * g[i]).collect();
        (moved, if kick { 0 } else { since + 1 })
    }
}

/// The kick has its direction now, but the counter still runs on after it, so that the next update kicks again.
pub mod counting_on {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small && since >= 100;
        let scale = if kick { radius / norm(xi) } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[i] - rate * g[i]).collect();
        (moved, since + 1)
    }
}

/// The kick is r ξ: its length is left to chance and grows with the number of weights.
pub mod any_length {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small && since >= 100;
        let scale = if kick { radius } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[i] - rate * g[i]).collect();
        (moved, if kick { 0 } else { since + 1 })
    }
}

/// A kick comes at every flat place; it has to wait until a hundred updates have passed since the last one.
pub mod impatient {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small;
        let scale = if kick { radius / norm(xi) } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[i] - rate * g[i]).collect();
        (moved, if kick { 0 } else { since + 1 })
    }
}

/// The kick comes one update late: "at least 100" includes 100.
pub mod one_late {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let kick = norm(g) < small && since > 100;
        let scale = if kick { radius / norm(xi) } else { 0.0 };
        let moved = (0..w.len()).map(|i| w[i] + scale * xi[i] - rate * g[i]).collect();
        (moved, if kick { 0 } else { since + 1 })
    }
}

/// The kick comes in place of the gradient's step; it has to come in addition to it.
pub mod instead {
    use super::own;

    pub fn update(w: &[f64], g: &[f64], xi: &[f64], since: usize) -> (Vec<f64>, usize) {
        let (rate, radius, small) = (own("rate"), own("radius"), own("small"));
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm(g) < small && since >= 100 {
            let scale = radius / norm(xi);
            ((0..w.len()).map(|i| w[i] + scale * xi[i]).collect(), 0)
        } else {
            ((0..w.len()).map(|i| w[i] - rate * g[i]).collect(), since + 1)
        }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let small = own("small");
    // The gradient has a length of `part` times the bound.
    let mut case = |group, n: usize, part: f64, since: usize| {
        let direction = draw.vector(n, 1.0, 2.0);
        let norm = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let scale = part * small / norm;
        let g: Vec<f64> = direction.iter().map(|x| (scale * x * 1e6).round() / 1e6).collect();
        let args = Args::new().with("w", draw.vector(n, -2.0, 2.0)).with("g", g);
        // One sign, so that the length of a kick shows, and no number near another.
        let xi: Vec<f64> = (0..n).map(|i| draw.decimal(0.2, 0.6, 3) + i as f64).collect();
        Case::new(group, args.with("xi", xi).with("since", since))
    };
    let (short, any) = ("short gradients", "short and long gradients");
    vec![
        case(short, 2, 0.0, 100),
        case(short, 3, 0.5, 140),
        case(short, 2, 0.9, 99),
        case(short, 4, 0.8, 30),
        case(any, 2, 5.0, 500),
        case(any, 3, 0.6, 0),
        case(any, 2, 1.1, 100),
        case(any, 3, 0.9, 250),
    ]
}

exercise! {
    id: "kick-clinic",
    chapter: 11,
    points: 3,
    clinic: true,
    own: ["rate" in 0.05..0.30, "radius" in 0.05..0.50, "small" in 0.05..0.30],
    source: include_str!("kick_clinic.rs"),
    call: |x, ask| update(x.vector("w"), x.vector("g"), x.vector("xi"), x.index("since")),
    mistakes: [twins, counting_on, any_length, impatient, one_late, instead],
    // A dozen operations a weight. No gradient's length is within a twentieth of the bound.
    judge: Judge::Same(1e-9),
}
