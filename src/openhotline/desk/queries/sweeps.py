"""What the desk shows of sweeps: never outside."""

from datetime import datetime
from typing import Any

from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import Purpose
from openhotline.core.showing import visible
from openhotline.intake.models import Sweep, SweptPage
from openhotline.intake.states import SweepState, VisitState

MOST_SWEEPS = 50
MOST_PAGES = 100
ENDS: dict[str, str] = {
    "": "Not visited yet",
    VisitState.NEW: "Something was new",
    VisitState.NOTHING_NEW: "Nothing was new",
    VisitState.FAILED: "Did not work",
    VisitState.REFUSED: "Not asked",
}
TAGS: dict[str, str] = {VisitState.NEW: "now", VisitState.NOTHING_NEW: "done", VisitState.FAILED: "wrong"}
PAGE_HEADERS = ("Address", "Last visit", "Visits", "New files", "Confirmed", "How often", "Next visit")


def sweep_cards(now: datetime) -> list[dict[str, Any]]:
    """Return sweeps, newest first, with their pages; those that are visited most often come first."""
    return [sweep_card(one, now) for one in Sweep.objects.order_by("-pk")[:MOST_SWEEPS]]


def sweep_card(sweep: Sweep, now: datetime) -> dict[str, Any]:
    """Return one sweep with at most 100 of its pages, all while it is drafted, as two people have to agree on them."""
    rows = sweep.pages.select_related("address", "sweep").order_by("-confirmed", "-found", "pk")
    drafted = sweep.state == SweepState.DRAFTED
    return {
        "sweep": sweep,
        "over": sweep.state == SweepState.RUNNING and now >= sweep.until,
        "approval": approval_of(Purpose.SWEEP, sweep.public_id) if drafted else None,
        "fingerprint": sweep.manifest_sha256() if drafted else "",
        "pages": [_line(page) for page in rows[: None if drafted else MOST_PAGES]],
        "many": rows.count(),
    }


def _line(page: SweptPage) -> list[object]:
    return [
        visible(str(page.address.canonical)),
        {"text": ENDS[page.last_state], "tag": TAGS.get(page.last_state, "waiting")},
        page.visits,
        page.found,
        page.confirmed,
        _often(page),
        f"{page.due_at:%d %b %Y, %H:%M}" if page.due_at else "None",
    ]


def _often(page: SweptPage) -> str:
    """Return in words what the rule makes of this page."""
    hours = page.wait.total_seconds() / 3600
    if page.failures:
        return f"Every {hours:g} hours: it failed {page.failures} times in a row"
    if page.how_often > 1:
        return f"Every {hours:.1f} hours: {page.how_often} times as often"
    return f"Every {hours:g} hours"
