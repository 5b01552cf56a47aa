"""A zygote looks around before it takes work, and reports every wall that is missing."""

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

from .child import Cell, confine

_CLONE_NEWUSER = 0x10000000
_MAY_BE_WRITABLE = {"/tmp"}  # noqa: S108 - the sandbox's own tmpfs


def missing_walls(cell: Cell) -> list[str]:
    """Return a sentence for each protection that does not hold here; none inside a sound sandbox."""
    checks = {
        "No seccomp filter lies around the decoder.": _status("Seccomp") == "2",
        "The decoder may gain privileges.": _status("NoNewPrivs") == "1",
        "The decoder holds capabilities.": int(_status("CapEff"), 16) == 0,
        "The decoder sees a network.": _interfaces() <= {"lo"},
        "The decoder sees a writable file system.": _writable_mounts() <= _MAY_BE_WRITABLE,
        "The decoder sees other processes.": _processes() <= {1, os.getpid()},
        "The decoder can make user namespaces.": _fate(_make_user_namespace) != 0,
        "The filter of the child does not kill a forbidden call.": _fate(lambda: _trespass(cell)) == signal.SIGSYS,
    }
    return [sentence for sentence, holds in checks.items() if not holds]


def _status(field: str) -> str:
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return value.strip()
    return "-1"


def _interfaces() -> set[str]:
    lines = Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines()[2:]
    return {line.partition(":")[0].strip() for line in lines}


def _writable_mounts() -> set[str]:
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    return {mount[1] for mount in mounts if "rw" in mount[3].split(",")}


def _processes() -> set[int]:
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}


def _make_user_namespace() -> None:
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER) != 0:
        raise PermissionError


def _trespass(cell: Cell) -> None:
    confine(cell)
    os.getppid()


def _fate(attempt: Callable[[], None]) -> int:
    """Try something in a child of its own; return 0 when it worked, the signal that killed it, or -1."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            attempt()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(pid, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -(os.WEXITSTATUS(status) != 0)
