//! Measures the crate against peers, all in one run, and prints ratios.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml`, with any of the words torch, nets, f32, f64, small,
//! lbfgs and lanczos behind `--` to run only those. PyTorch is measured if `$PYTHON` (or `python3`) has it.
//! A time is the least of several: what the machine can do, not what else it was doing.

use std::alloc::System;
use std::process::Command;
use std::time::Instant;

use argmin::core::{CostFunction, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use gradus::curvature::extremes;
use gradus::data::Labelled;
use gradus::models::{Activation, Cnn, Init, Mlp, Net};
use gradus::optim::*;
use gradus::prelude::*;
use gradus::problems::{Chain, ExtendedRosenbrock};
use gradus::second_order::{Descent, Lbfgs, StrongWolfe};
use gradus::set_threads;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const N: usize = 10_000_000;
const RUNS: usize = 9;

/// The least time of several runs, in seconds.
fn least(runs: usize, mut run: impl FnMut()) -> f64 {
    (0..runs)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Bytes per second of a = b + s c on this many threads, counting two reads and a write.
fn triad<T: Scalar>(threads: usize) -> f64 {
    let (b, c) = (vec![T::of(1.0); N], vec![T::of(2.0); N]);
    let mut a = vec![T::of(0.0); N];
    let s = T::of(3.0);
    let chunk = N.div_ceil(threads);
    let time = least(RUNS, || {
        std::thread::scope(|scope| {
            for ((a, b), c) in a.chunks_mut(chunk).zip(b.chunks(chunk)).zip(c.chunks(chunk)) {
                scope.spawn(move || {
                    for ((a, &b), &c) in a.iter_mut().zip(b).zip(c) {
                        *a = b + s * c;
                    }
                });
            }
        });
    });
    (3 * N * size_of::<T>()) as f64 / time
}

/// The rules with the number of arrays that a step reads and writes: x and each slot twice, the gradient once.
fn rules<T: Scalar>() -> Vec<(Box<dyn UpdateRule<T>>, usize)> {
    vec![
        (Box::new(GradientDescent::new(0.01)), 3),
        (Box::new(Sgd::new(0.01).momentum(0.9)), 5),
        (Box::new(Momentum::new(0.01, 0.9)), 5),
        (Box::new(Nesterov::new(0.01, 0.9).form(NesterovForm::Shifted)), 5),
        (Box::new(AdaGrad::new(0.01)), 5),
        (Box::new(RmsProp::new(0.01)), 5),
        (Box::new(AdaDelta::new()), 7),
        (Box::new(Adam::new(0.01)), 7),
        (Box::new(AdamW::new(0.01)), 7),
        (Box::new(AmsGrad::new(0.01)), 9),
        (Box::new(AdaMax::new(0.01)), 7),
        (Box::new(NAdam::new(0.01)), 7),
        (Box::new(RAdam::new(0.01)), 7),
        (Box::new(AdaBound::new(0.01)), 7),
        (Box::new(Yogi::new(0.01)), 7),
        (Box::new(Lion::new(0.01)), 5),
    ]
}

fn steps<T: Scalar>(kind: &str) {
    let gradient: Vec<T> = (0..N).map(|i| T::of((i as f64 * 0.37).sin())).collect();
    let mut x = vec![T::of(1.0); N];
    for threads in [1, 2] {
        set_threads(threads);
        println!("\n| {kind}, n = 10⁷, {threads} thread(s) | ms | GB/s | of the triad |");
        println!("|---|---|---|---|");
        for (mut rule, arrays) in rules::<T>() {
            // The triad is measured on both sides of each rule: the machine's speed changes over time.
            let before = triad::<T>(threads);
            rule.update(&mut x, &gradient).expect("lengths agree");
            let time = least(RUNS, || rule.update(&mut x, &gradient).expect("lengths agree"));
            let reference = before.max(triad::<T>(threads));
            let speed = (arrays * N * size_of::<T>()) as f64 / time;
            let (ms, gb, ratio) = (time * 1e3, speed / 1e9, speed / reference);
            println!("| {} | {ms:.2} | {gb:.1} | {ratio:.2} |", rule.name());
        }
    }
    set_threads(0);
}

fn small_steps() {
    println!("\n| n = 10³, f64 | µs a step | allocations a step |");
    println!("|---|---|---|");
    let gradient = vec![0.5; 1000];
    for (mut rule, _) in rules::<f64>() {
        let mut x = vec![1.0; 1000];
        rule.update(&mut x, &gradient).expect("lengths agree");
        let region = Region::new(ALLOCATOR);
        rule.update(&mut x, &gradient).expect("lengths agree");
        let allocations = region.change().allocations;
        let time = least(3 * RUNS, || {
            for _ in 0..1000 {
                rule.update(&mut x, &gradient).expect("lengths agree");
            }
        });
        println!("| {} | {:.2} | {allocations} |", rule.name(), time * 1e3);
    }
}

struct Peer(ExtendedRosenbrock);

impl CostFunction for Peer {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, x: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        // Without the gradient, which argmin asks for by itself.
        Ok(x.chunks_exact(2)
            .map(|x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2))
            .sum())
    }
}

