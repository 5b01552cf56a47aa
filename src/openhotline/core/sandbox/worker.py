"""The parent's end of one zygote: start it, hand its children files one at a time, and stop it for good.

While one child works on a file, the next is forked and waits for its own.
"""

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .inbox import Inbox
from .launch import Program, launch
from .protocol import END, ORDER, Answer, Failure, Json, SandboxUnavailable, Wear, encode_job
from .seat import Seat

_START_SECONDS = 120.0
_GRACE_SECONDS = 3.0
_MAX_MESSAGE = 64 << 10  # the first, with a sentence for each missing wall; all others are short


class ZygoteGone(Exception):  # noqa: N818 - a state, handled inside the package
    """The zygote no longer answers; another has to be started."""


class Zygote:
    """One running zygote, for one file at a time. Not thread-safe but for `hang_up`; no more use once `gone`.

    Must be made in a thread that outlives it: the kernel kills it together with the thread that started it.
    """

    def __init__(self, program: Program, *, wrapped: bool) -> None:
        self.gone = False
        self.wear = Wear()
        self._limits = program.limits
        self._seats = 0
        self._next: Seat | None = None
        self._ended: dict[int, tuple[int, float]] = {}  # by seat: its wait status, and the seconds of processor it had
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = launch(program, theirs.fileno(), self._complaints.fileno(), wrapped=wrapped)

    def await_ready(self) -> list[str]:
        """Wait until the target is warm; return the walls it found missing. Raises `SandboxUnavailable`."""
        try:
            ready: dict[str, Any] = json.loads(self._hear(_START_SECONDS))
        except ZygoteGone:
            words = self._last_words()
            self.stop()
            raise SandboxUnavailable(f"The sandbox for opening files did not start: {words}") from None
        missing: list[str] = ready["missing"]
        return missing

    def run(self, data: bytes, options: dict[str, Json]) -> Answer:
        """Have one file examined. Raises `Failure`, or `ZygoteGone` when the file never reached a child."""
        deadline = time.monotonic() + self._limits.ends_after
        job = encode_job(data, options)
        with self._seat() as seat:
            try:
                return self._examined(seat, job, deadline)
            except ZygoteGone:
                raise Failure("killed") from None
            finally:
                self.gone = self.gone or seat.number not in self._ended
                self._ended.clear()

    def hang_up(self) -> None:
        """End the conversation, from any thread: the zygote kills its child and leaves."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """End the zygote and everything in it, and wait until it is gone."""
        self.gone = True
        self.hang_up()
        if not self._ends_in_time():
            self._kill()
            # One stuck in the kernel outlives even SIGKILL for a while; it can do nothing more, and is reaped later.
            if not self._ends_in_time():
                threading.Thread(target=self._process.wait, daemon=True).start()
        if self._next is not None:
            self._next.close()
            self._next = None
        self._control.close()
        self._complaints.close()

    @contextlib.contextmanager
    def _seat(self) -> Iterator[Seat]:
        """Lend the seat that waits, or a new one when there is none whose child lives."""
        if self._process.poll() is not None:
            self.gone = True
            raise ZygoteGone
        while self._next is not None and self._says_something():
            self._hear_end(0)
        seat, self._next = self._next or self._bring(), None
        with contextlib.closing(seat):
            yield seat

    def _bring(self, *, begun: int = 0) -> Seat:
        """Have another child forked; say which one has its file now, so that the zygote's own clock runs for it."""
        self._seats += 1
        try:
            seat = Seat(self._seats)
            seat.hand_over(self._control, begun=begun)
        except OSError as error:
            self.gone = True
            raise ZygoteGone from error
        return seat

    def _examined(self, seat: Seat, job: list[bytes], deadline: float) -> Answer:
        inbox = Inbox(self._limits)
        try:
            self._converse(seat, job, inbox, deadline)
        except Failure:
            self._kill_child(seat)
            raise
        status, cpu = self._ended[seat.number]
        overdue = cpu >= self._limits.cpu or time.monotonic() >= deadline
        if (reason := cause_of_death(status, overdue=overdue)) is not None:
            raise Failure(reason, signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)
        return inbox.outcome()

    def _converse(self, seat: Seat, job: list[bytes], inbox: Inbox, deadline: float) -> None:
        """Put the file in, take the frame out, and hear of the child's end, in whichever order they come."""
        control = self._control.fileno()
        rest = [memoryview(piece) for piece in job]
        poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(seat.answers, select.POLLIN)
        waiting = {seat.answers}
        if seat.put(rest):
            poll.register(seat.files, select.POLLOUT)
        self._next = self._bring(begun=seat.number)
        while waiting or seat.number not in self._ended:
            left = deadline - time.monotonic()
            ready = [descriptor for descriptor, _events in poll.poll(max(left, 0) * 1000)]
            if left <= 0 or not ready:
                raise Failure("timeout")
            if control in ready:
                self._hear_end(0)
            if seat.files in ready and not seat.put(rest):
                poll.unregister(seat.files)
            if seat.answers in ready:
                if count := os.readv(seat.answers, [inbox.room()]):
                    inbox.took(count)
                else:
                    poll.unregister(seat.answers)
                    waiting.clear()

    def _kill_child(self, seat: Seat) -> None:
        """Have a child killed that lied or took too long; a zygote that cannot do so is given up."""
        ends = time.monotonic() + _GRACE_SECONDS
        try:
            if seat.number not in self._ended:
                self._control.send(ORDER.pack(0, seat.number, 0))
            while seat.number not in self._ended:
                self._hear_end(max(0.0, ends - time.monotonic()))
        except (OSError, ZygoteGone):
            self.gone = True

    def _hear_end(self, seconds: float) -> None:
        """Take in how one child ended; it may be the one that waits for the next file."""
        number, status, peak, own, cpu = END.unpack(self._hear(seconds))
        if self._next is not None and number == self._next.number:
            self._next.close()
            self._next = None
            return
        self._ended[number] = (status, cpu / 1_000_000)
        self.wear = dataclasses.replace(
            self.wear,
            files=self.wear.files + 1,
            peak=max(self.wear.peak, peak << 10),
            own=max(self.wear.own, own << 10),
            cpu=max(self.wear.cpu, cpu / 1_000_000),
        )

    def _says_something(self) -> bool:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        return bool(poll.poll(0))

    def _hear(self, seconds: float) -> bytes:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        try:
            text = self._control.recv(_MAX_MESSAGE) if poll.poll(seconds * 1000) else b""
        except OSError:
            text = b""
        if not text:
            self.gone = True
            raise ZygoteGone
        return text

    def _kill(self) -> None:
        """Kill the sandbox from its root: bubblewrap's child is the first process inside, all others fall with it.

        Were bubblewrap itself killed, nobody might ever reap that child (a program that is a container's init).
        """
        inside: list[int] = []
        with contextlib.suppress(OSError):
            pid = self._process.pid
            inside = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
        for pid in inside or [self._process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _ends_in_time(self) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        return self._process.returncode is not None

    def _last_words(self) -> str:
        self._ends_in_time()
        self._complaints.seek(0)
        lines = self._complaints.read(64 << 10).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended without a word (code {self._process.poll()})."


def cause_of_death(status: int, *, overdue: bool) -> str | None:
    """Translate a child's wait status into a failure's reason; None for a child that ended as it should.

    `overdue`: its time on the clock or the processor was up by then.
    """
    if not os.WIFSIGNALED(status):
        return None if status == 0 else "killed"
    number = os.WTERMSIG(status)
    if number in {signal.SIGALRM, signal.SIGXCPU}:
        return "timeout"
    if number == signal.SIGKILL:
        # One that blocks signals is killed by the kernel or the zygote when its time is up, perhaps before a busy
        # parent has looked at its own clock; in time, only a kernel short of memory does so.
        return "timeout" if overdue else "memory"
    return "killed"
