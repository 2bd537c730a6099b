"""Runs the notebooks in the stock kernel, as a reader without gradus would.

Arguments: the first letters of those to run, all if there are none. `--exercises GRADUS` runs the
exercise notebooks instead, each with the published solutions in its cells, which that command prints.
"""
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import nbclient
import nbformat
from kernel import install

root = pathlib.Path(__file__).resolve().parents[2]
wanted = sys.argv[1:]
gradus = None
folder = root / "notebooks"
if wanted and wanted[0] == "--exercises":
    gradus, wanted = wanted[1], wanted[2:]
    folder /= "exercises"


def solve(notebook):
    """Writes the published solutions into the cells for them."""
    for cell in notebook.cells:
        if cell.metadata.nbgrader["solution"]:
            command = [gradus, "exercises", "solution", cell.metadata.nbgrader["grade_id"], "--code"]
            text = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
            cell.source = text.split("\n", 1)[1].strip()


def run(path):
    """Runs a notebook; what is wrong with it is raised. Gives the longest time of a check cell."""
    notebook = nbformat.read(path, as_version=4)
    if gradus:
        solve(notebook)
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="rust", resources={"metadata": {"path": str(path.parent)}}
    )
    longest = 0.0
    # Cargo tells the kernel's standard error of every crate in every cell.
    with client.setup_kernel(stderr=subprocess.DEVNULL):
        for index, cell in enumerate(notebook.cells):
            start = time.monotonic()
            client.execute_cell(cell, index)
            if cell.metadata.get("nbgrader", {}).get("grade"):
                longest = max(longest, time.monotonic() - start)
    # The kernel reports a panic that it caught only as text; a check that fails says so there, too.
    errors = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code" and "allow-stderr" not in cell.metadata.get("tags", [])
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    if errors:
        raise RuntimeError("".join(errors))
    return longest


def begin(settings):
    """Gives a worker its own build folder: two kernels cannot build in one."""
    build = pathlib.Path(settings) / f"build-{os.getpid()}"
    build.mkdir()
    os.environ["EVCXR_TMPDIR"] = str(build)


def report(path):
    """Runs a notebook and says how it went. Gives whether it ran to its end."""
    try:
        longest = run(path)
    except Exception as error:  # every notebook is tried
        print(f"FAILED  {path.name}: {error}", flush=True)
        return False
    check = f", a check takes at most {longest:.2f} s" if gradus else ""
    print(f"ok      {path.name}{check}", flush=True)
    return True


paths = [
    path
    for path in sorted(folder.glob("*.ipynb"))
    if not wanted or any(path.name.startswith(name) for name in wanted)
]
with tempfile.TemporaryDirectory() as settings:
    install(settings)
    # As many at once as `gradus` runs on a small machine.
    with multiprocessing.get_context("fork").Pool(2, begin, [settings]) as workers:
        ran = workers.map(report, paths, chunksize=1)
sys.exit(0 if all(ran) else 1)
