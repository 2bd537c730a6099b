//! # The clinic: the wrong strength wins
//!
//! A colleague tries ten strengths of L2, and the one that wins is seldom any good on fresh data. The model has
//! one weight and no bias, $\hat y = w x$. The strengths are your own,
//! $\lambda_j = {{first}} \cdot {{ratio}}^{\,j}$ for $j = 0, \dots, 9$. The experiment should be this:
//!
//! 1. For each $\lambda_j$ take the weight $w$ that minimises
//!    $\frac{1}{N} \sum_i (y_i - w x_i)^2 + \lambda_j w^2$ over the $N$ training examples `xs`, `ys`.
//! 2. Choose the strength whose weight has the smallest mean of $(y - w x)^2$ over the validation examples
//!    `valid_xs`, `valid_ys`. No two strengths tie.
//!
//! Mend `choose(xs, ys, valid_xs, valid_ys)`, which returns the chosen $\lambda_j$ and its $w$, in this order.
//! More than one thing is wrong with it.
//!
//! ## Hints
//!
//! 1. What is validation for: for the loss that training minimises, or for the errors on fresh data?
//! 2. Set the derivative with respect to $w$ of the loss in step 1 to zero. What becomes of $\frac{1}{N}$?
//!
//! ## Explanation
//!
//! The derivative is zero at $w = \sum_i x_i y_i / (\sum_i x_i^2 + N \lambda)$; without the $N$ each strength
//! is $N$ times weaker than its name says. And the penalty is a means to a good fit, not a part of the
//! aim. A validation loss that has $\lambda w^2$ in it compares ten different measures and fines the very
//! strengths that it is to judge. It leans towards those with a small fine: a $\lambda$ near zero, or one so
//! large that $w$ is near zero.

use crate::prelude::*;

pub mod stub {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + strength);
            let errors: f64 = valid_xs.iter().zip(valid_ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / valid_xs.len() as f64 + strength * w * w;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

pub mod solution {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + xs.len() as f64 * strength);
            let errors: f64 = valid_xs.iter().zip(valid_ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / valid_xs.len() as f64;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

/// The fits are right, but the penalty is still in the loss by which the strengths are compared.
pub mod penalised {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + xs.len() as f64 * strength);
            let errors: f64 = valid_xs.iter().zip(valid_ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / valid_xs.len() as f64 + strength * w * w;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

/// The comparison is right, but the penalty in the fit lacks the factor N that it has beside the sum of the squares.
pub mod weak {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + strength);
            let errors: f64 = valid_xs.iter().zip(valid_ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / valid_xs.len() as f64;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

/// The strengths are compared on the training examples, where the weakest always wins.
pub mod by_training {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + xs.len() as f64 * strength);
            let errors: f64 = xs.iter().zip(ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / xs.len() as f64;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

/// The weights are fitted to the validation examples as well, which then are no fresh data any more.
pub mod leak {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let (all_xs, all_ys) = ([xs, valid_xs].concat(), [ys, valid_ys].concat());
        let products: f64 = all_xs.iter().zip(&all_ys).map(|(x, y)| x * y).sum();
        let squares: f64 = all_xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + all_xs.len() as f64 * strength);
            let errors: f64 = valid_xs.iter().zip(valid_ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / valid_xs.len() as f64;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

/// The penalty in the fit has a factor 2 too much: the square's 2 stands in both terms of the derivative.
pub mod twice {
    use super::own;

    pub fn choose(xs: &[f64], ys: &[f64], valid_xs: &[f64], valid_ys: &[f64]) -> (f64, f64) {
        let (first, ratio): (f64, f64) = (own("first"), own("ratio"));
        let products: f64 = xs.iter().zip(ys).map(|(x, y)| x * y).sum();
        let squares: f64 = xs.iter().map(|x| x * x).sum();
        let (mut least, mut best) = (f64::INFINITY, (0.0, 0.0));
        for j in 0..10 {
            let strength = first * ratio.powi(j);
            let w = products / (squares + 2.0 * xs.len() as f64 * strength);
            let errors: f64 = valid_xs.iter().zip(valid_ys).map(|(x, y)| (y - w * x).powi(2)).sum();
            let loss = errors / valid_xs.len() as f64;
            if loss < least {
                (least, best) = (loss, (strength, w));
            }
        }
        best
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, n: usize| {
        loop {
            let slope = draw.decimal(0.8, 3.0, 1) * if draw.index(0, 2) == 0 { 1.0 } else { -1.0 };
            // Training alone overrates the slope.
            let steep = slope * draw.uniform(2.1, 2.8);
            let mut data = |n: usize, slope: f64, noise: f64| -> [Vec<f64>; 2] {
                let xs: Vec<f64> = (0..n).map(|_| draw.decimal(-2.0, 2.0, 1)).collect();
                let y = |x: &f64| slope * x + draw.uniform(-noise, noise);
                let ys = xs.iter().map(y).map(|y| (y * 100.0).round() / 100.0).collect();
                [xs, ys]
            };
            let ([xs, ys], [valid_xs, valid_ys]) = (data(n, steep, 0.5), data(n, slope, 0.2));
            let [right, penalised, first] = [
                solution::choose(&xs, &ys, &valid_xs, &valid_ys).0,
                penalised::choose(&xs, &ys, &valid_xs, &valid_ys).0,
                own("first"),
            ];
            // Neither end of the strengths is the best, and the penalty misleads in another way than the
            // training loss.
            let last = first * own("ratio").powi(9);
            if first < right && right < last && penalised != right && penalised != first {
                let args = Args::new().with("xs", xs).with("ys", ys);
                break Case::new(group, args.with("valid_xs", valid_xs).with("valid_ys", valid_ys));
            }
        }
    };
    vec![
        case("few examples", 3),
        case("few examples", 3),
        case("few examples", 4),
        case("more examples", 6),
        case("more examples", 8),
        case("more examples", 8),
    ]
}

exercise! {
    id: "strength-clinic",
    chapter: 5,
    points: 3,
    clinic: true,
    own: ["first" in 0.02..0.08, "ratio" in 1.80..2.50],
    source: include_str!("strength_clinic.rs"),
    call: |x, ask| choose(
        x.vector("xs"),
        x.vector("ys"),
        x.vector("valid_xs"),
        x.vector("valid_ys"),
    ),
    mistakes: [penalised, weak, by_training, leak, twice],
    // Sums of at most sixteen numbers, and a power.
    judge: Judge::Same(1e-9),
}
