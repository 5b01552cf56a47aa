"""Entries that stand in one member's list alone, so that a list that leaked says whose it was.

They are hashes of pictures that are made here of gratings under a member's own keyed numbers: no picture of anything.
Nothing about one tells it from an entry: its facts are those of an entry that stands near it.
"""

import base64
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5, sha1, sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hashmatch
from openhotline.hashlists.states import ListedState, Provenance

SIDE = 128
WAVES = 12
CANARIES = 4
NOT_DETERMINED = "not_determined"
FORM = "pdq_canonical"
Line = dict[str, Any]


@dataclass(frozen=True)
class Canary:
    """One canary: its outside id, hashes in hex, and PDQ quality."""

    name: str
    hashes: dict[str, str]
    quality: int


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
    )


def with_canaries(
    lines: Iterable[Line], canaries: Iterable[Canary], kept: Mapping[str, Line], disputed: Collection[str]
) -> Iterator[Line]:
    """Yield lines, which come in the order of their ids, with canaries in theirs. No lines, no canaries.

    ``kept``: what each said before, by its id, as the facts of an entry do not change from one version to the next.
    ``disputed``: those that say that they are in question.
    """
    waiting, line, form = deque(sorted(canaries, key=lambda one: one.name)), Line(), hashmatch.pdq.CANONICAL
    for line in lines:
        # A video, which has no hash of its own, says nothing of how pictures near it were hashed.
        form = line.get(FORM, form) if line["hashes"]["pdq"] != NOT_DETERMINED else form
        while waiting and waiting[0].name < line["entry"]:
            yield _in_state(_as_entry(waiting.popleft(), line, form, kept), disputed)
        yield line
    for one in waiting if line else ():
        yield _in_state(_as_entry(one, line, form, kept), disputed)


def _as_entry(one: Canary, near: Line, form: str, kept: Mapping[str, Line]) -> Line:
    if one.name not in kept:
        said = {**near, "entry": one.name, **_prints(one, near)}
        return said | {FORM: form} if FORM in near else said
    # A line of before says of what lines say since then what they say of entries of before.
    before = kept[one.name]
    of_before = {FORM: NOT_DETERMINED, "legal_bases": [before["legal_basis"]], "state": ListedState.ACTIVE}
    of_before |= {"provenance": Provenance.ASSESSED}
    return {**{name: value for name, value in of_before.items() if name in near}, **before}


def _prints(one: Canary, near: Line) -> Line:
    """Return hashes and quality, of the kinds that a partner's list gives of what stands near it; of ours, all."""
    if near.get("provenance") != Provenance.PARTNER:
        return {"hashes": one.hashes, "pdq_quality": one.quality}
    told = {kind: said if said == NOT_DETERMINED else one.hashes[kind] for kind, said in near["hashes"].items()}
    quality = near["pdq_quality"]
    return {"hashes": told, "pdq_quality": quality if quality == NOT_DETERMINED else one.quality}


def _in_state(line: Line, disputed: Collection[str]) -> Line:
    if "state" not in line:
        return line
    return {**line, "state": ListedState.DISPUTED if line["entry"] in disputed else ListedState.ACTIVE}
