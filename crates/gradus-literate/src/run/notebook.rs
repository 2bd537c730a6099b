//! One notebook from its first cell to its last.

use super::client::{Answer, Client, GRACE, Halt, LONG_GRACE};
use super::template::Template;
use super::{CellJob, CellResult, Failure, NotebookJob, RunError, RunOptions, locate};
use crate::compare::mime_and_text;
use crate::kernel::{Error, Installation};
use crate::progress::{Progress, Task};
use jupyter_protocol::{ErrorOutput, ExecutionCount};
use nbformat::v4::{MultilineString, Output};
use std::future::Future;
use std::time::Duration;

pub(super) async fn run(
    job: &NotebookJob,
    kernel: &Installation,
    template: Option<&Template>,
    options: &RunOptions,
    progress: &Progress,
) -> Result<Vec<CellResult>, RunError> {
    let expected = job.expected.as_ref().map(|times| times.iter().sum());
    let task = progress.task(&job.name, job.cells.len(), expected);
    let result = run_cells(job, kernel, template, options, &task).await;
    task.end(if result.is_ok() { "done" } else { "failed" });
    result
}

async fn run_cells(
    job: &NotebookJob,
    kernel: &Installation,
    template: Option<&Template>,
    options: &RunOptions,
    task: &Task<'_>,
) -> Result<Vec<CellResult>, RunError> {
    let cannot_start = |error: Error| {
        let failure = match error {
            Error::Interrupted => Failure::Interrupted,
            error => Failure::Start(error.to_string()),
        };
        RunError::of_notebook(job, failure)
    };
    task.step("the kernel starts", 0);
    let fill = |workshop: &std::path::Path| {
        template.map_or(Ok(()), |template| template.copy_to(workshop, &options.interrupt))
    };
    let mut client =
        ticking(task, Client::start(kernel, None, &job.dir, fill)).await.map_err(cannot_start)?;
    if let Some(lockfile) = &options.lockfile {
        client.kernel.pin(lockfile).map_err(cannot_start)?;
    }
    for (number, cell) in job.cells.iter().enumerate() {
        task.step(&format!("cell `{}`", cell.name), number);
        let usual = if number == 0 { options.first_timeout } else { options.timeout };
        let limit = cell.timeout.unwrap_or(usual);
        let halted = |halt: Halt| {
            let failure = match halt {
                Halt::TimedOut => Failure::TimedOut(limit),
                Halt::Died(message) => Failure::Died(message),
            };
            RunError::of_cell(job, cell, None, failure)
        };
        ticking(task, client.execute(&cell.source, limit)).await.map_err(halted)?;
        // Silence must be longer where a failure shows on standard error alone.
        let failed = client.answers.last().is_some_and(|answer| answer.failed);
        let last = number + 1 == job.cells.len();
        let silent = failed || last || locate::has_question_mark(&cell.source);
        client.settle(if silent { LONG_GRACE } else { GRACE }).await.map_err(halted)?;
        check(job, &client)?;
    }
    let results = std::mem::take(&mut client.answers);
    Ok(results.into_iter().zip(1..).map(|(answer, count)| result(answer, count)).collect())
}

/// Waits for something and ticks once a second.
pub(super) async fn ticking<T>(task: &Task<'_>, work: impl Future<Output = T>) -> T {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    tokio::pin!(work);
    loop {
        tokio::select! {
            result = &mut work => return result,
            _ = second.tick() => task.tick(),
        }
    }
}

/// Whether all cells so far went well: text on standard error may come late, even after the next
/// cell has begun.
fn check(job: &NotebookJob, client: &Client) -> Result<(), RunError> {
    for (number, (cell, answer)) in job.cells.iter().zip(&client.answers).enumerate() {
        if let Some(error) = failure(job, number, cell, answer, client) {
            return Err(error);
        }
    }
    Ok(())
}

fn failure(
    job: &NotebookJob,
    number: usize,
    cell: &CellJob,
    answer: &Answer,
    client: &Client,
) -> Option<RunError> {
    let stderr = plain(&answer.stderr());
    let of_cell = |line: Option<usize>, failure| {
        Some(RunError::of_cell(job, cell, line.map(|line| cell.line + line - 1), failure))
    };
    let panic = stderr.contains("panicked at");
    if answer.failed || !answer.errors.is_empty() {
        if panic {
            let origin =
                locate::of_panic(&stderr, &client.kernel.last_program(), &job.cells[..=number]);
            return Some(RunError::of_cell(
                job,
                cell,
                origin.map(|origin| origin.line),
                Failure::Panic(panic_message(&stderr)),
            ));
        }
        let reports = reports(&answer.errors, &cell.source);
        let text = reports.join("\n");
        // The message has no mark of its own for this.
        if let Some(at) = text.find("Subprocess terminated") {
            let said = [stderr.trim(), text[at..].trim()].join("\n");
            return of_cell(None, Failure::Died(said.trim().to_owned()));
        }
        let line = reports.iter().find_map(|report| locate::of_compile_error(report, &cell.source));
        return of_cell(line, Failure::Compile(text));
    }
    if cell.allow_stderr || stderr.trim().is_empty() {
        return None;
    }
    let text = stderr.trim().to_owned();
    if panic {
        // In a thread of the cell's own, or caught: the kernel does not count it as an error.
        let origin = locate::of_panic(&text, &client.kernel.last_program(), &job.cells[..=number]);
        return Some(RunError::of_cell(
            job,
            cell,
            origin.map(|origin| origin.line),
            Failure::Panic(panic_message(&text)),
        ));
    }
    let prints = ["eprint", "dbg!", "stderr"].iter().any(|word| cell.source.contains(word));
    if locate::has_question_mark(&cell.source) && !prints {
        return of_cell(locate::of_question_mark(&cell.source), Failure::QuestionMark(text));
    }
    of_cell(None, Failure::Stderr(text))
}

