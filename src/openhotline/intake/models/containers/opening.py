"""Opening what a collection lies in: a file once, as long as it stays the same."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openhotline.core.errors import Missing
from openhotline.core.net.object_store import Store
from openhotline.core.net.signing import StoreKey
from openhotline.intake.models.containers.container import Container
from openhotline.intake.models.containers.folder import Folder
from openhotline.intake.models.containers.object_store import Bucket, bucket_in
from openhotline.intake.models.containers.zipped import Zipped


def nobody() -> str:
    """Name no authority: a folder or an archive needs none, and a bucket is not read."""
    return ""


def open_container(where: Path, *, authority: Callable[[], str] = nobody) -> Container:
    """Return the folder, zip archive or bucket (``s3://bucket/prefix``) that a collection lies in. Raises Missing.

    An archive's list of contents is read once and kept until the file changes: with thousands of batches, reading it
    for each would take longer the larger it is. A bucket is read under a recorded authority alone: ``authority`` gives
    its outside id and is asked before each request.
    """
    if (named := bucket_in(where)) is not None:
        return Bucket(_store(authority), *named)
    try:
        status = where.stat()
    except OSError:
        status = None
    if status is None:
        raise Missing(
            f"There is no folder {where}. Give the folder or zip archive that the collection lies in, or "
            "s3://BUCKET/PREFIX."
        )
    return Folder(where) if where.is_dir() else _archive(where.resolve(), _stamp(status))


def _store(authority: Callable[[], str]) -> Store:
    told = settings.OBJECT_STORE
    if not told["origin"]:
        raise Missing(
            "No object store is set up. Set OPENHOTLINE_OBJECT_STORE to its origin, such as https://s3.example."
        )
    key = StoreKey(told["key_id"], told["secret"], told["region"])
    return Store(told["origin"], key, authority)


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=2)
def _archive(where: Path, _stamp: tuple[int, ...]) -> Zipped:
    return Zipped(where)
