"""A grant is used: once, in time, by whom it was given to."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.services.grant_view import hash_of
from openhotline.exposure.states import GRANT_LIFE

NOT_GOOD = "This look was used, is too old or was not granted to you here. Ask for the picture again."


def redeem_view(*, token: str, subject: str, session: str, actor: Person, now: datetime) -> View:
    """Mark a granted look as shown and return it; bytes may follow. Raises NotNow, always with the same sentence."""
    # Durable: never a part of something larger, so that it is committed when this returns.
    with transaction.atomic(durable=True):
        taken = View.objects.filter(
            grant=hash_of(token),
            person=actor.public_id,
            session=hash_of(session),
            subject=subject,
            shown_at=None,
            granted_at__gt=now - GRANT_LIFE,
        ).update(shown_at=now)
        if not taken:
            raise NotNow(NOT_GOOD)
        record(actor=actor.public_id, action="view_shown", subject=subject, now=now)
    return View.objects.get(grant=hash_of(token))
