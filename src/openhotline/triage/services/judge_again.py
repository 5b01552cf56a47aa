"""Step 5 once more: what is known of triaged items has changed, so selection and order follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.one_at_a_time import one_at_a_time
from openhotline.evidence.models import Item
from openhotline.triage.events import ItemsSelected, ItemsSetAside, PrioritiesChanged
from openhotline.triage.models import Match, Selection, SheetTile, Stack, StackMember
from openhotline.triage.services.judging import Judged, judge
from openhotline.triage.services.place_in_stacks import Placing, place
from openhotline.triage.states import Reason, SelectionState, SheetState

CHANGED = ("state", "reason", "by", "at", "points", "reasons", "review_at")


def judge_again(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Match triaged items (at most 500) anew and let the rules speak again; return how many changed.

    What a rule said, another can take back; what a person set aside comes back only when a list knows the file; what
    went on to assessment stays there. Stacks go to the place of their highest member. The same state again changes
    nothing and leaves no record.
    """
    with transaction.atomic():
        one_at_a_time("place in stacks")  # as in triage_items
        rows = {
            row.item_id: row for row in Selection.objects.select_for_update().filter(item_id__in=ids).order_by("pk")
        }
        items = Item.objects.filter(pk__in=rows).defer("provenance", "provenance_sealed").order_by("pk")
        judged = judge(list(items), now=now)
        changed = [rows[one.item.pk] for one in judged if _follow(rows[one.item.pk], one, now)]
        changed_matches = _match_again(judged, now)
        _place_now(judged, rows, now)
        Selection.objects.bulk_update(changed, CHANGED)
        if changed or changed_matches:
            record(actor=actor, action="items_judged_again", subject="items", ids=_names(judged), now=now)
        _place_again([row.item_id for row in changed], now)
        _announce(changed, now)
    return len(changed)


def _names(judged: Sequence[Judged]) -> list[str]:
    return [one.item.public_id for one in judged]


def _follow(row: Selection, one: Judged, now: datetime) -> bool:
    """Give a selection what the rules say now; return whether that is another thing than before."""
    before = (row.state, row.reason, row.points, row.reasons, row.review_at)
    if _may_follow(row, one):
        by = f"rule:{one.reason}" if one.reason else ""
        row.state, row.reason, row.by = one.state, one.reason or "", by
    row.points, row.reasons, row.review_at = one.points, [list(pair) for pair in one.reasons], one.review_at
    if (row.state, row.reason) != before[:2]:
        row.at = now
    return (row.state, row.reason, row.points, row.reasons, row.review_at) != before


def _may_follow(row: Selection, one: Judged) -> bool:
    if row.state == SelectionState.SELECTED:
        return False
    by_rule = row.state == SelectionState.UNSORTED or row.by.startswith("rule:")
    return by_rule or one.state == SelectionState.SELECTED


def _match_again(judged: Sequence[Judged], now: datetime) -> bool:
    """Keep what matches now and when it was found first; take away what matches no more."""
    there = {
        (row.item_id, row.list_name, row.entry, row.kind): row
        for row in Match.objects.filter(item__in=[one.item for one in judged])
    }
    found = {(one.item_id, one.list_name, one.entry, one.kind): one for each in judged for one in each.found}
    gone = [row.pk for key, row in there.items() if key not in found]
    rows = {key: one.row(now) for key, one in found.items()}
    new = [row for key, row in rows.items() if key not in there]
    other = [row for key, row in there.items() if key in rows and rows[key].frames != row.frames]
    for row in other:
        row.frames = rows[row.item_id, row.list_name, row.entry, row.kind].frames
    Match.objects.filter(pk__in=gone).delete()
    Match.objects.bulk_create(new, ignore_conflicts=True)
    Match.objects.bulk_update(other, ["frames"])
    return bool(gone or new or other)


def _place_now(judged: Sequence[Judged], rows: Mapping[int, Selection], now: datetime) -> None:
    """Give what could not be read, and goes to a person all the same now, the stack that it did not have."""
    stacked = set(StackMember.objects.filter(item__in=rows).values_list("item_id", flat=True))
    late = [one for one in judged if one.item.pk not in stacked and rows[one.item.pk].reason != Reason.UNREADABLE]
    place([Placing(one.item, one.seen.suspects_altered_real, rows[one.item.pk]) for one in late], now=now)


def _place_again(items: Sequence[int], now: datetime) -> None:
    """Give the stacks of these items their points anew, and bring those with unsorted members back to the pile."""
    stacks = Stack.objects.filter(items__item__in=items).distinct()
    unsorted = StackMember.objects.filter(stack=OuterRef("pk"), item__selection__state=SelectionState.UNSORTED)
    open_tiles = SheetTile.objects.filter(stack=OuterRef("pk"), second_look=False, sheet__state=SheetState.TAKEN)
    highest = Max("items__item__selection__points")
    rows = list(stacks.annotate(highest=highest, unsorted=Exists(unsorted), on_a_sheet=Exists(open_tiles)))
    moved = []
    for row in rows:
        if row.points != row.highest or not row.reasons:
            moved.append(row.pk)
            row.points, row.reasons = row.highest, _reasons(row)
        row.waiting = row.unsorted and not row.on_a_sheet
    Stack.objects.bulk_update(rows, ["points", "reasons", "waiting"])
    if moved:
        publish(PrioritiesChanged(ids=tuple(moved)), now=now)


def _reasons(stack: Stack) -> list[object]:
    member = Selection.objects.filter(item__stacked__stack=stack).order_by("-points", "item_id").first()
    return list(member.reasons) if member else []


def _announce(changed: Sequence[Selection], now: datetime) -> None:
    for event, state in ((ItemsSelected, SelectionState.SELECTED), (ItemsSetAside, SelectionState.SET_ASIDE)):
        ids = tuple(row.item_id for row in changed if row.state == state and row.at == now)
        if ids:
            publish(event(ids=ids), now=now)
