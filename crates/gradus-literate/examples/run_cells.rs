//! Runs the cells of a file in the kernel and prints what they show: to try cells before they are
//! in a chapter.
//!
//! `cargo run --release -p gradus-literate --example run_cells -- FILE [DIR]`
//!
//! Cells are separated by lines that begin with `// ---`. The kernel's working directory is DIR,
//! by default `notebooks`, so the first cell begins with `:dep gradus = { path = ".." }`. SVG
//! figures are written beside FILE.

use gradus_literate::kernel::{self, Interrupt};
use gradus_literate::progress::Progress;
use gradus_literate::run::{CellJob, NotebookJob, RunOptions, run_all};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("usage: run_cells FILE [DIR]")?);
    let dir =
        PathBuf::from(arguments.next().unwrap_or_else(|| "notebooks".into())).canonicalize()?;
    let text = std::fs::read_to_string(&file)?;
    let mut cells: Vec<CellJob> = Vec::new();
    let mut source = String::new();
    let mut start = 1;
    for (number, line) in text.lines().chain(["// ---"]).enumerate() {
        if line.starts_with("// ---") {
            let name = format!("cell {}", cells.len() + 1);
            if !source.trim().is_empty() {
                cells.push(CellJob {
                    name,
                    source: std::mem::take(&mut source),
                    line: start,
                    timeout: None,
                    allow_stderr: false,
                });
            }
            source.clear();
            start = number + 2;
        } else {
            source.push_str(line);
            source.push('\n');
        }
    }
    let progress = Progress::new();
    let interrupt = Interrupt::new();
    let installation = kernel::ensure(&progress, &interrupt)?;
    let lockfile =
        dir.ancestors().map(|folder| folder.join("Cargo.lock")).find(|path| path.is_file());
    let options = RunOptions { lockfile, interrupt, ..RunOptions::default() };
    // Cells that went well are shown even if a later one fails: each prefix is not run again, the
    // error says where the run stopped.
    let job = NotebookJob {
        name: file.display().to_string(),
        chapter: file.clone(),
        dir,
        cells,
        expected: None,
    };
    let results = run_all(vec![job], &installation, &options, &progress);
    for (_, result) in results {
        for cell in result? {
            println!("[{}] {:.2} s", cell.execution_count, cell.elapsed.as_secs_f64());
            for output in &cell.outputs {
                let value = serde_json::to_value(output)?;
                let text = |value: &serde_json::Value| match value {
                    serde_json::Value::Array(lines) => {
                        lines.iter().filter_map(|line| line.as_str()).collect()
                    }
                    other => other.as_str().unwrap_or_default().to_owned(),
                };
                match output {
                    nbformat::v4::Output::Stream { .. } => print!("{}", text(&value["text"])),
                    _ => {
                        for (mime, data) in value["data"].as_object().into_iter().flatten() {
                            if mime == "image/svg+xml" {
                                let path =
                                    file.with_extension(format!("{}.svg", cell.execution_count));
                                std::fs::write(&path, text(data))?;
                                println!("({mime}: {})", path.display());
                            } else {
                                println!("({mime}) {}", text(data));
                            }
                        }
                    }
                }
            }
        }
    }
    Ok(())
}
