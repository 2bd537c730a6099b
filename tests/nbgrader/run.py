"""Takes the exercise notebooks through nbgrader: schema, generate_assignment, validate, autograde."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "nbclient"))
from kernel import install  # noqa: E402

root = pathlib.Path(__file__).resolve().parents[2]
gradus = sys.argv[1]


def run(*command, cwd, ok=True):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if ok and done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def solve(path, only=None):
    """Writes the published solutions into a notebook; `only` names those to be solved."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.nbgrader["grade_id"]
        if cell.metadata.nbgrader["solution"] and (only is None or name in only):
            text = run(gradus, "exercises", "solution", name, "--code", cwd=root)
            cell.source = text.split("\n", 1)[1].strip()
    nbformat.write(notebook, path)


with tempfile.TemporaryDirectory() as folder:
    course = pathlib.Path(folder)
    install(course / "jupyter")
    os.environ["HOME"] = folder
    source = course / "source" / "ps1"
    run(gradus, "exercises", "make", "--out", str(source), cwd=root)
    shutil.move(source / "nbgrader_config.py", course)
    made = sorted(source.glob("*.ipynb"))
    assert len(made) == 23, made

    # The schema, and the checksums that nbgrader computes itself.
    for path in made:
        notebook = nbformat.read(path, as_version=4)
        MetadataValidatorV3().validate_nb(notebook)
        for cell in notebook.cells:
            assert cell.metadata.nbgrader["checksum"] == utils.compute_checksum(cell), path
    print(f"ok      schema version 3 and checksums of {len(made)} notebooks")

    run("nbgrader", "generate_assignment", "ps1", cwd=course)
    for path in made:
        before = nbformat.read(path, as_version=4)
        after = nbformat.read(course / "release" / "ps1" / path.name, as_version=4)
        assert [c.source for c in before.cells] == [c.source for c in after.cells], path
    print("ok      generate_assignment leaves what students get as it is")

    # Two students: one has solved a notebook, the other one exercise of it.
    name = "14-momentum.ipynb"
    release = course / "release" / "ps1"
    for path in release.glob("*.ipynb"):
        if path.name != name:
            path.unlink()
            (source / path.name).unlink()
    run("nbgrader", "generate_assignment", "ps1", "--force", cwd=course)
    for student, only in [("ada", None), ("ben", ["heavy-ball"])]:
        work = course / "submitted" / student / "ps1"
        work.parent.mkdir(parents=True)
        shutil.copytree(release, work)
        solve(work / name, only)
    said = run("nbgrader", "validate", "submitted/ada/ps1/" + name, cwd=course)
    assert "Success! Your notebook passes all the tests." in said, said
    said = run("nbgrader", "validate", "submitted/ben/ps1/" + name, cwd=course, ok=False)
    assert "FAILED" in said.upper() and "long-ravine" in said, said
    print("ok      validate passes the solved notebook and names what fails in the other")

    run("nbgrader", "autograde", "ps1", cwd=course)
    notebook = nbformat.read(source / name, as_version=4)
    points = {
        c.metadata.nbgrader["grade_id"].removesuffix("-check"): c.metadata.nbgrader["points"]
        for c in notebook.cells
        if c.metadata.nbgrader["grade"]
    }
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        ada = book.find_submission("ps1", "ada").score
        ben = book.find_submission("ps1", "ben").score
    assert ada == sum(points.values()), (ada, points)
    assert ben == points["heavy-ball"], (ben, json.dumps(points))
    print(f"ok      autograde: {ada} of {sum(points.values())}, and {ben} for one exercise")
