"""The truth file. Scripted analysts read it, and the comparison at the end of a run; nothing else does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of


@dataclass(frozen=True)
class TrueFile:
    """What is true of one file of the collection."""

    number: int
    page: str
    sha256: str
    facts: dict[str, str] | None
    set_aside: str | None
    unreadable: str | None
    relation: str


class Truth:
    """Read from ``truth.jsonl`` and ``manifest.jsonl`` of a collection when first asked."""

    def __init__(self, collection: Path) -> None:
        self._collection = collection

    @cached_property
    def files(self) -> list[TrueFile]:
        """Return every file, by number."""
        manifest = {row["number"]: row for row in _rows(self._collection / "manifest.jsonl")}
        return [_true_file(row, manifest[row["number"]]) for row in _rows(self._collection / "truth.jsonl")]

    @cached_property
    def _by_sha256(self) -> dict[str, TrueFile]:
        return {file.sha256: file for file in reversed(self.files)}

    def of(self, item: Item) -> TrueFile | None:
        """Return what is true of an item, found by the SHA-256 of its bytes; None of a file that came from elsewhere.

        Whoever tries the commands while practice plays brings such files in.
        """
        return self._by_sha256.get(digests_of(item)["sha256"])


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _true_file(row: dict[str, object], listed: dict[str, object]) -> TrueFile:
    facts, aside, reason = row["facts"], row["set_aside_reason"], row["reason"]
    return TrueFile(
        number=int(str(row["number"])),
        page=str(listed["page"]),
        sha256=str(listed["sha256"]),
        facts={name: str(value) for name, value in facts.items()} if isinstance(facts, dict) else None,
        set_aside=None if aside is None else str(aside),
        unreadable=None if reason is None else str(reason),
        relation=str(row["relation"]),
    )
