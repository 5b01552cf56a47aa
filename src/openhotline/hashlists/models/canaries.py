"""Entries that stand in one member's list alone, so that a list that leaked says whose it was.

They are hashes of pictures that are made here of gratings under a member's own keyed numbers: no picture of anything.
Nothing about one tells it from an entry: its facts are those of an entry that stands near it.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5, sha1, sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hashmatch

SIDE = 128
WAVES = 12
CANARIES = 4


@dataclass(frozen=True)
class Canary:
    """One canary: its outside id, hashes in hex, PDQ quality, and where among the entries it stands (0 to 1)."""

    name: str
    hashes: dict[str, str]
    quality: int
    place: float


def grating(seed: bytes) -> NDArray[np.uint8]:
    """Return a picture (128 x 128, grey) of overlaid waves."""
    rng = np.random.default_rng(np.frombuffer(seed, np.uint32))
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = [
        np.sin(2 * np.pi * (a * x + b * y) + c) for a, b, c in rng.uniform((-7, -7, 0), (7, 7, 2 * np.pi), (WAVES, 3))
    ]
    field = np.sum(waves, axis=0)
    grey: NDArray[np.uint8] = (255 * (field - field.min()) / (field.max() - field.min())).astype(np.uint8)
    return grey


def canary_of(seed: bytes) -> Canary:
    """Return the canary of a seed of 32 bytes; the same for the same seed."""
    pixels = grating(seed)
    found = hashmatch.pdq.from_pixels(pixels)
    data = pixels.tobytes()
    return Canary(
        name=f"ent_{base64.b32encode(sha256(b'name' + seed).digest()[:16]).decode().rstrip('=').lower()}",
        hashes={
            "sha256": sha256(data).hexdigest(),
            "sha1": sha1(data, usedforsecurity=False).hexdigest(),
            "md5": md5(data, usedforsecurity=False).hexdigest(),
            "pdq": found.hash.hex(),
        },
        quality=found.quality,
        place=int.from_bytes(sha256(b"place" + seed).digest()[:6], "big") / (1 << 48),
    )


def with_canaries(
    lines: Iterable[dict[str, Any]], count: int, canaries: Iterable[Canary], kept: Mapping[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield lines with canaries among them; ``count`` is how many lines there are. No lines, no canaries.

    ``kept``: what each said before, by its id, as the facts of an entry do not change from one version to the next.
    """
    waiting = sorted(((int(one.place * count), one) for one in canaries), key=lambda pair: (pair[0], pair[1].name))
    for at, line in enumerate(lines):
        yield line
        while waiting and waiting[0][0] <= at:
            _, one = waiting.pop(0)
            yield kept.get(one.name) or {**line, "entry": one.name, "hashes": one.hashes, "pdq_quality": one.quality}
