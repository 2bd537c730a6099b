//! Compiled dependencies, kept from run to run: a kernel that begins with a copy of them is warm.

use super::client::Client;
use super::{NotebookJob, RunOptions};
use crate::kernel::{Error, Installation, Lock, RECIPE, VERSION, size};
use crate::progress::{Progress, human};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

/// How many templates are kept: this workspace's, one with other dependencies, and one of before.
const KEPT: usize = 3;

/// A folder in which a kernel has compiled certain dependencies once.
#[derive(Clone, Debug)]
pub(super) struct Template {
    path: PathBuf,
}

/// The template of each job, compiled if it is missing or out of date. A notebook whose template
/// cannot be made runs without, and shows why in its own first cell.
pub(super) async fn prepare(
    jobs: &[NotebookJob],
    kernel: &Installation,
    options: &RunOptions,
    progress: &Progress,
) -> Vec<Option<Template>> {
    let mut made: BTreeMap<String, Option<Template>> = BTreeMap::new();
    let mut templates = Vec::new();
    for job in jobs {
        let dependencies = dependencies(job);
        if dependencies.is_empty() {
            templates.push(None);
            continue;
        }
        let key = key(&dependencies, &job.dir, kernel, options);
        if !made.contains_key(&key) {
            let template = tokio::select! {
                () = options.interrupt.triggered() => None,
                result = make(&key, &dependencies, &job.dir, kernel, options, progress) => match result {
                    Ok(template) => Some(template),
                    Err(error) => {
                        progress.say(&format!("dependencies: {error}"));
                        None
                    }
                }
            };
            made.insert(key.clone(), template);
        }
        templates.push(made.get(&key).cloned().flatten());
    }
    templates
}

/// The `:dep` lines of a notebook's first cell.
fn dependencies(job: &NotebookJob) -> String {
    let first = job.cells.first().map_or("", |cell| cell.source.as_str());
    first
        .lines()
        .filter(|line| line.trim_start().starts_with(":dep "))
        .collect::<Vec<_>>()
        .join("\n")
}

