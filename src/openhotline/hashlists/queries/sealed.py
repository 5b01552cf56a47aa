"""Reading the lists that are sealed to members: what is due, what stands on them, where a member's own lie."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from openhotline.core.crypto import lookup
from openhotline.evidence.models import Sighting
from openhotline.hashlists.models import ListedAddress, Member, Routine, SealedEdition, SealedRelease, SelfReported
from openhotline.hashlists.models.canaries import CANARIES, canary_of
from openhotline.hashlists.models.sealed_list import SealedLine
from openhotline.hashlists.queries.editions import canaries_of, edition_path
from openhotline.hashlists.queries.members import admitted, members
from openhotline.hashlists.states import (
    CRIMINAL,
    RELEASED_EVERY,
    EntryState,
    Part,
    RoutineState,
    SealedKind,
    SelfReportedState,
    stream_of,
)

CHUNK = 500
Line = dict[str, Any]


def sealed_folder(kind: str) -> Path:
    """Return where signed versions of one of these lists lie."""
    folder = Path(settings.VAR) / "releases" / kind
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def sealed_path(member: Member, kind: str, version: int) -> Path:
    """Return where a member's edition lies, sealed."""
    return edition_path(member, version).with_name(f"{kind}-{version}.age")


def sealed_changes_path(member: Member, kind: str, version: int) -> Path:
    """Return where the changes lie that lead to a member's edition, sealed."""
    return edition_path(member, version).with_name(f"{kind}-{version}.changes.age")


def running(kind: str, now: datetime) -> Routine | None:
    """Return by whose approval a list is released by the clock now; None: by nobody's."""
    rows = Routine.objects.filter(kind=kind, state=RoutineState.RUNNING, until__gt=now)
    return rows.order_by("-pk").first()


def held_routines(now: datetime) -> list[Routine]:
    """Return the routines that run and hold something back, since more was new than two people approved."""
    return [one for kind in SealedKind if (one := running(kind, now)) is not None and one.held_at is not None]


def drafted_routine(kind: str, now: datetime) -> Routine | None:
    """Return the routine that waits for a second person, or to be begun."""
    return Routine.objects.filter(kind=kind, state=RoutineState.DRAFTED, until__gt=now).order_by("-pk").first()


def routine_named(name: str) -> Routine | None:
    """Return a routine by its outside id."""
    return Routine.objects.filter(public_id=name).first()


def newest_sealed(kind: str) -> SealedRelease | None:
    """Return the newest version of a list; None before the first."""
    return SealedRelease.objects.filter(kind=kind).order_by("-version").first()


def is_due(kind: SealedKind, now: datetime) -> bool:
    """Say whether the next release may follow by now."""
    newest = newest_sealed(kind)
    return newest is None or newest.published_at + RELEASED_EVERY[kind] <= now


def listed_live() -> list[int]:
    """Return the keys of addresses that were last known to be live."""
    return list(ListedAddress.objects.filter(live=True).order_by("pk").values_list("address_id", flat=True))


