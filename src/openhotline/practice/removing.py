"""Time passes until what was noticed is gone."""

from datetime import timedelta

from django.db.models import QuerySet

from openhotline.practice.machinery import Machinery
from openhotline.practice.progress import Tell
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState

STEP = timedelta(hours=12, minutes=1)
_MOST_STEPS = 8


def wait_until_gone(machinery: Machinery, tell: Tell) -> None:
    """Move the clock from re-check to re-check until no noticed address is left, at most four days."""
    machinery.catch_up()
    for _ in range(_MOST_STEPS):
        _told(tell)
        if not _noticed().exists():
            break
        machinery.pass_time(STEP)
        _do_all_due(machinery)
    _told(tell)


def _noticed() -> QuerySet[Removal]:
    return Removal.objects.filter(state=RemovalState.NOTICED)


def _do_all_due(machinery: Machinery) -> None:
    """One tick re-checks a bounded number of addresses."""
    before = 0
    while (left := _noticed().filter(next_check_at__lte=machinery.now()).count()) not in {0, before}:
        before = left
        machinery.catch_up()


def _told(tell: Tell) -> None:
    gone = Removal.objects.filter(state=RemovalState.GONE).count()
    tell("removing", gone, Removal.objects.count())
