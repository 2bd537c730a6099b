//! # The hinge loss and its gradient
//!
//! A classifier gives an example the scores $z_0, \dots, z_{C-1}$, one for each of $C \ge 2$ classes. The
//! example's class is $y$. The hinge loss with your own margin $\Delta = {{margin}}$ is
//!
//! $$ J = \sum_{j \ne y} \max(0,\ z_j - z_y + \Delta) . $$
//!
//! Write `hinge(z, y)`: return $J$ and, second, the vector of its $C$ derivatives
//! $\partial J / \partial z_0, \dots, \partial J / \partial z_{C-1}$. In no case is $z_j - z_y + \Delta$
//! zero for a $j \ne y$, so these derivatives exist.
//!
//! ## Hints
//!
//! 1. A term that is zero does not change if the scores change a little. What are the derivatives of a
//!    term that is positive, with respect to $z_j$ and to $z_y$?
//! 2. The score $z_y$ stands in all $C - 1$ terms.
//!
//! ## Explanation
//!
//! A positive term is $z_j - z_y + \Delta$, with the derivative $1$ with respect to $z_j$ and $-1$ with
//! respect to $z_y$. So the gradient has a $1$ for each wrong class whose term is positive, a $0$ for each
//! other wrong class, and for the right class minus the number of positive terms. The entries sum to zero,
//! because the loss depends on differences of scores only.

use crate::prelude::*;

pub mod stub {
    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::own;

    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        let margin = own("margin");
        let (mut loss, mut g) = (0.0, vec![0.0; z.len()]);
        for j in 0..z.len() {
            let lack = z[j] - z[y] + margin;
            if j != y && lack > 0.0 {
                loss += lack;
                g[j] += 1.0;
                g[y] -= 1.0;
            }
        }
        (loss, g)
    }
}

/// The right class is compared with itself too: that adds the margin to the loss.
pub mod itself {
    use super::own;

    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        let margin = own("margin");
        let (mut loss, mut g) = (0.0, vec![0.0; z.len()]);
        for j in 0..z.len() {
            let lack = z[j] - z[y] + margin;
            if lack > 0.0 {
                loss += lack;
                g[j] += 1.0;
                g[y] -= 1.0;
            }
        }
        (loss, g)
    }
}

/// The derivative for the right class is -1 however many terms are positive; each of them adds another -1.
pub mod minus_one {
    use super::own;

    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        let margin = own("margin");
        let (mut loss, mut g) = (0.0, vec![0.0; z.len()]);
        for j in 0..z.len() {
            let lack = z[j] - z[y] + margin;
            if j != y && lack > 0.0 {
                loss += lack;
                g[j] = 1.0;
                g[y] = -1.0;
            }
        }
        (loss, g)
    }
}

/// Wrong classes whose term is zero get a derivative of 1 as well; there the loss does not change.
pub mod every_class {
    use super::own;

    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        let margin = own("margin");
        let (mut loss, mut g) = (0.0, vec![0.0; z.len()]);
        for j in 0..z.len() {
            if j != y {
                loss += (z[j] - z[y] + margin).max(0.0);
                g[j] += 1.0;
                g[y] -= 1.0;
            }
        }
        (loss, g)
    }
}

/// Only the wrong class with the largest score counts; the loss is a sum over all wrong classes.
pub mod worst {
    use super::own;

    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        let margin = own("margin");
        let (mut loss, mut g) = (0.0, vec![0.0; z.len()]);
        for j in 0..z.len() {
            let lack = z[j] - z[y] + margin;
            if j != y && lack > loss {
                loss = lack;
                g.fill(0.0);
                g[j] = 1.0;
                g[y] = -1.0;
            }
        }
        (loss, g)
    }
}

/// The margin is 1, as in the chapter; yours is another number.
pub mod margin_one {
    pub fn hinge(z: &[f64], y: usize) -> (f64, Vec<f64>) {
        let (mut loss, mut g) = (0.0, vec![0.0; z.len()]);
        for j in 0..z.len() {
            let lack = z[j] - z[y] + 1.0;
            if j != y && lack > 0.0 {
                loss += lack;
                g[j] += 1.0;
                g[y] -= 1.0;
            }
        }
        (loss, g)
    }
}

fn cases(draw: &mut Draw) -> Vec<Case> {
    // The first of the wrong classes lack the margin, the others do not, by 0.1 or more for every margin.
    let mut case = |group, lacking: usize, enough: usize| {
        let right = draw.decimal(-3.0, 3.0, 3);
        let mut z: Vec<f64> = (0..lacking).map(|_| right + draw.decimal(-1.1, 3.0, 3)).collect();
        z.extend((0..enough).map(|_| right - draw.decimal(2.6, 6.0, 3)));
        let y = draw.index(0, z.len() + 1);
        z.insert(y, right);
        Case::new(group, Args::new().with("z", z).with("y", y))
    };
    vec![
        case("two to four classes", 1, 0),
        case("two to four classes", 0, 2),
        case("two to four classes", 2, 1),
        case("two to four classes", 1, 2),
        case("many classes", 3, 3),
        case("many classes", 0, 5),
        case("many classes", 5, 4),
    ]
}

exercise! {
    id: "hinge-gradient",
    chapter: 4,
    points: 2,
    own: ["margin" in 1.20..2.50],
    source: include_str!("hinge_gradient.rs"),
    call: |x, ask| hinge(x.vector("z"), x.index("y")),
    mistakes: [itself, minus_one, every_class, worst, margin_one],
    // The loss is a sum of at most eight terms, the gradient is made of whole numbers.
    judge: Judge::Same(1e-9),
}
