"""What crosses the wall: the parent's job, the child's framed answer, and the parent's distrust of it.

A job is its head (the lengths of the options and of the file), the options as JSON, then the file.

A frame is a 12-byte header (magic, kind, number of planes, length of the facts), one 12-byte entry a plane
(width, height, channels), the facts as JSON, then the raw pixels of each plane, then the end of the stream.
Numbers are big-endian. The parent believes nothing in it before it has been checked against the limits.
"""

import dataclasses
import json
import struct
from typing import NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from openhotline.core.largest_file import LARGEST_FILE

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Plane: TypeAlias = NDArray[np.uint8]

MAGIC = b"OHS1"
ANSWER, REFUSAL, OUT_OF_MEMORY = 1, 2, 3
# What the parent tells a zygote by seats' numbers, 0 for none: this child has its file, that one is to be killed, and
# (with two descriptors) here is a seat for another. A seat's end goes back: its number, wait status, peak memory and
# the most of it that can be its own in KiB, and microseconds of processor.
ORDER = struct.Struct(">QQQ")
END = struct.Struct(">QiQQQ")
JOB = struct.Struct(">II")
HEADER = struct.Struct(">4sBxHI")
PLANE = struct.Struct(">IIB3x")
MAX_CHANNELS = 4
MAX_SENTENCE = 300
MAX_OPTIONS = 512 << 10
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

_SENTENCES = {
    "timeout": "The file took longer than the time allowed, and its examination was stopped.",
    "memory": "The file needed more memory than is allowed, and its examination was stopped.",
    "killed": "The examination of the file ended abruptly; treat the file as hostile.",
    "lied": "The examination of the file gave an answer that breaks the protocol; treat the file as hostile.",
}


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds.

    `wall` is what its examination may take in all, with killing a child that is not done at `ends_after`.
    `memory` bounds a child's private memory without a file, counted in address space, with what its warm zygote holds
    of it and the bytes that it was sent; what it only reads of files is not in it, and pages of libraries that it
    writes to come on top. `side` bounds width and height of a plane in pixels; `answer_bytes` bounds all planes
    together, `facts_bytes` the JSON.
    """

    bytes_in: int = LARGEST_FILE
    wall: float = 10.0
    cpu: int = 5
    memory: int = 512 << 20
    answer_bytes: int = 64 << 20
    facts_bytes: int = 256 << 10
    planes: int = 16
    side: int = 10_000

    @property
    def ends_after(self) -> float:
        """Return the seconds a child has: a busy machine takes a second more to kill a large one and to say so."""
        return 0.8 * self.wall


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
    """What the target found: JSON facts, and uint8 pixels as (height, width) or (height, width, 2 to 4)."""

    facts: dict[str, Json]
    planes: list[Plane] = dataclasses.field(default_factory=list)


def encode_job(data: bytes, options: dict[str, Json]) -> list[bytes]:
    """Frame a file and what to do with it, as byte strings to be written in turn. Raises ValueError when too long."""
    words = json.dumps(options, allow_nan=False).encode()
    if len(words) > MAX_OPTIONS:
        raise ValueError(f"Options of {len(words)} bytes; at most {MAX_OPTIONS} fit beside a file.")
    return [JOB.pack(len(words), len(data)) + words, data]


class Refused(Exception):  # noqa: N818 - it is an outcome that targets raise, not a fault
    """A target raises this for input it will not read. `reason` is a short code of a-z, 0-9 and `-`."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class SandboxUnavailable(RuntimeError):  # noqa: N818 - the name says what the operator meets
    """Files cannot be opened safely on this machine; the sentence says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Wear:
    """What files have cost a sandbox so far.

    `files` begun; `restarts` of a zygote; `peak`, the most memory of one child in bytes, with what it shares with its
    zygote; `own`, the most that one can have had for itself (`nursery.own_memory`); `cpu`, the most seconds of
    processor of one child.
    """

    files: int = 0
    restarts: int = 0
    peak: int = 0
    own: int = 0
    cpu: float = 0.0


class Failure(Exception):  # noqa: N818 - an outcome; `map` hands it out as a value
    """A file without an answer. `reason` is timeout, memory, killed, lied or `refused:<code>`.

    `signal` is the number of the signal that ended the child, 0 when none did.
    """

    def __init__(self, reason: str, sentence: str = "", *, signal: int = 0) -> None:
        self.reason = reason
        self.signal = signal
        self.sentence = sentence or _SENTENCES[reason]
        super().__init__(self.sentence)


def encode_answer(answer: Answer, limits: Limits) -> list[bytes]:
    """Frame an answer, in pieces to be written in turn. Raises `Refused` when it is over a limit."""
    shapes = [_shape(plane) for plane in answer.planes]
    facts = _encode(answer.facts).encode()
    try:
        check_facts_size(len(facts), limits)
        check_planes(shapes, limits)
    except Failure as over:
        raise Refused("answer-too-large", "What was found in the file is larger than an answer may be.") from over
    pixels = [np.ascontiguousarray(plane, dtype=np.uint8).tobytes() for plane in answer.planes]
    head = HEADER.pack(MAGIC, ANSWER, len(shapes), len(facts))
    return [head + b"".join(PLANE.pack(*shape) for shape in shapes) + facts, *pixels]


def encode_refusal(refused: Refused) -> bytes:
    """Frame a refusal. An over-long sentence is cut; what cannot be printed becomes a space."""
    sentence = "".join(sign if sign.isprintable() else " " for sign in refused.sentence[:MAX_SENTENCE])
    facts = json.dumps({"reason": refused.reason, "sentence": sentence}).encode()
    return HEADER.pack(MAGIC, REFUSAL, 0, len(facts)) + facts


def encode_out_of_memory() -> bytes:
    """Frame the news that memory ran out; it needs next to none itself."""
    return HEADER.pack(MAGIC, OUT_OF_MEMORY, 0, 0)


def _shape(plane: Plane) -> tuple[int, int, int]:
    height, width = plane.shape[:2]
    return width, height, 1 if plane.ndim == 2 else plane.shape[2]


def check_facts_size(size: int, limits: Limits) -> None:
    """Raise `Failure("lied")` when there are too many bytes of facts."""
    if size > limits.facts_bytes:
        lie(f"{size} bytes of facts, at most {limits.facts_bytes} are allowed.")


def check_planes(shapes: list[tuple[int, int, int]], limits: Limits) -> int:
    """Return how many bytes the planes (width, height, channels) have. Raises `Failure("lied")` over a limit."""
    for width, height, channels in shapes:
        if not (1 <= width <= limits.side and 1 <= height <= limits.side and 1 <= channels <= MAX_CHANNELS):
            lie(f"A plane of {width} x {height} x {channels}; a side has at most {limits.side}, channels are 4.")
    total = sum(width * height * channels for width, height, channels in shapes)
    if total > limits.answer_bytes or len(shapes) > limits.planes:
        lie(f"{len(shapes)} planes of {total} bytes; allowed are {limits.planes} of {limits.answer_bytes}.")
    return total


def lie(what: str) -> NoReturn:
    """Raise `Failure("lied")`, saying what is wrong."""
    raise Failure("lied", f"{what} {_SENTENCES['lied']}")
