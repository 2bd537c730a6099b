//! Fits a line to noisy points by gradient descent and holds it against the exact solution.

use gradus::data;
use gradus::prelude::*;

fn main() -> gradus::Result<()> {
    let (x, y) = data::line(30, 1.0, 2.0, 0.1, 7)?;
    let loss = LinearRegression::new(Basis::Polynomial { degree: 1 }.design(x.view()), y)?;

    let mut rule = GradientDescent::new(0.5);
    let trace = Minimize::steps(1000).stop(Stop::GradientNorm(1e-10)).run(
        &loss,
        &Array1::zeros(2),
        &mut rule,
    )?;

    println!("step  loss");
    for step in [0, 1, 2, 5, 10, 50, trace.steps()] {
        println!("{step:4}  {:.9}", trace.values[step]);
    }
    println!("stopped: {}", trace.stop);
    println!("by descent:  y = {:.6} + {:.6} x", trace.x[0], trace.x[1]);
    let exact = loss.solve().weights;
    println!("by algebra:  y = {:.6} + {:.6} x", exact[0], exact[1]);
    Ok(())
}
