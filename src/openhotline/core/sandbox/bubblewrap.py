"""The command line that puts a zygote into bubblewrap, and what little of the machine it may see."""

import importlib.util
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from .memory import TUNABLES

BUBBLEWRAP_MISSING = (
    "Files cannot be opened safely: the program bwrap (bubblewrap) is not installed. "
    "Install it with `apt install bubblewrap`, then start again."
)
_HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage"
_SCRATCH = "/tmp"  # noqa: S108 - inside the sandbox, a tmpfs of its own
COMPILED = f"{_SCRATCH}/numba"
_SCRATCH_BYTES = 64 << 20
_LOADER = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_START = (
    "import json, sys\n"
    "sys.path.extend(json.loads(sys.argv.pop(1)))\n"
    "from openhotline.core.sandbox.memory import gather\n"
    "gather()\n"
    "from openhotline.core.sandbox.zygote import main\n"
    "main()\n"
)


def find_bubblewrap() -> str | None:
    """Return the path of bwrap, or None."""
    return shutil.which("bwrap", path=os.defpath + ":/usr/local/bin")


def environment(*, wrapped: bool) -> dict[str, str]:
    """Return the whole environment of a zygote: nothing of ours, one thread, huge pages, its own cache."""
    # Compiled code is loaded as it stands, so never from a folder of the machine that others can write in.
    cache = {"NUMBA_CACHE_DIR": COMPILED} if wrapped else {}
    return cache | {
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "NUMBA_NUM_THREADS": "1",
        "RAYON_NUM_THREADS": "1",
        "GLIBC_TUNABLES": TUNABLES,
    }


def wrapping(bwrap: str, filter_fd: int, programs: Iterable[str]) -> list[str]:
    """Return the bubblewrap command up to the program: no network, nothing writable but a small tmpfs.

    `filter_fd` is an open file with the seccomp filter, `programs` the dotted names that will be imported.
    """
    command = [
        bwrap,
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--uid",
        "65534",
        "--gid",
        "65534",
    ]
    command += ["--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--seccomp", str(filter_fd), "--proc", "/proc", "--remount-ro", "/proc"]
    command += ["--size", str(_SCRATCH_BYTES), "--tmpfs", _SCRATCH]
    command += ["--ro-bind-try", _HUGE_PAGES, _HUGE_PAGES]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for path in visible_paths(programs):
        command += ["--ro-bind", str(path), str(path)]
    return [*command, "--remount-ro", "/", "--chdir", "/", "--"]


def interpreter(programs: Iterable[str]) -> list[str]:
    """Return the Python command of a zygote, without site and environment; its own argument follows."""
    return [_python(), "-I", "-S", "-B", "-c", _START, json.dumps(_search_path(programs))]


def visible_paths(programs: Iterable[str]) -> list[Path]:
    """Return all that is bound read-only: C libraries, this Python with its packages, our source packages."""
    found = [Path(path) for path in _LOADER]
    found += [
        Path(sys.base_prefix) / "lib",
        Path(sys.base_prefix) / "lib64",
        Path(sysconfig.get_path("stdlib")),
    ]
    found += [Path(_python()), *_site_packages()]
    for root in source_roots(programs):
        found += [init.parent for init in root.glob("*/__init__.py")]
    wanted = sorted({path for path in found if path.exists()})
    return [path for path in wanted if not any(other in path.parents for other in wanted)]


def _search_path(programs: Iterable[str]) -> list[str]:
    return [str(path) for path in [*source_roots(programs), *_site_packages()]]


def _python() -> str:
    # Not the virtual environment's link: the real file, which finds its standard library by itself.
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _site_packages() -> list[Path]:
    # Not all of sys.path: it may name the working directory, and with it the database.
    return [Path(path) for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]


def source_roots(programs: Iterable[str]) -> list[Path]:
    """Return the folders, other than site-packages, that hold our packages and those of the programs."""
    roots: list[Path] = []
    for name in ["openhotline", *(program.partition(":")[0].partition(".")[0] for program in programs)]:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise ImportError(f"{name} is not an installed package; name the program as package.module:function.")
        root = Path(spec.origin).parent.parent
        if root not in roots and root not in _site_packages():
            roots.append(root)
    return roots
