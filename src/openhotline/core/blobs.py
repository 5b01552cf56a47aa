"""Sealed objects by name, behind an interface that an object store can serve later.

Write order: object, flush, row, acknowledge. An object without a row is an orphan and is collected once it is old.
"""

import math
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from openhotline.core.durable import flush_file_system, flush_folder
from openhotline.core.errors import Missing

ASIDE = ".part"
FOLDERS = 1024
"""Parts an installation's objects are in: names end with two letters of base32."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class BlobStore(Protocol):
    """What a store of sealed objects can do. Names are outside ids; an object never changes once it is there."""

    def put(self, name: str, content: bytes) -> None:
        """Write an object under its name, whole or not at all; durable after the next ``flush``."""

    def flush(self) -> None:
        """Return once everything put so far would survive a power cut. Raises OSError when it would not."""

    def get(self, name: str) -> bytes:
        """Return an object. Raises Missing."""

    def has(self, name: str) -> bool:
        """Say whether an object is there."""

    def remove(self, names: Iterable[str]) -> int:
        """Remove objects, durably when this returns, and return how many were there."""

    def aged(self, part: int, *, seconds: float) -> list[str]:
        """Return the names in one of ``FOLDERS`` parts that were put longer ago than this, by the machine's clock."""


class LocalFolder:
    """Objects as files under one folder, fanned out over folders by the last two letters of their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._handle: int | None = None
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, name: str, content: bytes) -> None:
        """Write aside, then move into place."""
        if self._handle is None:
            # syncfs tells of the errors since its handle was opened, so it is opened before the first byte is written.
            self._handle = os.open(self.folder, os.O_RDONLY)
        path = self.path_of(name)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        aside = path.with_name(f"{name}.{secrets.token_hex(4)}{ASIDE}")
        aside.write_bytes(content)
        aside.replace(path)

    def flush(self) -> None:
        """Flush the whole file system once (syncfs): every byte and every name of the batch, files and folders."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        try:
            flush_file_system(handle, self.folder)
        finally:
            os.close(handle)

    def get(self, name: str) -> bytes:
        """Read the file."""
        try:
            return self.path_of(name).read_bytes()
        except FileNotFoundError as error:
            raise Missing(f"The sealed object {name} is not in the store.") from error

    def has(self, name: str) -> bool:
        """Look for the file."""
        return self.path_of(name).exists()

    def remove(self, names: Iterable[str]) -> int:
        """Remove the files and flush the folders they were in."""
        gone, folders = 0, set()
        for name in names:
            path = self.path_of(name)
            try:
                path.unlink()
            except FileNotFoundError:
                continue
            gone += 1
            folders.add(path.parent)
        for folder in folders:
            flush_folder(folder)
        return gone

    def aged(self, part: int, *, seconds: float) -> list[str]:
        """List the files; what was left aside by a writer that died counts too."""
        before = time.time() - seconds
        folder = self.folder / part_name(part)
        if not folder.is_dir():
            return []
        return sorted(entry.name for entry in os.scandir(folder) if _time_of(entry) < before)

    def names(self) -> Iterator[str]:
        """Yield the name of every object in place, part by part."""
        for part in range(FOLDERS):
            folder = self.folder / part_name(part)
            if folder.is_dir():
                yield from sorted(entry.name for entry in os.scandir(folder) if not entry.name.endswith(ASIDE))

    def path_of(self, name: str) -> Path:
        """Return where an object lies."""
        return self.folder / name.removesuffix(ASIDE).partition(".")[0][-2:] / name

    def __del__(self) -> None:
        if self._handle is not None:
            os.close(self._handle)


def part_name(part: int) -> str:
    """Return the two letters in which the names of a part end."""
    return _LETTERS[part // 32 % 32] + _LETTERS[part % 32]


def _time_of(entry: os.DirEntry[str]) -> float:
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:
        # A writer has just moved it into place.
        return math.inf


def store() -> LocalFolder:
    """Return the store of this installation, ``$VAR/blobs``."""
    return LocalFolder(Path(settings.VAR) / "blobs")
