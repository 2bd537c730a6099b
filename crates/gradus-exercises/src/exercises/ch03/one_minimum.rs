//! # A loss with exactly one minimum
//!
//! The inputs $x_i \in \mathbb{R}^2$ have the labels $y_i \in \{-1, +1\}$, and the loss is
//!
//! $$ J(w) = \frac{1}{N} \sum_{i=1}^{N} \ln \bigl( 1 + e^{-y_i x_i^\top w} \bigr) +
//!    \lambda\, \lVert w \rVert^2 $$
//!
//! with your own $\lambda = {{lambda}}$. Write `minimum(xs, ys)`: a point $w$ with
//! $\lVert \nabla J(w) \rVert \le 10^{-6}$. The rows of `xs` are the $x_i$, and `ys` holds the $y_i$. No
//! $\lVert x_i \rVert$ is larger than 3. In some cases the labels can be separated by a line through the
//! origin, in some they cannot.
//!
//! You may call `dot`.
//!
//! ## Hints
//!
//! 1. Write down the gradient first. The derivative of $\ln(1 + e^{-z})$ is $-1 / (1 + e^z)$.
//! 2. $J$ is convex and smooth, so gradient descent arrives with every rate up to $1/L$, where no
//!    curvature is larger than $L$. The second derivative of $\ln(1 + e^{-z})$ is at most $1/4$.
//! 3. So $L = 9/4 + 2\lambda$ will do. Go on until the gradient is short enough, not for a fixed number of
//!    steps.
//!
//! ## Explanation
//!
//! The gradient is
//!
//! $$ \nabla J(w) = - \frac{1}{N} \sum_i \frac{y_i\, x_i}{1 + e^{\,y_i x_i^\top w}} + 2 \lambda w . $$
//!
//! Without the penalty, separable data have no minimum: the longer $w$ is, the lower is the loss. With it,
//! every curvature is at least $2\lambda$, so the minimum is there and is the only one, and each step at the
//! rate $1/L$ shrinks the distance to it by at least the factor $1 - 2\lambda / L$. With $\lambda = 0.05$ that
//! is 0.957: about 50 steps a digit, whatever the data are.

use crate::prelude::*;

pub mod stub {
    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{dot, own};

    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        let (lambda, n) = (own("lambda"), ys.len() as f64);
        let rate = 1.0 / (9.0 / 4.0 + 2.0 * lambda);
        let mut w = vec![0.0, 0.0];
        loop {
            let mut g = [2.0 * lambda * w[0], 2.0 * lambda * w[1]];
            for (x, y) in xs.iter().zip(ys) {
                let part = y / (1.0 + (y * dot(x, &w)).exp()) / n;
                g[0] -= part * x[0];
                g[1] -= part * x[1];
            }
            if dot(&g, &g).sqrt() <= 1e-7 {
                return w;
            }
            w = vec![w[0] - rate * g[0], w[1] - rate * g[1]];
        }
    }
}

/// The penalty is missing from the gradient: on separable data the weights grow for ever, on others this is another minimum.
pub mod no_penalty {
    use super::dot;

    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        let n = ys.len() as f64;
        let mut w = vec![0.0, 0.0];
        for _ in 0..2000 {
            let mut g = [0.0, 0.0];
            for (x, y) in xs.iter().zip(ys) {
                let part = y / (1.0 + (y * dot(x, &w)).exp()) / n;
                g[0] -= part * x[0];
                g[1] -= part * x[1];
            }
            w = vec![w[0] - 0.4 * g[0], w[1] - 0.4 * g[1]];
        }
        w
    }
}

/// The penalty's gradient is taken as λw; the derivative of the square has a factor 2.
pub mod half_penalty {
    use super::{dot, own};

    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        let (lambda, n) = (own("lambda"), ys.len() as f64);
        let mut w = vec![0.0, 0.0];
        for _ in 0..2000 {
            let mut g = [lambda * w[0], lambda * w[1]];
            for (x, y) in xs.iter().zip(ys) {
                let part = y / (1.0 + (y * dot(x, &w)).exp()) / n;
                g[0] -= part * x[0];
                g[1] -= part * x[1];
            }
            w = vec![w[0] - 0.4 * g[0], w[1] - 0.4 * g[1]];
        }
        w
    }
}

