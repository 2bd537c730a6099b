//! # A Newton step without a matrix
//!
//! Find the damped Newton step $d$, which solves
//!
//! $$ (H + \mu I)\, d = -g $$
//!
//! with your own $\mu = {{mu}}$, by conjugate gradients. Write `newton_cg(g, products, ask)`.
//! `ask.vector(p)` gives the product $H p$ with the hidden symmetric $H$, for a vector `p` as long as `g`;
//! you may ask at most `products` times. Begin with $d = 0$ and $r = p = -g$, and repeat
//!
//! $$ q = H p + \mu p, \qquad \alpha = \frac{r^\top r}{p^\top q}, \qquad d \leftarrow d + \alpha p, \qquad
//!    r' = r - \alpha q, $$
//! $$ p \leftarrow r' + \frac{r'^\top r'}{r^\top r}\, p, \qquad r \leftarrow r' . $$
//!
//! - As soon as $\lVert r \rVert \le 10^{-10} \lVert g \rVert$, or after `products` products, return $d$.
//! - If $p^\top q \le 0$, stop before $\alpha$ is computed: return the $d$ that you have, or $-g$ if this is
//!   the first product.
//!
//! $g$ is not zero. If $H + \mu I$ is positive definite, `products` is the number of its different
//! eigenvalues, and every $d$ with $\lVert (H + \mu I)\, d + g \rVert \le 10^{-8} \lVert g \rVert$ is right.
//! If it is not, the answer has to be the vector that these rules give, to a relative $10^{-6}$.
//!
//! You may call `add`, `dot`, `norm` and `scale`.
//!
//! ## Hints
//!
//! 1. The hidden product knows nothing of $\mu$: add $\mu p$ to it yourself.
//! 2. Keep $r^\top r$ of the old residual until the new direction is made: it is needed twice.
//! 3. The test of $p^\top q$ comes before the division by it.
//!
//! ## Explanation
//!
//! The directions are conjugate, $p_i^\top (H + \mu I)\, p_j = 0$, so a step along one does not undo the
//! minimum along another, and as many products are enough as there are different eigenvalues: three for a
//! matrix with a thousand rows and three eigenvalues. Going along $r$ each time is gradient descent on the
//! model. It zigzags. A direction with $p^\top q \le 0$ is one in which the model falls without end: going
//! on would mean a step to a maximum or a saddle, while the $d$ so far descends.

use crate::prelude::*;

pub mod stub {
    use super::Ask;

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        todo!()
    }
}

pub mod solution {
    use super::{Ask, add, dot, norm, own, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        let mut p = r.clone();
        for k in 0..products {
            let q = add(&ask.vector(p.clone()), &scale(own("mu"), &p));
            if dot(&p, &q) <= 0.0 {
                return if k == 0 { scale(-1.0, g) } else { d };
            }
            let old = dot(&r, &r);
            let alpha = old / dot(&p, &q);
            d = add(&d, &scale(alpha, &p));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
            p = add(&r, &scale(dot(&r, &r) / old, &p));
        }
        d
    }
}

/// This solves H d = -g: the product with the damping, μ p, is missing.
pub mod undamped {
    use super::{Ask, add, dot, norm, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        let mut p = r.clone();
        for k in 0..products {
            let q = ask.vector(p.clone());
            if dot(&p, &q) <= 0.0 {
                return if k == 0 { scale(-1.0, g) } else { d };
            }
            let old = dot(&r, &r);
            let alpha = old / dot(&p, &q);
            d = add(&d, &scale(alpha, &p));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
            p = add(&r, &scale(dot(&r, &r) / old, &p));
        }
        d
    }
}

/// Each direction is the residual alone: this is gradient descent on the model, with the best step each time, and it zigzags.
pub mod steepest {
    use super::{Ask, add, dot, norm, own, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        for k in 0..products {
            let q = add(&ask.vector(r.clone()), &scale(own("mu"), &r));
            if dot(&r, &q) <= 0.0 {
                return if k == 0 { scale(-1.0, g) } else { d };
            }
            let alpha = dot(&r, &r) / dot(&r, &q);
            d = add(&d, &scale(alpha, &r));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
        }
        d
    }
}

/// The factor of the old direction is upside down: the new residual's square belongs above the line.
pub mod upside_down {
    use super::{Ask, add, dot, norm, own, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        let mut p = r.clone();
        for k in 0..products {
            let q = add(&ask.vector(p.clone()), &scale(own("mu"), &p));
            if dot(&p, &q) <= 0.0 {
                return if k == 0 { scale(-1.0, g) } else { d };
            }
            let old = dot(&r, &r);
            let alpha = old / dot(&p, &q);
            d = add(&d, &scale(alpha, &p));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
            p = add(&r, &scale(old / dot(&r, &r), &p));
        }
        d
    }
}

/// Nothing looks for negative curvature: the step goes to the stationary point of the model, which is no minimum there.
pub mod unguarded {
    use super::{Ask, add, dot, norm, own, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        let mut p = r.clone();
        for _ in 0..products {
            let q = add(&ask.vector(p.clone()), &scale(own("mu"), &p));
            let old = dot(&r, &r);
            let alpha = old / dot(&p, &q);
            d = add(&d, &scale(alpha, &p));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
            p = add(&r, &scale(dot(&r, &r) / old, &p));
        }
        d
    }
}

/// Negative curvature is met with -g always; that is for the first product only, later the d so far is the answer.
pub mod thrown_away {
    use super::{Ask, add, dot, norm, own, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        let mut p = r.clone();
        for _ in 0..products {
            let q = add(&ask.vector(p.clone()), &scale(own("mu"), &p));
            if dot(&p, &q) <= 0.0 {
                return scale(-1.0, g);
            }
            let old = dot(&r, &r);
            let alpha = old / dot(&p, &q);
            d = add(&d, &scale(alpha, &p));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
            p = add(&r, &scale(dot(&r, &r) / old, &p));
        }
        d
    }
}