/// All that decides whether compiled dependencies can be used, but for the text of those with a
/// path, which changes daily: of these cargo compiles what is new.
fn key(dependencies: &str, dir: &Path, kernel: &Installation, options: &RunOptions) -> String {
    let mut hash = Sha256::new();
    let lockfile =
        options.lockfile.as_ref().and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let parts: [&[u8]; 7] = [
        VERSION.as_bytes(),
        kernel.rustc.as_bytes(),
        RECIPE[0].as_bytes(),
        RECIPE[1].as_bytes(),
        &lockfile,
        dependencies.as_bytes(),
        dir.as_os_str().as_encoded_bytes(),
    ];
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

async fn make(
    key: &str,
    dependencies: &str,
    dir: &Path,
    kernel: &Installation,
    options: &RunOptions,
    progress: &Progress,
) -> Result<Template, Error> {
    let folder = kernel.cache.folder("templates")?;
    let template = Template { path: folder.join(key) };
    fs::create_dir_all(&template.path).map_err(Error::io("cannot create", &template.path))?;
    let lock = Lock::exclusive(&template.lock_file(), || {
        progress.say("dependencies: waiting for another gradus, which is compiling them")
    })?;
    if !template.is_fresh() {
        let task = progress.task("dependencies", 1, None);
        let start = Instant::now();
        let result = template.build(dependencies, dir, kernel, options, &task).await;
        task.end(if result.is_ok() { "compiled" } else { "failed" });
        result?;
        progress.say(&format!(
            "dependencies: {} MB in {}, {}",
            size(&template.path) / 1_000_000,
            template.path.display(),
            human(start.elapsed())
        ));
    } else {
        // So that the templates least recently used are known.
        let _ = File::options()
            .append(true)
            .open(template.stamp_file())
            .and_then(|file| file.set_modified(SystemTime::now()));
    }
    drop(lock);
    forget_others(&folder, &template);
    Ok(template)
}

impl Template {
    fn workshop(&self) -> PathBuf {
        self.path.join("workshop")
    }

    fn stamp_file(&self) -> PathBuf {
        self.path.join("stamp")
    }

    fn lock_file(&self) -> PathBuf {
        self.path.with_extension("lock")
    }

    /// Whether nothing that it was compiled from has changed since.
    fn is_fresh(&self) -> bool {
        let Ok(stamp) = fs::read_to_string(self.stamp_file()) else { return false };
        stamp.lines().all(|line| {
            line.split_once(' ').is_some_and(|(time, path)| modified(Path::new(path)) == time)
        })
    }

    async fn build(
        &self,
        dependencies: &str,
        dir: &Path,
        kernel: &Installation,
        options: &RunOptions,
        task: &crate::progress::Task<'_>,
    ) -> Result<(), Error> {
        // Without its stamp, a template is half made: begin again.
        if fs::remove_file(self.stamp_file()).is_err() && self.workshop().exists() {
            fs::remove_dir_all(self.workshop())
                .map_err(Error::io("cannot remove", &self.workshop()))?;
        }
        task.step("compiling what the notebooks depend on", 0);
        let workshop = self.workshop();
        let work = async {
            let mut client = Client::start(kernel, Some(&workshop), dir, |_| Ok(())).await?;
            if let Some(lockfile) = &options.lockfile {
                client.kernel.pin(lockfile)?;
            }
            let failed =
                |message: String| Error::Program { program: dependencies.to_owned(), message };
            client
                .execute(dependencies, options.first_timeout)
                .await
                .map_err(|halt| failed(format!("{halt:?}")))?;
            match client.answers.pop() {
                Some(answer) if answer.failed => {
                    let message =
                        answer.errors.first().map_or(String::new(), |error| error.evalue.clone());
                    Err(failed(message))
                }
                _ => Ok(()),
            }
        };
        super::notebook::ticking(task, work).await?;
        let sources: BTreeSet<PathBuf> = sources(&workshop);
        let stamp: String =
            sources.iter().map(|path| format!("{} {}\n", modified(path), path.display())).collect();
        fs::write(self.stamp_file(), stamp).map_err(Error::io("cannot write", &self.stamp_file()))
    }

    /// Copies it for one kernel, times of modification and all, by which cargo tells that nothing
    /// is to be done. Compiled libraries are never written to, so links to them do; everything else
    /// the kernel writes in place.
    pub(super) fn copy_to(&self, workshop: &Path) -> Result<(), Error> {
        let _lock = Lock::shared(&self.lock_file())?;
        copy(&self.workshop(), workshop)
    }
}

fn modified(path: &Path) -> String {
    let time = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let since = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.map_or("-".into(), |since| since.as_nanos().to_string())
}

/// The files that local dependencies were compiled from, as the compiler lists them, with their
/// manifests. A registry's never change.
fn sources(workshop: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let targets = fs::read_dir(workshop.join("target")).into_iter().flatten().flatten();
    for target in targets {
        let lists = fs::read_dir(target.path().join("debug/deps")).into_iter().flatten().flatten();
        for list in lists.filter(|entry| entry.path().extension().is_some_and(|end| end == "d")) {
            let text = fs::read_to_string(list.path()).unwrap_or_default();
            // Each source has a line of its own, `path:`, with spaces escaped.
            for line in text.lines() {
                let Some(path) = line.strip_suffix(':') else { continue };
                let path = PathBuf::from(path.replace("\\ ", " "));
                if path.is_absolute()
                    && !path.starts_with(workshop)
                    && !path.components().any(|part| part.as_os_str() == "registry")
                {
                    found.extend(
                        path.ancestors()
                            .map(|folder| folder.join("Cargo.toml"))
                            .find(|manifest| manifest.is_file()),
                    );
                    found.insert(path);
                }
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::io("cannot create", to))?;
    for entry in fs::read_dir(from).map_err(Error::io("cannot read", from))? {
        let entry = entry.map_err(Error::io("cannot read", from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let metadata = entry.metadata().map_err(Error::io("cannot read", &source))?;
        if metadata.is_dir() {
            copy(&source, &target)?;
        } else if !(is_library(&source) && fs::hard_link(&source, &target).is_ok()) {
            fs::copy(&source, &target)
                .and_then(|_| {
                    File::options().append(true).open(&target)?.set_modified(metadata.modified()?)
                })
                .map_err(Error::io("cannot copy", &source))?;
        }
    }
    Ok(())
}

/// A compiled dependency; not one of the kernel's own cells (`ctx`, `code_1`).
fn is_library(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let own = ["libctx", "libcode_"].iter().any(|start| name.starts_with(start));
    path.parent().is_some_and(|folder| folder.ends_with("deps"))
        && !own
        && [".rlib", ".rmeta", ".so", ".dylib"].iter().any(|end| name.ends_with(end))
}

/// Removes the templates used least recently, but for those in use.
fn forget_others(folder: &Path, current: &Template) {
    let used = |template: &Template| {
        fs::metadata(template.stamp_file()).and_then(|metadata| metadata.modified()).ok()
    };
    let mut others: Vec<Template> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| Template { path: entry.path() })
        .filter(|template| template.path.is_dir() && template.path != current.path)
        .collect();
    others.sort_by_key(|template| std::cmp::Reverse(used(template)));
    for template in others.iter().skip(KEPT - 1) {
        if let Some(_lock) = Lock::at_once(&template.lock_file()) {
            let _ = fs::remove_dir_all(&template.path);
            let _ = fs::remove_file(template.lock_file());
        }
    }
}
