"""The files of a collection become finds that wait to be sealed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import Max

from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.core import crypto
from openhotline.core.events import MOST_IDS, publish
from openhotline.core.net.addresses import ParsedAddress, parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.intake.events import FindsRegistered
from openhotline.intake.models import Address, Batch, Collection, Find, ManifestLine
from openhotline.intake.states import LONGEST_REFUSAL, MAY_PASS, FindState

Name = int | str
"""What a find of a collection is known by: its number in the manifest, or the keyed hash of its path."""


def register_finds(
    *, collection: Collection, lines: Sequence[ManifestLine], now: datetime, actor: str = "step:register_finds"
) -> list[int]:
    """Register at most 500 lines as one batch and return the ids of the finds that may be sealed now.

    Again with the same lines registers nothing, but what was refused for a reason that may have passed is registered
    again when its line is in order. A refused line becomes a refused find with its sentence. With a collection's
    ``site`` each find gets the address of its file and of its page. Raises AuthorityMissing.
    """
    if len(lines) > MOST_IDS:
        raise ValueError(f"{len(lines)} lines are too many at once; register at most {MOST_IDS}.")
    authority = check_covers(latest_authority(now), now)
    named = {_name(collection, line): line for line in lines}
    with transaction.atomic():
        # One batch of a collection at a time, as numbers are given in order.
        Collection.objects.select_for_update().get(pk=collection.pk)
        there = _there(collection, named)
        again = [find for name, find in there.items() if _is_mended(find, named[name])]
        new = {name: line for name, line in named.items() if name not in there}
        if not new and not again:
            return []
        batch = Batch.objects.create(
            collection=collection, at=now, by=actor, authority=authority.public_id, finds=len(new) + len(again)
        )
        _create(batch, new)
        _register_again(batch, again, {find.pk: named[name] for name, find in there.items()})
        finds = list(Find.objects.filter(batch=batch).order_by("number").values_list("pk", "state"))
        taken = [pk for pk, state in finds if state == FindState.REGISTERED]
        record(
            actor=actor,
            action="finds_registered",
            subject=collection.public_id,
            now=now,
            ids=[pk for pk, _ in finds],
            detail={"refused": len(finds) - len(taken), "authority": authority.public_id},
        )
        publish(FindsRegistered(ids=tuple(taken)), now=now)
    return taken


def _name(collection: Collection, line: ManifestLine) -> Name:
    """Return what a find is known by: its number, else the keyed hash of its path."""
    return crypto.lookup("find", f"{collection.pk}:{line.file}") if line.number is None else line.number


def _there(collection: Collection, names: Iterable[Name]) -> dict[Name, Find]:
    """Return the finds that are there already, by what they are known by; encrypted columns are not loaded."""
    numbers = [name for name in names if isinstance(name, int)]
    lookups = [name for name in names if isinstance(name, str)]
    rows = collection.finds.defer("path", "claimed", "told")
    there: dict[Name, Find] = {}
    if numbers:
        there |= {find.number: find for find in rows.filter(number__in=numbers)}
    if lookups:
        there |= {find.lookup: find for find in rows.filter(lookup__in=lookups) if find.lookup}
    return there


def _is_mended(find: Find, line: ManifestLine) -> bool:
    return find.state == FindState.REFUSED and find.why in MAY_PASS and not line.refusal


def _create(batch: Batch, new: Mapping[Name, ManifestLine]) -> None:
    collection = batch.collection
    free = _next_number(collection)
    numbers = {name: line.number if line.number is not None else next(free) for name, line in new.items()}
    places = {name: _places(line, collection.site) for name, line in new.items()}
    kept = Address.objects.keep([one for both in places.values() for one in both if one], now=batch.at)
    finds = []
    for name, line in new.items():
        picture, page = (kept[one.canonical] if one else None for one in places[name])
        find = Find(collection=collection, batch=batch, number=numbers[name], address=picture, page=page)
        find.lookup = name if isinstance(name, str) else None
        _fill(find, line)
        finds.append(find)
    Find.objects.bulk_create(finds)


def _next_number(collection: Collection) -> Iterator[int]:
    """Yield numbers that no find has, those of refused lines without a number apart."""
    last = collection.finds.filter(number__lt=Find.NO_NUMBER).aggregate(last=Max("number"))["last"]
    return count(0 if last is None else last + 1)


def _fill(find: Find, line: ManifestLine) -> None:
    """Write what the line says into a find."""
    find.path = line.file
    find.claimed = json.dumps(dict(line.claims)) if line.claims else None
    find.told = json.dumps(dict(line.told)) if line.told else None
    find.state = FindState.REFUSED if line.refusal else FindState.REGISTERED
    find.why, find.refusal = line.why or "", line.refusal[:LONGEST_REFUSAL]


def _register_again(batch: Batch, finds: Sequence[Find], lines: Mapping[int, ManifestLine]) -> None:
    """The path of a find never changes: a number that now names another file stays with the first."""
    for find in finds:
        path = find.path
        _fill(find, lines[find.pk])
        find.path, find.batch = path, batch
    if finds:
        fields = ["batch", "claimed", "told", "state", "why", "refusal"]
        Find.objects.bulk_update(finds, fields, batch_size=250)


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
