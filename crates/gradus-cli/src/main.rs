//! The command `gradus`: makes, runs, checks and serves the book.

mod data;
mod doctor;
mod exercises;
mod explorers;
mod grade;
mod lab;
mod race;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use gradus_literate::error::Error;
use gradus_literate::kernel::Interrupt;
use gradus_literate::progress::Progress;
use gradus_literate::project::{Additions, Console, Project};

/// Makes, runs, checks and serves Gradus, the executable book about gradient descent.
#[derive(Parser)]
#[command(name = "gradus", version, max_term_width = 100)]
#[command(after_help = "Exit status: 0 if all went well, 1 if something failed, 2 for wrong use.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the book: run the notebooks that are out of date, then build the pages
    Book(BookArgs),
    /// Run the notebooks that are out of date, or check them all against a fresh run
    Notebooks(NotebooksArgs),
    /// Bring edits made in Jupyter back into the chapters
    Sync {
        /// Chapters, such as `14-momentum` or `14`; all if none is given
        names: Vec<String>,
    },
    /// Open JupyterLab on the notebooks, with the Rust kernel ready
    Lab {
        /// The chapter to open first
        name: Option<String>,
        /// Open its exercises
        #[arg(long, requires = "name")]
        exercises: bool,
    },
    /// Train every model of a plan with every rule, rate and seed, and write down what came out
    Race(race::RaceArgs),
    /// List, show and check the exercises
    Exercises {
        #[command(subcommand)]
        action: exercises::Action,
    },
    /// Grade submissions: compile and run each in a sandbox, judge outside
    Grade(Box<grade::GradeArgs>),
    /// Enter a sandbox and become a program: how `grade` starts what it does not trust
    #[command(hide = true)]
    Sandbox {
        cage: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        program: Vec<String>,
    },
    /// Say which data sets are here, and how to get the others
    Data,
    /// Say what is there, what is missing, and how to get it
    Doctor,
}

#[derive(Args)]
struct BookArgs {
    /// Open the book in the browser
    #[arg(long)]
    open: bool,
    /// Serve the book on this machine; rebuild and reload when a chapter changes
    #[arg(long, conflicts_with = "no_run")]
    serve: bool,
    /// The folder for the built book
    #[arg(long, value_name = "DIR", default_value = "target/book")]
    out: PathBuf,
    /// Run nothing: fail if a notebook is out of date
    #[arg(long)]
    no_run: bool,
}

#[derive(Args)]
struct NotebooksArgs {
    /// Run afresh, compare with the notebooks, change nothing
    #[arg(long, conflicts_with = "force")]
    check: bool,
    /// Run even what is up to date, and overwrite edits made in Jupyter
    #[arg(long)]
    force: bool,
    /// Chapters, such as `14-momentum` or `14`; all if none is given
    names: Vec<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Sandbox { cage, program } = &cli.command {
        // Before any thread is started: a sandbox holds for the thread that enters it.
        eprintln!("error: {}", gradus_grade::sandbox::enter(cage, program));
        return ExitCode::FAILURE;
    }
    let console = Console { progress: Progress::new(), interrupt: Interrupt::new() };
    let interrupt = console.interrupt.clone();
    let handler = ctrlc::set_handler(move || {
        // A run in progress cleans up after itself; a second Ctrl-C does not wait for it.
        if interrupt.is_triggered() {
            std::process::exit(130);
        }
        interrupt.trigger();
    });
    let result = handler
        .map_err(|e| vec![Error::new(format!("cannot watch for Ctrl-C: {e}"))])
        .and_then(|()| run(cli.command, &console));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                console.progress.say(&format!("error: {error}"));
            }
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Vec<Error>>;

fn one(error: Error) -> Vec<Error> {
    vec![error]
}

/// The project that the current folder lies in.
fn root() -> Result<PathBuf, Vec<Error>> {
    let here =
        std::env::current_dir().map_err(|e| one(Error::new(format!("no current folder: {e}"))))?;
    Project::find(&here).map_err(one)
}

