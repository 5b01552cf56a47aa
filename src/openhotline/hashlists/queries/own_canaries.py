"""A member's own canaries, as the match service answers them to that member alone.

Were they answered like hashes that nobody lists, a member would tell them from entries by asking for every line of its
list, and take them out of it. They are read from the lines of its last edition, which lie beside it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from openhotline.hashlists.models import Entry, Member
from openhotline.hashlists.models.canaries import FORM, NOT_DETERMINED
from openhotline.hashlists.models.served_list import number_of
from openhotline.hashlists.states import ListedState

FILES = ("sha256", "sha1", "md5")
Stamp = tuple[int, int]


@dataclass(frozen=True)
class OwnCanaries:
    """Canaries of one member: as entries that no row is of, the words of their PDQ (n, 4), and which file is whose.

    ``canonical``: of which form of a picture each line says that it was hashed; empty: of none.
    """

    entries: tuple[Entry, ...]
    words: NDArray[np.uint64]
    files: dict[tuple[str, str], Entry]
    canonical: tuple[str, ...] = ()

    def named(self, prefix: str) -> Entry | None:
        """Return the one whose outside id begins so."""
        return next((one for one in self.entries if one.public_id.startswith(prefix)), None)


NONE = OwnCanaries((), np.empty((0, 4), np.uint64), {})
_read: dict[Path, tuple[Stamp, OwnCanaries]] = {}


def canaries_path(member: str) -> Path:
    """Return where the lines of a member's canaries lie, by its outside id."""
    return Path(settings.VAR) / "releases" / "members" / member / "canaries.jsonl"


def canaries_for(member: Member) -> OwnCanaries:
    """Return the canaries in a member's last edition; it costs one question to the file system when they are known."""
    path = canaries_path(member.public_id)
    try:
        there = path.stat()
    except FileNotFoundError:
        return NONE
    stamp, kept = (there.st_ino, there.st_mtime_ns), _read.get(path)
    if kept is None or kept[0] != stamp:
        kept = _read[path] = stamp, _of([json.loads(line) for line in path.read_bytes().splitlines()])
    return kept[1]


def _of(lines: Iterable[dict[str, Any]]) -> OwnCanaries:
    lines = list(lines)
    entries = tuple(_entry(line) for line in lines)
    pdq = b"".join(bytes.fromhex(line["hashes"]["pdq"]) for line in lines)
    files = {(kind, line["hashes"][kind]): one for line, one in zip(lines, entries, strict=True) for kind in FILES}
    told = (line.get(FORM, NOT_DETERMINED) for line in lines)
    canonical = tuple("" if one == NOT_DETERMINED else str(one) for one in told)
    return OwnCanaries(entries, np.frombuffer(pdq, "<u8").reshape(-1, 4), files, canonical)


def _entry(line: dict[str, Any]) -> Entry:
    basis = line["legal_basis"]
    facts = {"ai_involvement": line["ai_involvement"], "outcome": basis["outcome"], "category": basis["category"]}
    state = line.get("state", ListedState.ACTIVE)
    return Entry(pk=number_of(line["entry"]), public_id=line["entry"], told_state=state, **facts)