impl Gradient for Peer {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, argmin::core::Error> {
        Ok(self.0.gradient(ArrayView1::from(x)).to_vec())
    }
}

fn lbfgs() {
    let n = 1_000_000;
    let f = ExtendedRosenbrock::new(n).expect("n is even");
    let start = f.start();
    println!(
        "\n| L-BFGS, m = 10, extended Rosenbrock, n = 10⁶, to ‖∇f‖ ≤ 10⁻⁵ | ms | f | peak memory / n floats |"
    );
    println!("|---|---|---|---|");
    let mut report = (0.0, 0.0);
    let mut region = Region::new(ALLOCATOR);
    let ours = least(3, || {
        region.reset();
        let mut method = Descent::new(Lbfgs::new(10), StrongWolfe::default());
        let run = Minimize::steps(1000).stop(Stop::GradientNorm(1e-5));
        let mut peak = 0;
        let trace = run
            .observe(|_: &gradus::minimize::Progress<'_, f64>| {
                let change = region.change();
                peak = peak.max(change.bytes_allocated - change.bytes_deallocated);
                std::ops::ControlFlow::Continue(())
            })
            .solve(&f, &start, &mut method)
            .expect("the start is finite");
        report = (trace.value(), peak as f64 / (8 * n) as f64);
    });
    println!("| gradus | {:.0} | {:.1e} | {:.1} |", ours * 1e3, report.0, report.1);
    let x0 = start.to_vec();
    let mut value = 0.0;
    let theirs = least(3, || {
        let search = MoreThuenteLineSearch::new().with_c(1e-4, 0.9).expect("valid constants");
        let solver = LBFGS::new(search, 10)
            .with_tolerance_grad(1e-5)
            .and_then(|s| s.with_tolerance_cost(0.0))
            .expect("valid tolerances");
        let result = Executor::new(Peer(f.clone()), solver)
            .configure(|state| state.param(x0.clone()).max_iters(1000))
            .run()
            .expect("runs");
        value = result.state().get_best_cost();
    });
    println!("| argmin | {:.0} | {value:.1e} | |", theirs * 1e3);
    println!("\nargmin's time over gradus': {:.2}", theirs / ours);
}

fn lanczos() {
    let n = 1_000_000;
    // A quadratic whose Hessian is diagonal with known ends and a uniform bulk.
    let diagonal: Array1<f64> = (0..n)
        .map(|i| {
            if i == 0 {
                0.0
            } else if i == n - 1 {
                10.0
            } else {
                1.0 + 7.0 * i as f64 / n as f64
            }
        })
        .collect();
    let quadratic = Diagonal(diagonal);
    let x = Array1::zeros(n);
    let mut ends = None;
    let time = least(1, || ends = extremes(&quadratic, x.view(), 100, 0).ok());
    let ends = ends.expect("finite products");
    println!("\n| Lanczos, n = 10⁶, spectrum [0] ∪ [1, 8] ∪ [10] | found | error / λₙ |");
    println!("|---|---|---|");
    println!("| λₙ | {:.9} | {:.1e} |", ends.max, (ends.max - 10.0).abs() / 10.0);
    println!("| λ₁ | {:.9} | {:.1e} |", ends.min, ends.min.abs() / 10.0);
    println!("\n{} products in {time:.1} s", ends.products);
    let chain = Chain::new(n).expect("n > 0");
    let ends = extremes(&chain, x.view(), 100, 0).expect("finite products");
    let (low, high) = (chain.eigenvalue(1), chain.eigenvalue(n));
    println!(
        "Nesterov's chain (ends dense, the hard case), 100 products: λₙ off by {:.1e} λₙ, λ₁ by {:.1e} λₙ",
        (high - ends.max).abs() / high,
        (ends.min - low).abs() / high
    );
}

struct Diagonal(Array1<f64>);

impl Objective for Diagonal {
    fn value_and_gradient(
        &self,
        x: ArrayView1<'_, f64>,
        mut gradient: ArrayViewMut1<'_, f64>,
    ) -> f64 {
        gradient.assign(&(&self.0 * &x));
        0.5 * gradient.dot(&x)
    }
    fn hessian_vector_product(
        &self,
        _: ArrayView1<'_, f64>,
        v: ArrayView1<'_, f64>,
    ) -> Array1<f64> {
        &self.0 * &v
    }
}

