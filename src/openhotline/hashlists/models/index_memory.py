"""Copies of index files in memory that the machine lays out in huge pages, for who has a folder of such memory.

A lookup reads some hundred places that are far from one another. In pages of 4 KiB the machine looks up in tables of
its own where nearly each of them lies, which is a good part of it.

What is copied is what lies in the index files, for this machine alone: the files themselves stay where they survive it.
"""

import logging
import shutil
from pathlib import Path

from openhotline.hashlists.models.release_file import only_one, open_private

PART = 1 << 24
MOUNTS = Path("/proc/mounts")
HUGE = frozenset({"huge=always", "huge=within_size"})
log = logging.getLogger(__name__)


def in_memory(path: Path, memory: Path | None) -> Path:
    """Return the copy of an index file, made by whoever comes first; the file itself where it cannot be.

    Copies of what lay in its place before are removed: who still maps one reads on.
    """
    if memory is None:
        return path
    try:
        with only_one(memory / "lock"):
            return _copied(path, memory)
    except OSError as error:
        # Also of a file that was replaced just now: who opens it finds out.
        log.warning("an index file is read from where it lies, as it cannot be copied: %s", error.strerror)
        return path


def _copied(path: Path, memory: Path) -> Path:
    there = path.stat()
    copy = memory / f"{path.stem}.{there.st_ino}-{there.st_mtime_ns}{path.suffix}"
    if copy.exists():
        return copy
    for old in memory.glob(f"{path.stem.rpartition('-')[0]}-*"):
        old.unlink()
    part = copy.with_suffix(".part")
    try:
        with path.open("rb") as source, open_private(part) as file:
            shutil.copyfileobj(source, file, PART)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    part.replace(copy)
    return copy


def faults_of_memory(memory: Path, mounts: Path = MOUNTS) -> list[str]:
    """Say why a folder gives a lookup nothing, as sentences; none where it does what it is for."""
    if not memory.is_dir():
        return [f"OPENHOTLINE_INDEX_MEMORY: {memory} is no folder, so index files are read from where they lie."]
    found = [line.split() for line in mounts.read_text().splitlines()]
    inside = [one for one in found if memory.is_relative_to(one[1])]
    # Of several over one another the last counts, and of those in one another the deepest.
    _, _, kind, options, *_ = max(reversed(inside), key=lambda one: len(one[1]))
    if kind == "tmpfs" and HUGE & set(options.split(",")):
        return []
    sentence = (
        f"OPENHOTLINE_INDEX_MEMORY: {memory} is no tmpfs mounted with huge=always, so it costs memory and makes no "
        "lookup faster (docs/operators/members.md)."
    )
    return [sentence]
