"""Everything found, seen whole: by reason, over time, by host, and how well the sorting holds."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.core.clock import now
from openhotline.desk.queries.seen_whole import seen_whole
from openhotline.desk.views.page import page
from openhotline.evidence.models import Sighting
from openhotline.triage.models import Share
from openhotline.triage.queries import funnel, overview, quality, rules
from openhotline.triage.states import REASON_SENTENCES, Reason

DAYS = 30


@require_safe
def sorting(request: HttpRequest) -> HttpResponse:
    """Show files found by where they stand and why; no picture, and no single find."""
    whole, checked = funnel(), quality()
    made = overview(Sighting.objects.all(), since=now() - timedelta(days=DAYS))
    context = {
        "whole": whole,
        "view": seen_whole(made),
        "days": DAYS,
        "missed": [[REASON_SENTENCES[Reason(why)], *_share(one)] for why, one in checked.missed.items()],
        "alike": checked.alike,
        "alike_share": _share(checked.alike),
        "looks_waiting": checked.waiting,
        "share_words": _percent(rules().second_looks),
        "look_headers": ("Why it was set aside", "Looked at again", "Kept", "Share", "Interval"),
    }
    return page(request, "desk/sorting.html", context, current="desk_sorting")


def _share(share: Share) -> list[object]:
    """Return looked at, how many, share, and between which ends the share of all most likely lies."""
    if share.interval is None:
        return [0, 0, "", ""]
    low, high = share.interval
    return [share.of, share.hits, _percent(share.hits / share.of), f"{_percent(low)} to {_percent(high)}"]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
