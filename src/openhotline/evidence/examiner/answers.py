"""What the sandbox answered, checked before it is believed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fileorigin import Evidence, Human
from openhotline.core.sandbox.protocol import Answer, Failure, Plane
from openhotline.evidence.states import MOST_FRAMES, TILE_SIDE, UnreadableReason

FORMATS = frozenset({"JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF"})
VIDEOS = frozenset({"MP4", "WEBM", "AVI"})
_PDQ = re.compile(r"[0-9a-f]{64}")
_CANONICAL = re.compile(r"[a-z0-9./-]{1,64}")
_LARGEST_SIDE = 1 << 30
_LONGEST = 1 << 40  # milliseconds
_REFUSALS = {f"refused:{reason.value.replace('_', '-')}": reason for reason in UnreadableReason}
_ENDS = {
    "timeout": UnreadableReason.TIMEOUT,
    "memory": UnreadableReason.KILLED,
    "killed": UnreadableReason.KILLED,
    "lied": UnreadableReason.KILLED,
    "refused:answer-too-large": UnreadableReason.TOO_LARGE,
}


@dataclass(frozen=True)
class FrameFound:
    """One frame of a video: milliseconds after the beginning, PDQ (64 hex digits), quality."""

    at_ms: int
    pdq: str
    quality: int


@dataclass(frozen=True)
class VideoFound:
    """Facts of a video; ``complete``: no frame was left out for want of time; ``frames`` in the order of time."""

    width: int
    height: int
    milliseconds: int
    complete: bool
    frames: tuple[FrameFound, ...]


@dataclass(frozen=True)
class Examined:
    """Facts of one file. ``sealed`` is JSON for the encrypted column; ``tile`` is grey, at most 160 pixels a side.

    ``canonical`` names the form of the pixels that was hashed. Of a video width and height are those of its contact
    sheet, and ``pdq``, ``quality`` and ``canonical`` are None.
    """

    format: str
    width: int
    height: int
    pdq: str | None
    quality: int | None
    canonical: str | None
    provenance: Evidence
    sealed: str
    tile: Plane
    video: VideoFound | None = None


@dataclass(frozen=True)
class Unseen:
    """A picture whose pixels could not be had, why not, and what its file says all the same."""

    reason: UnreadableReason
    provenance: Evidence
    sealed: str


def read_answer(answer: Answer, *, sha256: str) -> Examined | Unseen:
    """Return the facts of the file with this digest. Raises `Failure` ("lied") for anything the program never says."""
    try:
        return _read(answer.facts, answer.planes, sha256)
    except (KeyError, TypeError, ValueError) as error:
        raise Failure("lied") from error


@dataclass(frozen=True)
class Hashed:
    """The PDQ hash of one file (64 hex digits), its quality, and by which rule the pixels were made."""

    pdq: str
    quality: int
    canonical: str


def read_hash(answer: Answer) -> Hashed:
    """Return what a picture gave that was only hashed. Raises `Failure` ("lied") for what the program never says."""
    facts = answer.facts
    try:
        _require(not answer.planes, "A hash has no pixels.")
        return Hashed(_pdq(facts["pdq"]), _whole(facts["quality"], 0, 100), _canonical(facts["canonical"]))
    except (KeyError, ValueError) as error:
        raise Failure("lied") from error


def read_frames(answer: Answer) -> VideoFound:
    """Return what a video gave that was only hashed. Raises `Failure` ("lied") for what the program never says."""
    facts: Mapping[str, Any] = answer.facts
    try:
        _require(not answer.planes, "A hash has no pixels.")
        return _video(facts["video"])
    except (KeyError, TypeError, ValueError) as error:
        raise Failure("lied") from error


def reason_of(failure: Failure) -> UnreadableReason:
    """Return why a file is unreadable; an error of the program itself counts as contents that contradict the format."""
    return _REFUSALS.get(failure.reason) or _ENDS.get(failure.reason, UnreadableReason.CORRUPT)


def _read(facts: Mapping[str, Any], planes: list[Plane], sha256: str) -> Examined | Unseen:
    provenance = Evidence.from_dict(facts["provenance"])
    _require(provenance.file_sha256 == sha256, "The evidence is of another file.")
    _require((provenance.run_at, provenance.human) == (None, Human()), "The sandbox speaks for a clock or for people.")
    sealed = facts["sealed"]
    _require(all(isinstance(text, str) for text in [*sealed, *sealed.values()]), "The sealed parts are not text.")
    if "unreadable" in facts:
        _require(not planes, "What could not be decoded has no pixels.")
        return Unseen(UnreadableReason(facts["unreadable"]), provenance, json.dumps(sealed))
    (tile,) = planes
    _require(tile.ndim == 2 and max(tile.shape) <= TILE_SIDE, "The tile is too large or has colours.")
    is_video = facts["format"] in VIDEOS
    _require(is_video or facts["format"] in FORMATS, "The format is not in the list.")
    hashed = (facts["pdq"], facts["quality"], facts["canonical"])
    _require(not is_video or hashed == (None, None, None), "A video has no hash of its own.")
    return Examined(
        format=facts["format"],
        width=_whole(facts["width"], 1, _LARGEST_SIDE),
        height=_whole(facts["height"], 1, _LARGEST_SIDE),
        pdq=None if is_video else _pdq(facts["pdq"]),
        quality=None if is_video else _whole(facts["quality"], 0, 100),
        canonical=None if is_video else _canonical(facts["canonical"]),
        provenance=provenance,
        sealed=json.dumps(sealed),
        tile=tile,
        video=_video(facts["video"]) if is_video else None,
    )


def _video(facts: Mapping[str, Any]) -> VideoFound:
    frames = tuple(FrameFound(_whole(at, 0, _LONGEST), _pdq(pdq), _whole(q, 0, 100)) for at, pdq, q in facts["frames"])
    _require(0 < len(frames) <= MOST_FRAMES, "There are no frames, or too many.")
    _require(all(one.at_ms < two.at_ms for one, two in pairwise(frames)), "The frames are not in the order of time.")
    _require(isinstance(facts["complete"], bool), "It is not said whether it is complete.")
    return VideoFound(
        width=_whole(facts["width"], 1, _LARGEST_SIDE),
        height=_whole(facts["height"], 1, _LARGEST_SIDE),
        milliseconds=_whole(facts["milliseconds"], 0, _LONGEST),
        complete=facts["complete"],
        frames=frames,
    )


def _canonical(value: object) -> str:
    _require(isinstance(value, str) and _CANONICAL.fullmatch(value) is not None, "The rule of the pixels is none.")
    return str(value)


def _pdq(value: object) -> str:
    _require(isinstance(value, str) and _PDQ.fullmatch(value) is not None, "The PDQ is not 64 hex digits.")
    return str(value)


def _whole(value: object, least: int, most: int) -> int:
    _require(isinstance(value, int) and not isinstance(value, bool), "A number is not whole.")
    assert isinstance(value, int)
    _require(least <= value <= most, "A number is out of its range.")
    return value


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - the statement itself
    if not holds:
        raise ValueError(what)
