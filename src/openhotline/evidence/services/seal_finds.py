"""A collection's finds are read from its folder, compared with what the manifest claims, and sealed."""

import contextlib
import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import Refusal
from openhotline.evidence.models import Item
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.intake.models import Find
from openhotline.intake.services.set_find_states import set_find_states
from openhotline.intake.states import FindState

LARGEST = 200_000_000
GROUP_BYTES = 128_000_000


class FindRefused(Refusal):
    """A find cannot be taken; the sentence stands beside it in the collection."""


def seal_finds(*, ids: Sequence[int], now: datetime, actor: str = "step:seal_finds") -> list[Item]:
    """Seal registered finds (at most 500) and return their items; a find that cannot be read is refused.

    Only files inside the collection's own folder are read: no links, no way out. Again with the same finds does
    nothing. Files are taken some 128 MB at a time, each group with one flush and one transaction.
    """
    finds = Find.objects.filter(pk__in=ids, state=FindState.REGISTERED).select_related("collection").order_by("pk")
    sealed: list[Item] = []
    for files, refused in _groups(finds):
        with transaction.atomic():
            record(
                actor=actor,
                action="finds_read",
                subject="finds",
                now=now,
                ids=[*(file.find_id or 0 for file in files), *refused],
                detail={"read": len(files), "refused": len(refused)},
            )
        sealed += seal_files(files=files, actor=actor, now=now)
        taken = [file.find_id for file in files if file.find_id is not None]
        set_find_states(taken=taken, refused=refused, actor=actor, now=now)
    return sealed


def _groups(finds: Iterable[Find]) -> Iterator[tuple[list[SealableFile], dict[int, str]]]:
    files: list[SealableFile] = []
    refused: dict[int, str] = {}
    size = 0
    for find in finds:
        try:
            data = _claimed(find, _read(str(find.collection.folder), str(find.path)))
        except FindRefused as refusal:
            refused[find.pk] = str(refusal)
            continue
        files.append(SealableFile(data, address_id=find.address_id, page_id=find.page_id, find_id=find.pk))
        size += len(data)
        if size >= GROUP_BYTES:
            yield files, refused
            files, refused, size = [], {}, 0
    if files or refused:
        yield files, refused


def _claimed(find: Find, data: bytes) -> bytes:
    """Return the bytes when they are what the manifest says. Raises FindRefused."""
    claims = json.loads(find.claimed) if find.claimed else {}
    length, digest = claims.get("bytes"), claims.get("sha256")
    if length is not None and length != len(data):
        raise FindRefused(f"The manifest says {length} bytes; the file has {len(data)}. Correct the manifest.")
    if digest is not None and digest != hashlib.sha256(data).hexdigest():
        raise FindRefused("The file is not the one the manifest names: its SHA-256 differs. Correct the manifest.")
    return data


def _read(folder: str, path: str) -> bytes:
    """Return a file inside a folder, opened step by step without following a link. Raises FindRefused."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or ".." in parts or "\0" in path:
        raise FindRefused("The path leads out of the collection's folder; it has to be relative and stay inside.")
    try:
        handle = _open_inside(folder, parts)
    except OSError as error:
        raise FindRefused(_sentence(error)) from error
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, handle)
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise FindRefused("The path names no ordinary file.")
        if status.st_size > LARGEST:
            raise FindRefused(f"The file has {status.st_size} bytes; at most {LARGEST} are taken.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)


def _open_inside(folder: str, parts: Sequence[str]) -> int:
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts[:-1]:
        at = _step(at, part, os.O_DIRECTORY)
    return _step(at, parts[-1], os.O_NONBLOCK)


def _step(folder: int, name: str, flags: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    finally:
        os.close(folder)


def _sentence(error: OSError) -> str:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return "The path goes through a link or a file; only ordinary folders and files are read."
    return f"The file cannot be read: {os.strerror(error.errno or 0)}."
