"""A member asks whether hashes are on the list, and is told what its agreement allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from openhotline.audit.services.record import record
from openhotline.hashlists.models import Member, QueryFlag
from openhotline.hashlists.models.lookups_ahead import Asking
from openhotline.hashlists.queries.own_canaries import OwnCanaries, canaries_for
from openhotline.hashlists.queries.served import Hit, hits_of_files, hits_of_pictures, related_of
from openhotline.hashlists.services.count_lookups import check_budget, count_lookups
from openhotline.hashlists.services.keep_met import meetings
from openhotline.hashlists.states import LEAST_QUALITY, HashKind, MemberPurpose


@dataclass(frozen=True)
class Asked:
    """One hash in lower-case hex; ``quality`` of a picture, 0 to 100, None where the member does not know it."""

    kind: HashKind
    hash: str
    quality: int | None = None

    @property
    def unclear(self) -> bool:
        """Whether the hash says too little of its picture to be compared."""
        return self.kind == HashKind.PDQ and self.quality is not None and self.quality < LEAST_QUALITY


@dataclass(frozen=True)
class Told:
    """What was found for one hash, nearest first. ``unclear``: nothing was compared, which is not a "no".

    ``picture``: the hash is one of a picture, and not of a file.
    """

    hits: tuple[Hit, ...] = ()
    unclear: bool = False
    picture: bool = False


def answer_lookups(
    *, member: Member, asked: Sequence[Asked], actor: str, now: datetime, streams: Sequence[str] | None = None
) -> list[Told]:
    """Compare hashes with what is published, count them against the day's budget, and log it; in the order asked.

    Withdrawn entries and those whose stage is not reached are never found. Queries that resemble each other as when
    somebody feels for where a match begins are flagged for a person; they are answered all the same. What a member met
    that stops uploads is counted by entry and day, for all members together (`keep_met`). Raises TooMany.
    """
    agreed, name = member.agreed, member.public_id
    check_budget(name, actor, agreed.daily, len(asked), now=now)
    clear = [at for at, one in enumerate(asked) if one.kind == HashKind.PDQ and not one.unclear]
    pictures = np.frombuffer(bytes.fromhex("".join([asked[at].hash for at in clear])), np.uint8).reshape(-1, 32)
    told = _found(asked, clear, pictures, streams or agreed.streams, canaries_for(member))
    # Before it is counted and outside of that transaction: it locks a file for all processes.
    related = related_of(name).note(pictures, day=now.toordinal())
    if related:
        _flag(member, related, actor, now)
    found, unclear = sum(bool(one.hits) for one in told), sum(one.unclear for one in told)
    asking = Asking(1, len(asked), found, unclear)
    count_lookups(member=name, daily=agreed.daily, asking=asking, actor=actor, now=now)
    if found and member.purpose == MemberPurpose.UPLOADS:
        meetings.note((hit.entry.public_id for one in told for hit in one.hits), now)
    return told


def _flag(member: Member, related: Sequence[int], actor: str, now: datetime) -> None:
    with transaction.atomic():
        for about in related:
            flag = QueryFlag.objects.create(member=member, related=about, raised_at=now)
            record(actor=actor, action="queries_flagged", subject=flag.public_id, now=now)


def _found(
    asked: Sequence[Asked],
    clear: Sequence[int],
    pictures: NDArray[np.uint8],
    streams: Sequence[str],
    mine: OwnCanaries,
) -> list[Told]:
    hits: dict[int, list[Hit]] = {}
    files = [at for at, one in enumerate(asked) if one.kind != HashKind.PDQ]
    if clear:
        for hit in hits_of_pictures(pictures, streams, mine):
            hits.setdefault(clear[hit.query], []).append(hit)
    if files:
        for hit in hits_of_files([(asked[at].kind, asked[at].hash) for at in files], streams, mine):
            hits.setdefault(files[hit.query], []).append(hit)
    return [Told(tuple(hits.get(at, ())), one.unclear, one.kind == HashKind.PDQ) for at, one in enumerate(asked)]
