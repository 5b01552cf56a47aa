"""The figures of now leave the hotline, without small counts, and stand until the next ones do."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.policies import check_can_publish, check_rested, content_of
from openhotline.statistics.queries import figures, latest_published


def publish_figures(*, actor: Person, now: datetime) -> PublishedFigures:
    """Count everything, leave out what is small, and publish the rest.

    Raises NotAllowed, and PublishedAlready when figures were published within the last day.
    """
    check_can_publish(actor)
    _check_rested(now)
    try:
        with transaction.atomic():
            published = PublishedFigures.objects.create(**_counted(actor, now))
            record(actor=actor.public_id, action="figures_published", subject=published.public_id, now=now)
    except IntegrityError:
        # Somebody else published between looking and writing: they get told when.
        _check_rested(now)
        raise
    return published


def _check_rested(now: datetime) -> None:
    last = latest_published()
    check_rested(last.published_at if last else None, now)


def _counted(actor: Person, now: datetime) -> dict[str, object]:
    counted = figures(now)
    return {
        "content": content_of(counted, suppress=True),
        "period_end": counted.at,
        "published_at": now,
        "published_by": actor.public_id,
        "published_on": now.astimezone(UTC).date(),
        "practice": settings.PRACTICE,
    }
