//! # The clinic: an AdaDelta that never starts
//!
//! A colleague's AdaDelta stays where it begins, whatever the gradients are. Here is the code: mend it,
//! so that it is AdaDelta. It begins with $r = u = 0$ and makes one update for each row $g$ of
//! `gradients`, the first row first:
//!
//! $$ r \leftarrow \beta_2 r + (1 - \beta_2)\, g^2, \qquad
//!    \Delta = \frac{\sqrt{u + \epsilon}}{\sqrt{r + \epsilon}}\, g , $$
//! $$ u \leftarrow \beta_2 u + (1 - \beta_2)\, \Delta^2, \qquad w \leftarrow w - \eta \Delta , $$
//!
//! in this order: $\Delta$ is made of the new $r$ and the old $u$. Yours are the decay
//! $\beta_2 = {{beta2}}$ and the multiplier $\eta = {{eta}}$; $\epsilon = 10^{-4}$. Squares, roots and
//! quotients are taken component by component; $w$, $r$, $u$ and each $g$ have the same length. It
//! returns $w$ after the last update.
//!
//! ## Hints
//!
//! 1. Compute the first update by hand, with $u = 0$. How long is the code's step?
//! 2. There is a second fault, which nobody could see as long as nothing moved: compare what goes into $u$
//!    in the formula and in the code.
//!
//! ## Explanation
//!
//! AdaDelta takes the length of its step from its own last steps, and before the first there are none. The
//! $\epsilon$ above the line is what starts it: the first $\Delta$ is about
//! $\sqrt{\epsilon / (1 - \beta_2)}$ long for every gradient that is much larger than that, which is
//! $0.045$ for $\beta_2 = 0.95$, say. Without it $u$ stays zero for ever. The second fault is that $u$ gets
//! the squares of $\eta \Delta$. Then $u$ cannot grow: for $\eta = 1/2$, say, the steps on a constant slope end
//! at $0.6 \sqrt{\epsilon}$, while those of AdaDelta get longer and longer, like $\sqrt{k}$ after $k$
//! updates. Test again after each repair: the first fault hid the second.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let step = eta * u[i].sqrt() / (r[i] + eps).sqrt() * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * step * step;
                w[i] -= step;
            }
        }
        w
    }
}

pub mod solution {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let delta = (u[i] + eps).sqrt() / (r[i] + eps).sqrt() * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * delta * delta;
                w[i] -= eta * delta;
            }
        }
        w
    }
}

/// It starts now, but u gets the squares of η Δ: it is the mean of the squares of Δ, without the multiplier.
pub mod multiplied {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let step = eta * (u[i] + eps).sqrt() / (r[i] + eps).sqrt() * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * step * step;
                w[i] -= step;
            }
        }
        w
    }
}

/// u gets the squares of the gradient: then u and r are the same, the roots cancel, and this is gradient descent.
pub mod gradients {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let delta = (u[i] + eps).sqrt() / (r[i] + eps).sqrt() * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * g[i] * g[i];
                w[i] -= eta * delta;
            }
        }
        w
    }
}

/// The step is made of the new u, which contains this step already; it belongs to the old one.
pub mod new_u {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let delta = (u[i] + eps).sqrt() / (r[i] + eps).sqrt() * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * delta * delta;
                w[i] -= eta * (u[i] + eps).sqrt() / (r[i] + eps).sqrt() * g[i];
            }
        }
        w
    }
}

/// ε is added to the roots; in AdaDelta it stands inside both of them.
pub mod eps_outside {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let delta = (u[i].sqrt() + eps) / (r[i].sqrt() + eps) * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * delta * delta;
                w[i] -= eta * delta;
            }
        }
        w
    }
}

/// ε is added to the root of u; it stands inside that root, as it does in the root of r.
pub mod eps_beside {
    use super::own;

    pub fn adadelta(w: &[f64], gradients: &[Vec<f64>]) -> Vec<f64> {
        let (beta2, eta, eps) = (own("beta2"), own("eta"), 1e-4);
        let mut w = w.to_vec();
        let mut r = vec![0.0_f64; w.len()];
        let mut u = vec![0.0_f64; w.len()];
        for g in gradients {
            for i in 0..w.len() {
                r[i] = beta2 * r[i] + (1.0 - beta2) * g[i] * g[i];
                let delta = (u[i].sqrt() + eps) / (r[i] + eps).sqrt() * g[i];
                u[i] = beta2 * u[i] + (1.0 - beta2) * delta * delta;
                w[i] -= eta * delta;
            }
        }
        w
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, steps: usize, size: f64| {
        let w = draw.vector(n, -3.0, 3.0);
        // No component is zero: each of them moves.
        let mut entry = || {
            let sign = if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
            sign * draw.decimal(0.2 * size, 2.0 * size, 3)
        };
        let gradients: Vec<Vec<f64>> =
            (0..steps).map(|_| (0..n).map(|_| entry()).collect()).collect();
        Case::new(group, Args::new().with("w", w).with("gradients", gradients))
    };
    let (one, several) = ("the first update", "several updates");
    vec![
        case(one, 1, 1, 1.0),
        case(one, 3, 1, 20.0),
        case(one, 2, 1, 0.1),
        case(several, 1, 2, 1.0),
        case(several, 3, 5, 20.0),
        case(several, 2, 8, 0.1),
    ]
}

exercise! {
    id: "adadelta-clinic",
    chapter: 17,
    points: 3,
    clinic: true,
    own: ["beta2" in 0.80..0.97, "eta" in 0.30..0.80],
    source: include_str!("adadelta_clinic.rs"),
    call: |x, ask| adadelta(x.vector("w"), x.matrix("gradients")),
    mistakes: [multiplied, gradients, new_u, eps_outside, eps_beside],
    // Eight updates of a handful of operations.
    judge: Judge::Same(1e-9),
}