fn torch() {
    println!("\n| Adam, f32, n = 10⁷ | PyTorch fused, ms | gradus, ms | PyTorch / gradus |");
    println!("|---|---|---|---|");
    for threads in [1, 2] {
        set_threads(threads);
        let gradient: Vec<f32> = (0..N).map(|i| (i as f32 * 0.37).sin()).collect();
        let mut x = vec![1.0_f32; N];
        let mut rule = Adam::new(0.001);
        rule.update(&mut x, &gradient).expect("lengths agree");
        let before = least(2 * RUNS, || rule.update(&mut x, &gradient).expect("lengths agree"));
        let theirs = python("torch_adam.py", &[&threads.to_string()]);
        let theirs = theirs.and_then(|numbers| numbers.first().copied());
        let after = least(2 * RUNS, || rule.update(&mut x, &gradient).expect("lengths agree"));
        let ours = before.min(after) * 1e3;
        match theirs {
            Some(theirs) => {
                println!("| {threads} thread(s) | {theirs:.2} | {ours:.2} | {:.2} |", theirs / ours)
            }
            None => println!("| {threads} thread(s) | not there | {ours:.2} | |"),
        }
    }
    set_threads(0);
}

/// The nets of the training steps: a multilayer perceptron and a small convolutional net.
fn net(kind: &str) -> Net {
    match kind {
        "cnn" => Cnn::new((1, 28, 28), &[16, 32], 10),
        _ => Mlp::new(&[784, 1000, 1000, 10], Activation::Relu),
    }
}

/// A step of training in f32 with Adam, always with the same batch of 128 images.
fn training_step(kind: &str) -> impl FnMut() {
    let pixel = |(i, j): (usize, usize)| ((i * 784 + j) as f32 * 0.37).sin().abs();
    let images = Array2::from_shape_fn((128, 784), pixel);
    let labels = (0..128).map(|i| i % 10).collect();
    let data = Labelled::new(images, labels, 10).expect("labels are below 10");
    let loss = net(kind).loss_on(data).expect("the net fits");
    let mut w: Vec<f32> = loss.initial(Init::He, 0).to_vec();
    let mut gradient = vec![0.0; w.len()];
    let (mut rule, batch) = (Adam::new(0.001), (0..128).collect::<Vec<usize>>());
    move || {
        let view = ArrayViewMut1::from(&mut gradient[..]);
        loss.on_batch(&batch, 0, ArrayView1::from(&w), view).expect("lengths agree");
        rule.update(&mut w, &gradient).expect("lengths agree");
    }
}

/// A line of /proc/self/status in MB, or not a number where there is no such file.
fn status(field: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.map_or(f64::NAN, |kb| kb / 1024.0)
}

/// Prints by how many MB this process grows at most when it trains: called in a process of its own.
fn grown(kind: &str, threads: &str) {
    set_threads(threads.parse().unwrap_or(1));
    let before = status("VmRSS");
    let mut step = training_step(kind);
    (0..5).for_each(|_| step());
    println!("{}", status("VmHWM") - before);
}

/// What a program prints: numbers with spaces between them; `None` if it cannot be run.
fn numbers(command: &mut Command) -> Option<Vec<f64>> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().map(|number| number.parse().ok()).collect()
}

/// What a script beside this crate prints under `$PYTHON`.
fn python(script: &str, arguments: &[&str]) -> Option<Vec<f64>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = format!("{}/{script}", env!("CARGO_MANIFEST_DIR"));
    numbers(Command::new(python).arg(script).args(arguments))
}

fn nets() {
    println!(
        "\n| step with Adam, f32, batches of 128 | PyTorch, ms | gradus, ms | PyTorch / gradus | PyTorch, MB | gradus, MB | gradus / PyTorch |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (kind, name) in [("mlp", "MLP 784-1000-1000-10"), ("cnn", "CNN 16-32")] {
        for threads in [1, 2] {
            set_threads(threads);
            let count = threads.to_string();
            let mut step = training_step(kind);
            (0..3).for_each(|_| step());
            // On both sides of the peer: the machine's speed changes over time.
            let before = least(40, &mut step);
            let theirs = python("torch_net.py", &[kind, &count]);
            let ours = before.min(least(40, &mut step)) * 1e3;
            let memory = std::env::current_exe()
                .ok()
                .and_then(|this| numbers(Command::new(this).args(["grown", kind, &count])));
            let memory = memory.and_then(|numbers| numbers.first().copied()).unwrap_or(f64::NAN);
            match theirs.as_deref() {
                Some(&[time, size]) => println!(
                    "| {name}, {threads} thread(s) | {time:.2} | {ours:.2} | {:.2} | {size:.0} | {memory:.0} | {:.2} |",
                    time / ours,
                    memory / size
                ),
                _ => println!(
                    "| {name}, {threads} thread(s) | not there | {ours:.2} | | | {memory:.0} | |"
                ),
            }
        }
    }
    set_threads(0);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, kind, threads] = &arguments[..]
        && word == "grown"
    {
        return grown(kind, threads);
    }
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("CPU{}, {cores} cores", model.trim_start_matches([' ', '\t']).trim());
    let all: [(&str, fn()); 7] = [
        ("torch", torch),
        ("nets", nets),
        ("f32", || steps::<f32>("f32")),
        ("f64", || steps::<f64>("f64")),
        ("small", small_steps),
        ("lbfgs", lbfgs),
        ("lanczos", lanczos),
    ];
    for (name, part) in all {
        if arguments.is_empty() || arguments.iter().any(|a| a == name) {
            part();
        }
    }
}
