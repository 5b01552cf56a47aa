"""Test vectors: hashes that belong to no picture of anybody, and what a dry run answers for them.

The PDQ hashes are those of two generated gratings and one a few bits beside; the SHA-256 are those of short texts.
None is on any list.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from openhotline.hashlists.states import LEAST_QUALITY, HashKind

Word = Literal["yes", "no", "not_determined"]
# What `canaries.grating` draws for the SHA-256 of "openhotline test vector: known", and of "… unknown".
_KNOWN = "032f5568032f556803bffd785733556155445512ff8900e5547aaaa5fed0aa9f"
_FAR = "a257007cba54ef1cb0e914734d2b17814fa917ad4fac07fdfe2dfc1809f0f810"
_NEAR = f"{int(_KNOWN, 16) ^ 0b1011 << 100:064x}"
_RADIUS = 31


@dataclass(frozen=True)
class Vector:
    """One hash to ask for."""

    kind: HashKind
    hash: str
    quality: int | None = None


VECTORS = (
    Vector(HashKind.PDQ, _KNOWN, 100),
    Vector(HashKind.PDQ, _NEAR, 90),
    Vector(HashKind.PDQ, _FAR, 100),
    Vector(HashKind.PDQ, _KNOWN, LEAST_QUALITY - 1),
    Vector(HashKind.SHA256, sha256(b"openhotline test vector: known").hexdigest()),
    Vector(HashKind.SHA256, sha256(b"openhotline test vector: unknown").hexdigest()),
)
_FILES = {VECTORS[4].hash}


def dry_answer(one: object) -> Word:
    """Return what a dry run says of anything with ``kind``, ``hash`` and ``quality``: it knows the vectors alone."""
    kind, value, quality = (getattr(one, name) for name in ("kind", "hash", "quality"))
    if kind != HashKind.PDQ:
        return "yes" if value in _FILES else "no"
    if quality is not None and quality < LEAST_QUALITY:
        return "not_determined"
    return "yes" if (int(value, 16) ^ int(_KNOWN, 16)).bit_count() <= _RADIUS else "no"
