"""The list as a member downloads it: whole, or what changed since a version; compressed where it is asked for."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from limits import RateLimitItemPerHour

from openhotline.core import limits
from openhotline.core.errors import Missing, TooMany
from openhotline.hashlists.api.asking import Caller, needs
from openhotline.hashlists.models import Edition
from openhotline.hashlists.queries.editions import changes_since, newest_edition, path_of
from openhotline.hashlists.queries.sealed import newest_sealed_edition, sealed_file
from openhotline.hashlists.services.note_download import HASHES, note_download
from openhotline.hashlists.states import Part, SealedKind, Stream

PART = 1 << 18
GZIP = 16 + zlib.MAX_WBITS
HOURLY = RateLimitItemPerHour(60)
JSON_LINES = "application/x-ndjson"
SEALED = "application/octet-stream"
Read = TypeVar("Read")


def newest_for(caller: Caller, part: Part) -> Edition:
    """Return the newest edition of who asks. Raises Missing before the first."""
    found = newest_edition(caller.asker.member, part)
    if found is None:
        raise Missing("No edition of the list is ready for you yet. Ask again in some minutes.")
    return found


def needs_list(caller: Caller, part: Part) -> None:
    """Raise NotAgreed unless the agreement lets who asks download what an edition is of."""
    needs(caller.terms.download, "to download the list")
    if part == Part.EXPLOITATIVE:
        on = settings.EXPLOITATIVE_STREAM and Stream.EXPLOITATIVE in caller.terms.streams
        needs(on, "to be given the exploitative stream")


def of_newest(caller: Caller, part: Part, read: Callable[[Edition], Read]) -> Read:
    """Return what is read of the newest edition, or of the one that took its place meanwhile. Raises Missing."""
    newest = newest_for(caller, part)
    try:
        return read(newest)
    except FileNotFoundError:
        again = newest_for(caller, part)
        if again.version == newest.version:
            raise Missing("Your edition of the list is not there at the moment. Tell the hotline.") from None
        return read(again)


def download(request: HttpRequest, caller: Caller, part: Part, since: int | None) -> HttpResponseBase:
    """Answer with an edition, or the changes since a version; 304 to who has the newest.

    Raises NotAgreed, Missing, TooMany.
    """
    needs_list(caller, part)
    return of_newest(caller, part, lambda newest: _download(request, caller, newest, since))


def _download(request: HttpRequest, caller: Caller, newest: Edition, since: int | None) -> HttpResponseBase:
    etag = f'"{newest.version}"'
    if since == newest.version or etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    paths, kind = _paths(caller, newest, since), HASHES if newest.part == Part.CRIMINAL else newest.part
    if not limits.count((HOURLY,), "list downloads", caller.asker.member.public_id, now=caller.now):
        raise TooMany(f"The list is downloaded at most {HOURLY.amount} times an hour. A version comes out rarely.")
    # Opened before the answer begins: an edition that is replaced meanwhile is read to its end.
    parts = _parts([path.open("rb") for path in paths])
    note_download(member=caller.asker.member, actor=caller.asker.key, version=newest.version, now=caller.now, kind=kind)
    headers = {"ETag": etag, "Vary": "Accept-Encoding", "List-Version": str(newest.version)}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        parts = compressed(parts)
    return StreamingHttpResponse(parts, headers=headers, content_type=JSON_LINES)


def download_sealed(request: HttpRequest, caller: Caller, kind: SealedKind, since: int | None) -> HttpResponseBase:
    """Answer with an edition sealed to the member's key, or the changes that lead on from a version."""
    member = caller.asker.member
    newest = newest_sealed_edition(member, kind)
    if newest is None:
        raise Missing("No edition of this list is ready for you yet. Ask again later.")
    etag = f'"{newest.version}"'
    if since == newest.version or etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    found = sealed_file(member, newest, since)
    if found is None or not found.path.exists():
        raise Missing(f"There is no way from version {since} to version {newest.version}. Download the whole list.")
    if not limits.count((HOURLY,), "list downloads", member.public_id, now=caller.now):
        raise TooMany(f"The list is downloaded at most {HOURLY.amount} times an hour. A version comes out rarely.")
    note_download(member=member, actor=caller.asker.key, version=found.version, now=caller.now, kind=kind)
    headers = {"List-Version": str(found.version)} | ({"ETag": etag} if found.version == newest.version else {})
    return StreamingHttpResponse(_parts([found.path.open("rb")]), headers=headers, content_type=SEALED)


def _parts(files: Sequence[IO[bytes]]) -> Iterator[bytes]:
    """Yield files one after another, in parts; each is closed when it is over, or when who reads goes away."""
    with ExitStack() as open_ones:
        for file in files:
            open_ones.enter_context(file)
        for file in files:
            while part := file.read(PART):
                yield part


def _paths(caller: Caller, newest: Edition, since: int | None) -> list[Path]:
    if since is None:
        return [path_of(newest)]
    paths = changes_since(caller.asker.member, since, Part(newest.part))
    if paths is None:
        raise Missing(f"There is no way from version {since} to version {newest.version}. Download the whole list.")
    return paths


def compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield parts as one gzip stream, as they come."""
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()