/// The kernel's errors as plain text. Beside the compiler's errors it sends its warnings, even of
/// the dependencies, if the cell does not compile: these are left out unless there is nothing else.
fn reports(errors: &[ErrorOutput], source: &str) -> Vec<String> {
    let (told, mut rest): (Vec<String>, Vec<String>) =
        errors.iter().map(report).partition(|report| {
            !is_warning(report) && locate::of_compile_error(report, source).is_some()
        });
    rest.dedup();
    if told.is_empty() { rest } else { told }
}

/// Errors have codes such as `[E0308]` or none; warnings have names, such as `[unused_variables]`.
fn is_warning(report: &str) -> bool {
    let code = report.strip_prefix('[').and_then(|rest| rest.split(']').next());
    code.is_some_and(|code| !code.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn report(error: &ErrorOutput) -> String {
    let trace = plain(&error.traceback.join("\n"));
    let message = plain(&error.evalue);
    let lines = trace.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join("\n");
    if text.contains(message.trim()) {
        text
    } else {
        format!("{}\n{text}", message.trim()).trim().to_owned()
    }
}

/// A panic's own message: without the line of the kernel's program and without the backtrace.
fn panic_message(stderr: &str) -> String {
    let after = stderr.split_once("panicked at").map_or(stderr, |(_, after)| after);
    let lines = after
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with("stack backtrace:") && !line.starts_with("note: "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Without colours.
fn plain(text: &str) -> String {
    console::strip_ansi_codes(text).into_owned()
}

fn result(answer: Answer, count: i32) -> CellResult {
    let shown = answer.outputs.into_iter().filter(|output| !is_unit(output));
    let outputs = shown.map(|output| match output {
        Output::Stream { name, text } if name == "stderr" => {
            Output::Stream { name, text: MultilineString(without_thread_ids(&plain(&text.0))) }
        }
        Output::ExecuteResult(mut result) => {
            result.execution_count = ExecutionCount::new(count as usize);
            Output::ExecuteResult(result)
        }
        other => other,
    });
    CellResult { execution_count: count, outputs: outputs.collect(), elapsed: answer.elapsed }
}

/// `()`, which the kernel shows of a cell that ends in a loop: nothing to a reader.
fn is_unit(output: &Output) -> bool {
    let Output::ExecuteResult(result) = output else { return false };
    let media: Vec<_> = result.data.content.iter().map(mime_and_text).collect();
    matches!(&media[..], [(mime, text)] if mime == "text/plain" && text.trim() == "()")
}

/// `thread 'main' (4711) panicked at` without the number, which differs from run to run.
fn without_thread_ids(text: &str) -> String {
    let line = |line: &str| -> Option<String> {
        let (before, after) = line.split_once(") panicked at")?;
        let (name, id) = before.rsplit_once(" (")?;
        (name.starts_with("thread '") && id.bytes().all(|b| b.is_ascii_digit()))
            .then(|| format!("{name} panicked at{after}"))
    };
    text.split_inclusive('\n')
        .map(|piece| line(piece).unwrap_or_else(|| piece.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_left_out_if_there_is_an_error() {
        let error = |message: &str, trace: &str| ErrorOutput {
            ename: "Error".into(),
            evalue: message.into(),
            traceback: trace.lines().map(str::to_owned).collect(),
        };
        let warning = error(
            "unused variable: `x`",
            "[unused_variables] Error: unused variable: `x`\n ╭─[ command_2:1:1 ]\n 1 │ x",
        );
        let of_crate = error(
            "unused import: `crate::plot::*`",
            "\u{1b}[91munused import: `crate::plot::*`\u{1b}[0m",
        );
        let true_one = error(
            "mismatched types",
            "[E0308] Error: mismatched types\n ╭─[ command_2:1:1 ]\n 2 │ y",
        );
        let all = [warning, of_crate.clone(), true_one];
        assert_eq!(
            reports(&all, ""),
            ["[E0308] Error: mismatched types\n ╭─[ command_2:1:1 ]\n 2 │ y"]
        );
        assert_eq!(reports(&[of_crate], ""), ["unused import: `crate::plot::*`"]);
    }

    #[test]
    fn a_unit_is_no_result() {
        let shown = |text: &str| {
            Output::ExecuteResult(nbformat::v4::ExecuteResult {
                execution_count: ExecutionCount::new(1),
                data: jupyter_protocol::Media {
                    content: vec![jupyter_protocol::MediaType::Plain(text.into())],
                },
                metadata: Default::default(),
            })
        };
        assert!(is_unit(&shown("()")));
        assert!(!is_unit(&shown("(1, 2)")));
    }

    #[test]
    fn panics_lose_thread_ids_and_backtraces() {
        let text = "thread '<unnamed>' (2815) panicked at src/lib.rs:9:5:\nindex out of bounds\nstack backtrace:\n   0: x\n";
        assert_eq!(
            without_thread_ids(text).lines().next(),
            Some("thread '<unnamed>' panicked at src/lib.rs:9:5:")
        );
        assert_eq!(panic_message(text), "index out of bounds");
        assert_eq!(without_thread_ids("f(1) panicked at x\n"), "f(1) panicked at x\n");
    }
}
