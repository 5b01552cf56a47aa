"""What every container does, and what no container gives out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from openhotline.core.errors import Refusal
from openhotline.core.largest_file import LARGEST_FILE
from openhotline.intake.states import WhyRefused

LARGEST = LARGEST_FILE
"""Bytes of one file: what is taken is examined."""
LONGEST_PATH = 1_000
# Where a file of this kind begins with these bytes. An archive is never unpacked: what is in it has not been found
# one by one, and unpacking within unpacking has no bound.
_MAGIC = {
    "zip": (0, b"PK\x03\x04"),
    "empty zip": (0, b"PK\x05\x06"),
    "rar": (0, b"Rar!\x1a\x07"),
    "7z": (0, b"7z\xbc\xaf\x27\x1c"),
    "gzip": (0, b"\x1f\x8b"),
    "bzip2": (0, b"BZh"),
    "xz": (0, b"\xfd7zXZ\x00"),
    "zstandard": (0, b"\x28\xb5\x2f\xfd"),
    "cabinet": (0, b"MSCF"),
    "tar": (257, b"ustar"),
}
ARCHIVES = tuple(_MAGIC)


class FindRefused(Refusal):
    """A file of a collection cannot be taken: ``why`` is counted, the sentence stands beside it."""

    def __init__(self, why: WhyRefused, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True)
class Inside:
    """One file as a container lists it: its path with ``/``, its length, and why it is not taken, if so."""

    path: str
    bytes: int | None = None
    refused: FindRefused | None = None


class Container(Protocol):
    """What holds the files of a collection."""

    def listed(self) -> Iterator[Inside]:
        """Yield everything inside, in an order that stays the same while nothing changes."""

    def check(self, path: str) -> None:
        """Raise FindRefused when there is no such file inside; the file is not read."""

    def read(self, path: str) -> bytes:
        """Return the bytes of one file, at most ``LARGEST``. Raises FindRefused."""


def parts_of(path: str) -> tuple[str, ...]:
    """Return the steps of a path that stays inside. Raises FindRefused for every other."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or ".." in parts or "\0" in path:
        raise FindRefused(
            WhyRefused.OUTSIDE, "The path leads out of the collection's folder; it has to be relative and stay inside."
        )
    return parts


def storable(path: str) -> bool:
    """Say whether a path is text that every table takes: not empty or endless, no NUL, no half of a character."""
    return 0 < len(path) <= LONGEST_PATH and "\0" not in path and path.encode(errors="ignore").decode() == path


def check_size(size: int) -> None:
    """Raise FindRefused for a file that is too large to be held."""
    if size > LARGEST:
        raise FindRefused(WhyRefused.TOO_LARGE, f"The file has {size} bytes; at most {LARGEST} are taken.")


def check_no_archive(data: bytes) -> None:
    """Raise FindRefused when these bytes are an archive, which may hold further files."""
    for kind, (at, magic) in _MAGIC.items():
        if data[at : at + len(magic)] == magic:
            raise FindRefused(
                WhyRefused.ARCHIVE,
                f"The file is an archive itself ({kind}) and is not unpacked. Import it as a collection of its own.",
            )
