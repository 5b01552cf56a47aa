"""A look goes on: the page says so every few seconds while a key is held."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.queries import check_may_look_now
from openhotline.exposure.services.grant_view import hash_of

OVER = "This look is over. Let go, and hold again to look once more."


def note_beat(*, token: str, session: str, actor: Person, now: datetime) -> None:
    """Move on the moment until which a look is known to last. Raises NotNow when it is over or a break is due."""
    with transaction.atomic():
        moved = View.objects.filter(
            grant=hash_of(token),
            person=actor.public_id,
            session=hash_of(session),
            shown_at__isnull=False,
            seconds=None,
        ).update(beat_at=now)
        if not moved:
            raise NotNow(OVER)
    check_may_look_now(actor.public_id, now)
