"""What would survive a power cut: files, the names in folders, and everything that was written to a file system."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


def flush_file(path: Path) -> None:
    """Return once a file's bytes would survive a power cut. Raises OSError."""
    _fsync(path)


def flush_folder(folder: Path) -> None:
    """Return once the names in a folder would survive a power cut. Raises OSError."""
    _fsync(folder)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it that are lacking, each of them durable in the one above. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode)
    folder.mkdir(exist_ok=True, mode=mode)
    flush_folder(folder.parent)


@contextmanager
def flushed(folder: Path) -> Iterator[None]:
    """Flush the whole file system of a folder once what is done inside was written. Raises OSError when it was not."""
    # syncfs tells of the errors since its handle was opened, so it is opened before the first byte is written.
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield
        flush_file_system(handle, folder)
    finally:
        os.close(handle)


def flush_file_system(handle: int, folder: Path) -> None:
    """Return once all that was written to the file system of an open handle would survive a power cut (syncfs).

    Raises OSError for what could not be written since the handle was opened; ``folder`` is named in it.
    """
    if _libc().syncfs(handle) != 0:
        raise OSError(ctypes.get_errno(), f"The folder {folder} could not be flushed to disk.", str(folder))


def write_new(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 in place of what is there, whole or not at all; durable when this returns."""
    aside = path.with_name(f".{path.name}.aside")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    flush_file(aside)
    aside.replace(path)
    flush_folder(path.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
