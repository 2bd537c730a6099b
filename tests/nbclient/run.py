"""Runs the notebooks in the stock kernel, as a reader without gradus would."""
import pathlib
import subprocess
import sys
import tempfile

import nbclient
import nbformat
from kernel import install

root = pathlib.Path(__file__).resolve().parents[2]

failed = 0
with tempfile.TemporaryDirectory() as folder:
    install(folder)
    wanted = sys.argv[1:]
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        if wanted and not any(path.name.startswith(name) for name in wanted):
            continue
        notebook = nbformat.read(path, as_version=4)
        client = nbclient.NotebookClient(
            notebook, timeout=600, kernel_name="rust", resources={"metadata": {"path": str(path.parent)}}
        )
        try:
            # Cargo tells the kernel's standard error of every crate in every cell.
            client.execute(stderr=subprocess.DEVNULL)
            # The kernel reports a panic that it caught only as text.
            errors = [
                output.text
                for cell in notebook.cells
                if cell.cell_type == "code" and "allow-stderr" not in cell.metadata.get("tags", [])
                for output in cell.outputs
                if output.output_type == "stream" and output.name == "stderr"
            ]
            if errors:
                raise RuntimeError("".join(errors))
            print(f"ok      {path.name}", flush=True)
        except Exception as error:  # every notebook is tried
            failed += 1
            print(f"FAILED  {path.name}: {error}", flush=True)
sys.exit(1 if failed else 0)
