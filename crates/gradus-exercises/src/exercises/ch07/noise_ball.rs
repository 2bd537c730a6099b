//! # Out of the noise ball
//!
//! You see the loss $J(w) = \tfrac{1}{2} \lambda \lVert w - w^\star \rVert^2$ only by gradients of single
//! examples. `ask.vector(p)` at a point `p` (a `Vec<f64>`) gives
//!
//! $$ \hat g = \lambda\,(p - w^\star) + \xi , $$
//!
//! where the components of $\xi$ are random, with mean 0 and standard deviation $\sigma$, independent of
//! each other and of those at other points. (Asking again at the same point gives the same $\xi$.) Write
//! `find_minimum(w, lambda, sigma, ask)`: begin at `w`, ask at most 400 times, and return a point within
//!
//! $$ 0.3\, \frac{\sigma}{\lambda} $$
//!
//! of $w^\star$ (Euclidean distance). There are five parameters, $\lambda$ and $\sigma$ are known, and the
//! start is hundreds of $\sigma / \lambda$ away.
//!
//! ## Hints
//!
//! 1. At a constant rate $\eta$ the point ends in a noise ball: in each parameter the mean square
//!    distance is $\eta\, \sigma^2 / (\lambda\,(2 - \eta \lambda))$. How large is that for
//!    $\eta = 1/\lambda$? How long does the way from the start take if $\eta$ is much smaller?
//! 2. The two jobs, to forget the start and to average the noise, want different rates. Give them to
//!    different times.
//! 3. The first update with $\eta = 1/\lambda$ forgets the start altogether. How large must the later
//!    rates be for the error to be the *mean* of all $\xi$ so far?
//!
//! ## Explanation
//!
//! With $\eta_k = 1 / (\lambda\,(k + 1))$ the product $(k + 1)(w_{k+1} - w^\star)$ grows by
//! $-\xi_k / \lambda$ in each update, so after $K$ updates $w_K - w^\star$ is minus the mean of $K$
//! errors $\xi_k / \lambda$. In five parameters its size is about
//! $\sqrt{5/400}\; \sigma / \lambda = 0.11\, \sigma / \lambda$. The constant rate $1/\lambda$ stays
//! twenty times as far away, and $1 / (\lambda \sqrt{k + 1})$ at about $0.35\, \sigma / \lambda$. A
//! constant rate also does, for instance $0.5/\lambda$, if the last 300 points are averaged.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for k in 0..400 {
            let rate = 1.0 / (lambda * (k + 1) as f64);
            let g = ask.vector(w.clone());
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
        }
        w
    }
}

/// The rate is constant: the point reaches the noise ball and stays in it.
pub mod constant_rate {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let rate = 1.0 / lambda;
        for k in 0..400 {
            let g = ask.vector(w.clone());
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
        }
        w
    }
}

/// The rate falls with the square root of k only: at the end it is still too large for so small a distance.
pub mod root {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for k in 0..400 {
            let rate = 1.0 / (lambda * ((k + 1) as f64).sqrt());
            let g = ask.vector(w.clone());
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
        }
        w
    }
}

/// The rate falls with the square of k: all later updates together are too short to undo the noise of the first.
pub mod too_fast {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for k in 0..400 {
            let rate = 1.0 / (lambda * ((k + 1) * (k + 1)) as f64);
            let g = ask.vector(w.clone());
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
        }
        w
    }
}

/// All points are averaged, those on the way from the start among them: the far ones pull the mean away.
pub mod from_the_start {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        let mut mean = vec![0.0; w.len()];
        for k in 0..400 {
            mean = mean.iter().zip(&w).map(|(mean, w)| mean + w / 400.0).collect();
            let g = ask.vector(w.clone());
            w = w.iter().zip(&g).map(|(w, g)| w - 0.5 / lambda * g).collect();
        }
        mean
    }
}

/// The rates are those for curvature 1: they have to be divided by λ.
pub mod without_lambda {
    use super::Ask;

    pub fn find_minimum(w: &[f64], lambda: f64, sigma: f64, ask: &mut Ask) -> Vec<f64> {
        let mut w = w.to_vec();
        for k in 0..400 {
            let rate = 1.0 / (k + 1) as f64;
            let g = ask.vector(w.clone());
            w = w.iter().zip(&g).map(|(w, g)| w - rate * g).collect();
        }
        w
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let mut case = |group, low: f64| {
        let lambda = draw.decimal(low, 2.0 * low, 2);
        let sigma = lambda * draw.decimal(0.05, 0.15, 2);
        let minimum: Vec<f64> = (0..5).map(|_| draw.decimal(-9.0, 9.0, 2)).collect();
        let w: Vec<f64> = minimum
            .iter()
            .map(|m| m + [20.0, -20.0][draw.index(0, 2)] + draw.decimal(-5.0, 5.0, 1))
            .map(|w| (w * 10.0).round() / 10.0)
            .collect();
        let noise = draw.index(0, 1 << 30);
        Case::new(group, Args::new().with("w", w).with("lambda", lambda).with("sigma", sigma))
            .hiding(Args::new().with("minimum", minimum).with("noise", noise))
    };
    let mut cases: Vec<Case> = (0..4).map(|_| case("little curvature", 0.2)).collect();
    cases.extend((0..4).map(|_| case("much curvature", 3.0)));
    cases
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    let minimum = case.hidden.vector("minimum");
    let (lambda, sigma) = (case.args.number("lambda"), case.args.number("sigma"));
    match question.vector() {
        Some(w) if w.len() == minimum.len() => {
            // Other points, other noise; uniform numbers of standard deviation σ.
            let mut draw = Draw::new(&format!("{w:?}"), case.hidden.index("noise") as u64);
            let half = 3.0_f64.sqrt() * sigma;
            let component = |(w, m): (&f64, &f64)| lambda * (w - m) + draw.uniform(-half, half);
            Ok(w.iter().zip(minimum).map(component).collect::<Vec<f64>>().into_value())
        }
        _ => Err(format!("your function asks for the gradient at {question}, which is no point")),
    }
}

fn judge(case: &Case, answer: &Value, _: &[Value]) -> Result<(), String> {
    let minimum = case.hidden.vector("minimum");
    let Some(w) = answer.vector().filter(|w| w.len() == minimum.len()) else {
        return Err("a point was expected: a Vec<f64> of five numbers".to_owned());
    };
    let distance = w.iter().zip(minimum).map(|(w, m)| (w - m) * (w - m)).sum::<f64>().sqrt();
    let unit = case.args.number("sigma") / case.args.number("lambda");
    // The solution's distance is 0.11 in the mean, and above 0.3 once in a million cases.
    if distance <= 0.3 * unit {
        Ok(())
    } else {
        Err(format!("the point is {:.2} σ/λ away from the minimum", distance / unit))
    }
}

exercise! {
    id: "noise-ball",
    chapter: 7,
    points: 4,
    source: include_str!("noise_ball.rs"),
    call: |x, ask| find_minimum(x.vector("w"), x.number("lambda"), x.number("sigma"), ask),
    mistakes: [constant_rate, root, too_fast, from_the_start, without_lambda],
    judge: Judge::Dialogue(Dialogue { limit: 400, answer, judge }),
}