/// The losses of the examples are added up; their mean is meant, and beside a sum the penalty weighs N times less.
pub mod sum {
    use super::{dot, own};

    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        let lambda = own("lambda");
        let rate = 0.4 / ys.len() as f64;
        let mut w = vec![0.0, 0.0];
        for _ in 0..2000 {
            let mut g = [2.0 * lambda * w[0], 2.0 * lambda * w[1]];
            for (x, y) in xs.iter().zip(ys) {
                let part = y / (1.0 + (y * dot(x, &w)).exp());
                g[0] -= part * x[0];
                g[1] -= part * x[1];
            }
            w = vec![w[0] - rate * g[0], w[1] - rate * g[1]];
        }
        w
    }
}

/// The sign in the exponent: examples that are right by far count most, and those that are wrong hardly at all.
pub mod exponent {
    use super::{dot, own};

    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        let (lambda, n) = (own("lambda"), ys.len() as f64);
        let mut w = vec![0.0, 0.0];
        for _ in 0..2000 {
            let mut g = [2.0 * lambda * w[0], 2.0 * lambda * w[1]];
            for (x, y) in xs.iter().zip(ys) {
                let part = y / (1.0 + (-y * dot(x, &w)).exp()) / n;
                g[0] -= part * x[0];
                g[1] -= part * x[1];
            }
            w = vec![w[0] - 0.4 * g[0], w[1] - 0.4 * g[1]];
        }
        w
    }
}

/// The run stops after a hundred short steps, before the gradient is small.
pub mod too_soon {
    use super::{dot, own};

    pub fn minimum(xs: &[Vec<f64>], ys: &[f64]) -> Vec<f64> {
        let (lambda, n) = (own("lambda"), ys.len() as f64);
        let mut w = vec![0.0, 0.0];
        for _ in 0..100 {
            let mut g = [2.0 * lambda * w[0], 2.0 * lambda * w[1]];
            for (x, y) in xs.iter().zip(ys) {
                let part = y / (1.0 + (y * dot(x, &w)).exp()) / n;
                g[0] -= part * x[0];
                g[1] -= part * x[1];
            }
            w = vec![w[0] - 0.05 * g[0], w[1] - 0.05 * g[1]];
        }
        w
    }
}

use gradus_student::tools::dot;

/// The length of the gradient.
fn slope(case: &Case, w: &[f64]) -> f64 {
    let (xs, ys) = (case.args.matrix("xs"), case.args.vector("ys"));
    let component = |j: usize| {
        let part = |(x, y): (&Vec<f64>, &f64)| y * x[j] / (1.0 + (y * dot(x, w)).exp());
        2.0 * own("lambda") * w[j] - xs.iter().zip(ys).map(part).sum::<f64>() / ys.len() as f64
    };
    component(0).hypot(component(1))
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize, twice: usize| {
        let (sin, cos) = draw.uniform(0.0, std::f64::consts::TAU).sin_cos();
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for i in 0..n {
            // The label is the sign of the distance from the line; both signs occur.
            let y = [1.0, -1.0][i % 2];
            let (far, along) = (y * draw.uniform(0.3, 2.0), draw.uniform(-2.0, 2.0));
            let decimals = |x: f64| (x * 100.0).round() / 100.0;
            xs.push(vec![decimals(far * cos - along * sin), decimals(far * sin + along * cos)]);
            ys.push(y);
        }
        for i in 0..twice {
            // The same input with the other label: no line is right for both.
            xs.push(xs[i].clone());
            ys.push(-ys[i]);
        }
        Case::new(group, Args::new().with("xs", xs).with("ys", ys))
    };
    let (separable, mixed) = ("labels that a line separates", "labels that no line separates");
    vec![
        case(separable, 3, 0),
        case(separable, 4, 0),
        case(separable, 8, 0),
        case(mixed, 3, 1),
        case(mixed, 5, 1),
        case(mixed, 7, 2),
    ]
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    match answer.vector() {
        Some(w) if w.len() == 2 => {
            // Not exactly a millionth: the sum may be taken in another order here.
            let slope = slope(case, w);
            if slope <= 1.001e-6 {
                Ok(())
            } else {
                Err(format!(
                    "the gradient of J has the length {slope:.1e} at the point that came back"
                ))
            }
        }
        _ => Err("a vector of two entries was expected".to_owned()),
    }
}

exercise! {
    id: "one-minimum",
    chapter: 3,
    points: 4,
    allow: ["dot"],
    own: ["lambda" in 0.02..0.20],
    source: include_str!("one_minimum.rs"),
    call: |x, ask| minimum(x.matrix("xs"), x.vector("ys")),
    mistakes: [no_penalty, half_penalty, sum, exponent, too_soon],
    judge: Judge::Dialogue(Dialogue {
        limit: 0,
        answer: |_, _| Err("this exercise has nobody to ask".to_owned()),
        judge,
    }),
}
