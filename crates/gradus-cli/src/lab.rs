//! `gradus lab`: JupyterLab on the notebooks, with the kernel found.

use std::path::{Path, PathBuf};
use std::process::Command;

use gradus_literate::chapter::Chapter;
use gradus_literate::error::Error;
use gradus_literate::kernel;
use gradus_literate::project::{Console, Project};

/// How to get JupyterLab.
pub(crate) const REMEDY: &str =
    "`pipx install jupyterlab`, or `python3 -m pip install jupyterlab` in a virtual environment";

/// The program `jupyter-lab`, if it is on the path.
pub(crate) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("jupyter-lab"))
        .find(|file| file.is_file())
}

pub(crate) fn lab(
    root: &Path,
    name: Option<&str>,
    exercises: bool,
    console: &Console,
) -> Result<(), Vec<Error>> {
    let one = |error: Error| vec![error];
    let project = Project::open(root).map_err(one)?;
    let names: Vec<String> = name.map(str::to_owned).into_iter().collect();
    let chapters = project.select(&names).map_err(one)?;
    let Some(program) = find() else {
        return Err(one(Error::new(format!("JupyterLab is not on the path; get it by {REMEDY}"))));
    };
    let installation =
        kernel::ensure(&console.progress, &console.interrupt).map_err(|e| one(Error::new(e)))?;
    let kernels = kernel::jupyter_path(&installation).map_err(|e| one(Error::new(e)))?;
    // Our kernel comes first; the user's own kernels and settings stay as they are.
    let mut path = vec![kernels];
    path.extend(std::env::var_os("JUPYTER_PATH").iter().flat_map(std::env::split_paths));
    let path = std::env::join_paths(path).map_err(|e| one(Error::new(e)))?;
    let notebooks = root.join("notebooks");

    // An untrusted notebook does not show its figures. Trust is by content: ours only.
    let files = project.chapters.iter().map(|chapter| project.notebook_path(chapter));
    let files: Vec<PathBuf> = files.filter(|file| file.exists()).collect();
    let trust = Command::new(program.with_file_name("jupyter")).arg("trust").args(&files).output();
    if !trust.is_ok_and(|output| output.status.success()) {
        console
            .progress
            .say("The notebooks could not be trusted; figures show after a cell is run.");
    }

    let mut command = Command::new(&program);
    command.env("JUPYTER_PATH", path).arg("--notebook-dir").arg(&notebooks).current_dir(&notebooks);
    if name.is_some() {
        let path = |chapter: &Chapter| {
            if exercises {
                notebooks.join("exercises").join(format!("{}.ipynb", chapter.name))
            } else {
                project.notebook_path(chapter)
            }
        };
        command.args(chapters.into_iter().map(path));
    }
    let status = command.status().map_err(|e| one(Error::io(&program, "start", &e)))?;
    if status.success() || console.interrupt.is_triggered() {
        Ok(())
    } else {
        Err(one(Error::new(format!("JupyterLab ended with {status}"))))
    }
}
