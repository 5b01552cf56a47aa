"""A report on a period leaves the hotline."""

from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.statistics.models import PublishedReport
from openhotline.statistics.models.document import as_json
from openhotline.statistics.models.period import Period
from openhotline.statistics.policies import check_can_publish, check_period, check_rested
from openhotline.statistics.queries.report import PUBLISHED, published_reports, report_on


def publish_report(*, period: Period, actor: Person, now: datetime) -> PublishedReport:
    """Count everything of a period as it stands now, leave out what is small, and publish the rest for good.

    Raises NotAllowed; PublishedAlready; NoPeriod (it is not over or no calendar month, quarter or year, or it shares
    some days with another period of which a report was published and lies neither in it nor around it; in practice the
    first two are let through).
    """
    check_can_publish(actor)
    earlier = published_reports()
    same = [one for one in earlier if (one.begin, one.end) == (period.begin, period.end)]
    check_rested(max((one.published_at for one in same), default=None), now)
    others = [(one.period, one.begin, one.end) for one in earlier]
    check_period(period, others, now, practice=settings.PRACTICE)
    document, _ = report_on(period, now)
    text = as_json(document)
    digest = sha256(text).hexdigest()
    try:
        with transaction.atomic():
            published = PublishedReport.objects.create(
                period=period.name,
                begin=period.begin,
                end=period.end,
                document=text.decode(),
                sha256=digest,
                counted_at=now,
                published_at=now,
                published_by=actor.public_id,
                published_on=now.astimezone(UTC).date(),
                practice=settings.PRACTICE,
            )
            detail = {"manifest": digest}
            record(actor=actor.public_id, action=PUBLISHED, subject=published.public_id, now=now, detail={**detail})
    except IntegrityError:
        # Somebody else published it between looking and writing: they get told when.
        check_rested(now, now)
        raise
    return published
