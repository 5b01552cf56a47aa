"""Opening what a collection lies in, once as long as it stays the same."""

import os
from functools import lru_cache
from pathlib import Path

from openhotline.core.errors import Missing
from openhotline.intake.models.containers.container import Container
from openhotline.intake.models.containers.folder import Folder
from openhotline.intake.models.containers.zipped import Zipped


def open_container(where: Path) -> Container:
    """Return the folder or zip archive that lies there. Raises Missing.

    An archive's list of contents is read once and kept until the file changes: with thousands of batches, reading it
    for each would take longer the larger it is.
    """
    try:
        status = where.stat()
    except OSError:
        status = None
    if status is None:
        raise Missing(f"There is no folder {where}. Give the folder, or the zip archive, that the collection lies in.")
    return Folder(where) if where.is_dir() else _archive(where.resolve(), _stamp(status))


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=2)
def _archive(where: Path, _stamp: tuple[int, ...]) -> Zipped:
    return Zipped(where)
