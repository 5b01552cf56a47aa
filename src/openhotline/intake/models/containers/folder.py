"""A folder: read step by step without following a link."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from openhotline.intake.models.containers.container import (
    LARGEST,
    FindRefused,
    Inside,
    check_no_archive,
    check_size,
    parts_of,
    storable,
)
from openhotline.intake.states import WhyRefused


class Folder:
    """A folder and everything under it."""

    def __init__(self, where: Path) -> None:
        self.where = where.resolve()

    def listed(self) -> Iterator[Inside]:
        """Yield every file, folder by folder, by name; links are named and not followed."""
        waiting = [""]
        while waiting:
            inside = waiting.pop()
            try:
                entries = sorted(os.scandir(self.where / inside), key=lambda entry: entry.name)
            except OSError as error:
                yield Inside(_shown(inside), refused=FindRefused(WhyRefused.DAMAGED, _sentence(error)))
                continue
            folders = []
            for entry in entries:
                path = f"{inside}/{entry.name}" if inside else entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                else:
                    yield _inside(entry, path)
            waiting += reversed(folders)

    def check(self, path: str) -> None:
        """Look where the path leads."""
        try:
            where = (self.where / path).resolve()
            is_file = where.is_file()
        except (OSError, RuntimeError, ValueError):
            raise FindRefused(WhyRefused.OUTSIDE, "The manifest names a path that cannot be followed.") from None
        if not where.is_relative_to(self.where):
            raise FindRefused(
                WhyRefused.OUTSIDE, "The manifest names a path outside the folder of the collection; it is not read."
            )
        if not is_file:
            raise FindRefused(
                WhyRefused.MISSING, "The manifest names a file that is not in the folder of the collection."
            )

    def read(self, path: str) -> bytes:
        """Read a file whole, and refuse one that changes meanwhile: half of it would be of another moment."""
        try:
            handle = _open_inside(self.where, parts_of(path))
        except OSError as error:
            raise FindRefused(_why(error), _sentence(error)) from error
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, handle)
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise FindRefused(WhyRefused.NO_FILE, "The path names no ordinary file.")
            check_size(before.st_size)
            data = _read(handle)
            after = os.fstat(handle)
        if len(data) != before.st_size or _moment(before) != _moment(after):
            raise FindRefused(
                WhyRefused.CHANGED, "The file changed while it was read. Once nothing writes to it, import again."
            )
        check_no_archive(data)
        return data


def _moment(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _inside(entry: os.DirEntry[str], path: str) -> Inside:
    if not storable(path):
        sentence = "The name of the file is no text, or too long. Give it another name and import again."
        return Inside(_shown(path), refused=FindRefused(WhyRefused.NO_FILE, sentence))
    if not entry.is_file(follow_symlinks=False):
        sentence = "It is a link or no ordinary file; only ordinary files are read, and links are not followed."
        return Inside(path, refused=FindRefused(WhyRefused.NO_FILE, sentence))
    return Inside(path, bytes=entry.stat(follow_symlinks=False).st_size)


def _shown(path: str) -> str:
    return path.encode(errors="replace").decode()[:LONGEST_SHOWN]


LONGEST_SHOWN = 200


def _read(handle: int) -> bytes:
    with os.fdopen(handle, "rb", closefd=False) as file:
        return file.read(LARGEST + 1)


def _open_inside(folder: Path, parts: Sequence[str]) -> int:
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts[:-1]:
        at = _step(at, part, os.O_DIRECTORY)
    return _step(at, parts[-1], os.O_NONBLOCK)


def _step(folder: int, name: str, flags: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    finally:
        os.close(folder)


_THROUGH_A_LINK = {errno.ELOOP, errno.ENOTDIR}


def _why(error: OSError) -> WhyRefused:
    if error.errno in _THROUGH_A_LINK:
        return WhyRefused.NO_FILE
    return WhyRefused.MISSING if error.errno == errno.ENOENT else WhyRefused.DAMAGED


def _sentence(error: OSError) -> str:
    if error.errno in _THROUGH_A_LINK:
        return "The path goes through a link or a file; only ordinary folders and files are read."
    return f"The file cannot be read: {os.strerror(error.errno or 0)}."
