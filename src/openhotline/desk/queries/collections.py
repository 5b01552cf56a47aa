"""One collection whole: from found to assessed, what is left to do, and how long each stage took."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from openhotline.assessment.models import Decided
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import unseen_items
from openhotline.evidence.states import UNREADABLE_SENTENCES, ItemState, UnreadableReason
from openhotline.intake.models import Collection
from openhotline.intake.states import FindState
from openhotline.triage.models import Match, Selection, Stack, StackMember
from openhotline.triage.states import REASON_SENTENCES, Reason, SelectionState

STANDS = {
    SelectionState.UNSORTED: "waiting for a person at a sorting sheet",
    SelectionState.SELECTED: "in the queue for assessment",
    SelectionState.SET_ASIDE: "set aside by a person",
}


@dataclass(frozen=True)
class Span:
    """When a stage worked: on how many, and the moments at which its first and its last batch began.

    ``until``: when the stage after it began the last batch, and so this one had ended; its own last where none follows.
    """

    stage: str
    many: int
    first: datetime | None
    last: datetime | None
    until: datetime | None = None


@dataclass(frozen=True)
class CollectionWhole:
    """Counts of a collection. ``found``, ``waiting`` and ``refused`` are files, all else different files (items).

    ``unreadable``, ``selected`` and ``set_aside`` are by reason, in words; an item that was there before counts too.
    ``unseen`` are pictures, or what may be some, that nobody here could open, by where they stand, in words.
    """

    found: int
    waiting: int
    refused: int
    items: int
    stacks: int
    matched: int
    unexamined: int
    unreadable: dict[str, int]
    unseen: dict[str, int]
    untriaged: int
    unsorted: int
    selected: dict[str, int]
    set_aside: dict[str, int]
    assessed: int

    @property
    def unassessed(self) -> int:
        """Return how many are selected and have no published decision. Never below nothing."""
        return max(0, sum(self.selected.values()) - self.assessed)


def collection_whole(collection: Collection) -> CollectionWhole:
    """Count what has become of a collection."""
    states = dict(collection.finds.values_list("state").annotate(Count("pk")).order_by())
    items = _items(collection)
    here = Item.objects.filter(pk__in=items)
    by_state = dict(here.values_list("state").annotate(Count("pk")).order_by())
    sorting = _sorting(items)
    total = sum(by_state.values())
    triaged = sum(sum(counts.values()) for counts in sorting.values())
    unexamined = by_state.get(ItemState.SEALED, 0)
    return CollectionWhole(
        found=sum(states.values()),
        waiting=states.get(FindState.REGISTERED, 0),
        refused=states.get(FindState.REFUSED, 0),
        items=total,
        stacks=StackMember.objects.filter(item__in=items).aggregate(many=Count("stack", distinct=True))["many"],
        matched=Match.objects.filter(item__in=items).aggregate(many=Count("item", distinct=True))["many"],
        unexamined=unexamined,
        unreadable=_unreadable(here),
        unseen=_unseen(here),
        untriaged=total - unexamined - triaged,
        unsorted=sum(sorting[SelectionState.UNSORTED].values()),
        selected=_in_words(sorting[SelectionState.SELECTED]),
        set_aside=_in_words(sorting[SelectionState.SET_ASIDE]),
        assessed=Decided.objects.filter(item__in=items).count(),
    )


def _items(collection: Collection) -> QuerySet[Sighting, int]:
    return Sighting.objects.filter(find__collection=collection).values_list("item_id", flat=True)


def _sorting(items: QuerySet[Sighting, int]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {state: {} for state in SelectionState}
    rows = Selection.objects.filter(item__in=items).values_list("state", "reason").annotate(Count("pk")).order_by()
    for state, reason, many in rows:
        counted[state][reason] = many
    return counted


def _unreadable(items: QuerySet[Item]) -> dict[str, int]:
    rows = items.filter(state=ItemState.UNREADABLE).values_list("unreadable_reason").annotate(Count("pk")).order_by()
    return {UNREADABLE_SENTENCES[UnreadableReason(reason)]: many for reason, many in _most_first(dict(rows))}


def _unseen(items: QuerySet[Item]) -> dict[str, int]:
    """Return how many of what may be pictures and was not opened stand where; those decided are counted as that."""
    rows = unseen_items().filter(pk__in=items.values("pk"))
    decided = rows.filter(decided__isnull=False)
    told = {"decided": decided.count(), "of these in a referral": decided.filter(referred__isnull=False).count()}
    for state, words in STANDS.items():
        told[words] = rows.filter(decided=None, selection__state=state).count()
    told["not triaged yet"] = rows.filter(selection=None).count()
    return {words: many for words, many in told.items() if many}


def _in_words(counts: dict[str, int]) -> dict[str, int]:
    return {REASON_SENTENCES[Reason(reason)]: many for reason, many in _most_first(counts)}


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def spans_of(collection: Collection) -> list[Span]:
    """Return when each stage worked on a collection, what was there before it left out."""
    items = _items(collection)
    since = collection.opened_at
    seen = Sighting.objects.filter(find__collection=collection)
    examined = Item.objects.filter(pk__in=items, examined_at__gte=since)
    # A person's sorting writes its own moment; the stacks that were begun keep the machine's.
    by_machine = Q(by="") | Q(by__startswith="rule:")
    triaged = Selection.objects.filter(by_machine, item__in=items, at__gte=since)
    begun = Stack.objects.filter(leader__in=items, created_at__gte=since)
    batches = collection.batches.aggregate(many=Sum("finds"), first=Min("at"), last=Max("at"))
    spans = [
        Span("Registered", batches["many"] or 0, batches["first"], batches["last"]),
        _span("Read and sealed", seen, "seen_at"),
        _span("Examined", examined, "examined_at"),
    ]
    both = (_span("", triaged, "at"), _span("", begun, "created_at"))
    many = Selection.objects.filter(item__in=items).count()
    spans.append(Span("Triaged", many, _first(one.first for one in both), _last(one.last for one in both)))
    # People take their time: when they decided says nothing of how long triage took.
    after = [*(span.last for span in spans[1:]), None]
    spans = [replace(span, until=_last([span.last, last])) for span, last in zip(spans, after, strict=True)]
    decided = _span("Decided", Decided.objects.filter(item__in=items), "decision__published_at")
    return [span for span in (*spans, replace(decided, until=decided.last)) if span.first is not None]


def _span(
    stage: str,
    rows: QuerySet[Sighting] | QuerySet[Item] | QuerySet[Selection] | QuerySet[Stack] | QuerySet[Decided],
    moment: str,
) -> Span:
    found = rows.aggregate(many=Count("pk"), first=Min(moment), last=Max(moment))
    return Span(stage, found["many"], found["first"], found["last"])


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)
