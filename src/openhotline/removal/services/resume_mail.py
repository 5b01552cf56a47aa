"""A person has compared what waits with what the mail server sent, and lets notices go out again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.services.record import record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.removal.models import MailHold, Notice
from openhotline.removal.services.send_notices import note_as_sent

RESUMERS = frozenset({Role.OPERATOR, Role.SENIOR, Role.MANAGER})


@dataclass(frozen=True)
class Resumed:
    """How many waiting notices the mail server had sent already, and how many go out now."""

    sent_before: int
    to_send: int


def resume_mail(*, sent: str, actor: Person, now: datetime) -> Resumed:
    """End the hold. A waiting notice whose Message-ID stands in ``sent`` (the mail server's log) counts as sent.

    Raises NotAllowed, and NotNow when no hold is in force.
    """
    if Role(actor.role) not in RESUMERS:
        raise NotAllowed(
            f"A {actor.role_name.lower()} does not resume mail; an operator, senior analyst or manager does."
        )
    with transaction.atomic():
        hold = MailHold.objects.select_for_update().filter(ended_at=None).first()
        if hold is None:
            raise NotNow("Mail is not held, so there is nothing to resume.")
        waiting = list(Notice.objects.filter(sent_at=None).select_related("hosting").order_by("pk"))
        before = [notice for notice in waiting if notice.message_id in sent]
        for notice in before:
            note_as_sent(notice, actor=actor.public_id, now=now)
        hold.ended_at, hold.ended_by = now, actor.public_id
        hold.save(update_fields=["ended_at", "ended_by"])
        told = Resumed(len(before), len(waiting) - len(before))
        record(
            actor=actor.public_id,
            action="mail_resumed",
            subject="notices",
            now=now,
            detail={"sent_before": told.sent_before, "to_send": told.to_send},
        )
    return told
