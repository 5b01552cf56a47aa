"""The parent's side of the protocol: it takes in a frame from a child that it does not trust."""

import json
import re
from collections.abc import Generator
from typing import Any

import numpy as np

from .protocol import (
    ANSWER,
    HEADER,
    MAGIC,
    MAX_SENTENCE,
    OUT_OF_MEMORY,
    PLANE,
    REFUSAL,
    Answer,
    Failure,
    Json,
    Limits,
    Plane,
    check_facts_size,
    check_planes,
    lie,
)

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Inbox:
    """Takes in a frame: read into `room()`, say how much with `took()`, at the end ask `outcome()`.

    Never holds more than the limits allow. A frame that breaks the protocol raises `Failure("lied")` at once.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._kind = 0
        self._shapes: list[tuple[int, int, int]] = []
        self._facts = bytearray()
        self._pixels = bytearray()
        self._whole = False
        self._parts = self._expect()
        self._part = bytearray(next(self._parts))
        self._filled = 0

    def room(self) -> memoryview:
        """Return where the next bytes go; never empty."""
        return memoryview(self._part)[self._filled :]

    def took(self, count: int) -> None:
        """Say that the first `count` bytes of `room()` were filled."""
        self._filled += count
        while self._filled == len(self._part):
            self._part, self._filled = bytearray(self._parts.send(self._part)), 0

    def outcome(self) -> Answer:
        """Return the answer once the stream has ended. Raises `Failure` with what the child said instead."""
        if not self._whole:
            lie("The frame ended early.")
        if self._kind == OUT_OF_MEMORY:
            raise Failure("memory")
        facts = decode_facts(bytes(self._facts))
        if self._kind == REFUSAL:
            raise _refusal(facts)
        return Answer(facts, self._planes())

    def _expect(self) -> Generator[int, bytearray, None]:
        count, size = self._read_header((yield HEADER.size))
        table = yield count * PLANE.size
        self._shapes = [PLANE.unpack_from(table, at * PLANE.size) for at in range(count)]
        total = check_planes(self._shapes, self._limits)
        self._facts = yield size
        self._pixels = yield total
        self._whole = True
        yield 1
        lie("Bytes followed the end of the frame.")

    def _read_header(self, header: bytearray) -> tuple[int, int]:
        magic, self._kind, count, size = HEADER.unpack(header)
        if magic != MAGIC or self._kind not in {ANSWER, REFUSAL, OUT_OF_MEMORY}:
            lie("The frame does not begin like one.")
        if (self._kind != ANSWER and count) or (self._kind == OUT_OF_MEMORY and size):
            lie("Only an answer has planes or facts.")
        if count > self._limits.planes:
            lie(f"{count} planes, at most {self._limits.planes} are allowed.")
        check_facts_size(size, self._limits)
        return count, size

    def _planes(self) -> list[Plane]:
        planes: list[Plane] = []
        at = 0
        for width, height, channels in self._shapes:
            shape = (height, width) if channels == 1 else (height, width, channels)
            size = width * height * channels
            planes.append(np.frombuffer(self._pixels, np.uint8, size, at).reshape(shape))
            at += size
        return planes


def decode_facts(text: bytes) -> dict[str, Json]:
    """Parse a JSON object of sound text, without doubled keys or NaN. Raises `Failure("lied")`."""
    try:
        facts = json.loads(text, parse_constant=lie, object_pairs_hook=_distinct)
        json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        lie("The facts are not JSON.")
    if not isinstance(facts, dict):
        lie("The facts are not an object.")
    return facts


def _refusal(facts: dict[str, Json]) -> Failure:
    code, sentence = facts.get("reason"), facts.get("sentence")
    if not isinstance(code, str) or not isinstance(sentence, str) or not _CODE.fullmatch(code):
        lie("The refusal has no reason.")
    if len(sentence) > MAX_SENTENCE or not sentence.isprintable():
        lie("The refusal's sentence is too long or holds control characters.")
    return Failure(f"refused:{code}", sentence or "The file was refused.")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        lie("A key stands twice in the facts.")
    return found
