"""What a person settled by its small blurred tile alone, and so was spared."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from openhotline.assessment.models import Assessment
from openhotline.exposure.models import View
from openhotline.triage.models import SheetTile
from openhotline.triage.states import Reason

A_SHEET_LASTS = timedelta(days=1)


def settled_unseen(person: str, since: datetime, until: datetime) -> int:
    """Count the pictures that a person saw blurred, and settled from ``since`` to before ``until`` without more.

    On sheets that they finished: what they set aside (a sheet shows nothing unblurred), but for what has no picture:
    there was none to look at. At the desk: what they gave an opinion on and were not shown in full. What waits still,
    or was taken back, was spared nobody.
    """
    shown = View.objects.filter(person=person, shown_at__isnull=False)
    # Begun the day before, and finished after midnight.
    glimpsed = shown.filter(kind=View.GLIMPSE, granted_at__gte=since - A_SHEET_LASTS, granted_at__lt=until)
    aside = SheetTile.objects.filter(
        sheet__public_id__in=glimpsed.values("subject"),
        sheet__person=person,
        sheet__done_at__gte=since,
        sheet__done_at__lt=until,
        kept=False,
    ).exclude(reason=Reason.NOT_OPENED)
    opinions = Assessment.objects.filter(person=person, undone_at=None, made_at__gte=since, made_at__lt=until).filter(
        ~Exists(shown.filter(subject=OuterRef("item__public_id"), kind=View.REVEAL)),
        item__public_id__in=glimpsed.values("subject"),
    )
    return aside.count() + opinions.values("item").distinct().count()
