"""What the desk shows of addresses that go to hotlines of other countries, and come from them."""

from dataclasses import dataclass

from django.urls import reverse

from openhotline.desk.queries.later import STATE_WORDS
from openhotline.removal.models import HandedIn, HandedOver, HandoverIn
from openhotline.removal.states import ACTION_WORDS, HandoverAction, RemovalState

MOST = 200
NONE_YET = "nothing said yet"


@dataclass(frozen=True)
class CameIn:
    """A handover that came in, and its addresses; ``left``: those on which nothing was noted."""

    handover: HandoverIn
    addresses: list[HandedIn]
    left: int


def went_out() -> list[list[object]]:
    """Return the newest addresses that were handed over, and what their hotlines said that they did."""
    rows = HandedOver.objects.select_related("handover", "removal__address").order_by("-handover__made_at", "pk")
    rows = rows.defer("removal__address__raw", "removal__address__canonical")
    return [
        [
            {"text": (name := row.removal.address.public_id), "href": reverse("desk_removal", args=[name])},
            row.handover.public_id,
            f"{row.handover.hotline} ({row.handover.country})",
            row.handover.made_at,
            _said(row),
            row.reason,
            row.acted_at or "",
            STATE_WORDS[RemovalState(row.removal.state)],
        ]
        for row in rows[:MOST]
    ]


def came_in() -> list[CameIn]:
    """Return the newest handovers that came in with their addresses as reports, 200 addresses at most."""
    rows = HandedIn.objects.select_related("handover", "report").order_by("-handover__taken_at", "pk")[:MOST]
    found: dict[int, list[HandedIn]] = {}
    for row in rows:
        found.setdefault(row.handover_id, []).append(row)
    return [CameIn(many[0].handover, many, sum(not one.action for one in many)) for many in found.values()]


def _said(row: HandedOver) -> object:
    return ACTION_WORDS[HandoverAction(row.action)] if row.action else {"text": NONE_YET, "tag": "waiting"}
