"""The program inside the sandbox: it imports and warms the target, then forks one child a file.

It never reads a file itself. It talks with the parent over one SEQPACKET socket. "seat" comes with two descriptors
(where a file will come from, the way out) and gives it to a new child, which waits; "begun" says that the file is on
its way, "kill" ends a child early; how each child ended goes back. The end of the socket is the end of the zygote.
"""

import contextlib
import dataclasses
import importlib
import json
import math
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from .child import Cell, address_space, complain, die_with_parent, fork, live
from .compiled import bring_compiled
from .memory import settle
from .observe import missing_walls
from .protocol import Limits
from .seccomp import Installer, child_filter, this_machine

MAX_MESSAGE = 1 << 10


def main() -> None:
    """Run until the parent hangs up. The argument is JSON: what `launch` put together."""
    config: dict[str, Any] = json.loads(sys.argv[1])
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A descriptor that children must not inherit past their own fork; bubblewrap handed it down to us.
    control = socket.socket(fileno=config["socket"])
    try:
        cell = _prepare(config)
    except Exception as error:  # noqa: BLE001 - a target may fail to import in any way; the parent shows this line
        complain(f"{config['target']} cannot be made ready in the sandbox: {type(error).__name__}: {error}")
        sys.exit(1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    _tell(control, {"missing": missing_walls(cell), "peak": peak})
    with contextlib.suppress(ConnectionError):
        _Nursery(control, cell).serve()


def _prepare(config: dict[str, Any]) -> Cell:
    limits = Limits(**config["limits"])
    if cache := os.environ.get("NUMBA_CACHE_DIR"):
        bring_compiled(Path(cache), [Path(folder) for folder in config["sources"]])
    target = _load(config["target"])
    if config["warm"]:
        _load(config["warm"])()
    machine = this_machine()
    installer = Installer(child_filter(machine)) if machine else None
    # Here and not in each child; and after the warm-up, in which a library may have set a handler of its own.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    settle()
    return Cell(target, limits, installer, address_space())


def _load(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)


def _tell(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())


@dataclasses.dataclass
class _Child:
    """A child by its seat: its process, by which it is awaited and killed, and when its time is up."""

    seat: int
    pid: int
    handle: int
    deadline: float = math.inf


class _Nursery:
    """Makes children and buries them."""

    def __init__(self, control: socket.socket, cell: Cell) -> None:
        self._control = control
        self._cell = cell
        self._children: dict[int, _Child] = {}
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Until the parent hangs up; then end whatever lives."""
        while True:
            ready = {descriptor for descriptor, _events in self._poll.poll(self._patience())}
            for child in [child for child in self._children.values() if child.handle in ready]:
                self._bury(child)
            if self._control.fileno() in ready and not self._obey():
                return
            now = time.monotonic()
            for child in self._children.values():
                if child.deadline <= now:
                    self._kill(child)

    def _patience(self) -> float | None:
        first = min((child.deadline for child in self._children.values()), default=math.inf)
        return None if first == math.inf else max(0.0, first - time.monotonic()) * 1000

    def _obey(self) -> bool:
        """Do what one message says; return whether there was one."""
        text, descriptors, _flags, _address = socket.recv_fds(self._control, MAX_MESSAGE, 2)
        if not text:
            return False
        message = json.loads(text)
        if descriptors:
            self._bear(message["seat"], *descriptors)
        # What comes too late, after a child's own end, means nothing now.
        if begun := self._children.get(message.get("begun")):
            begun.deadline = time.monotonic() + self._cell.limits.wall + 1
        if doomed := self._children.get(message.get("kill")):
            self._kill(doomed)
        return True

    def _bear(self, seat: int, source: int, sink: int) -> None:
        pid = fork()
        if pid == 0:
            self._control.detach()
            live(self._cell, source, sink)
        os.close(source)
        os.close(sink)
        child = self._children[seat] = _Child(seat, pid, os.pidfd_open(pid))
        self._poll.register(child.handle, select.POLLIN)

    def _kill(self, child: _Child) -> None:
        child.deadline = math.inf
        signal.pidfd_send_signal(child.handle, signal.SIGKILL)

    def _bury(self, child: _Child) -> None:
        self._poll.unregister(child.handle)
        os.close(child.handle)
        del self._children[child.seat]
        status, used = os.wait4(child.pid, 0)[1:]
        # ru_maxrss is in KiB (getrusage(2)); it counts the pages shared with the zygote too.
        spent = {"peak": used.ru_maxrss << 10, "cpu": used.ru_utime + used.ru_stime}
        _tell(self._control, {"seat": child.seat, "status": status} | spent)
