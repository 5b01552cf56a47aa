"""The sandbox of this process: opened at the first file, kept open, closed at the end."""

import atexit
import os
import threading
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from fileorigin import TrustLists
from openhotline.core.errors import Misconfigured
from openhotline.core.sandbox.parent import Posture
from openhotline.core.sandbox.protocol import Answer, Failure, Json, Limits, Plane, SandboxUnavailable, Wear
from openhotline.evidence.examiner.two_sandboxes import TwoSandboxes
from openhotline.evidence.states import MAX_SEALED, MAX_SIDE

Key = TypeVar("Key", bound=Hashable)

# Base64 and the open facts need their room too. The rest is the sandbox's own: 10 s, 5 s of processor, 512 MiB.
LIMITS = Limits(facts_bytes=2 * MAX_SEALED)
MOST_ZYGOTES = 8
MOST_TRUST = 256 << 10
"""Bytes of all trust lists: they go along with each file."""

_lock = threading.Lock()
_open: dict[int, TwoSandboxes] = {}


def sandbox() -> TwoSandboxes:
    """Return this process's sandboxes. Raises SandboxUnavailable where files cannot be opened safely.

    In practice mode, where every file is our own, a wall may be missing; `posture` says which.
    """
    with _lock:
        # By process id: a forked process inherits the dictionary but not the zygotes.
        held = _open.get(os.getpid())
        if held is None:
            held = TwoSandboxes(
                zygotes=max(2, min(MOST_ZYGOTES, len(os.sched_getaffinity(0)))),
                limits=LIMITS,
                require=not settings.PRACTICE,
            )
            _open[os.getpid()] = held
            atexit.register(close)
        return held


def close() -> None:
    """End this process's sandbox, if it has one; the next file opens another."""
    with _lock:
        held = _open.pop(os.getpid(), None)
    if held is not None:
        held.close()


def posture() -> Posture:
    """Return how well files are locked in here; opens what is not open: the sandbox for videos too."""
    return sandbox().posture()


@dataclass(frozen=True)
class Health:
    """How well files are locked in here, what one may cost, and what they have cost since the sandbox was opened."""

    posture: Posture
    limits: Limits
    wear: Wear


def health() -> Health:
    """Return the health of this process's sandbox; opens it if it is not open. Raises SandboxUnavailable."""
    held = sandbox()
    return Health(held.posture(), LIMITS, held.wear())


def trust_lists() -> TrustLists | None:
    """Return whom the operator trusts to sign where files come from; read once a process. Raises Misconfigured."""
    return _read_trust(settings.C2PA_TRUST) if settings.C2PA_TRUST else None


@cache
def _read_trust(path: Path) -> TrustLists:
    try:
        lists = TrustLists.from_path(path)
    except ValueError as error:
        raise Misconfigured(f"OPENHOTLINE_C2PA_TRUST: {error}") from error
    if len(lists.anchors) + len(lists.interim) + sum(map(len, lists.revoked)) > MOST_TRUST:
        raise Misconfigured(f"OPENHOTLINE_C2PA_TRUST: the lists have more than {MOST_TRUST:,} bytes together.")
    return lists


def examined(sources: Iterable[tuple[Key, bytes]]) -> Iterator[tuple[Key, Answer | Failure]]:
    """Examine files with every zygote, in their order; what could not be read comes back as a `Failure`."""
    return _answers(sources, "examine")


def examined_without_pixels(sources: Iterable[tuple[Key, bytes]]) -> Iterator[tuple[Key, Answer | Failure]]:
    """As `examined`, and decode nothing: what files say of themselves, whose pixels took too much."""
    return _answers(sources, "without_pixels")


def _answers(sources: Iterable[tuple[Key, bytes]], task: str) -> Iterator[tuple[Key, Answer | Failure]]:
    lists = trust_lists()
    options: dict[str, Json] = {"task": task}
    if lists is not None:
        options["trust"] = lists.to_dict()
    try:
        yield from sandbox().map(sources, options)
    except SandboxUnavailable:
        close()
        raise


def rendered(data: bytes, *, colour: bool, side: int = MAX_SIDE) -> Plane:
    """Return the pixels that a reveal shows, at most ``side`` pixels a side. Raises `Failure`."""
    answer = sandbox().run(data, {"task": "render", "max_side": side, "colour": colour})
    if len(answer.planes) != 1 or max(answer.planes[0].shape[:2]) > side:
        raise Failure("lied")
    return answer.planes[0]
