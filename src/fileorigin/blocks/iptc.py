"""Read the IPTC-IIM datasets that matter for provenance (IIM 4.2), bare or among Photoshop's resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DATASETS = 1_000
MAX_RESOURCES = 1_000

# Record 2 (application): credit line, originating programme, special instructions, caption.
_WANTED = {0x6E: "Credit", 0x41: "OriginatingProgram", 0x28: "SpecialInstructions", 0x78: "Caption"}
_IIM = 0x0404
_THUMBNAIL, _THUMBNAIL_HEAD = 0x040C, 28


@dataclass
class Iptc:
    """Wanted datasets in order, as (name, text); `damaged` if the block could not be read to its end.

    `thumbnail` is the JPEG that Photoshop keeps among its resources.
    """

    datasets: list[tuple[str, str]] = field(default_factory=list)
    thumbnail: bytes = b""
    damaged: bool = False

    def of(self, name: str) -> tuple[str, ...]:
        """The values of one dataset."""
        return tuple(text for found, text in self.datasets if found == name)


def read(block: bytes) -> Iptc:
    """The wanted datasets of one block; never raises."""
    iptc = Iptc()
    if block.startswith(b"8BIM"):
        for body in _resources(block, iptc):
            _read_datasets(body, iptc)
    else:
        _read_datasets(block, iptc)
    return iptc


def _resources(block: bytes, iptc: Iptc) -> Iterator[bytes]:
    """The bodies of the resources that hold IIM: a type, a number, a padded name, a size and a padded body."""
    at = 0
    for _ in range(MAX_RESOURCES):
        if at + 12 > len(block) or block[at : at + 4] != b"8BIM":
            iptc.damaged |= any(block[at:])
            return
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = block[at + 6]
        start = at + 6 + 1 + name + (1 - (name & 1)) + 4
        size = int.from_bytes(block[start - 4 : start], "big")
        if start + size > len(block):
            iptc.damaged = True
            return
        if number == _IIM:
            yield block[start : start + size]
        elif number == _THUMBNAIL:
            iptc.thumbnail = block[start + _THUMBNAIL_HEAD : start + size]
        at = start + size + (size & 1)
    iptc.damaged = True


def _read_datasets(body: bytes, iptc: Iptc) -> None:
    at = 0
    while at + 5 <= len(body) and body[at] == 0x1C:
        record, number = body[at + 1], body[at + 2]
        size = int.from_bytes(body[at + 3 : at + 5], "big")
        if size & 0x8000 or at + 5 + size > len(body) or len(iptc.datasets) >= MAX_DATASETS:
            iptc.damaged = True
            return
        if record == 2 and number in _WANTED:
            iptc.datasets.append((_WANTED[number], body[at + 5 : at + 5 + size].decode("utf-8", "replace")))
        at += 5 + size
    iptc.damaged |= any(body[at:])
