"""A bucket of an object store, or what lies in it under a prefix."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath, PurePosixPath
from typing import TypeVar

from openhotline.accounts.errors import AuthorityMissing
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.object_store import NoSuchObject, Store
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

# As a path has it, which folds the two slashes of s3://bucket/prefix into one.
_PLACE = re.compile(r"s3:/+(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>.*))?")
_TRIES = 3
Answer = TypeVar("Answer")


def bucket_in(where: PurePath | str) -> tuple[str, str] | None:
    """Return bucket and prefix (ending with ``/`` unless empty) of ``s3://bucket/prefix``; None for other places."""
    found = _PLACE.fullmatch(str(where))
    if found is None:
        return None
    prefix = (found["prefix"] or "").strip("/")
    return found["bucket"], f"{prefix}/" if prefix else ""


def place_of(where: PurePath | str) -> str | None:
    """Return ``s3://bucket/prefix`` as it is kept and shown; None for other places."""
    named = bucket_in(where)
    return f"s3://{named[0]}/{named[1]}".rstrip("/") if named else None


class Bucket:
    """What lies in a bucket under a prefix. Its server lists and gives; nothing is written to it."""

    def __init__(self, store: Store, bucket: str, prefix: str) -> None:
        self._store, self._bucket, self._prefix = store, bucket, prefix

    def listed(self) -> Iterator[Inside]:
        """Yield every object by key; what marks a folder is left out. Raises FetchFailed, FetchRefused."""
        for one in self._store.listed(self._bucket, self._prefix):
            path = one.key.removeprefix(self._prefix)
            if not path or (path.endswith("/") and not one.bytes):
                continue
            yield Inside(path, bytes=one.bytes) if _plain(path) else Inside(_shown(path), refused=_no_path())

    def check(self, path: str) -> None:
        """Ask whether it is there."""
        self._tried(lambda key: self._store.check(self._bucket, key), path)

    def read(self, path: str) -> bytes:
        """Read an object whole; what the store stops in the midst of is tried again, three times in all."""
        answer = self._tried(lambda key: self._store.read(self._bucket, key, LARGEST), path)
        length = answer.headers.get("content-length", "")
        check_size(int(length) if length.isdigit() else LARGEST + 1 if answer.truncated else 0)
        check_no_archive(answer.body)
        return answer.body

    def _tried(self, do: Callable[[str], Answer], path: str) -> Answer:
        parts_of(path)
        if not _plain(path):
            raise _no_path()
        for further in reversed(range(_TRIES)):
            try:
                return do(f"{self._prefix}{path}")
            except NoSuchObject:
                raise FindRefused(WhyRefused.MISSING, "The bucket has no such object.") from None
            except (FetchRefused, AuthorityMissing) as refused:
                raise FindRefused(WhyRefused.DAMAGED, f"The object cannot be read: {refused}") from refused
            except FetchFailed as failed:
                if not further:
                    raise FindRefused(WhyRefused.DAMAGED, f"The object cannot be read: {failed}") from failed
        raise AssertionError


def _plain(path: str) -> bool:
    """Say whether a key is a path of ordinary steps: it is one address then, and no part of it can mean another."""
    steps = path.split("/")
    return storable(path) and path == str(PurePosixPath(path)) and not {"", ".", ".."} & set(steps)


def _no_path() -> FindRefused:
    sentence = "The key of the object is no path of ordinary names. Copy it to another key and import again."
    return FindRefused(WhyRefused.NO_FILE, sentence)


def _shown(path: str) -> str:
    return path.replace("\0", "").encode(errors="replace").decode()[:200] or "?"
