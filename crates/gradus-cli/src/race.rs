//! `gradus race`: runs a plan of models, rules, rates and seeds, and writes down what came out.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use gradus::race::{Plan, Race, Record, Results};
use gradus_literate::error::Error;
use gradus_literate::project::Console;

use crate::{Outcome, one, say};

#[derive(Args)]
pub(crate) struct RaceArgs {
    /// The plan, a TOML file
    plan: PathBuf,
    /// The file for the results; the plan's name with `.jsonl` unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many runs at a time; as many as there are cores unless given
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

pub(crate) fn race(args: &RaceArgs, console: &Console) -> Outcome {
    let race = Race::new(read(&args.plan)?).map_err(|e| of(&args.plan, &e))?;
    let out = args.out.clone().unwrap_or_else(|| args.plan.with_extension("jsonl"));
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = args.threads.unwrap_or(cores).get();
    // One thread for each run: a run's own would only be in the others' way.
    gradus::set_threads(1);
    let date = chrono::Local::now().format("%Y-%m-%d").to_string();
    let task = console.progress.task("race", race.plan().runs().len(), None);
    let written = race.write(&out, &date, &machine(cores), threads, |progress| {
        task.count(progress.done, progress.of);
        match console.interrupt.is_triggered() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    task.end(if matches!(written, Ok(Some(_))) { "done" } else { "stopped" });
    match written.map_err(|e| one(Error::new(e)))? {
        Some(results) => show(&results, &out),
        None => {
            Err(one(Error::new("interrupted; the same command goes on where this one stopped")))
        }
    }
}

fn read(path: &Path) -> Result<Plan, Vec<Error>> {
    let text = std::fs::read_to_string(path).map_err(|e| of(path, &e))?;
    toml::from_str(&text).map_err(|e| of(path, &e))
}

fn of(path: &Path, error: &dyn std::fmt::Display) -> Vec<Error> {
    one(Error::new(format!("{}: {error}", path.display())))
}

/// A line for each model and rule, at the rate that was best on the validation data.
fn show(results: &Results, out: &Path) -> Outcome {
    say(&format!(
        "{:20} {:20} {:>8}  test accuracy in %: mean (worst to best of {} seeds)",
        "model",
        "rule",
        "rate",
        results.plan.seeds.len()
    ))?;
    for (model, rule) in results.pairs() {
        let tuned = results.tuned(&model, &rule);
        let Some(Record { learning_rate, .. }) = tuned.first() else { continue };
        let accuracies: Vec<f64> = tuned.iter().map(|r| 100.0 * r.test_accuracy).collect();
        let mean = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
        let worst = accuracies.iter().copied().fold(f64::INFINITY, f64::min);
        let best = accuracies.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        say(&format!(
            "{model:20} {rule:20} {learning_rate:8}  {mean:5.1} ({worst:.1} to {best:.1})"
        ))?;
    }
    say(&format!("Begun on {} on {}: {}", results.date, results.machine, out.display()))
}

/// The processor, as far as the system tells.
fn machine(cores: NonZeroUsize) -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| Some(line.strip_prefix("model name")?.split_once(':')?.1.trim()))
        .unwrap_or(std::env::consts::ARCH);
    format!("{model}, {cores} cores, {}", std::env::consts::OS)
}
