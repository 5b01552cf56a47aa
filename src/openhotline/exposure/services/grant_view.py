"""Somebody is about to look: the row is committed and recorded before a byte is shown."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.exposure.models import View
from openhotline.exposure.queries import check_may_look_now


def grant_view(
    *,
    subject: str,
    kind: str,
    size: int,
    session: str,
    actor: Person,
    now: datetime,
    pictures: int = 1,
    weight: float = 1.0,
) -> str:
    """Grant one look and return its one-time token, good for 30 seconds, this person and this session only.

    ``subject`` is the outside id of the item or sheet, ``kind`` View.REVEAL or View.GLIMPSE, ``size`` pixels of one
    picture, ``weight`` what each second counts. Raises NotNow with a sentence when a break is due, the day's budget is
    spent or a shift ends.
    """
    check_may_look_now(actor.public_id, now)
    token = secrets.token_urlsafe(32)
    # Durable: never a part of something larger, so that it is committed when this returns.
    with transaction.atomic(durable=True):
        View.objects.create(
            person=actor.public_id,
            subject=subject,
            kind=kind,
            pictures=pictures,
            size=size,
            weight=weight,
            grant=hash_of(token),
            session=hash_of(session),
            granted_at=now,
        )
        record(
            actor=actor.public_id,
            action="view_granted",
            subject=subject,
            now=now,
            detail={"kind": kind, "pictures": pictures, "size": size},
        )
    return token


def hash_of(secret: str) -> str:
    """Return what the table keeps of a token or a session: its SHA-256 in hex."""
    return sha256(secret.encode()).hexdigest()
