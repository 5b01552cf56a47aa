"""Small blurred tiles come onto the screen: one row for the item's page, or for the whole sheet."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.exposure.models import View
from openhotline.exposure.queries import check_may_look_now
from openhotline.exposure.services.grant_view import hash_of
from openhotline.exposure.states import GLIMPSE_SECONDS


def note_glimpse(
    *, subject: str, pictures: int, size: int, session: str, actor: Person, now: datetime, weight: float = 1.0
) -> View:
    """Commit that somebody glimpses a subject's tiles (``pictures`` of them) and return the row.

    One row a person, session and subject: the second tile of a sheet adds none. Each picture counts one second.
    Raises NotNow when a break is due or the day's budget is spent.
    """
    grant = hash_of(f"glimpse {actor.public_id} {session} {subject}")
    known = View.objects.filter(grant=grant).first()
    if known is not None:
        return known
    check_may_look_now(actor.public_id, now)
    # Durable: never a part of something larger, so that it is committed when this returns.
    with transaction.atomic(durable=True):
        view, is_new = View.objects.get_or_create(
            grant=grant,
            defaults={
                "person": actor.public_id,
                "subject": subject,
                "kind": View.GLIMPSE,
                "pictures": pictures,
                "size": size,
                "weight": weight,
                "session": hash_of(session),
                "granted_at": now,
                "shown_at": now,
                "seconds": GLIMPSE_SECONDS * pictures,
            },
        )
        if is_new:
            record(
                actor=actor.public_id,
                action="glimpse_noted",
                subject=subject,
                now=now,
                detail={"pictures": pictures, "size": size},
            )
    return view
