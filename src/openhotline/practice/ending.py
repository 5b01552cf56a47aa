"""Processes of practice end together: children with their parent, the parent on Ctrl-C or a polite signal."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Self

PR_SET_PDEATHSIG = 1
PATIENCE = 6.0
COMMAND = (sys.executable, "-m", "openhotline.config.cli")


class Stopped(Exception):  # noqa: N818 - nothing went wrong: somebody asked to stop
    """A signal asked this process to end."""


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent is gone, even by kill -9 (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        raise SystemExit(0)


class stopped_by_signals:  # noqa: N801 - read as a with statement
    """Turn SIGINT and SIGTERM into Stopped inside, and swallow it: the block simply ends."""

    def __enter__(self) -> None:
        self._before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        # A second Ctrl-C while things end is not needed any more.
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> bool:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        return kind is Stopped


class Children:
    """Commands of ``openhotline`` that run beside this process and end with it."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        """Start ``openhotline`` with these arguments and ``--child``."""
        whole = [*COMMAND, *arguments, "--child"]
        self._running[" ".join(arguments)] = subprocess.Popen(whole, env={**os.environ, **(environment or {})})  # noqa: S603 - our own command

    def ended(self) -> list[str]:
        """Return the names of those that are not running any more."""
        return [name for name, child in self._running.items() if child.poll() is not None]

    def stop(self) -> None:
        """Ask all to end; after six seconds they are ended."""
        for child in self._running.values():
            child.terminate()
        ends = time.monotonic() + PATIENCE
        for child in self._running.values():
            try:
                child.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def run_again(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run ``openhotline`` once more with another environment, as settings are read when it starts; return its code."""
    with subprocess.Popen([*COMMAND, *arguments, "--child"], env={**os.environ, **environment}) as child:  # noqa: S603 - our own command
        with stopped_by_signals():
            return child.wait()
        child.terminate()
        return child.wait()
