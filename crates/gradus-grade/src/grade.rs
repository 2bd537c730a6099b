//! Grades many submissions at once.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::compile::Compiler;
use crate::course::{Course, Reveal};
use crate::journal::{Batch, Journal};
use crate::process::CaseLimits;
use crate::report::{ExerciseReport, GroupReport, Report, SubmissionReport};
use crate::submission::Submission;
use crate::{Error, sandbox};

/// How to grade.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is graded, for how much, for whom. What else a submission holds is not looked at.
    pub course: Course,
    /// The seed of the cases, which students do not know.
    pub seed: u64,
    /// How many submissions at once.
    pub jobs: usize,
    /// The file of the command `gradus`, which enters the sandbox; none grades without a sandbox.
    pub gradus: Option<PathBuf>,
    /// The limits of a case.
    pub limits: CaseLimits,
}

impl Options {
    /// What the report depends on, besides the submissions.
    pub fn batch(&self) -> Batch {
        Batch { seed: self.seed, course: format!("{:?}", self.course) }
    }
}

/// Grades the submissions; those that the journal knows are taken from it. `done` hears of each that
/// is finished. The report has their order.
///
/// # Errors
/// If the sandbox does not hold, or the grader's own files cannot be made.
pub fn grade(
    submissions: &[Submission],
    options: &Options,
    journal: Option<&Journal>,
    done: &(dyn Fn(&SubmissionReport) + Sync),
) -> Result<Report, Error> {
    if let Some(gradus) = &options.gradus {
        sandbox::probe(gradus).map_err(Error::Sandbox)?;
    }
    let compiler = Compiler::new(options.gradus.as_deref())?;
    let queue: Mutex<VecDeque<usize>> = Mutex::new((0..submissions.len()).collect());
    let next = || queue.lock().ok().and_then(|mut queue| queue.pop_front());
    let worker = |slot: u32| -> Result<Vec<(usize, SubmissionReport)>, Error> {
        let mut graded = Vec::new();
        while let Some(i) = next() {
            // A user for each job, so that those that run at once cannot meet.
            let uid = sandbox::uid(slot);
            let submission = &submissions[i];
            let report = match journal.and_then(|journal| journal.known(submission)) {
                Some(report) => report.clone(),
                None => {
                    let report = one(submission, &compiler, uid, options)?;
                    if let Some(journal) = journal {
                        journal.add(submission, &report)?;
                    }
                    report
                }
            };
            done(&report);
            graded.push((i, report));
        }
        Ok(graded)
    };
    let mut graded = Vec::new();
    std::thread::scope(|scope| {
        let slots = 0..u32::try_from(options.jobs.max(1)).unwrap_or(1);
        let threads: Vec<_> = slots.map(|slot| scope.spawn(move || worker(slot))).collect();
        for thread in threads {
            graded.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok::<(), Error>(())
    })?;
    graded.sort_by_key(|(i, _)| *i);
    Ok(Report::new(graded.into_iter().map(|(_, report)| report).collect()))
}

fn one(
    submission: &Submission,
    compiler: &Compiler,
    uid: u32,
    options: &Options,
) -> Result<SubmissionReport, Error> {
    let course = &options.course;
    let days_late = course.days_late(submission);
    let share = course.share(days_late);
    let mut exercises = Vec::new();
    for (exercise, of) in course.graded() {
        let variant = course.variant(exercise, &submission.name);
        let mut report = ExerciseReport::not_handed_in((exercise, of));
        let (seed, limits) = (options.seed, options.limits);
        match submission.solutions.get(exercise.id) {
            None => {}
            Some(code) => match compiler.mark(exercise, code, &variant, seed, uid, limits)? {
                Err(why) => report.problem = Some(why),
                Ok(marks) => {
                    report.problem = None;
                    let passed = marks.points() / f64::from(marks.of);
                    report.points = passed * f64::from(of) * share;
                    let group = |group| GroupReport::of(group, course.reveal);
                    report.groups = marks.groups.iter().map(group).collect();
                    report.passed = marks.is_full();
                    report.diagnosis = marks.diagnosis;
                }
            },
        }
        if course.reveal == Reveal::Points {
            report.diagnosis = None;
            report.groups.clear();
        }
        exercises.push(report);
    }
    Ok(SubmissionReport::new(submission, days_late, exercises))
}