fn run(command: Command, console: &Console) -> Outcome {
    match command {
        Command::Book(args) => book(&root()?, &args, console),
        Command::Notebooks(args) => notebooks(&root()?, &args, console),
        Command::Sync { names } => sync(&root()?, &names, console),
        Command::Lab { name, exercises } => lab::lab(&root()?, name.as_deref(), exercises, console),
        Command::Race(args) => race::race(&args, console),
        Command::Exercises { action } => exercises::exercises(&action, console),
        Command::Grade(args) => grade::grade(&args, console),
        Command::Sandbox { .. } => unreachable!("entered before anything else"),
        Command::Data => data::data(),
        Command::Doctor => doctor::doctor(),
    }
}

fn book(root: &Path, args: &BookArgs, console: &Console) -> Outcome {
    // The default is a place in the project, wherever in it the command was called.
    let out =
        if args.out.as_os_str() == "target/book" { root.join(&args.out) } else { args.out.clone() };
    if args.serve {
        return serve::serve(root, &out, args.open, console);
    }
    make(root, &out, args.no_run, false, console)?;
    let index = out.join("index.html");
    say(&format!("The book is made. Open {}", index.display()))?;
    if args.open && !(has_display() && opener::open(&index).is_ok()) {
        console.progress.say("No browser could be started here; open that file yourself.");
    }
    Ok(())
}

/// Whether a browser could show something. Without a screen, Linux's openers start nothing and say nothing.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"].into_iter().any(set)
}

/// Brings the notebooks up to date, unless told not to, and builds the book.
fn make(root: &Path, out: &Path, no_run: bool, live_reload: bool, console: &Console) -> Outcome {
    let _lock = Project::lock(root, &console.progress).map_err(one)?;
    let project = Project::open(root).map_err(one)?;
    if !no_run {
        let all: Vec<_> = project.chapters.iter().collect();
        project.update(&all, false, console)?;
    }
    let explorers = match project.has_explorers() {
        true => explorers::Explorers::make(root, &console.progress),
        false => explorers::Explorers { files: Vec::new() },
    };
    let additions = Additions {
        appended: &exercises::section,
        explorer: &|link| explorers.html(link),
        files: explorers.files.clone(),
    };
    project.book(out, live_reload, additions)
}

fn notebooks(root: &Path, args: &NotebooksArgs, console: &Console) -> Outcome {
    let _lock = Project::lock(root, &console.progress).map_err(one)?;
    let project = Project::open(root).map_err(one)?;
    let chapters = project.select(&args.names).map_err(one)?;
    if args.check {
        project.check(&chapters, console)?;
        say(&format!("{} notebooks give what they say.", chapters.len()))
    } else {
        let ran = project.update(&chapters, args.force, console)?;
        say(&format!("{ran} notebooks were run, {} were up to date.", chapters.len() - ran))
    }
}

fn sync(root: &Path, names: &[String], console: &Console) -> Outcome {
    let _lock = Project::lock(root, &console.progress).map_err(one)?;
    let project = Project::open(root).map_err(one)?;
    let mut errors = Vec::new();
    let mut changed = 0;
    for chapter in project.select(names).map_err(one)? {
        if names.is_empty() && !project.notebook_path(chapter).exists() {
            continue;
        }
        match project.sync(chapter) {
            Ok(true) => {
                changed += 1;
                say(&format!("{} has the notebook's edits.", chapter.path.display()))?;
            }
            Ok(false) => {}
            Err(error) => errors.push(error),
        }
    }
    match (errors.is_empty(), changed) {
        (false, _) => Err(errors),
        (true, 0) => say("Nothing was changed in Jupyter."),
        (true, _) => say("`gradus notebooks` runs again what this has put out of date."),
    }
}

/// Prints a line; a full pipe is an error like any other.
fn say(line: &str) -> Outcome {
    use std::io::Write;
    writeln!(std::io::stdout(), "{line}")
        .map_err(|e| one(Error::new(format!("cannot write to standard output: {e}"))))
}
