"""The stock kernel for tests in Python: the evcxr_jupyter that gradus keeps, or the one on the path.

Its kernelspec and settings go into a folder of their own, so that nothing of the user's changes.
"""
import os
import pathlib
import subprocess


def install(folder):
    """Makes the kernel known to Jupyter, for this process and those that it starts."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    home = pathlib.Path.home()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    # These stay where they are when a test takes another home.
    os.environ.setdefault("CARGO_HOME", str(home / ".cargo"))
    os.environ.setdefault("RUSTUP_HOME", str(home / ".rustup"))
    kernels = sorted((cache / "gradus").glob("evcxr_jupyter-*/bin/evcxr_jupyter"))
    kernel = str(kernels[-1]) if kernels else "evcxr_jupyter"
    # Debian keeps the standard library's sources where the kernel does not look.
    for library in sorted(pathlib.Path("/usr/src").glob("rustc-*/library")):
        os.environ.setdefault("RUST_SRC_PATH", str(library))
    os.environ["JUPYTER_PATH"] = str(folder)
    subprocess.run([kernel, "--install"], check=True, stdout=subprocess.DEVNULL)
    # One build folder for all notebooks, so that what they depend on is compiled once.
    os.environ["EVCXR_TMPDIR"] = str(folder / "build")
    (folder / "build").mkdir(exist_ok=True)
