"""A member's own canaries, as the match service answers them to that member alone.

Were they answered like hashes that nobody lists, a member would tell them from entries by asking for every line of its
list, and take them out of it. They are read from the lines of its last edition, which lie beside it.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from openhotline.hashlists.models import Entry, Member
from openhotline.hashlists.models.canaries import FORM, NOT_DETERMINED
from openhotline.hashlists.models.glance import Glance
from openhotline.hashlists.models.served_list import RADIUS, number_of
from openhotline.hashlists.states import STREAMS_OF, ListedState, Part

FILES = ("sha256", "sha1", "md5")
Stamps = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class OwnCanaries:
    """Canaries of one member: as entries that no row is of, their PDQ as words (n, 4) and as numbers, and their files.

    ``canonical``: of which form of a picture each line says that it was hashed; empty: of none.
    """

    entries: tuple[Entry, ...]
    words: NDArray[np.uint64]
    numbers: tuple[int, ...]
    files: dict[tuple[str, str], Entry]
    canonical: tuple[str, ...] = ()

    def near(self, hashes: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
        """Return (place of the query, place of the canary, bits apart) of every pair within 31 bits."""
        if not self.numbers:
            return []
        if len(hashes) == 1:
            # Nearly every lookup is of one hash, and this a fifteenth of the array's way.
            query = int.from_bytes(hashes.tobytes(), "little")
            apart = ((query ^ one).bit_count() for one in self.numbers)
            return [(0, at, bits) for at, bits in enumerate(apart) if bits <= RADIUS]
        bits = np.bitwise_count(hashes.view("<u8")[:, None] ^ self.words).sum(axis=2)
        return [(int(query), int(at), int(bits[query, at])) for query, at in np.argwhere(bits <= RADIUS)]

    def named(self, prefix: str) -> Entry | None:
        """Return the one whose outside id begins so."""
        return next((one for one in self.entries if one.public_id.startswith(prefix)), None)


NONE = OwnCanaries((), np.empty((0, 4), np.uint64), (), {})


@dataclass(frozen=True)
class _Read:
    stamps: Stamps
    canaries: OwnCanaries
    glance: Glance = field(default_factory=Glance)


_read: dict[tuple[str, ...], _Read] = {}


def canaries_path(member: str, part: Part = Part.CRIMINAL) -> Path:
    """Return where the lines of a member's canaries lie, by its outside id."""
    folder = Path(settings.VAR) / "releases" / "members" / member
    return (folder if part == Part.CRIMINAL else folder / part) / "canaries.jsonl"


def canaries_for(member: Member) -> OwnCanaries:
    """Return the canaries in a member's last editions; it costs one question to the file system when they are known."""
    paths = _texts_of(settings.VAR, member.public_id, member.agreed.streams)
    kept = _read.get(paths)
    if kept is not None and not kept.glance.is_due():
        return kept.canaries
    stamps = tuple([_stamp(path) for path in paths])
    if kept is None or kept.stamps != stamps:
        there = [Path(path) for path, stamp in zip(paths, stamps, strict=True) if stamp is not None]
        lines = [json.loads(line) for path in there for line in path.read_bytes().splitlines()]
        kept = _read[paths] = _Read(stamps, _of(lines) if lines else NONE)
    return kept.canaries


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        there = os.stat(path)  # noqa: PTH116 - of a text: asked at every lookup
    except FileNotFoundError:
        return None
    return there.st_ino, there.st_mtime_ns


@lru_cache(maxsize=1_000)
def _texts_of(_var: Path, member: str, streams: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(canaries_path(member, part)) for part, some in STREAMS_OF.items() if set(some) & set(streams))


def _of(lines: Iterable[dict[str, Any]]) -> OwnCanaries:
    # Those with a picture's hash first: of a partner's list a line may have none.
    lines = sorted(lines, key=lambda line: bool(line["hashes"]["pdq"] == NOT_DETERMINED))
    entries = tuple(_entry(line) for line in lines)
    pdq = b"".join(bytes.fromhex(line["hashes"]["pdq"]) for line in lines if line["hashes"]["pdq"] != NOT_DETERMINED)
    files = {
        (kind, line["hashes"][kind]): one
        for line, one in zip(lines, entries, strict=True)
        for kind in FILES
        if kind in line["hashes"]
    }
    told = (line.get(FORM, NOT_DETERMINED) for line in lines)
    canonical = tuple("" if one == NOT_DETERMINED else str(one) for one in told)
    numbers = tuple(int.from_bytes(pdq[at : at + 32], "little") for at in range(0, len(pdq), 32))
    return OwnCanaries(entries, np.frombuffer(pdq, "<u8").reshape(-1, 4), numbers, files, canonical)


def _entry(line: dict[str, Any]) -> Entry:
    basis = line["legal_basis"]
    facts = {"ai_involvement": line["ai_involvement"], "outcome": basis["outcome"], "category": basis["category"]}
    state = line.get("state", ListedState.ACTIVE)
    return Entry(pk=number_of(line["entry"]), public_id=line["entry"], told_state=state, **facts)