def streams_at(addresses: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return address key -> streams of the active entries seen there, on the page or as the address itself."""
    wanted, found = set(addresses), dict[int, set[str]]()
    rows = Sighting.objects.filter(Q(address__in=wanted) | Q(page__in=wanted), item__entry__state=EntryState.ACTIVE)
    facts = ("address_id", "page_id", "item__entry__outcome", "item__entry__ai_involvement")
    for address, page, outcome, ai in rows.values_list(*facts):
        for place in {address, page} & wanted:
            found.setdefault(place, set()).add(stream_of(outcome=outcome, ai_involvement=ai))
    return {place: tuple(sorted(streams)) for place, streams in found.items()}


def released_lines(kind: str) -> Iterator[SealedLine]:
    """Yield every line of a list as it was last released, gone ones too, in the order in which they came."""
    if kind == SealedKind.ADDRESSES:
        rows = ListedAddress.objects.filter(since__isnull=False).order_by("pk")
        for name, since, streams, was_in in rows.values_list("public_id", "since", "streams", "was_in").iterator():
            yield SealedLine(name, since or 0, tuple(streams), tuple(was_in))
        return
    everyone = CRIMINAL
    hashes = SelfReported.objects.filter(released_in__isnull=False).order_by("pk")
    for name, since, gone in hashes.values_list("public_id", "released_in", "tombstoned_in").iterator():
        yield SealedLine(name, gone or since or 0, () if gone else everyone, everyone)


def contents_of(kind: str, names: Sequence[str]) -> dict[str, Line]:
    """Return {outside id: what a member is told of it}, in clear."""
    if kind == SealedKind.ADDRESSES:
        addresses = ListedAddress.objects.filter(public_id__in=names).select_related("address")
        return {row.public_id: {"address": row.address.canonical} for row in addresses}
    hashes = SelfReported.objects.filter(public_id__in=names, state=SelfReportedState.UNREVIEWED)
    return {row.public_id: _unreviewed(str(row.pdq), row.quality or 0) for row in hashes}


def _unreviewed(pdq: str, quality: int) -> Line:
    return {"hashes": {"pdq": pdq}, "pdq_quality": quality, "standing": "unreviewed: look at the picture before acting"}


def sealed_canaries(member: Member, kind: str) -> Iterator[tuple[str, Line]]:
    """Yield the lines that stand in this member's list alone: outside id and contents."""
    for at in range(CANARIES):
        seed = lookup(f"canary {kind}", f"{member.public_id} {at}")
        one = canary_of(bytes.fromhex(seed))
        if kind == SealedKind.SELF_REPORTED:
            yield one.name.replace("ent_", "slf_"), _unreviewed(one.hashes["pdq"], one.quality)
        elif settings.CANARY_SITES:
            host = settings.CANARY_SITES[int(seed[:8], 16) % len(settings.CANARY_SITES)]
            yield one.name.replace("ent_", "adl_"), {"address": f"https://{host}/{seed[8:20]}/{seed[20:26]}.html"}


def sealed_marks(member: Member) -> Iterator[str]:
    """Yield what in a text says that it is this member's list."""
    for kind in SealedKind:
        for name, contents in sealed_canaries(member, kind):
            yield name
            yield contents.get("address") or contents["hashes"]["pdq"]


def whose(text: str) -> Iterator[Member]:
    """Yield the members whose canaries stand in a text, by id, hash or address: whose list it is that leaked."""
    said = text.lower()
    for member in members():
        mine = [one for part in Part for one in canaries_of(member, part)]
        marks = [mark for one in mine for mark in (one.name, *one.hashes.values())]
        if any(mark in said for mark in (*marks, *sealed_marks(member))):
            yield member


def sealed_takers(kind: str, only: Sequence[int] = ()) -> list[Member]:
    """Return the members whose agreement gives them a list, all or only these."""
    return [one for one in admitted() if getattr(one.agreed, kind) and (not only or one.pk in only)]


def newest_sealed_edition(member: Member, kind: str) -> SealedEdition | None:
    """Return the last edition of a list that a member was given; None before the first."""
    return SealedEdition.objects.filter(member=member, kind=kind).order_by("-version").first()


@dataclass(frozen=True)
class SealedFile:
    """What a member is given to read, and at which version it then is."""

    path: Path
    version: int


def sealed_file(member: Member, newest: SealedEdition, since: int | None) -> SealedFile | None:
    """Return the newest edition, or the changes that lead on from a version; None when none do."""
    if since is None:
        return SealedFile(sealed_path(member, newest.kind, newest.version), newest.version)
    row = SealedEdition.objects.filter(member=member, kind=newest.kind, follows=since).first()
    return None if row is None else SealedFile(sealed_changes_path(member, row.kind, row.version), row.version)


def first_version(member: Member, kind: str) -> int | None:
    """Return the version of a member's first edition of a list."""
    rows = SealedEdition.objects.filter(member=member, kind=kind).order_by("version")
    return rows.values_list("version", flat=True).first()


def in_chunks(lines: Iterable[SealedLine]) -> Iterator[list[SealedLine]]:
    """Yield lines in pieces of a size that the database is asked for at once."""
    piece: list[SealedLine] = []
    for line in lines:
        piece.append(line)
        if len(piece) == CHUNK:
            yield piece
            piece = []
    yield piece
