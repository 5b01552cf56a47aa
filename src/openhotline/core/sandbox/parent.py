"""The sandbox as the rest of the program sees it: bytes in, a checked answer or a failure out."""

import atexit
import collections
import contextlib
import dataclasses
import os
import queue
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal, Self, TypeVar

from .bubblewrap import BUBBLEWRAP_MISSING, find_bubblewrap
from .launch import NO_FILTER, Program
from .protocol import Answer, Failure, Json, Limits, SandboxUnavailable, Wear
from .seccomp import this_machine
from .worker import Zygote, ZygoteGone

Key = TypeVar("Key", bound=Hashable)
AHEAD = 4  # files in flight a zygote, so that one slow file does not leave the others idle
MOST_HELD = 128 << 20
"""Bytes of files in flight beyond which no other is read."""
_CLOSE_SECONDS = 30.0


@dataclasses.dataclass(frozen=True)
class Posture:
    """How well files are locked in; `reasons` are sentences on what is missing from "sandboxed"."""

    kind: Literal["sandboxed", "degraded"]
    reasons: tuple[str, ...]


class Sandbox:
    """Runs `target` on hostile bytes, one locked-in process a file.

    `target` and `warm` are "package.module:function". The target takes (data, options), returns an `Answer`
    or raises `Refused`. What it imports must be imported with its module or by `warm`: a child opens nothing.
    `warm` may return a file of the usual kind, by which children are made cheap for such files (`mapped`).
    With `require` (the default) a sandbox with any wall missing raises `SandboxUnavailable`; without it
    (practice only) the same program runs with what protection there is; `posture()` says what is missing.
    All methods may be called from any thread, but not in a process forked after the sandbox was made.
    """

    def __init__(
        self,
        target: str,
        *,
        zygotes: int = 2,
        limits: Limits | None = None,
        require: bool = True,
        warm: str | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._program = Program(target, warm, self._limits)
        self._require = require
        self._process_id = os.getpid()
        self._closed = False
        # A zygote dies with the thread that started it, so one thread starts them all and stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="sandbox-starter")
        self._slots: list[_Slot] = []
        self._worn = Wear()
        self._idle: queue.SimpleQueue[_Slot] = queue.SimpleQueue()
        try:
            self._wrapped, missing = self._open(zygotes)
        except BaseException:
            self._closed = True
            self._stop_all()
            raise
        self._posture = Posture("degraded" if missing else "sandboxed", missing)
        for slot in self._slots:
            self._idle.put(slot)
        atexit.register(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def posture(self) -> Posture:
        """Return how well files are locked in, as the zygotes themselves found it."""
        return self._posture

    def wear(self) -> Wear:
        """Return what files have cost so far."""
        return together([self._worn, *(slot.zygote.wear for slot in self._slots)])

    def run(self, data: bytes, options: dict[str, Json] | None = None) -> Answer:
        """Examine one file. Raises `Failure`; `SandboxUnavailable` when no zygote can be had any more."""
        if len(data) > self._limits.bytes_in:
            sentence = f"The file has {len(data)} bytes; at most {self._limits.bytes_in} are examined."
            raise Failure("refused:too-many-bytes", sentence)
        with self._borrowed() as slot:
            for _attempt in range(2):
                if slot.zygote.gone:
                    self._replace(slot)
                with contextlib.suppress(ZygoteGone):
                    return slot.zygote.run(data, options or {})
        raise SandboxUnavailable(
            "The sandbox for opening files ends as soon as it is started; look for its end in the system's log."
        )

    def map(
        self, sources: Iterable[tuple[Key, bytes]], options: dict[str, Json] | None = None
    ) -> Iterator[tuple[Key, Answer | Failure]]:
        """Examine many files with all zygotes, in the order of `sources`, which is read a few files ahead."""
        count = len(self._slots)
        return in_order(lambda data: self.run(data, options), sources, threads=count, ahead=AHEAD * count)

    def close(self) -> None:
        """End all zygotes and what runs in them; a file under examination fails as killed."""
        # A process forked from ours must not hang up for us.
        if self._closed or os.getpid() != self._process_id:
            return
        self._closed = True
        atexit.unregister(self.close)
        for slot in self._slots:
            slot.zygote.hang_up()
        idle: list[_Slot] = []
        with contextlib.suppress(queue.Empty):
            while len(idle) < len(self._slots):
                idle.append(self._idle.get(timeout=_CLOSE_SECONDS))
        self._stop_all()
        for slot in idle:
            # For a thread that still waits for a zygote: it finds the sandbox closed.
            self._idle.put(slot)

    def _open(self, count: int) -> tuple[bool, tuple[str, ...]]:
        """Start the zygotes; return whether they are in bubblewrap, and what is missing."""
        excuse: tuple[str, ...] = () if find_bubblewrap() else (BUBBLEWRAP_MISSING,)
        excuse += () if this_machine() else (NO_FILTER,)
        if excuse and self._require:
            raise SandboxUnavailable(" ".join(excuse))
        if not excuse:
            try:
                return True, self._require_walls(self._start(count, wrapped=True))
            except SandboxUnavailable as unavailable:
                self._stop_all()
                if self._require:
                    raise
                excuse = (str(unavailable),)
        return False, excuse + self._start(count, wrapped=False)

    def _require_walls(self, missing: tuple[str, ...]) -> tuple[str, ...]:
        if missing and self._require:
            sentences = " ".join(missing)
            raise SandboxUnavailable(f"Files cannot be opened safely; the sandbox has a hole. {sentences}")
        return missing

    def _start(self, count: int, *, wrapped: bool) -> tuple[str, ...]:
        self._slots = []
        while len(self._slots) < count:
            self._slots.append(_Slot(self._launch(wrapped=wrapped)))
        # All are launched before the first is awaited: they warm up side by side.
        missing = [sentence for slot in self._slots for sentence in slot.zygote.await_ready()]
        return tuple(dict.fromkeys(missing))

    def _launch(self, *, wrapped: bool) -> Zygote:
        return self._starter.submit(Zygote, self._program, wrapped=wrapped).result()

    def _replace(self, slot: "_Slot") -> None:
        """Put a new zygote in the place of one that is gone."""
        slot.zygote.stop()
        self._worn, slot.zygote.wear = together([self._worn, slot.zygote.wear, Wear(restarts=1)]), Wear()
        fresh = self._launch(wrapped=self._wrapped)
        try:
            self._require_walls(tuple(fresh.await_ready()))
        except SandboxUnavailable:
            fresh.stop()
            raise
        slot.zygote = fresh

    @contextlib.contextmanager
    def _borrowed(self) -> "Iterator[_Slot]":
        if os.getpid() != self._process_id:
            raise SandboxUnavailable("This sandbox belongs to the process that made it; make one after forking.")
        slot = self._idle.get()
        try:
            if self._closed:
                raise SandboxUnavailable("The sandbox for opening files is closed.")
            yield slot
        finally:
            self._idle.put(slot)

    def _stop_all(self) -> None:
        for slot in self._slots:
            slot.zygote.stop()
        if self._closed:
            self._starter.shutdown()


@dataclasses.dataclass
class _Slot:
    """A place for a zygote, which may be filled anew."""

    zygote: Zygote


def in_order(
    examine: Callable[[bytes], Answer], sources: Iterable[tuple[Key, bytes]], *, threads: int, ahead: int
) -> Iterator[tuple[Key, Answer | Failure]]:
    """Examine files in so many threads; yield what came of each in the order of `sources`.

    So many are read ahead, and no more than `MOST_HELD` bytes and one file.
    """

    def settle(data: bytes) -> Answer | Failure:
        try:
            return examine(data)
        except Failure as failure:
            return failure

    waiting: collections.deque[tuple[Key, int, Future[Answer | Failure]]] = collections.deque()
    held = 0
    with ThreadPoolExecutor(threads, thread_name_prefix="sandbox-map") as pool:
        try:
            for key, data in sources:
                waiting.append((key, len(data), pool.submit(settle, data)))
                held += len(data)
                while len(waiting) >= ahead or held > MOST_HELD:
                    first, size, future = waiting.popleft()
                    yield first, future.result()
                    held -= size
            while waiting:
                first, _, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _key, _size, future in waiting:
                future.cancel()


def together(parts: Iterable[Wear]) -> Wear:
    """Return what several have cost, as one."""
    files, restarts, peak, own, cpu = zip(*(dataclasses.astuple(part) for part in parts), strict=True)
    return Wear(sum(files), sum(restarts), max(peak), max(own), max(cpu))
