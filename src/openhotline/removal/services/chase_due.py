"""What is still there after a notice: the same contact is written to again, then the next in line."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.removal.events import HostsFound
from openhotline.removal.models import Complaint, Recheck, Removal
from openhotline.removal.policies import CHASE_AFTER, CHASES_A_LEVEL, CHECK_EVERY, TAKE_UP_AFTER, next_level
from openhotline.removal.services.find_hosts import CONTACT_WAITS
from openhotline.removal.states import ContactState, RemovalState, Seen

ALL_WRITTEN_TO = "Host, owner and registrar were written to as often as they are. A person decides what comes next."


def chase_due(*, actor: str, now: datetime, limit: int = 500) -> int:
    """Make a further notice due for addresses (at most ``limit``) that the last look still found; return for how many.

    Each contact gets three notices at most, then the owner of the domain and then its registrar are turned to. Nobody
    is chased while a complaint is unanswered.
    """
    with transaction.atomic():
        rows = list(
            _due(now)
            .select_for_update(of=("self",))
            .select_related("hosting__host_contact", "hosting__owner_contact", "hosting__registrar_contact")
            .order_by("pk")[:limit]
        )
        for row in rows:
            _move(row, now)
        Removal.save_alike(rows, ["state", "level", "chases", "sentence", "next_check_at"])
        due = _in_state(rows, RemovalState.NOTICE_DUE)
        if rows:
            keys = [row.pk for row in rows]
            detail = {"found": len(due), "left": len(rows) - len(due)}
            record(actor=actor, action="removals_chased", subject="removals", ids=keys, now=now, detail={**detail})
        if due:
            publish(HostsFound(ids=tuple(due)), now=now)
    return len(due)


def _due(now: datetime) -> "QuerySet[Removal]":
    last = Recheck.objects.filter(removal=OuterRef("pk")).order_by("-at", "-pk")
    open_ones = Complaint.objects.filter(answered_at=None)
    return (
        Removal.objects.annotate(last_seen=Subquery(last.values("seen")[:1]))
        .filter(state=RemovalState.NOTICED, noticed_at__lte=now - CHASE_AFTER, last_seen=Seen.PRESENT)
        .exclude(sentence=ALL_WRITTEN_TO)
        .exclude(pk__in=open_ones.filter(removal__isnull=False).values("removal"))
        .exclude(told__notice__in=open_ones.filter(notice__isnull=False).values("notice"))
    )


def _move(row: Removal, now: datetime) -> None:
    if row.chases < CHASES_A_LEVEL:
        row.chases += 1
        row.state, row.next_check_at = RemovalState.NOTICE_DUE, now + TAKE_UP_AFTER
        return
    level = next_level(row.level)
    while level is not None and (row.hosting is None or row.hosting.contact_at(level) is None):
        level = next_level(level)
    if level is None or row.hosting is None:
        row.sentence = ALL_WRITTEN_TO
        return
    contact = row.hosting.contact_at(level)
    assert contact is not None
    row.level, row.chases = level, 0
    if contact.state == ContactState.APPROVED:
        row.state, row.next_check_at = RemovalState.NOTICE_DUE, now + TAKE_UP_AFTER
    else:
        row.state, row.sentence, row.next_check_at = RemovalState.CONTACT_WAITS, CONTACT_WAITS, now + CHECK_EVERY


def _in_state(rows: Sequence[Removal], state: RemovalState) -> list[int]:
    return [row.pk for row in rows if row.state == state]
