"""Who runs parts (`in_parts`): the processors of this machine today, a cluster behind the same lines later."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeVar

from hashmatch.bulk import mapped
from openhotline.evidence.examiner.in_parts import HashPart, MatchPart, PartDone

Part = TypeVar("Part", HashPart, MatchPart)
FILES = 200
"""Files of a part: some seconds of work, which is what an interruption costs."""


class Engine(Protocol):
    """Runs parts. ``work`` is a function of a module and a part plain data: both can be sent to another machine."""

    def run(self, work: Callable[[Part], PartDone], parts: Iterable[Part]) -> Iterator[PartDone]:
        """Yield what came of each part, in their order; parts are taken a few ahead. What ``work`` raises ends it."""


class Pool:
    """The processes of this machine, the calling one among them; ``workers`` None: one a processor."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers

    def run(self, work: Callable[[Part], PartDone], parts: Iterable[Part]) -> Iterator[PartDone]:
        """Yield what came of each part."""
        return mapped(work, parts, self.workers, chunk=1)


def part_name(number: int, *told: str) -> str:
    """Return the file name of a part's results: what went into it is in its name, so that a change makes another."""
    digest = sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()
    return f"part-{number:08}-{digest[:16]}.jsonl"


def left_over(folder: Path, wanted: set[str]) -> list[Path]:
    """Return the results of what is no part any more, since files came, went or changed; and what was broken off."""
    there = [*folder.glob("part-*.jsonl"), *folder.glob("part-*.jsonl.unfinished")]
    return sorted(path for path in there if path.name not in wanted)
