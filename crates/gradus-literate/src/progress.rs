//! What a person sees while something takes long: bars on a terminal, plain lines elsewhere.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Without a terminal, a step that takes longer than this says so, and again after as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where progress is shown. All of it goes to standard error.
#[derive(Debug)]
pub struct Progress(Kind);

#[derive(Debug)]
enum Kind {
    Bars(MultiProgress),
    Lines,
    Hidden,
}

impl Progress {
    /// Bars if standard error is a terminal, else plain lines without control characters.
    pub fn new() -> Self {
        Self(if std::io::stderr().is_terminal() {
            Kind::Bars(MultiProgress::new())
        } else {
            Kind::Lines
        })
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self(Kind::Hidden)
    }

    /// Prints a line, above the bars if there are any.
    pub fn say(&self, line: &str) {
        match &self.0 {
            Kind::Bars(bars) => drop(bars.println(line)),
            Kind::Lines => eprintln!("{line}"),
            Kind::Hidden => {}
        }
    }

    /// Begins a task of so many steps (0: not known yet), and how long it took the last time.
    pub fn task(&self, name: &str, steps: usize, expected: Option<Duration>) -> Task<'_> {
        let bar = match &self.0 {
            Kind::Bars(bars) => {
                let bar = bars.add(ProgressBar::new(steps as u64));
                // A template that cannot be read would be a bar in indicatif's own style.
                if let Ok(style) = ProgressStyle::with_template(
                    "{prefix:24!} {bar:20} {pos:>3}/{len:<3} {elapsed:>4} {wide_msg}",
                ) {
                    bar.set_style(style.progress_chars("=> "));
                }
                bar.set_prefix(name.to_owned());
                bar.enable_steady_tick(Duration::from_millis(500));
                Some(bar)
            }
            Kind::Lines => {
                eprintln!(
                    "{name}: started{}",
                    expected.map_or(String::new(), |time| format!(" (last time {})", human(time)))
                );
                None
            }
            Kind::Hidden => None,
        };
        let now = Instant::now();
        Task {
            progress: self,
            name: name.to_owned(),
            start: now,
            expected,
            bar,
            state: Mutex::new(State { step: String::new(), since: now, said: now }),
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

/// One task under way.
#[derive(Debug)]
pub struct Task<'a> {
    progress: &'a Progress,
    name: String,
    start: Instant,
    expected: Option<Duration>,
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    step: String,
    since: Instant,
    said: Instant,
}

impl Task<'_> {
    /// The step under way, and how many are done.
    pub fn step(&self, step: &str, done: usize) {
        if let Ok(mut state) = self.state.lock()
            && state.step != step
        {
            let now = Instant::now();
            *state = State { step: step.to_owned(), since: now, said: now };
        }
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
        }
        self.tick();
    }

    /// How many steps are done, and of how many: for a task whose steps are too many to name.
    pub fn count(&self, done: usize, of: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
        if let Ok(mut state) = self.state.lock() {
            state.step = format!("{done} of {of}");
        }
        self.tick();
    }

    /// To be called about once a second: shows the estimate, or says that a step takes long.
    pub fn tick(&self) {
        let Ok(mut state) = self.state.lock() else { return };
        if let Some(bar) = &self.bar {
            let left = self.expected.map(|expected| expected.saturating_sub(self.start.elapsed()));
            let left = left.map_or(String::new(), |left| format!(", about {} left", human(left)));
            bar.set_message(format!("{}{left}", state.step));
        } else if state.said.elapsed() >= PATIENCE {
            state.said = Instant::now();
            let line =
                format!("{}: {}, {} so far", self.name, state.step, human(state.since.elapsed()));
            self.progress.say(&line);
        }
    }

    /// The task is over; `result` is one word or two: "done", "failed".
    pub fn end(self, result: &str) {
        let line = format!("{}: {result} after {}", self.name, human(self.start.elapsed()));
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.progress.say(&line);
    }
}

/// A time as a person would say it.
pub(crate) fn human(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}
