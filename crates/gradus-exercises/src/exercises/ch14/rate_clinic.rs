//! # The clinic: a schedule that acts too late
//!
//! A colleague has copied a schedule of learning rates from a paper. There the loss falls at once when
//! the rate drops; here the run goes on with long steps for a while. And with more than one parameter
//! the run goes astray from the start. Here is the loop: mend it, so that it is momentum in the
//! *gradient form*, as in the paper,
//!
//! $$ u \leftarrow \rho\, u + g_k, \qquad w \leftarrow w - \eta_k\, u, \qquad k = 0, 1, 2, \dots $$
//!
//! $u$ has as many components as $w$ and is zero before the first update. Your own $\rho$ is {{rho}}. So
//! that the loop can be checked, the gradients are given: row $k$ of `gradients` is $g_k$, and entry $k$
//! of `rates` is $\eta_k$. There are as many rates as gradients. It returns $w$ after the last update.
//!
//! ## Hints
//!
//! 1. Follow the second parameter through the first update. From which gradients is its velocity
//!    made?
//! 2. Let the rate drop to a tenth. In the gradient form all of the next step is ten times smaller; how
//!    much of it is here?
//!
//! ## Explanation
//!
//! The loop has one velocity for all parameters, so each of them is carried on by the gradients of its
//! neighbour: the state of a rule has the shape of the parameters. And it keeps the rate inside the
//! velocity, the step form. At a constant rate both forms give the same points. When the rate drops,
//! the step form goes on with steps made at the old rate, which die out with $\rho^k$: with $\rho = 0.9$ it takes
//! 22 updates until a tenth of them is left.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        let mut v = 0.0;
        for (g, rate) in gradients.iter().zip(rates) {
            for i in 0..w.len() {
                v = rho * v - rate * g[i];
                w[i] += v;
            }
        }
        w
    }
}

pub mod solution {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        let mut u = vec![0.0; w.len()];
        for (g, rate) in gradients.iter().zip(rates) {
            for i in 0..w.len() {
                u[i] = rho * u[i] + g[i];
                w[i] -= rate * u[i];
            }
        }
        w
    }
}

/// The rate has its place now, but one velocity is still shared by all parameters.
pub mod shared {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        let mut u = 0.0;
        for (g, rate) in gradients.iter().zip(rates) {
            for i in 0..w.len() {
                u = rho * u + g[i];
                w[i] -= rate * u;
            }
        }
        w
    }
}

/// Each parameter has its velocity, but the rate is still inside it: this is the step form, which differs when the rate changes.
pub mod step_form {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        let mut v = vec![0.0; w.len()];
        for (g, rate) in gradients.iter().zip(rates) {
            for i in 0..w.len() {
                v[i] = rho * v[i] - rate * g[i];
                w[i] += v[i];
            }
        }
        w
    }
}

/// The velocity is made anew at every update, so nothing is remembered: this is gradient descent.
pub mod forgetful {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        for (g, rate) in gradients.iter().zip(rates) {
            let mut u = vec![0.0; w.len()];
            for i in 0..w.len() {
                u[i] = rho * u[i] + g[i];
                w[i] -= rate * u[i];
            }
        }
        w
    }
}

/// The velocity is set to zero when the rate changes: the gradients before are forgotten.
pub mod restarted {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        let mut u = vec![0.0; w.len()];
        let mut last = rates[0];
        for (g, rate) in gradients.iter().zip(rates) {
            if *rate != last {
                u.fill(0.0);
                last = *rate;
            }
            for i in 0..w.len() {
                u[i] = rho * u[i] + g[i];
                w[i] -= rate * u[i];
            }
        }
        w
    }
}

/// The gradient is damped by 1 - ρ: this is a running mean, and the steps are smaller by that factor.
pub mod damped {
    use super::own;

    pub fn train(w: &[f64], gradients: &[Vec<f64>], rates: &[f64]) -> Vec<f64> {
        let rho = own("rho");
        let mut w = w.to_vec();
        let mut u = vec![0.0; w.len()];
        for (g, rate) in gradients.iter().zip(rates) {
            for i in 0..w.len() {
                u[i] = rho * u[i] + (1.0 - rho) * g[i];
                w[i] -= rate * u[i];
            }
        }
        w
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, updates: usize, drop: Option<usize>| {
        let first = draw.decimal(0.05, 0.4, 2);
        let rate = |k| if drop.is_some_and(|at| k >= at) { first / 10.0 } else { first };
        let rates: Vec<f64> = (0..updates).map(rate).collect();
        let gradients: Vec<Vec<f64>> = (0..updates).map(|_| draw.vector(n, -3.0, 3.0)).collect();
        let args = Args::new().with("w", draw.vector(n, -5.0, 5.0));
        Case::new(group, args.with("gradients", gradients).with("rates", rates))
    };
    let (constant, changing) = ("a constant rate", "a rate that drops");
    vec![
        case(constant, 2, 2, None),
        case(constant, 3, 4, None),
        case(constant, 2, 10, None),
        case(changing, 1, 4, Some(2)),
        case(changing, 2, 5, Some(3)),
        case(changing, 3, 8, Some(4)),
        case(changing, 2, 12, Some(3)),
    ]
}

exercise! {
    id: "rate-clinic",
    chapter: 14,
    points: 3,
    clinic: true,
    own: ["rho" in 0.50..0.97],
    source: include_str!("rate_clinic.rs"),
    call: |x, ask| train(x.vector("w"), x.matrix("gradients"), x.vector("rates")),
    mistakes: [shared, step_form, forgetful, restarted, damped],
    // Four operations a parameter in each of at most twelve updates.
    judge: Judge::Same(1e-9),
}
