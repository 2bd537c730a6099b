//! # The best constant learning rate
//!
//! On a quadratic with a positive definite Hessian, an update of gradient descent with the learning
//! rate $\eta$ multiplies the distance to the minimum along each eigenvector by $1 - \eta \lambda$,
//! where $\lambda$ is its eigenvalue. The rate of convergence is the largest of these factors in
//! absolute value,
//!
//! $$ r(\eta) = \max_i |1 - \eta \lambda_i| . $$
//!
//! Write `best_fixed_step(smallest, largest)`: given the smallest and the largest eigenvalue,
//! $0 < \lambda_1 \le \lambda_n$, return the learning rate $\eta^\star$ for which $r$ is smallest, and
//! $r(\eta^\star)$, in this order.
//!
//! ## Hints
//!
//! 1. $1 - \eta \lambda$ is a line in $\lambda$, so its largest absolute value is at $\lambda_1$ or at
//!    $\lambda_n$.
//! 2. As $\eta$ grows from zero, $|1 - \eta \lambda_1|$ falls, and in the end $|1 - \eta \lambda_n|$
//!    rises. Where are they equal?
//!
//! ## Explanation
//!
//! The larger of the two is least where $1 - \eta \lambda_1 = \eta \lambda_n - 1$, that is at
//!
//! $$ \eta^\star = \frac{2}{\lambda_1 + \lambda_n}, \qquad
//! r(\eta^\star) = \frac{\lambda_n - \lambda_1}{\lambda_n + \lambda_1}
//! = \frac{\kappa - 1}{\kappa + 1}, \qquad \kappa = \frac{\lambda_n}{\lambda_1} . $$
//!
//! If all eigenvalues are equal, $\kappa = 1$, one update arrives.

use crate::prelude::*;

pub mod stub {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        todo!()
    }
}

pub mod solution {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let sum = smallest + largest;
        (2.0 / sum, (largest - smallest) / sum)
    }
}

/// This learning rate is the bound 2/λₙ: there the steepest direction swings for ever, with the factor -1.
pub mod bound {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let kappa = largest / smallest;
        (2.0 / largest, (kappa - 1.0) / (kappa + 1.0))
    }
}

/// This is the safe learning rate 1/λₙ with its rate 1 - 1/κ; a larger one converges faster in the flat direction.
pub mod safe {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        (1.0 / largest, 1.0 - smallest / largest)
    }
}

/// The learning rate is half of the best one: the two factors are equal at two over the sum of the eigenvalues.
pub mod half {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let sum = smallest + largest;
        (1.0 / sum, (largest - smallest) / sum)
    }
}

/// The rate is squared: that bounds the factor of the loss, and the factor of the distance is its root.
pub mod of_the_loss {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let sum = smallest + largest;
        (2.0 / sum, ((largest - smallest) / sum).powi(2))
    }
}

/// The condition number is upside down: with the smallest eigenvalue over the largest, the rate comes out negative.
pub mod upside_down {
    pub fn best_fixed_step(smallest: f64, largest: f64) -> (f64, f64) {
        let kappa = smallest / largest;
        (2.0 / (smallest + largest), (kappa - 1.0) / (kappa + 1.0))
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
    source: include_str!("best_fixed_step.rs"),
    call: |x, ask| best_fixed_step(x.number("smallest"), x.number("largest")),
    mistakes: [bound, safe, half, of_the_loss, upside_down],
    // A few operations; the learning rate is at least a thousandth of the rate of convergence.
    judge: Judge::Same(1e-9),
}
