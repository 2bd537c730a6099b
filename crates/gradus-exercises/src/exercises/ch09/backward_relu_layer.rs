//! # Back through a layer with leaky ReLU
//!
//! A layer computes from its input $x$
//!
//! $$ z = W x + b, \qquad
//! a_i = \begin{cases} z_i & \text{if } z_i > 0, \\ \alpha z_i & \text{if } z_i \le 0, \end{cases} $$
//!
//! with your own $\alpha = {{alpha}}$ (a *leaky* ReLU; with $\alpha = 0$ it would be ReLU),
//! and the loss $J$ depends on $x$, $W$ and $b$ only through $a$. Write `backward(x, w, b, da)`, where
//! `w` holds the rows of $W$ and `da` is the gradient of $J$ with respect to $a$. Return the gradients
//! of $J$ with respect to $W$, $b$ and $x$, in this order; that for $W$ as rows, in the shape of $W$.
//! As the slope of the activation take 1 where $z > 0$, and $\alpha$ where $z \le 0$.
//!
//! You may call `add`, `matvec`, `outer` and `transpose`.
//!
//! ## Hints
//!
//! 1. First compute $\delta_i = \partial J / \partial z_i$: the slope of the activation times
//!    $\partial J / \partial a_i$. For the slope you need $z$ again.
//! 2. $z_i = \sum_j W_{ij} x_j + b_i$. What are $\partial z_i / \partial W_{ij}$,
//!    $\partial z_i / \partial b_i$ and $\partial z_i / \partial x_j$?
//! 3. $x_j$ reaches $J$ through every $z_i$: add up over $i$.
//!
//! ## Explanation
//!
//! With $\delta_i = \partial J / \partial a_i$ where $z_i > 0$ and
//! $\delta_i = \alpha\, \partial J / \partial a_i$ elsewhere,
//!
//! $$ \frac{\partial J}{\partial W} = \delta x^\top, \qquad \frac{\partial J}{\partial b} = \delta,
//! \qquad \frac{\partial J}{\partial x} = W^\top \delta . $$
//!
//! All three are made of $\delta$. A unit of ReLU that is off passes nothing back to its weights, its
//! bias or the input, and if it is off for every example, it never learns again. A leaky one still
//! passes on the part $\alpha$. At $z = 0$ there is no derivative; $\alpha$, the slope on the left, is
//! what the libraries take.

use crate::prelude::*;

pub mod stub {
    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        todo!()
    }
}

pub mod solution {
    use super::{add, matvec, outer, own, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = add(&matvec(w, x), b);
        let slope = |z: f64| if z > 0.0 { 1.0 } else { own("alpha") };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(&transpose(w), &delta);
        (outer(&delta, x), delta, dx)
    }
}

/// The activation is left out: a unit with z ≤ 0 has the slope α and passes only that part back.
pub mod linear {
    use super::{matvec, outer, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        (outer(da, x), da.to_vec(), matvec(&transpose(w), da))
    }
}

/// W and b are right, but the gradient for x is made of that for a; it has to be made of that for z, like the others.
pub mod input_unmasked {
    use super::{add, matvec, outer, own, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = add(&matvec(w, x), b);
        let slope = |z: f64| if z > 0.0 { 1.0 } else { own("alpha") };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(&transpose(w), da);
        (outer(&delta, x), delta, dx)
    }
}

/// The bias is forgotten in z, so other units are on than in the layer.
pub mod no_bias {
    use super::{matvec, outer, own, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = matvec(w, x);
        let slope = |z: f64| if z > 0.0 { 1.0 } else { own("alpha") };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(&transpose(w), &delta);
        (outer(&delta, x), delta, dx)
    }
}

/// The gradient for W is transposed: its entry in row i and column j is δᵢ xⱼ.
pub mod transposed {
    use super::{add, matvec, outer, own, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = add(&matvec(w, x), b);
        let slope = |z: f64| if z > 0.0 { 1.0 } else { own("alpha") };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(&transpose(w), &delta);
        (outer(x, &delta), delta, dx)
    }
}

/// The gradient for x is W δ: xⱼ reaches every unit through column j of W, so the transpose belongs there.
pub mod not_transposed {
    use super::{add, matvec, outer, own};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = add(&matvec(w, x), b);
        let slope = |z: f64| if z > 0.0 { 1.0 } else { own("alpha") };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(w, &delta);
        (outer(&delta, x), delta, dx)
    }
}

/// At z = 0 the slope is taken as 1; it has to be α there.
pub mod at_the_kink {
    use super::{add, matvec, outer, own, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = add(&matvec(w, x), b);
        let slope = |z: f64| if z >= 0.0 { 1.0 } else { own("alpha") };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(&transpose(w), &delta);
        (outer(&delta, x), delta, dx)
    }
}

/// A unit with z ≤ 0 passes nothing back: this is ReLU, and the layer is leaky.
pub mod not_leaky {
    use super::{add, matvec, outer, transpose};

    pub fn backward(
        x: &[f64],
        w: &[Vec<f64>],
        b: &[f64],
        da: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
        let z = add(&matvec(w, x), b);
        let slope = |z: f64| if z > 0.0 { 1.0 } else { 0.0 };
        let delta: Vec<f64> = z.iter().zip(da).map(|(z, da)| slope(*z) * da).collect();
        let dx = matvec(&transpose(w), &delta);
        (outer(&delta, x), delta, dx)
    }
}

use gradus_student::tools::{add, dot, matvec, outer, transpose};

fn cases(draw: &mut Draw) -> Vec<Case> {
    // Whole numbers: z is exact in whatever order it is summed, so z = 0 is so for everybody. The signs
    // are those of the units' z. In every second unit, from the first on, W x has the other sign.
    let mut case = |group, n: usize, signs: &[f64]| {
        let x: Vec<f64> = (0..n).map(|_| draw.index(1, 5) as f64).collect();
        let (mut w, mut b, mut da) = (Vec::new(), Vec::new(), Vec::new());
        for (i, sign) in signs.iter().enumerate() {
            let mut row: Vec<f64> = (0..n).map(|_| draw.index(0, 9) as f64 - 4.0).collect();
            if i % 2 == 0 && sign * dot(&row, &x) > 0.0 {
                // Not by a product with -1, which makes a zero -0.
                row.iter_mut().for_each(|w| *w = 0.0 - *w);
            }
            b.push(sign * draw.index(1, 6) as f64 - dot(&row, &x));
            w.push(row);
            da.push([1.0, -1.0][draw.index(0, 2)] * draw.decimal(0.5, 3.0, 3));
        }
        Case::new(group, Args::new().with("x", x).with("w", w).with("b", b).with("da", da))
    };
    vec![
        case("units that are on and off", 2, &[1.0, -1.0]),
        case("units that are on and off", 3, &[-1.0, 1.0]),
        case("units that are on and off", 3, &[1.0, -1.0, 1.0, -1.0]),
        case("a unit at its kink", 2, &[0.0, 1.0, -1.0]),
        case("a unit at its kink", 3, &[1.0, 0.0, -1.0]),
    ]
}

exercise! {
    id: "backward-relu-layer",
    chapter: 9,
    points: 3,
    allow: ["add", "matvec", "outer", "transpose"],
    own: ["alpha" in 0.05..0.30],
    source: include_str!("backward_relu_layer.rs"),
    call: |x, ask| backward(x.vector("x"), x.matrix("w"), x.vector("b"), x.vector("da")),
    mistakes: [linear, input_unmasked, no_bias, transposed, not_transposed, at_the_kink, not_leaky],
    // Sums of at most four products.
    judge: Judge::Same(1e-9),
}
