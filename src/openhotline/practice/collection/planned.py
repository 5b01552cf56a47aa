"""One file of a collection that is yet to be made, and the family it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass

EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "gif": "gif"}
"""File name extension by format."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the collection; `original` is set on duplicates, `glyph` on readable files."""

    number: int
    format: str
    extension: str
    glyph: str | None
    width: int = 0
    height: int = 0
    relation: str = "original"
    original: int | None = None
    change: str | None = None
    marks: tuple[str, ...] = ()
    unreadable: str | None = None
    known: bool = False
    known_harmless: bool = False
    icon: bool = False

    @property
    def path(self) -> str:
        """Where it lies in the collection's folder: `files/012/012345.jpg`."""
        return f"files/{self.number // 1000:03}/{self.number:06}.{self.extension}"


@dataclass(frozen=True, slots=True)
class Family:
    """An original and everything derived from it; made together, so that a scene is painted once."""

    original: PlannedFile
    exact: tuple[PlannedFile, ...] = ()
    near: tuple[PlannedFile, ...] = ()

    def files(self) -> Iterator[PlannedFile]:
        """All of them, the original first."""
        yield self.original
        yield from self.exact
        yield from self.near
