"""Targets that misbehave as a taken-over decoder could, and one that behaves; for the sandbox's tests."""

import ctypes
import mmap
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import zygote
from .bubblewrap import COMPILED
from .child import SINK
from .protocol import ANSWER, HEADER, MAGIC, PLANE, Answer, Json, Refused

_KERNEL = Path(COMPILED) / "kernel.nbi"
_compiled: list[Path] = []
INHERITED = bytearray(b"\1") * (16 << 20)  # written to, so that a child has it from its zygote


def echo(data: bytes, options: dict[str, Json]) -> Answer:
    """Give back what came in: its length and options, and its first bytes as a plane."""
    planes = [np.frombuffer(data[:4096], np.uint8).reshape(1, -1)] if data else []
    return Answer({"length": len(data), "options": options, "checksum": sum(data[:4096])}, planes)


def misbehave(data: bytes, options: dict[str, Json]) -> Answer:
    """Refuse, break, hang, burn, or eat memory, as `options["how"]` says."""
    MISDEEDS[str(options["how"])]()
    return echo(data, options)


def lie(_data: bytes, options: dict[str, Json]) -> Answer:
    """Write a frame that breaks the protocol, as `options["how"]` says, and end as if all were well."""
    endless = options["how"] == "endless"
    frame = LIES[str(options["how"])]
    while True:
        os.write(SINK, frame)
        if not endless:
            break
    os._exit(0)


def sabotage() -> None:
    """Take the child's filter away before any child exists: what a broken build would do."""
    setattr(zygote, "Installer", lambda _program: None)  # noqa: B010 - mypy forbids the plain assignment


def compile_once() -> None:
    """Do as numba does where nothing is compiled yet: compile, and keep it."""
    if not _KERNEL.exists():
        compile_always()


def compile_always() -> None:
    """Compile each time, as if what is compiled could not be found again."""
    _KERNEL.write_bytes(os.urandom(8))
    _compiled.append(_KERNEL)


def compiled_here(_data: bytes, _options: dict[str, Json]) -> Answer:
    """Say whether this process, or the one that it was forked from, compiled anything."""
    return Answer({"compiled here": bool(_compiled)})


def _refuse() -> None:
    raise Refused("not-a-picture", "The file is not a picture.")


def _stall() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def _burn() -> None:
    while True:
        time.monotonic()


def _eat_memory() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(b"\1") * (4 << 20))  # written, since what is only reserved takes no memory


def _copy_memory() -> None:
    for at in range(0, len(INHERITED), mmap.PAGESIZE):
        INHERITED[at] = 2


def _crash() -> None:
    ctypes.string_at(1)


def _linger() -> None:
    os.write(SINK, HEADER.pack(MAGIC, ANSWER, 0, 2) + b"{}")
    os.close(SINK)
    _stall()


def _turn_deaf() -> None:
    """Block every signal that can be blocked, the alarm among them, and stay."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    _burn()


def _leave_early() -> None:
    os._exit(0)


def _throw() -> None:
    raise KeyError("a parser's own error")


MISDEEDS: dict[str, Callable[[], None]] = {
    "refuse": _refuse,
    "stall": _stall,
    "burn": _burn,
    "eat": _eat_memory,
    "copy": _copy_memory,
    "crash": _crash,
    "linger": _linger,
    "deaf": _turn_deaf,
    "leave": _leave_early,
    "throw": _throw,
}
_FACTS = b'{"a": 1}'
LIES: dict[str, bytes] = {
    "magic": b"????" + HEADER.pack(MAGIC, ANSWER, 0, len(_FACTS))[4:] + _FACTS,
    "too-many-bytes": HEADER.pack(MAGIC, ANSWER, 0, len(_FACTS)) + _FACTS + b"!",
    "too-few-bytes": HEADER.pack(MAGIC, ANSWER, 1, 2) + PLANE.pack(2, 2, 3) + b"{}" + b"\0" * 11,
    "huge-plane": HEADER.pack(MAGIC, ANSWER, 1, 2) + PLANE.pack(2**31, 2**31, 3) + b"{}",
    "no-json": HEADER.pack(MAGIC, ANSWER, 0, 4) + b"{]\xff\0",
    "endless": b"\0" * 65536,
}
