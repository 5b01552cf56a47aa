"""Files of a backup, each with its SHA-256 in ``files.jsonl``."""

import json
import os
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.blobs import ASIDE
from openhotline.core.durable import flushed, make_folder

LIST = "files.jsonl"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Listed:
    """One file of a backup; ``path`` is relative to its folder."""

    path: str
    bytes: int
    sha256: str


def copy_folder(source: Path, archive: Path, name: str) -> Iterator[Listed]:
    """Copy every file under a folder into ``archive/name`` and yield it; what vanishes meanwhile is left out.

    Sealed objects never change once they are in place, so the copy is of one moment or of none.
    """
    for path in sorted(source.rglob("*")):
        if path.is_dir() or path.name.endswith(ASIDE):
            continue
        target = archive / name / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            yield _copied(path, target, str(PurePosixPath(name, *path.relative_to(source).parts)))
        except FileNotFoundError:
            # Purged, or collected as an orphan, since the folder was listed.
            target.unlink(missing_ok=True)


def _copied(source: Path, target: Path, name: str) -> Listed:
    digest, size = sha256(), 0
    with source.open("rb") as read, target.open("wb") as write:
        os.fchmod(write.fileno(), 0o600)
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            write.write(chunk)
    return Listed(name, size, digest.hexdigest())


def listed(path: Path, name: str) -> Listed:
    """Return a file that lies in the archive already."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Listed(name, size, digest.hexdigest())


def write_list(archive: Path, files: Iterator[Listed]) -> int:
    """Write the list of files as they come and return how many there are."""
    count = 0
    with (archive / LIST).open("w", encoding="utf-8") as lines:
        for one in files:
            lines.write(json.dumps(asdict(one), sort_keys=True) + "\n")
            count += 1
    return count


def read_list(archive: Path) -> Iterator[Listed]:
    """Yield the files of a backup. Raises ArchiveRefused for a path that leads out of it."""
    with (archive / LIST).open(encoding="utf-8") as lines:
        for line in lines:
            one = Listed(**json.loads(line))
            parts = PurePosixPath(one.path).parts
            if not parts or ".." in parts or one.path.startswith("/"):
                raise ArchiveRefused(f"The backup lists {one.path[:80]!r}, which leads out of it. It is not ours.")
            yield one


def check_files(archive: Path) -> Iterator[Listed]:
    """Read every file again and yield it once it is what the list says. Raises ArchiveRefused."""
    for one in read_list(archive):
        path = archive / one.path
        if not path.is_file() or listed(path, one.path) != one:
            raise ArchiveRefused(f"{one.path} in the backup is missing or changed. Use another backup.")
        yield one


def put_back(archive: Path, folder: str, target: Path, *, without: Container[str] = ()) -> int:
    """Copy the files of one folder of a backup to where they belong and return how many; durable when this returns.

    Files of the names ``without`` are left where they are; so is what an interrupted copying brought back whole. Raises
    OSError, and ArchiveRefused for a file that changed while it was read.
    """
    count = 0
    make_folder(target, 0o700)
    with flushed(target):
        for one in read_list(archive):
            first, *rest = PurePosixPath(one.path).parts
            if first != folder or rest[-1] in without:
                continue
            count += 1
            path = target.joinpath(*rest)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path.is_file() and listed(path, one.path) == one:
                continue
            if _copied(archive / one.path, path, one.path) != one:
                path.unlink()
                raise ArchiveRefused(f"{one.path} in the backup changed while it was read. Use another backup.")
    return count
