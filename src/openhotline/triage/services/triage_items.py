"""Step 5: what the machine can say of examined items, their stack and their place in the order."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.one_at_a_time import one_at_a_time
from openhotline.evidence.models import Item
from openhotline.evidence.states import ItemState
from openhotline.triage.events import ItemsSelected, ItemsSetAside, ItemsTriaged
from openhotline.triage.models import Match, SecondLook, Selection
from openhotline.triage.queries.second_looks import drawn
from openhotline.triage.services.judging import Judged, judge
from openhotline.triage.services.place_in_stacks import Placing, place
from openhotline.triage.states import Reason, SelectionState


def triage_items(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Give each examined item its matches, its stack and, where a machine rule speaks, its selection.

    Items already triaged are left alone, so a second delivery changes nothing. Returns how many were new. The machine
    never says what a picture shows: what no rule speaks of waits for a person at a sorting sheet.
    """
    with transaction.atomic():
        # Two that work side by side would each make a stack of the same picture.
        one_at_a_time("place in stacks")
        items = list(
            Item.objects.filter(pk__in=ids, selection=None, state__in=[ItemState.EXAMINED, ItemState.UNREADABLE])
            .defer("provenance", "provenance_sealed")
            .order_by("pk")
        )
        if not items:
            return 0
        judged = judge(items, now=now)
        selections = [(one, _selection(one, now)) for one in judged]
        Match.objects.bulk_create([found.row(now) for one in judged for found in one.found], ignore_conflicts=True)
        # What cannot be read and goes on to a person all the same is a stack of its own.
        placed = [(one, row) for one, row in selections if row.reason != Reason.UNREADABLE]
        place([Placing(one.item, one.seen.suspects_altered_real, row) for one, row in placed], now=now)
        rows = [row for _, row in selections]
        Selection.objects.bulk_create(rows)
        SecondLook.objects.bulk_create([_look(row, now) for row in rows if _is_drawn(row)])
        record(actor=actor, action="items_triaged", subject="items", ids=[i.public_id for i in items], now=now)
        _announce(rows, now)
    return len(items)


def _selection(one: Judged, now: datetime) -> Selection:
    by = f"rule:{one.reason}" if one.reason else ""
    reasons = [list(pair) for pair in one.reasons]
    return Selection(
        item=one.item,
        state=one.state,
        reason=one.reason or "",
        by=by,
        at=now,
        points=one.points,
        reasons=reasons,
        review_at=one.review_at,
    )


def _is_drawn(row: Selection) -> bool:
    """Only what a rule set aside: what a person sorts is drawn at the sheet; what has no tile, nobody can look at."""
    ruled = row.state == SelectionState.SET_ASIDE and row.by.startswith("rule:")
    return ruled and row.item.state == ItemState.EXAMINED and drawn(row.item.public_id)


def _look(row: Selection, now: datetime) -> SecondLook:
    return SecondLook(item=row.item, was_kept=False, reason=row.reason, by=row.by, drawn_at=now)


def _announce(rows: Sequence[Selection], now: datetime) -> None:
    publish(ItemsTriaged(ids=tuple(row.item_id for row in rows)), now=now)
    for event, state in ((ItemsSelected, SelectionState.SELECTED), (ItemsSetAside, SelectionState.SET_ASIDE)):
        ids = tuple(row.item_id for row in rows if row.state == state)
        if ids:
            publish(event(ids=ids), now=now)
