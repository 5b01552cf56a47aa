"""The child that reads one hostile file: it waits for it, locks itself in, runs the target, answers, and is gone.

All that does not depend on the file is done before the file comes: the next child gets ready while one works. What
all children need alike their zygote makes before the fork, since each object that a child makes or uses costs it pages
to copy: its descriptors lie where it wants them, and calls are looked up with their arguments.
"""

import ctypes
import dataclasses
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable

from .protocol import JOB, Answer, Json, Limits, Refused, encode_answer, encode_out_of_memory, encode_refusal
from .seccomp import Installer

Target = Callable[[bytes, dict[str, Json]], Answer]

SOURCE, SINK = 3, 4
_LARGE, _PART = 8 << 20, 1 << 20
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl
_fork = ctypes.PyDLL(None).fork
_ITIMER_REAL = 0
_setitimer = signal.setitimer
_setrlimit = resource.setrlimit
_raw_decode = json.JSONDecoder().raw_decode


@dataclasses.dataclass(frozen=True)
class Cell:
    """What all children of a zygote share: target, limits, filter, and the room they begin with (`room_taken`)."""

    target: Target
    limits: Limits
    installer: Installer | None
    base: int
    bounds: tuple[tuple[int, tuple[int, int]], ...] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Put the kernel's limits together: each with its soft and hard value."""
        room = self.base + self.limits.memory
        bounds = (
            (resource.RLIMIT_CPU, (self.limits.cpu, self.limits.cpu + 1)),
            (resource.RLIMIT_AS, (room, room)),
            (resource.RLIMIT_FSIZE, (0, 0)),
            (resource.RLIMIT_CORE, (0, 0)),
            (resource.RLIMIT_NPROC, (0, 0)),
            (resource.RLIMIT_NOFILE, (SINK + 1, SINK + 1)),
        )
        object.__setattr__(self, "bounds", bounds)


def live(cell: Cell, descriptors: int) -> None:
    """Spend this process on the one file that comes through `SOURCE`; the answer goes into `SINK`.

    What is open above them, below `descriptors`, is closed; 0 to 2 must be nothing's. Never returns; the exit code is
    0 when a frame was written whole, or no file came.
    """
    code = 1
    try:
        os.closerange(SINK + 1, descriptors)
        _limit(cell)
        # The head is the parent's own; nothing of the file is read outside the filter.
        head = os.read(SOURCE, JOB.size)
        if head:
            _close_in(cell)
            _write(_examine(cell, *JOB.unpack(head)))
        code = 0
    finally:
        os._exit(code)


def fork() -> int:
    """Fork as the C library does, without Python's own preparations; for a process of one thread only.

    Those (new locks, new seeds, what modules registered) serve children that go on as programs. Ours compute one
    answer, and a third of the pages such a child writes to were theirs. Raises OSError when there is no process.
    """
    pid = int(_fork())
    if pid < 0:
        raise OSError("The kernel gave no process for another file.")
    return pid


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that started it dies."""
    # The number, and a function looked up once: an enumeration's member alone costs a child pages to copy.
    _prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def confine(cell: Cell) -> None:
    """Give up everything but computing: limits, alarm, then the filter. Cannot be undone."""
    _limit(cell)
    _close_in(cell)


def _limit(cell: Cell) -> None:
    die_with_parent()
    for bound in cell.bounds:
        _setrlimit(*bound)


def _close_in(cell: Cell) -> None:
    # Here, since the filter takes timers too, and a child may wait for its file as long as it likes.
    _setitimer(_ITIMER_REAL, cell.limits.ends_after)
    if cell.installer is not None:
        cell.installer.install()


def _examine(cell: Cell, options: int, size: int) -> Iterable[bytes]:
    try:
        wanted: dict[str, Json] = _raw_decode(_read(options).decode())[0]
        return encode_answer(cell.target(_read(size), wanted), cell.limits)
    except MemoryError:
        return [encode_out_of_memory()]
    except Refused as refused:
        return [encode_refusal(refused)]
    except Exception as error:  # noqa: BLE001 - whatever a parser throws at a hostile file ends here
        kind = type(error).__name__
        return [encode_refusal(Refused("error", f"The examination of the file stopped on an error ({kind})."))]


def _read(size: int) -> bytes:
    return _read_large(size) if size > _LARGE else _read_parts(size)


def _read_large(size: int) -> bytes:
    """Read a file into its place at once: put together of its parts it would take its size twice."""
    whole = io.BytesIO()
    whole.seek(size - 1)
    whole.write(b"\0")
    whole.seek(0)
    while size > whole.tell() and (part := os.read(SOURCE, min(_PART, size - whole.tell()))):
        whole.write(part)
    whole.truncate()
    return whole.getvalue()


def _read_parts(size: int) -> bytes:
    parts = []
    while size > 0 and (part := os.read(SOURCE, size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _write(pieces: Iterable[bytes]) -> None:
    rest = [memoryview(piece) for piece in pieces]
    while rest:
        written = os.writev(SINK, rest)
        while rest and written >= len(rest[0]):
            written -= len(rest.pop(0))
        if rest:
            rest[0] = rest[0][written:]


def room_taken() -> int:
    """Return the address space of this process in bytes, less its private memory without a file, touched or not.

    A child that may take `memory` bytes more than this can fill at most `memory` bytes of such memory. Pages of
    libraries that it writes to, and so copies, come on top.
    """
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - pathlib is not needed in the sandbox
        pages = int(statm.read().split()[0])
    with open("/proc/self/maps", "rb") as maps:  # noqa: PTH123 - as above
        own = sum(_private_size(line.split()) for line in maps)
    return pages * resource.getpagesize() - own


def _private_size(mapping: list[bytes]) -> int:
    """Return the bytes of a line of proc_pid_maps(5) that is private and has no file (inode 0); 0 of another."""
    start, end = (int(place, 16) for place in mapping[0].split(b"-"))
    # The kernel's own pages, such as [vdso], are not a child's to write, and [vsyscall] is not in the address space.
    kernels = len(mapping) > 5 and mapping[5].startswith(b"[v")
    return end - start if mapping[1].endswith(b"p") and mapping[4] == b"0" and not kernels else 0


def complain(sentence: str) -> None:
    """Say on standard error, for the parent to quote, why a zygote cannot start."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
