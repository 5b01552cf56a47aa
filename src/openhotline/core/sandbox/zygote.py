"""The program inside the sandbox: it imports and warms the target, then forks one child a file.

It never reads a file itself. It talks with the parent over one SEQPACKET socket: orders come, the end of each child
goes back (both in `protocol.py`). A new child gets a seat, two descriptors for a file and its answer, and waits there.
The end of the socket is the end of the zygote. What stands here touches few objects: after each fork every page that
it writes to is copied.
"""

import contextlib
import importlib
import json
import math
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Any

from .child import Cell, complain, die_with_parent, fork, live, room_taken
from .compiled import bring_compiled
from .memory import settle
from .observe import missing_walls
from .protocol import END, ORDER, Limits
from .seccomp import Installer, child_filter, this_machine

_DESCRIPTORS = struct.Struct("@ii")
_ROOM = socket.CMSG_SPACE(_DESCRIPTORS.size)


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
    control.send(json.dumps({"missing": missing_walls(cell), "peak": peak}).encode())
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
    return Cell(target, limits, installer, room_taken())


def _load(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)


class _Child:
    """A child by its seat: its process, by which it is awaited and killed, and when its time is up."""

    __slots__ = ("deadline", "handle", "pid", "seat")

    def __init__(self, seat: int, pid: int) -> None:
        self.seat = seat
        self.pid = pid
        self.handle = os.pidfd_open(pid)
        self.deadline = math.inf


class _Nursery:
    """Makes children and buries them."""

    def __init__(self, control: socket.socket, cell: Cell) -> None:
        self._control = control
        self._cell = cell
        self._children: list[_Child] = []  # one that works and one that waits; the oldest first
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Until the parent hangs up; then end whatever lives."""
        while True:
            self._end_overdue()
            for descriptor, _events in self._poll.poll(self._patience()):
                if descriptor != self._control.fileno():
                    self._bury(descriptor)
                elif not self._obey():
                    return

    def _patience(self) -> float | None:
        first = math.inf
        for child in self._children:
            first = min(first, child.deadline)
        return None if first == math.inf else max(0.0, first - time.monotonic()) * 1000

    def _end_overdue(self) -> None:
        for child in self._children:
            if child.deadline != math.inf and child.deadline <= time.monotonic():
                self._kill(child)

    def _obey(self) -> bool:
        """Do what one order says; return whether there was one."""
        order, ancillary, _flags, _address = self._control.recvmsg(ORDER.size, _ROOM)
        if not order:
            return False
        begun, doomed, seat = ORDER.unpack(order)
        for child in self._children:
            # Whom an order comes too late for, after its own end, is not here any more.
            if child.seat == begun:
                child.deadline = time.monotonic() + self._cell.limits.wall + 1
            elif child.seat == doomed:
                self._kill(child)
        if ancillary:
            self._bear(seat, *_DESCRIPTORS.unpack(ancillary[0][2]))
        return True

    def _bear(self, seat: int, source: int, sink: int) -> None:
        pid = fork()
        if pid == 0:
            self._control.detach()
            live(self._cell, source, sink)
        os.close(source)
        os.close(sink)
        child = _Child(seat, pid)
        self._children.append(child)
        self._poll.register(child.handle, select.POLLIN)

    def _kill(self, child: _Child) -> None:
        child.deadline = math.inf
        signal.pidfd_send_signal(child.handle, signal.SIGKILL)

    def _bury(self, handle: int) -> None:
        for child in self._children:
            if child.handle == handle:
                break
        self._poll.unregister(handle)
        os.close(handle)
        self._children.remove(child)
        _pid, status, used = os.wait4(child.pid, 0)
        # ru_maxrss is in KiB (getrusage(2)); it counts the pages shared with the zygote too.
        cpu = int(1_000_000 * (used.ru_utime + used.ru_stime))
        self._control.send(END.pack(child.seat, status, used.ru_maxrss, cpu))
