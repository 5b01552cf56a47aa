"""The encrypted local folder. What is put there is durable once ``flush`` has returned.

Write order: object, flush, row, acknowledge. An object without a row is an orphan and can be collected.
"""

import ctypes
import os
from functools import cache
from pathlib import Path

from django.conf import settings

from openhotline.core.errors import Missing


class BlobStore:
    """Sealed objects by name (an outside id) under one folder, fanned out over folders by its last two letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, name: str, content: bytes) -> None:
        """Write an object under its name, whole or not at all; durable after the next ``flush``."""
        path = self._path(name)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        aside = path.with_suffix(".part")
        aside.write_bytes(content)
        aside.replace(path)

    def flush(self) -> None:
        """Return once everything put so far would survive a power cut (one syncfs for the whole batch)."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            if _libc().syncfs(handle) != 0:
                raise OSError(ctypes.get_errno(), f"The folder {self.folder} could not be flushed to disk.")
        finally:
            os.close(handle)

    def get(self, name: str) -> bytes:
        """Return an object. Raises Missing."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise Missing(f"The sealed object {name} is not in the store.") from error

    def has(self, name: str) -> bool:
        """Say whether an object is there."""
        return self._path(name).exists()

    def _path(self, name: str) -> Path:
        return self.folder / name[-2:] / name


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def store() -> BlobStore:
    """Return the store of this installation, ``$VAR/blobs``."""
    return BlobStore(Path(settings.VAR) / "blobs")
