//! # The rate of Nesterov's rule
//!
//! On a quadratic, the error of Nesterov's rule along an eigenvector of the Hessian follows the two roots
//! $z$, real or complex, of
//!
//! $$ z^2 - (1 + \rho)(1 - s)\, z + \rho\, (1 - s) = 0, \qquad s = \eta \lambda , $$
//!
//! where $\lambda$ is the eigenvalue, $\eta$ the learning rate and $\rho$ the momentum. The *rate* is the
//! largest absolute value of a root: in the long run the error shrinks by this factor per update, or grows
//! if it is above 1. Write `rate(s)`: return the rate for your own $\rho = {{rho}}$. The argument $s$ is
//! positive and never gives a double root.
//!
//! ## Hints
//!
//! 1. Compute the discriminant of the equation. If it is negative, the roots are complex: which absolute
//!    value do both have, if their product is known?
//! 2. If the discriminant is positive, there are two real roots. The one with the larger absolute value may
//!    be the negative one.
//!
//! ## Explanation
//!
//! Two conjugate complex roots have the same absolute value, the root of their product:
//! $\sqrt{\rho (1 - s)}$. It falls as the curvature grows: the look-ahead brakes in steep directions. In
//! the flattest directions, $s < \bigl(\frac{1 - \rho}{1 + \rho}\bigr)^2$, the roots are real and positive,
//! and the coordinate creeps. For $s > 1$ the product of the roots is negative, the coordinate jumps from
//! side to side, and the negative root counts. It passes $-1$ at $s = \frac{2 + 2\rho}{1 + 2\rho}$, which
//! is $1.36$ for $\rho = 0.9$: gradient descent bears $s$ up to 2.

use crate::prelude::*;

pub mod stub {
    pub fn rate(s: f64) -> f64 {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn rate(s: f64) -> f64 {
        let rho = own("rho");
        let (sum, product) = ((1.0 + rho) * (1.0 - s), rho * (1.0 - s));
        let discriminant = sum * sum - 4.0 * product;
        if discriminant < 0.0 { product.sqrt() } else { (sum.abs() + discriminant.sqrt()) / 2.0 }
    }
}

/// All roots are taken for complex ones: the root of the product is their absolute value only where the discriminant is negative.
pub mod always_complex {
    use super::own;

    pub fn rate(s: f64) -> f64 {
        let rho = own("rho");
        (rho * (1.0 - s)).abs().sqrt()
    }
}

/// This is the largest root, not the largest absolute value: where s > 1 the negative root counts.
pub mod largest_root {
    use super::own;

    pub fn rate(s: f64) -> f64 {
        let rho = own("rho");
        let (sum, product) = ((1.0 + rho) * (1.0 - s), rho * (1.0 - s));
        let discriminant = sum * sum - 4.0 * product;
        if discriminant < 0.0 { product.sqrt() } else { (sum + discriminant.sqrt()) / 2.0 }
    }
}

/// Complex roots count with their real part only; their absolute value is the root of their product.
pub mod real_part {
    use super::own;

    pub fn rate(s: f64) -> f64 {
        let rho = own("rho");
        let (sum, product) = ((1.0 + rho) * (1.0 - s), rho * (1.0 - s));
        let discriminant = sum * sum - 4.0 * product;
        (sum.abs() + discriminant.max(0.0).sqrt()) / 2.0
    }
}

/// This is the rate of the heavy ball, whose friction does not depend on the curvature: there ρ itself is the product of the roots.
pub mod heavy_ball {
    use super::own;

    pub fn rate(s: f64) -> f64 {
        let rho = own("rho");
        let (sum, product) = (1.0 + rho - s, rho);
        let discriminant = sum * sum - 4.0 * product;
        if discriminant < 0.0 { product.sqrt() } else { (sum.abs() + discriminant.sqrt()) / 2.0 }
    }
}

/// The product of the complex roots is the square of their absolute value: its root is missing.
pub mod squared {
    use super::own;

    pub fn rate(s: f64) -> f64 {
        let rho = own("rho");
        let (sum, product) = ((1.0 + rho) * (1.0 - s), rho * (1.0 - s));
        let discriminant = sum * sum - 4.0 * product;
        if discriminant < 0.0 { product } else { (sum.abs() + discriminant.sqrt()) / 2.0 }
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let rho = own("rho");
    // Below this the roots are real and positive; from 1 on one of them is negative.
    let border = ((1.0 - rho) / (1.0 + rho)).powi(2);
    let mut case = |group, low: f64, high: f64, decimals| {
        Case::new(group, Args::new().with("s", draw.decimal(low, high, decimals)))
    };
    let (complex, real) = ("complex roots", "real roots");
    vec![
        case(complex, 0.12, 0.3, 2),
        case(complex, 0.3, 0.6, 2),
        case(complex, 0.6, 0.95, 2),
        case(real, 0.1 * border, 0.4 * border, 6),
        case(real, 0.5 * border, 0.9 * border, 6),
        case(real, 1.05, 1.3, 2),
        case(real, 1.5, 2.2, 2),
    ]
}

exercise! {
    id: "nesterov-rate",
    chapter: 15,
    points: 2,
    own: ["rho" in 0.60..0.95],
    source: include_str!("nesterov_rate.rs"),
    call: |x, ask| rate(x.number("s")),
    mistakes: [always_complex, largest_root, real_part, heavy_ball, squared],
    // A few operations; at nine tenths of the border the discriminant loses two digits.
    judge: Judge::Same(1e-9),
}
