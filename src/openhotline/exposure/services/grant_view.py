"""Somebody is about to look: the row is committed and recorded before a byte is shown."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.queries import check_may_look_now

USED = "This address has shown its picture already. Load the page again."


def grant_view(
    *,
    subject: str,
    kind: str,
    size: int,
    session: str,
    actor: Person,
    now: datetime,
    weight: float = 1.0,
    ticket: str = "",
) -> str:
    """Grant one look and return its one-time token, good for 30 seconds, this person and this session only.

    ``subject`` is the outside id of the item or sheet, ``kind`` View.REVEAL or View.GLIMPSE, ``size`` pixels of one
    picture, ``weight`` what each second counts. ``ticket`` is good for one look. Raises NotNow with a sentence when a
    break is due, the day's budget is spent, a shift ends, or the ticket was used.
    """
    check_may_look_now(actor.public_id, now)
    token = secrets.token_urlsafe(32)
    if ticket and View.objects.filter(ticket=hash_of(ticket)).exists():
        raise NotNow(USED)
    look = View(
        person=actor.public_id,
        subject=subject,
        kind=kind,
        size=size,
        weight=weight,
        grant=hash_of(token),
        session=hash_of(session),
        ticket=hash_of(ticket) if ticket else None,
        granted_at=now,
    )
    try:
        # Durable: never a part of something larger, so that it is committed when this returns.
        with transaction.atomic(durable=True):
            look.save(force_insert=True)
            record(
                actor=actor.public_id,
                action="view_granted",
                subject=subject,
                now=now,
                detail={"kind": kind, "pictures": look.pictures, "size": size},
            )
    except IntegrityError as error:
        # Of two that come with one ticket at the same moment, the table keeps one.
        raise NotNow(USED) from error
    return token


def hash_of(secret: str) -> str:
    """Return what the table keeps of a token or a session: its SHA-256 in hex."""
    return sha256(secret.encode()).hexdigest()
