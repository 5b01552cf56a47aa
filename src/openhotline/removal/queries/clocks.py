"""Both clocks of removal: from the report, and from the first notice, until an address was gone."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState


@dataclass(frozen=True)
class Clock:
    """Over how many addresses it was measured, and the median and the longest; None over none."""

    addresses: int
    median: timedelta | None
    longest: timedelta | None


def clocks() -> dict[str, Clock]:
    """Return ``report`` and ``notice``. An address that was gone without a notice counts for the report alone.

    What came back and is there again has no end, so it counts for neither until it is gone once more.
    """
    gone = Removal.objects.filter(state=RemovalState.GONE, gone_at__isnull=False)
    rows = list(gone.values_list("reported_at", "opened_at", "first_noticed_at", "gone_at"))
    reports = [end - (reported or opened) for reported, opened, _, end in rows if end]
    notices = [end - noticed for _, _, noticed, end in rows if noticed and end]
    return {"report": _clock(reports), "notice": _clock(notices)}


def _clock(times: list[timedelta]) -> Clock:
    if not times:
        return Clock(0, None, None)
    return Clock(len(times), timedelta(seconds=median(one.total_seconds() for one in times)), max(times))
