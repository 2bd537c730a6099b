//! How many steps each rule takes down Rosenbrock's valley, each at the best of a few rates.

use gradus::optim::*;
use gradus::prelude::*;
use gradus::problems::rosenbrock;

type Make = fn(f64) -> Box<dyn UpdateRule>;

fn main() -> gradus::Result<()> {
    let f = rosenbrock();
    let rules: [Make; 8] = [
        |rate| Box::new(GradientDescent::new(rate)),
        |rate| Box::new(Momentum::new(rate, 0.9)),
        |rate| Box::new(Nesterov::new(rate, 0.9)),
        |rate| Box::new(AdaGrad::new(rate)),
        |rate| Box::new(RmsProp::new(rate)),
        |rate| Box::new(Adam::new(rate)),
        |rate| Box::new(NAdam::new(rate)),
        |rate| Box::new(Yogi::new(rate)),
    ];
    println!("{:18} {:>6} {:>7}", "rule", "rate", "steps");
    for make in rules {
        let mut best: Option<(usize, f64)> = None;
        for rate in [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0] {
            let run = Minimize::steps(20_000).stop(Stop::Target(1e-6));
            let trace = run.run(&f, &f.start, &mut make(rate))?;
            let arrived = trace.stop == StopReason::Criterion(Stop::Target(1e-6));
            if arrived && best.is_none_or(|(steps, _)| trace.steps() < steps) {
                best = Some((trace.steps(), rate));
            }
        }
        let name = make(1.0).name();
        match best {
            Some((steps, rate)) => println!("{name:18} {rate:6} {steps:7}"),
            None => println!("{name:18} {:>6} {:>7}", "-", "> 20000"),
        }
    }
    Ok(())
}
