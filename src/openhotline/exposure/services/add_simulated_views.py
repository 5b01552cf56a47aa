"""Scripted analysts of the practice run look for a simulated time, and it is labelled so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import NotAllowed
from openhotline.core.ids import public_id
from openhotline.exposure.models import View
from openhotline.exposure.services.grant_view import hash_of


@dataclass(frozen=True)
class SimulatedView:
    """One look of a scripted analyst: person and subject by outside id, kind as in View, pixels, seconds."""

    person: str
    subject: str
    kind: str
    size: int
    seconds: float
    at: datetime
    pictures: int = 1


def add_simulated_views(*, views: Sequence[SimulatedView], actor: str, now: datetime) -> int:
    """Write looks that nobody took, marked as simulated, and return how many. Raises NotAllowed outside practice."""
    if not settings.PRACTICE:
        raise NotAllowed("Looks are simulated in practice mode only; here people look for themselves.")
    if not views:
        return 0
    with transaction.atomic():
        View.objects.bulk_create([_row(view) for view in views], batch_size=500)
        record(
            actor=actor,
            action="views_simulated",
            subject="views",
            now=now,
            ids=[view.subject for view in views],
            detail={"seconds": round(sum(view.seconds for view in views), 1)},
        )
    return len(views)


def _row(view: SimulatedView) -> View:
    return View(
        person=view.person,
        subject=view.subject,
        kind=view.kind,
        pictures=view.pictures,
        size=view.size,
        grant=hash_of(public_id("sim")),
        granted_at=view.at,
        shown_at=view.at,
        seconds=view.seconds,
        simulated=True,
    )
