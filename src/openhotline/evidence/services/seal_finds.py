"""A collection's finds are read from where they lie, compared with what the manifest claims, and sealed."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db.models import Min

from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.core.errors import Missing
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.intake.models import Find
from openhotline.intake.models.containers import FindRefused, open_container
from openhotline.intake.services.set_find_states import set_find_states
from openhotline.intake.states import FindState, WhyRefused

GROUP_BYTES = 128_000_000
_DIGESTS: Mapping[str, Callable[[SealableFile], str]] = {
    "sha256": lambda file: file.sha256,
    "sha1": lambda file: hashlib.sha1(file.data, usedforsecurity=False).hexdigest(),
    "md5": lambda file: hashlib.md5(file.data, usedforsecurity=False).hexdigest(),
}


@dataclass
class _Group:
    """Files read so far, and the finds that could not be."""

    files: list[SealableFile] = field(default_factory=list)
    refused: dict[int, FindRefused] = field(default_factory=dict)
    size: int = 0


def seal_finds(
    *, ids: Sequence[int], now: datetime, clock: Callable[[], datetime], actor: str = "step:seal_finds"
) -> list[Item]:
    """Seal registered finds (at most 500) and return their items; a find that cannot be read is refused.

    Only files inside the collection's own folder or archive are read: no links, no way out. Bytes that were there
    already fold the find into what was there. Again with the same finds does nothing. Files are taken some 128 MB at
    a time, each group with one flush and one transaction. What lies in a bucket is read under an authority that is in
    force by the ``clock``, asked before each object; folders and archives lie here already.
    """

    def covered() -> str:
        moment = clock()
        return check_covers(latest_authority(moment), moment).public_id

    finds = Find.objects.filter(pk__in=ids, state=FindState.REGISTERED).select_related("collection").order_by("pk")
    sealed: list[Item] = []
    finds = finds.defer("told", *(f"collection__{name}" for name in ("manifest", "site", "found_by")))
    for group in _groups(finds, covered):
        sealed += seal_files(files=group.files, actor=actor, now=now)
        first = _first_sightings(group.files)
        read = {file.find_id for file in group.files if file.find_id is not None}
        set_find_states(
            taken=sorted(read & first), folded=sorted(read - first), refused=group.refused, actor=actor, now=now
        )
    return sealed


def _groups(finds: Iterable[Find], covered: Callable[[], str]) -> Iterator[_Group]:
    group = _Group()
    for find in finds:
        try:
            data = _read(find, covered)
            file = SealableFile(data, address_id=find.address_id, page_id=find.page_id, find_id=find.pk)
            _check_claims(find, file)
        except FindRefused as refusal:
            group.refused[find.pk] = refusal
            continue
        group.files.append(file)
        group.size += len(data)
        if group.size >= GROUP_BYTES:
            yield group
            group = _Group()
    if group.files or group.refused:
        yield group


def _first_sightings(files: Sequence[SealableFile]) -> set[int]:
    """Return the finds among these whose sighting is the first that their item has.

    Asked of the rows and not of what was new just now: a job that broke off after sealing finds its own items there.
    """
    seen = Sighting.objects.filter(find__in=[file.find_id for file in files])
    firsts = Sighting.objects.filter(item__in=seen.values("item")).values("item").annotate(first=Min("pk"))
    rows = seen.filter(pk__in=firsts.values("first")).values_list("find_id", flat=True)
    return {find for find in rows if find is not None}


def _read(find: Find, covered: Callable[[], str]) -> bytes:
    try:
        container = open_container(Path(find.collection.folder), authority=covered)
    except Missing:
        raise FindRefused(
            WhyRefused.MISSING,
            "What the collection lies in is not there, or cannot be read. Bring it back and import again.",
        ) from None
    return container.read(find.path)


def _check_claims(find: Find, file: SealableFile) -> None:
    """Raise FindRefused when a file is not what the manifest says, or was listed with another length."""
    claims = json.loads(find.claimed) if find.claimed else {}
    length, is_now = claims.get("bytes", len(file.data)), len(file.data)
    if length != is_now and claims.get("listed"):
        raise FindRefused(
            WhyRefused.CHANGED,
            f"The file had {length} bytes when it was listed and has {is_now} now. Once nothing writes to it, import "
            "again.",
        )
    if length != is_now:
        sentence = f"The manifest says {length} bytes; the file has {is_now}. Correct the manifest."
        raise FindRefused(WhyRefused.DIFFERS, sentence)
    for name, digest_of in _DIGESTS.items():
        if name in claims and claims[name] != digest_of(file):
            shown = name.upper().replace("SHA", "SHA-")
            raise FindRefused(
                WhyRefused.DIFFERS,
                f"The file is not the one the manifest names: its {shown} differs. Correct the manifest.",
            )
