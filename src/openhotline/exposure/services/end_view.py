"""A look is over: how long, how large."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.exposure.models import View
from openhotline.exposure.policies import counted_seconds
from openhotline.exposure.services.grant_view import hash_of


def end_view(
    *, token: str, seconds: float, actor: Person, now: datetime, session: str, size: int | None = None
) -> View:
    """Note the end of a look; the first report counts, later ones change nothing.

    ``seconds`` is what the page says, bounded by the time since the bytes were sent; ``size`` (pixels on the screen)
    can only make it smaller. Raises Missing for a look that was not this person's here, or never shown.
    """
    with transaction.atomic():
        view = (
            View.objects.select_for_update()
            .filter(grant=hash_of(token), person=actor.public_id, session=hash_of(session), shown_at__isnull=False)
            .first()
        )
        if view is None or view.shown_at is None:
            raise Missing("There is no such look to end.")
        if view.seconds is None:
            view.seconds = counted_seconds(claimed=seconds, shown_at=view.shown_at, now=now)
            view.size = view.size if size is None else max(0, min(size, view.size))
            view.save(update_fields=["seconds", "size"])
            record(
                actor=actor.public_id,
                action="view_ended",
                subject=view.subject,
                now=now,
                detail={"seconds": round(view.seconds, 3), "size": view.size},
            )
    return view
