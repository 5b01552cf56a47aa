"""The parent's end of one zygote: start it, hand it files one at a time, and stop it for good."""

import contextlib
import dataclasses
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from .inbox import Inbox
from .launch import Program, launch, sealed
from .protocol import Answer, Failure, Json, SandboxUnavailable, Wear
from .zygote import MAX_MESSAGE

_START_SECONDS = 120.0
_GRACE_SECONDS = 3.0
_PIPE_BYTES = 1 << 20


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
        self._busy = False
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = launch(program, theirs.fileno(), self._complaints.fileno(), wrapped=wrapped)

    def await_ready(self) -> list[str]:
        """Wait until the target is warm; return the walls it found missing. Raises `SandboxUnavailable`."""
        try:
            ready = self._hear(_START_SECONDS)
        except ZygoteGone:
            words = self._last_words()
            self.stop()
            raise SandboxUnavailable(f"The sandbox for opening files did not start: {words}") from None
        self.wear = Wear(shared=ready["peak"])
        missing: list[str] = ready["missing"]
        return missing

    def run(self, data: bytes, options: dict[str, Json]) -> Answer:
        """Have one file examined. Raises `Failure`, or `ZygoteGone` when the file never reached a child."""
        deadline = time.monotonic() + self._limits.wall
        source = self._send(data, options)
        try:
            return self._receive(source, deadline)
        except ZygoteGone:
            raise Failure("killed") from None
        finally:
            self.gone = self.gone or self._busy
            os.close(source)

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
            # One stuck in the kernel outlives even SIGKILL for a while; it can do nothing more then.
            self._ends_in_time()
        self._control.close()
        self._complaints.close()

    def _send(self, data: bytes, options: dict[str, Json]) -> int:
        """Hand the file over; return the readable end of the pipe that the answer will come through."""
        message = json.dumps({"size": len(data), "options": options}, allow_nan=False).encode()
        if len(message) > MAX_MESSAGE:
            raise ValueError(f"Options of {len(message)} bytes; at most {MAX_MESSAGE} fit beside a file.")
        if self._process.poll() is not None:
            self.gone = True
            raise ZygoteGone
        source, sink = os.pipe2(os.O_CLOEXEC)
        try:
            with contextlib.suppress(OSError):  # the system's allowance for large pipes may be used up
                fcntl.fcntl(source, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            with sealed(data) as file:
                socket.send_fds(self._control, [message], [file, sink])
        except OSError as error:
            os.close(source)
            self.gone = True
            raise ZygoteGone from error
        finally:
            os.close(sink)
        self._busy = True
        return source

    def _receive(self, source: int, deadline: float) -> Answer:
        try:
            inbox, status = self._listen(source, deadline)
        except Failure:
            self._kill_child()
            raise
        if (reason := cause_of_death(status)) is not None:
            raise Failure(reason, signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)
        return inbox.outcome()

    def _listen(self, source: int, deadline: float) -> tuple[Inbox, int]:
        """Take in the frame to its end, and the child's wait status, in whichever order they come."""
        inbox, status = Inbox(self._limits), 0
        waiting = {source, self._control.fileno()}
        poll = select.poll()
        for descriptor in waiting:
            poll.register(descriptor, select.POLLIN)
        while waiting:
            left = deadline - time.monotonic()
            ready = [descriptor for descriptor, _events in poll.poll(max(left, 0) * 1000)]
            if left <= 0 or not ready:
                raise Failure("timeout")
            for descriptor in ready:
                if descriptor == source and (count := os.readv(source, [inbox.room()])):
                    inbox.took(count)
                    continue
                if descriptor != source:
                    status = self._hear_status(0)
                poll.unregister(descriptor)
                waiting.discard(descriptor)
        return inbox, status

    def _kill_child(self) -> None:
        """Have a child killed that lied or took too long; a zygote that cannot do so is given up."""
        try:
            if self._busy:
                self._control.send(b'{"kill": true}')
                self._hear_status(_GRACE_SECONDS)
        except (OSError, ZygoteGone):
            self.gone = True

    def _hear_status(self, seconds: float) -> int:
        end = self._hear(seconds)
        self._busy = False
        self.wear = dataclasses.replace(
            self.wear,
            files=self.wear.files + 1,
            peak=max(self.wear.peak, end["peak"]),
            cpu=max(self.wear.cpu, end["cpu"]),
        )
        status: int = end["status"]
        return status

    def _hear(self, seconds: float) -> dict[str, Any]:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        try:
            text = self._control.recv(MAX_MESSAGE) if poll.poll(seconds * 1000) else b""
        except OSError:
            text = b""
        if not text:
            self.gone = True
            raise ZygoteGone
        message: dict[str, Any] = json.loads(text)
        return message

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


def cause_of_death(status: int) -> str | None:
    """Translate a child's wait status into a failure's reason; None for a child that ended as it should."""
    if not os.WIFSIGNALED(status):
        return None if status == 0 else "killed"
    number = os.WTERMSIG(status)
    if number in {signal.SIGALRM, signal.SIGXCPU}:
        return "timeout"
    # Nobody but the kernel short of memory sends SIGKILL to a child that the parent did not give up.
    return "memory" if number == signal.SIGKILL else "killed"
