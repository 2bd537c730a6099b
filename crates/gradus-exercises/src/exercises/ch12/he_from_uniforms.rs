//! # He's weights from uniform numbers
//!
//! *Leaky* ReLU is $\varphi(z) = z$ for $z \ge 0$ and $\varphi(z) = a z$ for $z < 0$; with $a = 0$ it is ReLU.
//! Of numbers that are spread symmetrically around 0 it multiplies the mean square by $(1 + a^2) / 2$.
//! He's rule for a layer with this activation therefore wants weights with mean 0 and variance
//!
//! $$ \sigma^2 = \frac{2}{(1 + a^2)\, D} , $$
//!
//! where $D$ is the number of inputs of a unit, the fan-in. They may come from a uniform distribution on
//! an interval $(-c, c)$: its mean is 0 and its variance is $c^2 / 3$.
//!
//! Write `he(fan_in, u)`, where `fan_in` is $D$ and `u` holds a random number $u_i$, uniform in
//! $(0, 1)$, for each weight of the layer. Return the weights $w_i$, each a linear and rising
//! function of its $u_i$, uniform in $(-c, c)$ with the variance that He's rule wants. Your own slope is
//! $a = {{slope}}$.
//!
//! ## Hints
//!
//! 1. For which $c$ is $c^2 / 3$ the variance of He's rule?
//! 2. $u = 0$ must go to $-c$, $u = \tfrac{1}{2}$ to $0$ and $u = 1$ to $c$.
//!
//! ## Explanation
//!
//! $c = \sqrt{6 / ((1 + a^2) D)}$ and $w_i = c\, (2 u_i - 1)$. The variance is
//! $\frac{1}{2c} \int_{-c}^{c} w^2\, dw = c^2 / 3$, so the bound is $\sqrt{3}$ times the standard deviation.
//! A bound equal to the standard deviation would give a third of the variance, and every layer would
//! shrink the signal by $\sqrt{3}$. With $a = 0$ this is He's rule for ReLU, with $a = 1$ the rule for a
//! linear layer, $1 / D$. The fan-in is the number of inputs of one unit; the number of weights is that
//! times the number of units.

use crate::prelude::*;

pub mod stub {
    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let slope = own("slope");
        let bound = (6.0 / ((1.0 + slope * slope) * fan_in as f64)).sqrt();
        u.iter().map(|u| bound * (2.0 * u - 1.0)).collect()
    }
}

/// The standard deviation is taken for the bound: the weights are too small by √3.
pub mod deviation {
    use super::own;

    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let slope = own("slope");
        let bound = (2.0 / ((1.0 + slope * slope) * fan_in as f64)).sqrt();
        u.iter().map(|u| bound * (2.0 * u - 1.0)).collect()
    }
}

/// The slope is left out: this is the variance for a ReLU that lets nothing negative pass.
pub mod plain_relu {
    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let bound = (6.0 / fan_in as f64).sqrt();
        u.iter().map(|u| bound * (2.0 * u - 1.0)).collect()
    }
}

/// The slope is not squared: it multiplies a number, so it multiplies the mean square by its square.
pub mod slope_itself {
    use super::own;

    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let slope = own("slope");
        let bound = (6.0 / ((1.0 + slope) * fan_in as f64)).sqrt();
        u.iter().map(|u| bound * (2.0 * u - 1.0)).collect()
    }
}

/// The weights are all positive: a number in (0, 1) has to be moved to the interval from -c to c.
pub mod positive {
    use super::own;

    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let slope = own("slope");
        let bound = (6.0 / ((1.0 + slope * slope) * fan_in as f64)).sqrt();
        u.iter().map(|u| bound * u).collect()
    }
}

/// The interval is half as wide as it should be: it goes from -c/2 to c/2.
pub mod half {
    use super::own;

    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let slope = own("slope");
        let bound = (6.0 / ((1.0 + slope * slope) * fan_in as f64)).sqrt();
        u.iter().map(|u| bound * (u - 0.5)).collect()
    }
}

/// The number of weights is taken for the fan-in; a layer has as many weights as inputs times units.
pub mod all_weights {
    use super::own;

    pub fn he(fan_in: usize, u: &[f64]) -> Vec<f64> {
        let slope = own("slope");
        let bound = (6.0 / ((1.0 + slope * slope) * u.len() as f64)).sqrt();
        u.iter().map(|u| bound * (2.0 * u - 1.0)).collect()
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, fan_in: usize, units: usize| {
        let u: Vec<f64> = (0..fan_in * units).map(|_| draw.uniform(0.001, 0.999)).collect();
        Case::new(group, Args::new().with("fan_in", fan_in).with("u", u))
    };
    vec![
        case("one unit", 1, 1),
        case("one unit", 4, 1),
        case("one unit", 20, 1),
        case("several units", 2, 3),
        case("several units", 5, 2),
        case("several units", 16, 4),
    ]
}

exercise! {
    id: "he-from-uniforms",
    chapter: 12,
    points: 2,
    own: ["slope" in 0.10..0.60],
    source: include_str!("he_from_uniforms.rs"),
    call: |x, ask| he(x.index("fan_in"), x.vector("u")),
    mistakes: [deviation, plain_relu, slope_itself, positive, half, all_weights],
    // Eight operations a weight.
    judge: Judge::Same(1e-9),
}
