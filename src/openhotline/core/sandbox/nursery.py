"""What a zygote does once it is warm: it forks one child a file, and tells the parent how each ended.

Imported when everything else is in place (`zygote`), so that what is used between two forks lies together: a fork
shares all pages, and each that is written to after it is copied. So it touches few objects.
"""

import fcntl
import math
import os
import resource
import select
import signal
import socket
import struct
import time

from .child import SINK, SOURCE, Cell, fork, live
from .protocol import END, ORDER

_DESCRIPTORS = struct.Struct("@ii")
_ROOM = socket.CMSG_SPACE(_DESCRIPTORS.size)
_ABOVE = 16


def _cleared(control: socket.socket) -> socket.socket:
    """Lay the descriptors as a child wants them, nothing behind each, and move ours above."""
    below = control.detach()
    above = fcntl.fcntl(below, fcntl.F_DUPFD_CLOEXEC, _ABOVE)
    os.close(below)
    for descriptor in range(1, SINK + 1):
        os.dup2(0, descriptor)
    return socket.socket(fileno=above)


def inherited() -> int:
    """Return the memory that a child has from its first moment, shared with this process, in KiB."""
    pid = fork()
    if pid == 0:
        os._exit(0)
    # By the same count as a child's peak, and as soon after the fork as one can be told.
    return os.wait4(pid, 0)[2].ru_maxrss


def own_memory(used: resource.struct_rusage, born: int) -> int:
    """Return the most KiB of memory that an ended child can have had for itself; it was born with `born`.

    What it took on top, and of what it was born with as many pages as it can have copied: each copy is a page fault.
    Faults and peak are the kernel's count, so nothing that a child says or does makes them less.
    """
    # ru_maxrss is in KiB (getrusage(2)).
    return used.ru_maxrss - born + min(born, used.ru_minflt * resource.getpagesize() >> 10)


class _Child:
    """A child by its seat: its process, by which it is awaited and killed, and when its time is up.

    Names here and below are nobody else's: the name of an attribute is written to as well, where it was first used.
    """

    __slots__ = ("due_at", "handle", "pid", "seat")

    def __init__(self, seat: int, pid: int) -> None:
        self.seat = seat
        self.pid = pid
        self.handle = os.pidfd_open(pid)
        self.due_at = math.inf


class Nursery:
    """Makes children and buries them."""

    def __init__(self, control: socket.socket, cell: Cell) -> None:
        """Take over the socket to the parent. Nothing else may be open but what is nothing's (0 to 2)."""
        self._control = _cleared(control)
        self._cell = cell
        self._born = 0
        self._descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._nurslings: list[_Child] = []  # one that works and one that waits; the oldest first
        self._watched = select.poll()
        self._watched.register(self._control, select.POLLIN)

    def serve(self, ready: bytes) -> None:
        """Say that we are ready, then do as the parent says until it hangs up. ConnectionError: it is gone."""
        self._born = inherited()
        self._control.send(ready)
        while True:
            self._end_overdue()
            for descriptor, _events in self._watched.poll(self._patience()):
                if descriptor != self._control.fileno():
                    self._bury(descriptor)
                elif not self._obey():
                    return

    def _patience(self) -> float | None:
        first = math.inf
        for child in self._nurslings:
            first = min(first, child.due_at)
        return None if first == math.inf else max(0.0, first - time.monotonic()) * 1000

    def _end_overdue(self) -> None:
        for child in self._nurslings:
            if child.due_at != math.inf and child.due_at <= time.monotonic():
                self._kill(child)

    def _obey(self) -> bool:
        """Do what one order says; return whether there was one."""
        order, ancillary, _flags, _address = self._control.recvmsg(ORDER.size, _ROOM)
        if not order:
            return False
        begun, doomed, seat = ORDER.unpack(order)
        for child in self._nurslings:
            # Whom an order comes too late for, after its own end, is not here any more.
            if child.seat == begun:
                child.due_at = time.monotonic() + self._cell.limits.wall + 1
            elif child.seat == doomed:
                self._kill(child)
        if ancillary:
            self._bear(seat, *_DESCRIPTORS.unpack(ancillary[0][2]))
        return True

    def _bear(self, seat: int, source: int, sink: int) -> None:
        os.dup2(source, SOURCE)
        os.dup2(sink, SINK)
        pid = fork()
        if pid == 0:
            live(self._cell, self._descriptors)
        # Both are open nowhere else then, so that each side sees the other's end.
        os.dup2(0, SOURCE)
        os.dup2(0, SINK)
        os.close(source)
        os.close(sink)
        child = _Child(seat, pid)
        self._nurslings.append(child)
        self._watched.register(child.handle, select.POLLIN)

    def _kill(self, child: _Child) -> None:
        child.due_at = math.inf
        signal.pidfd_send_signal(child.handle, signal.SIGKILL)

    def _bury(self, handle: int) -> None:
        for child in self._nurslings:
            if child.handle == handle:
                break
        self._watched.unregister(handle)
        os.close(handle)
        self._nurslings.remove(child)
        _pid, status, used = os.wait4(child.pid, 0)
        cpu = int(1_000_000 * (used.ru_utime + used.ru_stime))
        own = own_memory(used, self._born)
        self._control.send(END.pack(child.seat, status, used.ru_maxrss, max(0, own), cpu))
