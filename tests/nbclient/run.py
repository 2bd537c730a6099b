"""Runs the notebooks in the stock kernel, as a reader without gradus would.

The kernel is the evcxr_jupyter that gradus keeps, or the one on the path; its kernelspec is made
afresh in a folder of its own, so that nothing of the user's changes.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import nbclient
import nbformat

root = pathlib.Path(__file__).resolve().parents[2]
cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "gradus"
kernels = sorted(cache.glob("evcxr_jupyter-*/bin/evcxr_jupyter"))
kernel = str(kernels[-1]) if kernels else "evcxr_jupyter"

# Debian keeps the standard library's sources where the kernel does not look.
for library in sorted(pathlib.Path("/usr/src").glob("rustc-*/library")):
    os.environ.setdefault("RUST_SRC_PATH", str(library))

failed = 0
with tempfile.TemporaryDirectory() as jupyter_path:
    os.environ["JUPYTER_PATH"] = jupyter_path
    subprocess.run([kernel, "--install"], check=True, stdout=subprocess.DEVNULL)
    # The kernel's own setting that keeps compiled dependencies from one notebook to the next.
    os.environ["EVCXR_CONFIG_DIR"] = jupyter_path
    pathlib.Path(jupyter_path, "init.evcxr").write_text(":cache 4000\n")
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
