"""How a child begins: forked bare, in memory that was put in order."""

import mmap
import re
import subprocess
import sys
from pathlib import Path

import pytest

from openhotline.core.sandbox import child, mapped
from openhotline.core.sandbox.bubblewrap import environment
from openhotline.core.sandbox.memory import TUNABLES
from openhotline.core.sandbox.misdeeds import echo
from openhotline.core.sandbox.protocol import Limits

HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
FILLED = """
import os, resource
from openhotline.core.sandbox.child import fork
from openhotline.core.sandbox.memory import gather, settle, spread
if {settled}:
    gather()
holes = [bytearray(90_000) for _ in range(400)]
del holes[::2]
if {settled}:
    spread(settle())
if (pid := fork()) == 0:
    picture = bytearray(6 << 20)
    os._exit(0)
print(os.wait4(pid, 0)[2].ru_minflt)
"""

FORKED = """
import os
from openhotline.core.sandbox.child import fork
os.register_at_fork(after_in_child=lambda: os._exit(9))
pid = {how}()
if pid == 0:
    os._exit(4)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


TOGETHER = """
from openhotline.core.sandbox import memory
if {ordered}:
    memory.gather()
old = [[str(number), float(number), (number,)] for number in range(60_000)]
del old[::2]
if {ordered}:
    memory.settle()
new = [[str(number), float(number), (number,)] for number in range(1000, 3000)]
places = [id(one) >> 21 for row in new for one in (row, *row)]
print(max(map(places.count, set(places))) / len(places))
"""


MAPPED = """
import io, os
from PIL import Image
from openhotline.core.sandbox.child import fork
from openhotline.core.sandbox.mapped import share_code
sink = io.BytesIO()
Image.linear_gradient("L").save(sink, "JPEG")
def read():
    Image.open(io.BytesIO(sink.getvalue())).resize((32, 32))
read()
if {shared}:
    share_code(read)
if (pid := fork()) == 0:
    read()
    os._exit(0)
print(os.wait4(pid, 0)[2].ru_minflt)
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


def test_a_child_is_ended_before_the_limit_so_that_killing_it_fits_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is what the caller waits; on a busy machine a large child takes a second to die."""
    given: list[float] = []
    monkeypatch.setattr(child, "_setitimer", lambda _which, seconds: given.append(seconds))
    limits = Limits(wall=10.0)
    child._close_in(child.Cell(echo, limits, None, 0))
    assert 0 < given[0] <= limits.wall - 1


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


def faults_of(*, settled: bool) -> int:
    """Return the page faults of a child that fills 6 MiB, the child of a process that left holes in its heap."""
    program = FILLED.format(settled=settled)
    command = [sys.executable, "-c", program]
    return int(subprocess.run(command, env=environment(wrapped=False), capture_output=True, check=True).stdout)


@pytest.mark.skipif(
    not HUGE_PAGES.exists() or "[never]" in HUGE_PAGES.read_text("ascii"), reason="This machine has no huge pages."
)
def test_what_a_child_fills_is_huge_pages() -> None:
    """6 MiB are 1,536 small pages; unsettled, the holes and the edges of the heap cost hundreds of them."""
    assert faults_of(settled=True) < 300
    assert faults_of(settled=False) > faults_of(settled=True)


@pytest.mark.parametrize("ordered", [True, False])
def test_what_is_made_once_all_is_warm_lies_together(*, ordered: bool) -> None:
    """Unordered, it fills holes that others left in many huge pages, each of which is split for it at every fork."""
    command = [sys.executable, "-c", TOGETHER.format(ordered=ordered)]
    told = subprocess.run(command, env=environment(wrapped=False), capture_output=True, text=True, check=True).stdout
    assert (float(told) > 0.99) == ordered


def test_a_child_finds_the_code_that_most_files_need_mapped_already() -> None:
    """And what the loader wrote into libraries is still there: the child does its work, and ends well."""
    programs = [MAPPED.format(shared=shared) for shared in (True, False)]
    told = [subprocess.run([sys.executable, "-c", one], capture_output=True, check=True).stdout for one in programs]
    assert int(told[0]) < int(told[1]) - 30


def test_where_the_kernel_tells_nothing_of_pages_children_find_code_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_how: object, **_more: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    mapped.share_code(lambda: pytest.fail("It is not run for nothing."))


def test_memory_that_a_child_could_fill_counts_as_its_own_before_it_is_touched() -> None:
    """Planted by measuring pages written instead: what is reserved and untouched would come on top of the limit."""
    before = child.room_taken()
    with mmap.mmap(-1, 32 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        reserved = child.room_taken()
        memory.write(bytes(len(memory)))
        written = child.room_taken()
    assert abs(reserved - before) < 1 << 20
    assert abs(written - before) < 1 << 20
