"""What a release brought is answered by the match service from now on."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from openhotline.audit.services.record import record
from openhotline.core.crypto import door_lookup
from openhotline.core.nearby import hash_of
from openhotline.hashlists.models import Entry, GivenHash, ServedHash
from openhotline.hashlists.models.served_list import append, begin_anew, compact, number_of
from openhotline.hashlists.queries.prints import prints_of, with_prints
from openhotline.hashlists.queries.served import note_served, served_folder
from openhotline.hashlists.states import HashKind, Stream

CHUNK = 500
KINDS = ("sha256", "sha1", "md5")


def serve_release(*, version: int, actor: str, now: datetime, anew: bool = False) -> int:
    """Serve every published entry that is not served yet; return how many. Every process finds them at its next search.

    The journal is durable before the rows say so: after a crash here the same entries are taken again, once.
    ``anew``: journals, index files and rows are made again from nothing.
    """
    done = 0
    if anew:
        ServedHash.objects.all().delete()
        begin_anew(served_folder())
    while chunk := _waiting():
        with transaction.atomic():
            _append(chunk)
            ServedHash.objects.bulk_create([row for one in chunk for row in _rows(one)], ignore_conflicts=True)
            names = [one.public_id for one in chunk]
            detail = {"version": version}
            record(actor=actor, action="entries_served", subject="entries", ids=names, now=now, detail={**detail})
        done += len(chunk)
    for stream in Stream:
        compact(served_folder(), stream)
    note_served(version, now)
    return done


def serve_moved(*, ids: Sequence[int]) -> int:
    """Let entries that are served already be found in the stream that they are in now; return how many were asked of.

    Twice is once, and nothing is recorded: that they changed was.
    """
    served = ServedHash.objects.filter(entry__in=ids).values("entry")
    chunk = list(with_prints(Entry.objects.filter(pk__in=served)).order_by("pk"))
    _append(chunk)
    return len(chunk)


def _waiting() -> list[Entry]:
    # Of what a partner took back before it was served no hash is left to be found by.
    known = Q(item__isnull=False) | Exists(GivenHash.objects.filter(entry=OuterRef("pk")))
    rows = with_prints(Entry.objects.filter(known, released_in__isnull=False, served__isnull=True))
    return list(rows.order_by("pk")[:CHUNK])


def _rows(one: Entry) -> Iterator[ServedHash]:
    prints = prints_of(one)
    for kind in KINDS:
        if kind in prints.files:
            yield ServedHash(entry=one, kind=kind, lookup=door_lookup(f"served {kind}", prints.files[kind]))
    if prints.pdq is not None:
        number = str(number_of(one.public_id))
        yield ServedHash(entry=one, kind=HashKind.PDQ, lookup=number, canonical=prints.canonical)


def _append(chunk: Sequence[Entry]) -> None:
    pictures = [(one, prints.pdq) for one in chunk if (prints := prints_of(one)).pdq and prints.clear]
    for stream in Stream:
        mine = [(number_of(one.public_id), hash_of(pdq)) for one, pdq in pictures if one.stream == stream]
        if mine:
            numbers = np.array([number for number, _ in mine], np.int64)
            append(served_folder(), stream, numbers, np.stack([pdq for _, pdq in mine]))
