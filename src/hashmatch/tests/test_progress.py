"""Progress is for people who look."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import hashmatch

PROGRAM = """
from hashmatch import progress
with progress.shown() as steps:
    steps.advance(steps.add_task("hashing", total=2))
print("result")
"""


def _run(errors: int) -> str:
    path = str(Path(hashmatch.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": path, "FORCE_COLOR": "1", "TERM": "xterm"}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=errors, check=True, text=True).stdout


def test_on_a_terminal_it_is_shown_beside_the_results() -> None:
    """On standard error alone."""
    ours, theirs = pty.openpty()

    result = _run(theirs)

    os.close(theirs)
    assert "hashing" in os.read(ours, 65536).decode()
    assert result == "result\n"
    os.close(ours)


def test_elsewhere_nothing_is_written(tmp_path: Path) -> None:
    """Whatever the environment says of colours."""
    with (tmp_path / "errors").open("w") as errors:
        result = _run(errors.fileno())

    assert (tmp_path / "errors").read_text() == ""
    assert result == "result\n"
