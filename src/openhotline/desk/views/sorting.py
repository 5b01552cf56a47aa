"""Everything found, seen whole: by reason, over time, by host, and how well the sorting holds."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.core.clock import now
from openhotline.desk.views.page import page
from openhotline.triage.models import Share
from openhotline.triage.queries import funnel, overview, quality, rules
from openhotline.triage.queries.overview import Standing
from openhotline.triage.states import REASON_SENTENCES, Reason

STANDING = ("Found", "For a sheet", "Selected", "Set aside")


@require_safe
def sorting(request: HttpRequest) -> HttpResponse:
    """Show files found by where they stand and why; no picture, and no single find."""
    whole, made, checked = funnel(), overview(now()), quality()
    context = {
        "whole": whole,
        "selected": _reasons(whole.selected, whole.found),
        "aside": _reasons(whole.set_aside, whole.found),
        "days": [[day.isoformat(), *_counts(one)] for day, one in made.days.items()],
        "hosts": [[host or "All other hosts", *_counts(one)] for host, one in made.hosts.items()],
        "left_out": made.addresses_left_out,
        "without": made.without,
        "missed": [[REASON_SENTENCES[Reason(why)], *_share(one)] for why, one in checked.missed.items()],
        "alike": checked.alike,
        "alike_share": _share(checked.alike),
        "looks_waiting": checked.waiting,
        "share_words": _percent(rules().second_looks),
        "reason_headers": ("Reason", "Files", "Of all found"),
        "look_headers": ("Why it was set aside", "Looked at again", "Kept", "Share", "Interval"),
        "day_headers": ("Day", *STANDING),
        "host_headers": ("Host", *STANDING),
    }
    return page(request, "desk/sorting.html", context, current="desk_sorting")


def _reasons(counted: dict[str, int], found: int) -> list[list[object]]:
    rows = sorted(counted.items(), key=lambda one: -one[1])
    return [[REASON_SENTENCES[Reason(why)], many, _percent(many / found) if found else ""] for why, many in rows]


def _counts(one: Standing) -> list[int]:
    return [one.found, one.unsorted, one.selected, one.set_aside]


def _share(share: Share) -> list[object]:
    """Return looked at, how many, share, and between which ends the share of all most likely lies."""
    if share.interval is None:
        return [0, 0, "", ""]
    low, high = share.interval
    return [share.of, share.hits, _percent(share.hits / share.of), f"{_percent(low)} to {_percent(high)}"]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
