"""Damaged files with marks of origin through `fileorigin`: no hang, no crash, no connection, no exception.

Cases are those of `damaging.py`, examined in child processes that are forked for a batch each. A child that dies or
takes longer than a case may is counted, and the next one goes on behind that case; what the child found is read back
as a parent of the sandbox would read it. Files whose credentials are kept elsewhere point at a port of this machine
where this script listens: a connection there is a fault, and so is any that Python opens. A fault names its form and
number, of which `damaging.case` makes the file again. Prints one JSON object; ends with 1 when there is a fault.

    python tests/faults/fault_provenance.py [--times N] [--seed S] [--into FILE] [--short] [--planted BUG]
"""

import contextlib
import dataclasses
import json
import mmap
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from plays import ALONE, Play, main  # noqa: E402 - found by the path set above

import fileorigin  # noqa: E402 - as above
from faults import damaging  # noqa: E402 - as above
from fileorigin import Evidence  # noqa: E402 - as above

Examine = Callable[[bytes], Evidence]
BATCH = 500
SECONDS = 10.0  # what the sandbox gives a file
CHILDREN = 2
_FORBIDDEN = frozenset({"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.fork", "os.exec"})


@dataclasses.dataclass
class Count:
    """What came of the cases so far."""

    cases: int = 0
    hangs: int = 0
    crashes: int = 0
    exceptions: int = 0
    connections: int = 0
    slowest: float = 0.0
    peak_mib: int = 0
    formats: Counter[str] = dataclasses.field(default_factory=Counter)
    containers: Counter[str] = dataclasses.field(default_factory=Counter)
    credentials: Counter[str] = dataclasses.field(default_factory=Counter)
    tags: Counter[str] = dataclasses.field(default_factory=Counter)
    faults: list[str] = dataclasses.field(default_factory=list)

    def add(self, told: dict[str, Any]) -> None:
        """Take in what a child told of one case."""
        self.cases += 1
        self.slowest = max(self.slowest, told["seconds"])
        self.peak_mib = max(self.peak_mib, told["peak_mib"])
        self.formats[told["form"]] += 1
        if told["fault"]:
            self.exceptions += 1
            self.faults.append(f"{told['form']} {told['number']}: {told['fault']}")
            return
        self.containers[told["container"]] += 1
        self.credentials[told["credentials"]] += 1
        self.tags[told["tag"]] += 1


