"""Whole folders hashed and matched, part by part; no Django, no database.

A part is some files, or some hashes, and the file that its results go to: JSON lines, written beside and renamed, so
that it is whole or not there. Parts know nothing of each other. Whoever runs them (`engines`) may do so in any order,
in any process, on any machine that sees the folders.
"""

import atexit
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import hashmatch
from hashmatch import hash_files
from openhotline.core.sandbox.parent import Sandbox
from openhotline.core.sandbox.protocol import Failure, Limits
from openhotline.evidence.examiner.answers import read_hash, reason_of
from openhotline.evidence.examiner.two_sandboxes import PICTURES
from openhotline.evidence.states import UNREADABLE_SENTENCES, UnreadableReason

LIMITS = Limits()


@dataclass(frozen=True)
class HashPart:
    """Files to hash in their order; ``require``: only inside a whole sandbox, as in production."""

    files: tuple[str, ...]
    out: str
    require: bool = True


@dataclass(frozen=True)
class MatchPart:
    """A file of hashes to look up in an index file, within so many bits (None: what the index was built for)."""

    hashes: str
    index: str
    out: str
    radius: int | None = None


@dataclass(frozen=True)
class PartDone:
    """What came of a part: inputs, of them those that could not be read, and lines written."""

    inputs: int
    unreadable: int
    lines: int


def hash_part(part: HashPart) -> PartDone:
    """Hash the files of a part, each in a child of this process's sandbox. Raises SandboxUnavailable, OSError.

    A line has file, bytes, sha256, sha1, md5, pdq (64 hex digits), quality and canonical; of what cannot be read file,
    reason and error.
    """
    rows = [_hashed(Path(file), _sandbox(part.require)) for file in part.files]
    _write(Path(part.out), rows)
    return PartDone(len(rows), sum("reason" in row for row in rows), len(rows))


def match_part(part: MatchPart) -> PartDone:
    """Look up every hash of a part. A line has file, id (of the index) and distance, nearest first for each file.

    Raises HashmatchError for an index or hashes that are damaged, OSError.
    """
    rows = [row for row in _rows(Path(part.hashes)) if "pdq" in row]
    found: list[dict[str, Any]] = []
    if rows:
        hashes, _ = hash_files.read(part.hashes)
        matches = _index(part.index).search(hashes, part.radius)
        for query, name, distance in zip(matches.query, matches.id, matches.distance, strict=True):
            found.append({"file": rows[query]["file"], "id": int(name), "distance": int(distance)})
    _write(Path(part.out), found)
    return PartDone(len(rows), 0, len(found))


def tally(part: HashPart | MatchPart) -> PartDone:
    """Return what came of a part whose results are there."""
    rows = list(_rows(Path(part.out)))
    if isinstance(part, HashPart):
        return PartDone(len(rows), sum("reason" in row for row in rows), len(rows))
    return PartDone(sum("pdq" in row for row in _rows(Path(part.hashes))), 0, len(rows))


def _hashed(file: Path, sandbox: Sandbox) -> dict[str, Any]:
    try:
        if file.stat().st_size > LIMITS.bytes_in:
            return _refused(file, UnreadableReason.TOO_LARGE)
        data = file.read_bytes()
    except OSError as error:
        return {"file": str(file), "reason": "missing", "error": f"The file cannot be opened: {error.strerror}."}
    try:
        found = read_hash(sandbox.run(data, {"task": "hash"}))
    except Failure as failure:
        return _refused(file, reason_of(failure))
    return {
        "file": str(file),
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
        "sha1": sha1(data, usedforsecurity=False).hexdigest(),
        "md5": md5(data, usedforsecurity=False).hexdigest(),
        "pdq": found.pdq,
        "quality": found.quality,
        "canonical": found.canonical,
    }


def _refused(file: Path, reason: UnreadableReason) -> dict[str, Any]:
    return {"file": str(file), "reason": reason.value, "error": UNREADABLE_SENTENCES[reason]}


@lru_cache(maxsize=1)
def _sandbox(require: bool) -> Sandbox:  # noqa: FBT001 - a key
    """Return this process's sandbox of one zygote: there are as many processes as processors."""
    opened = Sandbox(f"{PICTURES}:open_file", warm=f"{PICTURES}:warm", zygotes=1, limits=LIMITS, require=require)
    atexit.register(opened.close)
    return opened


@lru_cache(maxsize=4)
def _index(path: str) -> "hashmatch.Index":  # in quotes: asked for, the name loads the compiler
    """Return the index, mapped: processes of one machine share its memory."""
    return hashmatch.Index.open(path)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    # Hashes of evidence are sensitive: for whoever runs this alone.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - of a descriptor
        file.writelines(f"{_line(row)}\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _line(row: Mapping[str, Any]) -> str:
    # A file name that is not UTF-8 has lone surrogates; as escapes they can be written, and read back as they were.
    return json.dumps(row)
