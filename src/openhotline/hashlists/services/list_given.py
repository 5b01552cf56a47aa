"""What a partner's exploitative list gives becomes entries of that stream, and what it takes back leaves it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.hashlists.models import Entry, GivenHash, KnownList
from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.services.withdraw_given import withdraw_given
from openhotline.hashlists.states import NO_LAW, EntryState, HashKind, WithdrawalReason
from openhotline.law.states import AiInvolvement, Answer


def list_given(*, known: KnownList, lines: Sequence[Theirs], actor: str, now: datetime) -> tuple[int, int, int]:
    """Take lines of a list; return how many hashes are new, how many left, how many are of kinds not compared here.

    What the owner calls one entry is one here. Where its hashes changed it is withdrawn and listed as another, and so
    is what comes again after its owner took it back: a withdrawn entry is never active again. What people here
    withdrew stays away, however often the list says it. They go out with a release that two people sign. No law is
    asked, and nothing is determined of what they show.
    """
    new = gone = left = 0
    names: list[str] = []
    with transaction.atomic():
        for _, told in groupby(lines, key=lambda line: line.place):
            group = list(told)
            hashes = {line.kind: line for line in group if line.kind is not None}
            left += sum(line.kind is None and not line.gone for line in group)
            about = _about(known, group)
            taken_back = any(line.gone for line in group)
            if not taken_back and (not hashes or any(_same(one, hashes) for one in about)):
                continue
            # Without a name nobody can say that it is the same entry with other hashes.
            replaced = taken_back or any(line.name for line in group)
            there = [one for one in about if replaced and one.state == EntryState.ACTIVE]
            withdraw_given(entries=there, reason=WithdrawalReason.OWNER, actor=actor, now=now)
            gone += sum(len(one.given.all()) for one in there)
            if not taken_back:
                names.append(_listed(known, hashes, now).public_id)
                new += len(hashes)
        if names:
            record(actor=actor, action="entries_given", subject="entries", ids=names, now=now)
    return new, gone, left


def _named(known: KnownList, line: Theirs) -> str:
    return lookup("their entry", f"{known.name}\0{line.name}") if line.name else ""


def _keyed(kind: HashKind, value: str) -> str:
    return lookup(f"given {kind}", value)


def _about(known: KnownList, group: Sequence[Theirs]) -> list[Entry]:
    """Return the entries that these lines are about: by the owner's name where it gives one, or by a hash.

    Those that people here withdrew are among them; of what left otherwise no hash is kept.
    """
    by = Q(pk__in=[])
    for line in group:
        if named := _named(known, line):
            by |= Q(given__named=named)
        elif line.kind is not None:
            by |= Q(given__lookup=_keyed(line.kind, line.hash))
    keys = Entry.objects.filter(by, given_by=known).values("pk")
    rows = Entry.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return list(rows.prefetch_related("given"))


def _same(entry: Entry, hashes: dict[HashKind, Theirs]) -> bool:
    """Say whether an entry has exactly these hashes."""
    return {one.lookup for one in entry.given.all()} == {_keyed(kind, line.hash) for kind, line in hashes.items()}


def _listed(known: KnownList, hashes: dict[HashKind, Theirs], now: datetime) -> Entry:
    entry = Entry.objects.create(
        given_by=known,
        ai_involvement=AiInvolvement.NOT_DETERMINED,
        real_child=Answer.NOT_DETERMINED,
        jurisdiction=NO_LAW,
        outcome=NO_LAW,
        provision=NO_LAW,
        elsewhere=[],
        consensus=0,
        listed_at=now,
    )
    GivenHash.objects.bulk_create(_row(known, entry, line) for line in hashes.values())
    return entry


def _row(known: KnownList, entry: Entry, line: Theirs) -> GivenHash:
    assert line.kind is not None
    return GivenHash(
        entry=entry,
        kind=line.kind,
        lookup=_keyed(line.kind, line.hash),
        value=line.hash,
        quality=line.quality,
        canonical=line.canonical,
        named=_named(known, line),
    )