class Batch:
    """One child at work on the cases from `first` to `last`; `progress` holds the case it is at and since when."""

    def __init__(self, cases: Callable[[int], tuple[str, bytes]], examine: Examine, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.progress = mmap.mmap(-1, 16)
        self._mark(first)
        self.pipe, end = os.pipe()
        self.told = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            try:
                self._work(cases, examine, end)
            finally:
                os._exit(0)
        os.close(end)

    def at(self) -> tuple[int, float]:
        """The case that the child is at, and for how long."""
        number, since = struct.unpack("qd", self.progress[:16])
        return number, time.monotonic() - since

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it told of whole cases."""
        for line in self.told.splitlines(keepends=True):
            if line.endswith(b"\n"):
                yield json.loads(line)

    def _mark(self, number: int) -> None:
        self.progress[:16] = struct.pack("qd", number, time.monotonic())

    def _work(self, cases: Callable[[int], tuple[str, bytes]], examine: Examine, end: int) -> None:
        sys.addaudithook(_refuse)
        for number in range(self.first, self.last):
            form, data = cases(number)
            self._mark(number)
            began = time.monotonic()
            told = _told(examine, data)
            told |= {"number": number, "form": form, "seconds": round(time.monotonic() - began, 3)}
            told["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            os.write(end, json.dumps(told).encode() + b"\n")


_attempts: list[str] = []


def _refuse(event: str, _arguments: object) -> None:
    """Note and refuse; noted too, since an examination turns every exception into a finding."""
    if event in _FORBIDDEN:
        _attempts.append(event)
        raise PermissionError(event)


def _told(examine: Examine, data: bytes) -> dict[str, Any]:
    """What an examination came to; any exception is a fault, and so is evidence that its reader refuses."""
    try:
        found = examine(data)
        again = Evidence.from_dict(json.loads(json.dumps(found.to_dict())), sealed=found.sealed)
        fault = "" if again == found else "The evidence does not read back equal."
        if _attempts:
            fault = f"It tried what none may: {', '.join(_attempts)}."
            _attempts.clear()
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return {"fault": f"{type(error).__name__}: {error}"[:200]}
    credentials = found.of("c2pa")[0]
    return {
        "fault": fault,
        "container": found.of("container")[0].status.value,
        "credentials": str(credentials.values.get("outcome", credentials.status.value)),
        "tag": found.tag.value,
    }


def play(count: int, seed: int, examine: Examine = fileorigin.examine, *, seconds: float = SECONDS) -> Count:
    """Examine so many cases; returns the figures."""
    fileorigin.warm()
    total = Count()
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = f"http://127.0.0.1:{server.getsockname()[1]}/m.c2pa"
        damaging.seeds(remote)

        def cases(number: int) -> tuple[str, bytes]:
            return damaging.case(remote, seed, number)

        _run(count, total, lambda first, last: Batch(cases, examine, first, last), seconds)
        total.connections = _knocks(server)
        if total.connections:
            total.faults.append(f"{total.connections} connections were opened to where credentials are kept.")
    return total


def _run(count: int, total: Count, start: Callable[[int, int], Batch], seconds: float) -> None:
    waiting = [(first, min(first + BATCH, count)) for first in range(0, count, BATCH)][::-1]
    working: dict[int, Batch] = {}
    while waiting or working:
        while waiting and len(working) < CHILDREN:
            batch = start(*waiting.pop())
            working[batch.pipe] = batch
        for pipe in select.select(list(working), [], [], 0.2)[0]:
            some = os.read(pipe, 1 << 16)
            working[pipe].told += some
            if not some:
                _finish(working.pop(pipe), total, waiting, hung=False)
        for pipe, batch in list(working.items()):
            if batch.at()[1] > seconds:
                os.kill(batch.pid, signal.SIGKILL)
                _finish(working.pop(pipe), total, waiting, hung=True)


def _finish(batch: Batch, total: Count, waiting: list[tuple[int, int]], *, hung: bool) -> None:
    """Take in what a child told; if it did not come to its end, the case it was at is a fault, and the rest waits."""
    while some := os.read(batch.pipe, 1 << 16):
        batch.told += some
    os.close(batch.pipe)
    _, status = os.waitpid(batch.pid, 0)
    told = list(batch.lines())
    for line in told:
        total.add(line)
    reached = batch.first + len(told)
    if reached == batch.last:
        return
    total.cases += 1
    total.hangs += hung
    total.crashes += not hung
    how = "took too long" if hung else f"ended its child with signal {os.WTERMSIG(status)}"
    total.faults.append(f"{reached}: {how}.")
    if reached + 1 < batch.last:
        waiting.append((reached + 1, batch.last))


def _knocks(server: socket.socket) -> int:
    server.setblocking(False)  # noqa: FBT003 - the library's own name for it
    knocks = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return knocks
        knocks += 1


def misbehaving(how: str) -> Examine:
    """Return an examination that does what none may, at one file in a hundred or so."""

    def examine(data: bytes) -> Evidence:
        if sum(data) % 100 == 0:
            _misbehave(how)
        return fileorigin.examine(data)

    def _misbehave(how: str) -> None:
        if how == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        elif how == "hang":
            time.sleep(60)
        elif how == "raise":
            raise ValueError("planted")
        elif how == "connect":
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", 9))

    return examine


def examined(_folder: Path, cases: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Examine so many damaged files of a seed, and return the figure."""
    total = play(cases, seed, misbehaving(planted) if planted else fileorigin.examine)
    told = vars(total) | {"most_seconds": total.slowest, "most_mib": total.peak_mib}
    return {name: value for name, value in told.items() if name not in {"slowest", "peak_mib"}}


MISDEEDS = {
    "crash": "an examination ends its process",
    "hang": "an examination does not end",
    "raise": "an examination raises",
    "connect": "an examination opens a connection",
}

PLAYS = (Play(__file__, __doc__, examined, 52_000, 1_500, MISDEEDS, databases=ALONE),)

if __name__ == "__main__":
    main(PLAYS)