/// Where the first product already shows negative curvature, d is still zero and no step; the answer there is -g.
pub mod no_step {
    use super::{Ask, add, dot, norm, own, scale};

    pub fn newton_cg(g: &[f64], products: usize, ask: &mut Ask) -> Vec<f64> {
        let mut d = vec![0.0; g.len()];
        let mut r = scale(-1.0, g);
        let mut p = r.clone();
        for _ in 0..products {
            let q = add(&ask.vector(p.clone()), &scale(own("mu"), &p));
            if dot(&p, &q) <= 0.0 {
                return d;
            }
            let old = dot(&r, &r);
            let alpha = old / dot(&p, &q);
            d = add(&d, &scale(alpha, &p));
            r = add(&r, &scale(-alpha, &q));
            if norm(&r) <= 1e-10 * norm(g) {
                break;
            }
            p = add(&r, &scale(dot(&r, &r) / old, &p));
        }
        d
    }
}

use gradus_student::tools::{add, dot, matvec, norm, scale};

/// (H + μI) p.
fn damped(h: &[Vec<f64>], p: &[f64]) -> Vec<f64> {
    add(&matvec(h, p), &scale(own("mu"), p))
}

/// Where conjugate gradients meet negative curvature, and after how many products.
fn until_negative(h: &[Vec<f64>], g: &[f64]) -> (Vec<f64>, usize) {
    let (mut d, mut r) = (vec![0.0; g.len()], scale(-1.0, g));
    let mut p = r.clone();
    for k in 1..=g.len() {
        let q = damped(h, &p);
        if dot(&p, &q) <= 0.0 {
            return (if k == 1 { scale(-1.0, g) } else { d }, k);
        }
        let old = dot(&r, &r);
        let alpha = old / dot(&p, &q);
        d = add(&d, &scale(alpha, &p));
        r = add(&r, &scale(-alpha, &q));
        p = add(&r, &scale(dot(&r, &r) / old, &p));
    }
    (d, 0)
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    let (definite, negative) = ("a positive definite matrix", "negative curvature");
    let case = |group, h: Vec<Vec<f64>>, g: Vec<f64>, products: usize| {
        Case::new(group, Args::new().with("g", g).with("products", products))
            .hiding(Args::new().with("h", h))
    };
    let mut cases = Vec::new();
    // Eigenvalues, some of them more than once.
    for values in [&[0.5, 4.0][..], &[1.0, 2.5, 6.0], &[0.3, 0.3, 2.0, 2.0, 2.0, 5.0]] {
        let factor = draw.decimal(0.8, 1.5, 2);
        let eigenvalues: Vec<f64> = values.iter().map(|x| factor * x).collect();
        let different = values.windows(2).filter(|pair| pair[0] != pair[1]).count() + 1;
        let h = draw.symmetric(&eigenvalues);
        cases.push(case(definite, h, draw.vector(values.len(), -3.0, 3.0), different));
    }
    let maximum = [-2.0, -4.0].map(|x| x * draw.decimal(0.8, 1.5, 2));
    cases.push(case(negative, draw.symmetric(&maximum), draw.vector(2, -3.0, 3.0), 2));
    for values in [&[3.0, 1.0, -2.5][..], &[4.0, 2.0, 1.0, -2.0]] {
        let factor = draw.decimal(0.8, 1.5, 2);
        let eigenvalues: Vec<f64> = values.iter().map(|x| factor * x).collect();
        // Not in the first product, so that there is a d to return.
        let (h, g) = loop {
            let (h, g) = (draw.symmetric(&eigenvalues), draw.vector(values.len(), -3.0, 3.0));
            if until_negative(&h, &g).1 > 1 {
                break (h, g);
            }
        };
        cases.push(case(negative, h, g, values.len()));
    }
    cases
}

fn answer(case: &Case, question: &Value) -> Result<Value, String> {
    match question.vector() {
        Some(p) if p.len() == case.args.vector("g").len() => {
            Ok(matvec(case.hidden.matrix("h"), p).into_value())
        }
        _ => Err(format!("your function asks for the product with {question}")),
    }
}

fn judge(case: &Case, answer: &Value, asked: &[Value]) -> Result<(), String> {
    let (g, h) = (case.args.vector("g"), case.hidden.matrix("h"));
    let products = case.args.index("products");
    if asked.len() > products {
        return Err(format!("{} products were asked for, {products} are allowed", asked.len()));
    }
    if case.group == "negative curvature" {
        // A few products; a direction near the border between the signs may cost some digits.
        return crate::mark::same(answer, &until_negative(h, g).0.into_value(), 1e-6);
    }
    match answer.vector() {
        Some(d) if d.len() == g.len() => {
            let residual = norm(&add(&damped(h, d), g));
            // A residual that is not a number is not small.
            if residual <= 1e-8 * norm(g) {
                Ok(())
            } else {
                Err("the residual of the step that came back is too large".to_owned())
            }
        }
        _ => Err(format!("a vector of {} numbers was expected", g.len())),
    }
}

exercise! {
    id: "newton-cg",
    chapter: 19,
    points: 4,
    allow: ["add", "dot", "norm", "scale"],
    own: ["mu" in 0.10..0.90],
    source: include_str!("newton_cg.rs"),
    call: |x, ask| newton_cg(x.vector("g"), x.index("products"), ask),
    mistakes: [undamped, steepest, upside_down, unguarded, thrown_away, no_step],
    judge: Judge::Dialogue(Dialogue { limit: 20, answer, judge }),
}
