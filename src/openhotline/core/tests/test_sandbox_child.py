"""How a child begins: forked bare, in memory that was put in order."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from openhotline.core.sandbox import child
from openhotline.core.sandbox.memory import TUNABLES

FORKED = """
import os
from openhotline.core.sandbox.child import fork
os.register_at_fork(after_in_child=lambda: os._exit(9))
pid = {how}()
if pid == 0:
    os._exit(4)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@pytest.mark.parametrize(("how", "code"), [("fork", "4"), ("os.fork", "9")])
def test_a_child_runs_nothing_of_what_modules_registered(how: str, code: str) -> None:
    """Python's own fork, beside it, does: the page faults of every child were a third that."""
    ended = subprocess.run([sys.executable, "-c", FORKED.format(how=how)], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == code


def test_a_kernel_that_gives_no_process_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_fork", lambda: -1)
    with pytest.raises(OSError, match="no process"):
        child.fork()


def test_the_c_library_knows_every_memory_setting() -> None:
    """It ignores what it does not know without a word."""
    loader = next(iter(Path("/").glob("lib*/ld-linux*.so.*")), None)
    if loader is None:
        pytest.skip("This is not glibc.")
    listed = subprocess.run([loader, "--list-tunables"], capture_output=True, text=True, check=True).stdout
    most = {
        name: int(top, 16)
        for name, top in re.findall(r"^(\S+): \S+ \(min: \S+, max: (0x[0-9a-f]+)\)", listed, re.MULTILINE)
    }
    for name, value in (one.split("=") for one in TUNABLES.split(":")):
        assert int(value) <= most[name]
