//! Prints learning-rate schedules as CSV: pipe it into any plotter.

use gradus::prelude::*;

fn main() -> gradus::Result<()> {
    let schedules = [
        ("step", Schedule::multi_step(0.1, &[30, 60, 90], 0.1)?),
        ("cosine", Schedule::cosine(0.1, 0.0, 100)?),
        ("warm-up", Schedule::cosine(0.1, 0.0, 90)?.warm_up(10, 0.0)?),
        ("restarts", Schedule::warm_restarts(0.1, 0.0, 15, 2.0, 1.0)?),
        ("one-cycle", Schedule::one_cycle(0.1, 100)?),
        ("inverse sqrt", Schedule::inverse_sqrt(0.1)?),
    ];
    let names: Vec<&str> = schedules.iter().map(|(name, _)| *name).collect();
    println!("t,{}", names.join(","));
    for t in 0..100 {
        let rates: Vec<String> = schedules.iter().map(|(_, s)| format!("{:.6}", s.at(t))).collect();
        println!("{t},{}", rates.join(","));
    }
    Ok(())
}
