"""Importing the library is cheap; using it works where nothing can be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hashmatch


def _python(program: str, folder: Path, **environment: str) -> str:
    source = str(Path(hashmatch.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": source, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_import_loads_nothing_heavy(tmp_path: Path) -> None:
    """Neither numba nor numpy nor Pillow, until a name is asked for."""
    program = "import sys, hashmatch; print({'numba', 'numpy', 'PIL'} & set(sys.modules))"

    assert _python(program, tmp_path) == "set()\n"


@pytest.mark.slow
def test_help_of_the_commands_loads_no_compiler(tmp_path: Path) -> None:
    """Nor anything that a bench compares with."""
    program = "import sys, hashmatch.cli; print({'numba', 'faiss', 'threatexchange', 'pdqhash'} & set(sys.modules))"

    assert _python(program, tmp_path) == "set()\n"


@pytest.mark.slow
def test_pixels_can_be_had_without_numba(tmp_path: Path) -> None:
    """A process that only decodes need not load the compiler."""
    program = "import sys, hashmatch.canonical; print('numba' in sys.modules)"

    assert _python(program, tmp_path) == "False\n"


@pytest.mark.slow
def test_a_warm_process_can_fork_with_one_thread(tmp_path: Path) -> None:
    """As the decoding sandbox does: import, fork, hash in the child."""
    program = (
        "import os, threading, numpy as np\n"
        "from hashmatch import pdq\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    os._exit(len(pdq.from_pixels(np.zeros((99, 99, 3), np.uint8)).hash))\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), threading.active_count())"
    )

    assert _python(program, tmp_path, OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1") == "32 1\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = hashmatch.nothing
