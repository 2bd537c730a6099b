//! Finds the mistake in a hand-made gradient.

use gradus::gradcheck::check_gradient;
use gradus::prelude::*;

fn main() -> gradus::Result<()> {
    // f(w) = ln(1 + exp(w₀ w₁)) + w₂², with its gradient right and wrong.
    let value = |w: ArrayView1<f64>| (w[0] * w[1]).exp().ln_1p() + w[2] * w[2];
    let sigmoid = |w: ArrayView1<f64>| 1.0 / (1.0 + (-w[0] * w[1]).exp());
    let right =
        |w: ArrayView1<f64>| (value(w), array![sigmoid(w) * w[1], sigmoid(w) * w[0], 2.0 * w[2]]);
    let wrong =
        |w: ArrayView1<f64>| (value(w), array![sigmoid(w) * w[1], sigmoid(w) * w[1], 2.0 * w[2]]);

    let point = array![0.4, -1.1, 0.7];
    println!("{}", check_gradient(&right, point.view())?);
    println!("{}", check_gradient(&wrong, point.view())?);
    Ok(())
}
