"""The files a manifest names become finds that wait to be sealed."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import MOST_IDS, publish
from openhotline.core.net.addresses import ParsedAddress, parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.intake.events import FindsRegistered
from openhotline.intake.models import Address, Collection, Find, ManifestLine
from openhotline.intake.states import FindState


def register_finds(
    *,
    collection: Collection,
    lines: Sequence[ManifestLine],
    site: str | None,
    now: datetime,
    actor: str = "step:register_finds",
) -> list[int]:
    """Register at most 500 lines and return the ids of the finds that are new and may be sealed.

    Again with the same lines registers nothing. A refused line becomes a refused find with its sentence. With
    ``site`` (an origin such as ``https://name.example``) each find gets the address of its file and of its page.
    """
    if len(lines) > MOST_IDS:
        raise ValueError(f"{len(lines)} lines are too many at once; register at most {MOST_IDS}.")
    places = {line.number: _places(line, site) for line in lines}
    with transaction.atomic():
        there = _numbers_there(collection, lines)
        new = [line for line in lines if line.number not in there]
        if not new:
            return []
        kept = Address.objects.keep([one for line in new for one in places[line.number] if one], now=now)
        Find.objects.bulk_create([_find(collection, line, places[line.number], kept) for line in new])
        finds = Find.objects.filter(collection=collection, number__in=[line.number for line in new])
        ids = list(finds.order_by("number").values_list("pk", flat=True))
        taken = list(finds.filter(state=FindState.REGISTERED).order_by("number").values_list("pk", flat=True))
        record(
            actor=actor,
            action="finds_registered",
            subject=collection.public_id,
            now=now,
            ids=ids,
            detail={"refused": len(ids) - len(taken)},
        )
        publish(FindsRegistered(ids=tuple(taken)), now=now)
    return taken


def _numbers_there(collection: Collection, lines: Sequence[ManifestLine]) -> set[int]:
    numbers = [line.number for line in lines]
    return set(Find.objects.filter(collection=collection, number__in=numbers).values_list("number", flat=True))


def _places(line: ManifestLine, site: str | None) -> tuple[ParsedAddress | None, ParsedAddress | None]:
    """Return the addresses of a line's file and page, None where there is none."""
    if site is None or line.refusal:
        return None, None
    return _parsed(site, line.file), _parsed(site, line.page) if line.page else None


def _parsed(site: str, path: str) -> ParsedAddress | None:
    try:
        return parse(f"{site.rstrip('/')}/{path.lstrip('/')}")
    except AddressInvalid:
        return None


def _find(
    collection: Collection,
    line: ManifestLine,
    places: tuple[ParsedAddress | None, ParsedAddress | None],
    kept: dict[str, Address],
) -> Find:
    picture, page = (kept[one.canonical] if one else None for one in places)
    return Find(
        collection=collection,
        number=line.number,
        path=line.file,
        address=picture,
        page=page,
        claimed=json.dumps({"sha256": line.sha256 or None, "bytes": line.bytes}),
        state=FindState.REFUSED if line.refusal else FindState.REGISTERED,
        refusal=line.refusal[:300],
    )
