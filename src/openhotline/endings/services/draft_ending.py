"""One person names exactly which records of a class are to end."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.endings.models import Ending
from openhotline.endings.policies import check_ended_by_people, check_ends_records
from openhotline.endings.queries import class_named, due_names
from openhotline.endings.states import MOST
from openhotline.retention.states import End


def draft_ending(*, record_class: str, names: Iterable[str] | None, actor: Person, now: datetime) -> Ending:
    """Write down which records (outside ids; None: what is due, at most 10,000) of a class are to end.

    Nothing ends yet. Where two people end a class, it asks for the approval of exactly these. Raises NotAllowed;
    Missing for no class; NotNow for a class that people do not end, for nothing, and for too much.
    """
    check_ends_records(actor)
    one = class_named(record_class)
    check_ended_by_people(one)
    if names is None and one.days is None:
        raise NotNow(f"No time ends {one.name}: name what is to end.")
    wanted = list(dict.fromkeys(islice(due_names(one, now), MOST) if names is None else names))
    if not 0 < len(wanted) <= MOST:
        raise NotNow(f"{len(wanted):,} records cannot end at once; 1 to {MOST:,} can. See: openhotline retention due.")
    with transaction.atomic():
        ending = Ending.objects.create(record_class=one.name, names=wanted, drafted_at=now)
        digest = ending.manifest_sha256
        if one.end == End.TWO_PEOPLE:
            ask_approval(purpose=Purpose.ENDING, subject=ending.public_id, manifest_sha256=digest, actor=actor, now=now)
        record(
            actor=actor.public_id, action="ending_drafted", subject=ending.public_id, now=now, ids=wanted,
            detail={"kind": one.name, "manifest": digest},
        )  # fmt: skip
    return ending
