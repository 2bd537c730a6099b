//! Predicts from the Hessian how fast gradient descent and the heavy ball will be, then measures it.

use gradus::curvature::{measured_rate, optimal_momentum, optimal_step, spectrum};
use gradus::prelude::*;
use gradus::problems::ellipse;

fn main() -> gradus::Result<()> {
    println!("{:>6} {:>20} {:>20}", "", "gradient descent", "heavy ball");
    println!(
        "{:>6} {:>10} {:>9} {:>10} {:>9}",
        "kappa", "predicted", "measured", "predicted", "measured"
    );
    for kappa in [2.0, 10.0, 50.0, 250.0] {
        let f = ellipse(kappa, 0.5)?;
        let s = spectrum(&f.hessian(f.start.view()))?;
        let root = s.condition_number().sqrt();

        let rate = |rule: &mut dyn UpdateRule| {
            let steps = (40.0 * root) as usize;
            let trace = Minimize::steps(steps).record_points().run(&f, &f.start, rule)?;
            let errors: Vec<f64> = trace.points.iter().map(|x| x.dot(x).sqrt()).collect();
            measured_rate(&errors[steps / 2..])
        };
        let descent = rate(&mut GradientDescent::new(optimal_step(s.min(), s.max())?))?;
        let (alpha, beta) = optimal_momentum(s.min(), s.max())?;
        let ball = rate(&mut Momentum::new(alpha, beta))?;
        println!(
            "{kappa:6} {:10.4} {descent:9.4} {:10.4} {ball:9.4}",
            (kappa - 1.0) / (kappa + 1.0),
            (root - 1.0) / (root + 1.0),
        );
    }
    Ok(())
}
