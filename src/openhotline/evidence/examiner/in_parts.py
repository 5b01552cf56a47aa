"""Whole folders hashed and matched, part by part; no Django, no database.

A part is some files, or some hashes, and the file that its results go to: JSON lines, written beside and renamed, so
that it is whole or not there. Parts know nothing of each other. Whoever runs them (`engines`) may do so in any order,
in any process, on any machine that sees the folders.
"""

import atexit
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hashmatch
from hashmatch.errors import InvalidHashes
from openhotline.core.sandbox.protocol import Failure, Limits
from openhotline.evidence.examiner.answers import VideoFound, read_frames, read_hash, reason_of
from openhotline.evidence.examiner.two_sandboxes import TwoSandboxes
from openhotline.evidence.states import LEAST_FRAME_QUALITY, UNREADABLE_SENTENCES, UnreadableReason

LIMITS = Limits()
_PDQ = re.compile(r"[0-9a-f]{64}")


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

    A line has file, bytes, sha256, sha1, md5, pdq (64 hex digits), quality and canonical; of a video, in place of the
    last three, milliseconds, complete and frames, each with at_ms, pdq and quality; of what cannot be read file, reason
    and error.
    """
    rows = [_hashed(Path(file), _sandbox(part.require)) for file in part.files]
    _write(Path(part.out), rows)
    return PartDone(len(rows), sum("reason" in row for row in rows), len(rows))


def match_part(part: MatchPart) -> PartDone:
    """Look up every hash of a part. A line has file, id (of the index) and distance, nearest first for each file.

    Of a video each frame that says enough is looked up, and a line also has frames (how many of them are near that id),
    of (how many were looked up) and at_ms (the moments of the first), those of the largest share first.
    Raises HashmatchError for an index or hashes that are damaged, OSError.
    """
    rows = [row for row in _rows(Path(part.hashes)) if _is_hashed(row)]
    asked = [(row, frame) for row in rows for frame in _usable(row)]
    near: dict[int, dict[int, list[tuple[int, int]]]] = {}
    if asked:
        hashes = np.stack([_bits(frame["pdq"], part.hashes) for _, frame in asked])
        matches = _index(part.index).search(hashes, part.radius)
        for query, name, distance in zip(matches.query, matches.id, matches.distance, strict=True):
            row, frame = asked[query]
            by_id = near.setdefault(id(row), {})
            by_id.setdefault(int(name), []).append((frame.get("at_ms", 0), int(distance)))
    found = [line for row in rows for line in _matched(row, near.get(id(row), {}))]
    _write(Path(part.out), found)
    return PartDone(len(rows), 0, len(found))


def _bits(pdq: object, place: str) -> NDArray[np.uint8]:
    if not isinstance(pdq, str) or _PDQ.fullmatch(pdq) is None:
        raise InvalidHashes(f"{place} is damaged: a hash in it is not 64 hex digits. Take it away and hash again.")
    return np.frombuffer(bytes.fromhex(pdq), np.uint8)


def _is_hashed(row: Mapping[str, Any]) -> bool:
    return "pdq" in row or "frames" in row


def _usable(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the hashes of a line that are looked up: a picture's own, or those of a video's frames that say enough."""
    if "pdq" in row:
        return [{"pdq": row["pdq"]}]
    return [frame for frame in row["frames"] if frame["quality"] >= LEAST_FRAME_QUALITY]


def _matched(row: Mapping[str, Any], near: Mapping[int, list[tuple[int, int]]]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    of = len(_usable(row))
    for name, alike in near.items():
        line = {"file": row["file"], "id": name, "distance": min(distance for _, distance in alike)}
        if "frames" in row:
            line |= {"frames": len(alike), "of": of, "at_ms": sorted(at for at, _ in alike)}
        lines.append(line)
    return sorted(lines, key=lambda line: (-line.get("frames", 0), line["distance"], line["id"]))


def tally(part: HashPart | MatchPart) -> PartDone:
    """Return what came of a part whose results are there."""
    rows = list(_rows(Path(part.out)))
    if isinstance(part, HashPart):
        return PartDone(len(rows), sum("reason" in row for row in rows), len(rows))
    return PartDone(sum(map(_is_hashed, _rows(Path(part.hashes)))), 0, len(rows))


def _hashed(file: Path, sandbox: TwoSandboxes) -> dict[str, Any]:
    try:
        if file.stat().st_size > LIMITS.bytes_in:
            return _refused(file, UnreadableReason.TOO_MANY_BYTES)
        data = file.read_bytes()
    except OSError as error:
        return {"file": str(file), "reason": "missing", "error": f"The file cannot be opened: {error.strerror}."}
    try:
        answer = sandbox.run(data, {"task": "hash", "videos": True})
        found = read_frames(answer) if "video" in answer.facts else read_hash(answer)
    except Failure as failure:
        return _refused(file, reason_of(failure))
    line = {
        "file": str(file),
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
        "sha1": sha1(data, usedforsecurity=False).hexdigest(),
        "md5": md5(data, usedforsecurity=False).hexdigest(),
    }
    if isinstance(found, VideoFound):
        frames = [{"at_ms": one.at_ms, "pdq": one.pdq, "quality": one.quality} for one in found.frames]
        return line | {"milliseconds": found.milliseconds, "complete": found.complete, "frames": frames}
    return line | {"pdq": found.pdq, "quality": found.quality, "canonical": found.canonical}


def _refused(file: Path, reason: UnreadableReason) -> dict[str, Any]:
    return {"file": str(file), "reason": reason.value, "error": UNREADABLE_SENTENCES[reason]}


@lru_cache(maxsize=1)
def _sandbox(require: bool) -> TwoSandboxes:  # noqa: FBT001 - a key
    """Return this process's sandbox of one zygote: there are as many processes as processors."""
    opened = TwoSandboxes(zygotes=1, limits=LIMITS, require=require)
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
