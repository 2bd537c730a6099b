//! # The best constant learning rate
//!
//! On a quadratic with a positive definite Hessian, an update of gradient descent with the learning
//! rate $\eta$ multiplies the distance to the minimum along each eigenvector by $1 - \eta \lambda$,
//! where $\lambda$ is its eigenvalue. The rate of convergence is the largest of these factors in
//! absolute value,
//!
//! $$ r(\eta) = \max_i |1 - \eta \lambda_i| . $$
//!
//! The loss here is $J(w) + \tfrac{1}{2} \mu \lVert w \rVert^2$, a quadratic $J$ with an L2 penalty and
//! your own $\mu = {{mu}}$. The penalty adds $\mu$ to every eigenvalue. Write
//! `best_fixed_step(smallest, largest)`: given the smallest and the largest eigenvalue of the Hessian of
//! $J$ *without* the penalty, $0 < \lambda_1 \le \lambda_n$, return the learning rate $\eta^\star$ for
//! which the loss *with* the penalty has the smallest $r$, and $r(\eta^\star)$, in this order.
//!
//! ## Hints
//!
//! 1. $1 - \eta \lambda$ is a line in $\lambda$, so its largest absolute value is at the smallest or at the
//!    largest eigenvalue. With the penalty these are $\lambda_1 + \mu$ and $\lambda_n + \mu$.
//! 2. As $\eta$ grows from zero, $|1 - \eta\,(\lambda_1 + \mu)|$ falls, and in the end
//!    $|1 - \eta\,(\lambda_n + \mu)|$ rises. Where are they equal?
//!
//! ## Explanation
//!
//! Let $\ell = \lambda_1 + \mu$ and $L = \lambda_n + \mu$. The larger of the two factors is least where
//! $1 - \eta \ell = \eta L - 1$, that is at
//!
//! $$ \eta^\star = \frac{2}{\ell + L}, \qquad r(\eta^\star) = \frac{L - \ell}{L + \ell}
//! = \frac{\kappa - 1}{\kappa + 1}, \qquad \kappa = \frac{L}{\ell} = \frac{\lambda_n + \mu}{\lambda_1 + \mu} . $$
//!
//! If all eigenvalues are equal, $\kappa = 1$, one update reaches the minimum. The penalty lowers every
//! other $\kappa$: with $\mu = \lambda_1$ and a large $\lambda_n$ it is about halved, and so is the number
//! of updates.

use crate::prelude::*;

pub mod stub {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let (smallest, largest) = (smallest + own("mu"), largest + own("mu"));
        let sum = smallest + largest;
        (2.0 / sum, (largest - smallest) / sum)
    }
}

/// This learning rate is the bound, two over the largest eigenvalue: there the steepest direction swings for ever, with the factor -1.
pub mod bound {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let (smallest, largest) = (smallest + own("mu"), largest + own("mu"));
        let kappa = largest / smallest;
        (2.0 / largest, (kappa - 1.0) / (kappa + 1.0))
    }
}

/// This is the safe learning rate, one over the largest eigenvalue, with its rate 1 - 1/κ; a larger one converges faster in the flat direction.
pub mod safe {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let (smallest, largest) = (smallest + own("mu"), largest + own("mu"));
        (1.0 / largest, 1.0 - smallest / largest)
    }
}

/// The learning rate is half of the best one: the two factors are equal at two over the sum of the eigenvalues.
pub mod half {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let (smallest, largest) = (smallest + own("mu"), largest + own("mu"));
        let sum = smallest + largest;
        (1.0 / sum, (largest - smallest) / sum)
    }
}

/// The rate is squared: that bounds the factor of the loss, and the factor of the distance is its root.
pub mod of_the_loss {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let (smallest, largest) = (smallest + own("mu"), largest + own("mu"));
        let sum = smallest + largest;
        (2.0 / sum, ((largest - smallest) / sum).powi(2))
    }
}

/// The condition number is upside down: with the smallest eigenvalue over the largest, the rate comes out negative.
pub mod upside_down {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let (smallest, largest) = (smallest + own("mu"), largest + own("mu"));
        let kappa = smallest / largest;
        (2.0 / (smallest + largest), (kappa - 1.0) / (kappa + 1.0))
    }
}

/// The penalty is forgotten: it adds μ to both eigenvalues.
pub mod no_penalty {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let sum = smallest + largest;
        (2.0 / sum, (largest - smallest) / sum)
    }
}

/// The penalty is added to the smallest eigenvalue only: it shifts all of them.
pub mod smallest_only {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let smallest = smallest + own("mu");
        let sum = smallest + largest;
        (2.0 / sum, (largest - smallest) / sum)
    }
}

/// The sum of the two eigenvalues got μ once: each of them is shifted by μ.
pub mod once {
    use super::own;

    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let sum = smallest + largest + own("mu");
        (2.0 / sum, (largest - smallest) / sum)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, low: f64, high: f64| {
        let smallest = draw.decimal(0.2, 2.0, 3);
        let largest = smallest * draw.decimal(low, high, 2);
        Case::new(group, Args::new().with("smallest", smallest).with("largest", largest))
    };
    let round = Case::new("κ up to 5", Args::new().with("smallest", 0.5).with("largest", 0.5));
    vec![
        round,
        case("κ up to 5", 1.1, 2.0),
        case("κ up to 5", 2.0, 5.0),
        case("κ from 10", 10.0, 50.0),
        case("κ from 10", 50.0, 500.0),
    ]
}

exercise! {
    id: "best-fixed-step",
    chapter: 10,
    points: 2,
    own: ["mu" in 0.20..0.90],
    source: include_str!("best_fixed_step.rs"),
    call: |x, ask| best_fixed_step(x.number("smallest"), x.number("largest")),
    mistakes: [bound, safe, half, of_the_loss, upside_down, no_penalty, smallest_only, once],
    // A few operations; the learning rate is at least a thousandth of the rate of convergence.
    judge: Judge::Same(1e-9),
}
