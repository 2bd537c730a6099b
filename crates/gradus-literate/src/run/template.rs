//! Compiled dependencies, kept from run to run: a kernel that begins with a copy of them is warm.

use super::client::Client;
use super::{NotebookJob, RunOptions};
use crate::kernel::{Error, Installation, Interrupt, Lock, RECIPE, VERSION, size};
use crate::progress::{Progress, Task, human};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

/// How many templates are kept: a compiler's and a set of dependencies' each.
const KEPT: usize = 3;

/// A template that has grown beyond this, with the remains of old versions, is begun anew.
const LARGEST: u64 = 1_500_000_000;

/// A folder in which a kernel has compiled certain dependencies once.
#[derive(Clone, Debug)]
pub(super) struct Template {
    path: PathBuf,
}

/// What a template is made for.
struct Order<'a> {
    /// The `:dep` lines.
    dependencies: &'a str,
    /// The kernel's working directory, from which their paths begin.
    dir: &'a Path,
    kernel: &'a Installation,
    options: &'a RunOptions,
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
        let order = Order { dependencies: &dependencies, dir: &job.dir, kernel, options };
        let key = format!("{dependencies}\n{}", job.dir.display());
        if !made.contains_key(&key) {
            let template = tokio::select! {
                () = options.interrupt.triggered() => None,
                result = make(&order, progress) => match result {
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

async fn make(order: &Order<'_>, progress: &Progress) -> Result<Template, Error> {
    let folder = order.kernel.cache.folder("templates")?;
    let template = Template { path: folder.join(order.key()) };
    fs::create_dir_all(&template.path).map_err(Error::io("cannot create", &template.path))?;
    let lock = Lock::exclusive(&template.lock_file(), &order.options.interrupt, || {
        progress.say("dependencies: waiting for another gradus, which is compiling them");
    })?;
    if template.is_fresh(order) {
        // So that the templates least recently used are known.
        let _ =
            File::open(&template.path).and_then(|folder| folder.set_modified(SystemTime::now()));
    } else {
        let task = progress.task("dependencies", 1, None);
        let start = Instant::now();
        let result = template.build(order, &task).await;
        task.end(if result.is_ok() { "compiled" } else { "failed" });
        result?;
        let megabytes = size(&template.path) / 1_000_000;
        progress.say(&format!(
            "dependencies: {megabytes} MB in {}, {}",
            template.path.display(),
            human(start.elapsed())
        ));
    }
    drop(lock);
    forget_others(&folder, &template);
    Ok(template)
}

impl Order<'_> {
    /// Of which template: what changes daily, the lockfile and the text of dependencies with a
    /// path, is not part of it, since of these cargo compiles what is new.
    fn key(&self) -> String {
        hash(&[VERSION, &self.kernel.rustc, RECIPE[0], RECIPE[1], self.dependencies])
    }

    /// The lockfile's hash.
    fn lockfile(&self) -> String {
        let path = self.options.lockfile.as_ref();
        let text = path.and_then(|path| fs::read_to_string(path).ok());
        hash(&[&text.unwrap_or_default()])
    }
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

impl Template {
    fn workshop(&self) -> PathBuf {
        self.path.join("workshop")
    }

    /// Says what was compiled for a working directory: the lockfile's hash, then each source with
    /// its time of modification.
    fn stamp_file(&self, order: &Order<'_>) -> PathBuf {
        let dir = order.dir.to_string_lossy();
        self.path.join(format!("stamp-{}", hash(&[&dir])))
    }

    fn lock_file(&self) -> PathBuf {
        self.path.with_extension("lock")
    }

    /// Whether nothing that it was compiled from has changed since.
    fn is_fresh(&self, order: &Order<'_>) -> bool {
        let Ok(stamp) = fs::read_to_string(self.stamp_file(order)) else {
            return false;
        };
        let mut lines = stamp.lines();
        lines.next() == Some(&order.lockfile())
            && lines.all(|line| {
                line.split_once(' ').is_some_and(|(time, path)| modified(Path::new(path)) == time)
            })
    }

    async fn build(&self, order: &Order<'_>, task: &Task<'_>) -> Result<(), Error> {
        let _ = fs::remove_file(self.stamp_file(order));
        if size(&self.path) > LARGEST {
            fs::remove_dir_all(&self.path).map_err(Error::io("cannot remove", &self.path))?;
        }
        task.step("compiling what the notebooks depend on", 0);
        // Read before compiling: what changes meanwhile is compiled again the next time.
        let lockfile = order.lockfile();
        let workshop = self.workshop();
        let work = async {
            let mut client =
                Client::start(order.kernel, Some(&workshop), order.dir, |_| Ok(())).await?;
            if let Some(lockfile) = &order.options.lockfile {
                client.kernel.pin(lockfile)?;
            }
            let failed = |message: String| Error::Program {
                program: order.dependencies.to_owned(),
                message,
            };
            let limit = order.options.first_timeout;
            client
                .execute(order.dependencies, limit)
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
        let sources = sources(&workshop);
        let lines = sources.iter().map(|path| format!("{} {}\n", modified(path), path.display()));
        let stamp: String = std::iter::once(lockfile + "\n").chain(lines).collect();
        let file = self.stamp_file(order);
        fs::write(&file, stamp).map_err(Error::io("cannot write", &file))
    }

    /// Copies it for one kernel, times of modification and all, by which cargo tells that nothing
    /// is to be done. Compiled libraries are never written to, so links to them do; everything else
    /// the kernel writes in place.
    pub(super) fn copy_to(&self, workshop: &Path, interrupt: &Interrupt) -> Result<(), Error> {
        let _lock = Lock::shared(&self.lock_file(), interrupt)?;
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
    let used =
        |template: &Template| fs::metadata(&template.path).and_then(|data| data.modified()).ok();
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    /// Trap: hard links to what the kernel writes in place (`src/lib.rs`, `*.d`, its own cells)
    /// corrupt the template; compiled dependencies are never written to.
    #[test]
    fn a_copy_shares_compiled_dependencies_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let deps = "target/host/debug/deps";
        let names = [
            "src/lib.rs".to_owned(),
            format!("{deps}/libndarray-1.rlib"),
            format!("{deps}/libserde_derive-1.so"),
            format!("{deps}/ndarray-1.d"),
            format!("{deps}/libctx.so"),
        ];
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        for name in &names {
            let path = from.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, name).unwrap();
            File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        }
        copy(&from, &to).unwrap();
        for name in &names {
            let (here, there) =
                (from.join(name).metadata().unwrap(), to.join(name).metadata().unwrap());
            let shared = here.ino() == there.ino();
            assert_eq!(shared, name.contains("-1.rlib") || name.contains("-1.so"), "{name}");
            assert_eq!(there.modified().unwrap(), time, "{name}: cargo goes by this");
        }
    }

    #[test]
    fn local_sources_are_known_from_the_compilers_lists() {
        let folder = tempfile::tempdir().unwrap();
        let krate = folder.path().join("my crate");
        fs::create_dir_all(krate.join("src")).unwrap();
        fs::write(krate.join("Cargo.toml"), "").unwrap();
        fs::write(krate.join("src/lib.rs"), "").unwrap();
        let workshop = folder.path().join("workshop");
        let deps = workshop.join("target/host/debug/deps");
        fs::create_dir_all(&deps).unwrap();
        let local = krate.join("src/lib.rs");
        let escaped = local.display().to_string().replace(' ', "\\ ");
        let list = format!(
            "/x/libmine.rlib: {escaped} src/lib.rs\n\n{escaped}:\nsrc/lib.rs:\n/home/u/.cargo/registry/src/a/lib.rs:\n"
        );
        fs::write(deps.join("mine-1.d"), list).unwrap();
        let expected: BTreeSet<PathBuf> = [krate.join("Cargo.toml"), local].into();
        assert_eq!(sources(&workshop), expected);
    }
}
