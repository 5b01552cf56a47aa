"""What a hotline has behind it after some years, as rows: items seen, sorted, assessed by twelve people, decided.

Their keys are negative, so that what the software makes beside them keeps its own. The first 10,000 items are written
by the models, every further 10,000 by the database from them. No bytes lie behind any of them, and none is asked for:
all that waits for an opinion lies further down in the queue than what is measured.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from copied_rows import Model, copy_rows
from django.db import connection

from openhotline.assessment.models import Assessment, Decided, Decision, Outcome, Turn
from openhotline.assessment.states import DecisionState, Opinion, TurnState
from openhotline.audit.models import Record
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.states import ItemState
from openhotline.exposure.models import View
from openhotline.hashlists.models import Entry
from openhotline.intake.models import Address, Report
from openhotline.intake.states import Lane, ReportState
from openhotline.law.models import Facts
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState
from openhotline.triage.models import Selection, Stack, StackMember
from openhotline.triage.states import Reason, SelectionState

# The tables that others point at first.
TABLES: tuple[Model, ...] = (
    Address, Item, Report, Sighting, Stack, StackMember, Selection, Turn, Assessment, Decision, Decided, Outcome, Entry,
    Removal, View, Record,
)  # fmt: skip
OWN = {"public_id", "lookup", "grant", "idempotency", "uuid"}
BASE = 10_000
DAYS = 720
KINDS = (("not_criminal", "", False), ("pseudo_photograph", "B", True), ("photograph", "A", True))
# Of the items: every tenth waits for a first opinion, every twentieth for a second, every eighth came with a report.
WAITS_FIRST, WAITS_SECOND, REPORTED = 10, 20, 8


def put_in(items: int, there: int, people: Sequence[str], now: datetime) -> None:
    """Bring the ballast from ``there`` items up to ``items``, a multiple of the first ones put in."""
    base = _COUNTS.get(Item, min(items, BASE))
    if items % base:
        raise SystemExit(f"{items} is no multiple of {base}.")
    _without_checks(on=True)
    if not there:
        _first(base, people, now)
        _COUNTS.update({model: model._default_manager.filter(pk__lt=0).count() for model in TABLES})
    for copy in range(max(1, there // base), items // base):
        copy_rows(TABLES, _COUNTS, copy, own=OWN, sign=-1)
    _without_checks(on=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_COUNTS: dict[Model, int] = {}


def _without_checks(*, on: bool) -> None:
    """Let PostgreSQL write millions of rows that fit together without looking at each; measured is with all checks."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {'replica' if on else 'DEFAULT'}")
        cursor.execute(f"SET synchronous_commit = {'off' if on else 'DEFAULT'}")


def _first(many: int, people: Sequence[str], now: datetime) -> None:
    chance = random.Random(7)  # noqa: S311 - rows of a measurement
    at = [now - timedelta(days=1, seconds=chance.randrange(DAYS * 86_400)) for _ in range(many)]
    numbers = range(1, many + 1)
    items = _items(numbers, at)
    _stacks(items)
    decided = [one for one in items if -one.pk % WAITS_FIRST and -one.pk % WAITS_SECOND != 1]
    _opinions(items, people)
    _decisions(decided, chance)
    _places(items, at)
    _log(items, people)


def _make(model: Any, rows: list[Any]) -> list[Any]:
    for number, row in enumerate(rows, 1):
        row.pk = -number
    return list(model._default_manager.bulk_create(rows, batch_size=1_000))


def _items(numbers: Sequence[int], at: Sequence[datetime]) -> list[Any]:
    rows = [
        Item(lookup=f"ballast{n:x}", digests="{}", bytes=1, state=ItemState.EXAMINED, sealed_at=moment)
        for n, moment in zip(numbers, at, strict=True)
    ]
    items = _make(Item, rows)
    _make(
        Selection,
        [Selection(item=one, state=SelectionState.SELECTED, reason=Reason.KEPT, at=one.sealed_at) for one in items],
    )
    return items


def _stacks(items: Sequence[Any]) -> None:
    leaders = items[::2]
    stacks = _make(Stack, [Stack(leader=one, members=2, decided=True, created_at=one.sealed_at) for one in leaders])
    _make(
        StackMember,
        [
            StackMember(stack=stacks[n // 2], item=one, part=leaders[n // 2], distance=0, part_distance=0, apart=False)
            for n, one in enumerate(items)
        ],
    )


def _opinions(items: Sequence[Any], people: Sequence[str]) -> None:
    """First and second opinions by turns of the people; some wait, and of those some are of one's own items."""
    turns, given = [], []
    facts = Facts().to_dict()
    for one in items:
        number, second = -one.pk, -one.pk % 2
        first_waits, second_waits = not number % WAITS_FIRST, number % WAITS_SECOND == 1
        turns.append(_turn(one, Opinion.FIRST, TurnState.WAITING if first_waits else TurnState.DONE))
        if not first_waits:
            given.append(_assessment(one, Opinion.FIRST, people[number % len(people)], facts))
        if second and not first_waits:
            turns.append(_turn(one, Opinion.SECOND, TurnState.WAITING if second_waits else TurnState.DONE))
        if second and not first_waits and not second_waits:
            given.append(_assessment(one, Opinion.SECOND, people[(number + 1) % len(people)], facts))
    _make(Turn, turns)
    _make(Assessment, given)


def _turn(item: Any, opinion: Opinion, state: TurnState) -> Turn:
    return Turn(item=item, opinion=opinion, state=state, points=-item.pk % 50, queued_at=item.sealed_at)


def _assessment(item: Any, opinion: Opinion, person: str, facts: dict[str, str]) -> Assessment:
    key = f"ballast{item.pk}{opinion}"
    return Assessment(item=item, person=person, opinion=opinion, facts=facts, idempotency=key, made_at=item.sealed_at)


def _decisions(decided: Sequence[Any], chance: random.Random) -> None:
    facts = Facts().to_dict()
    rows = _make(
        Decision,
        [
            Decision(item=one, facts=facts, consensus=2, state=DecisionState.PUBLISHED, made_at=one.sealed_at,
                     publish_after=one.sealed_at, published_at=one.sealed_at)
            for one in decided
        ],
    )  # fmt: skip
    _make(Decided, [Decided(decision=row, item=row.item, distance=0) for row in rows])
    said = [(row, *chance.choice(KINDS)) for row in rows]
    _make(
        Outcome,
        [
            Outcome(decision=row, jurisdiction="GB-EAW", as_of=row.made_at.date(), kind=kind, category=letter,
                    criminal=criminal, trace=[])
            for row, kind, letter, criminal in said
        ],
    )  # fmt: skip
    _make(
        Entry,
        [
            Entry(item=row.item, ai_involvement="none_seen", real_child="not_determined", jurisdiction="GB-EAW",
                  outcome=kind, category=letter, provision="", consensus=2, listed_at=row.made_at)
            for row, kind, letter, criminal in said
            if criminal
        ],
    )  # fmt: skip


def _places(items: Sequence[Any], at: Sequence[datetime]) -> None:
    """Addresses that are gone, reports that were read, and each item seen once."""
    moments = at[::REPORTED]
    addresses = _make(
        Address,
        [
            Address(lookup=f"ballast{n:x}", raw="http://example.invalid/", canonical="http://example.invalid/",
                    first_seen_at=moment)
            for n, moment in enumerate(moments)
        ],
    )  # fmt: skip
    _make(
        Removal,
        [Removal(address=one, state=RemovalState.GONE, opened_at=one.first_seen_at) for one in addresses],
    )
    reports = _make(
        Report,
        [
            Report(source="public", state=ReportState.SCREENED, lane=Lane.URGENT if not n % 5 else Lane.ORDINARY,
                   started_at=moment, received_at=moment, read_at=moment)
            for n, moment in enumerate(moments)
        ],
    )  # fmt: skip
    _make(
        Sighting,
        [
            Sighting(item=one, address=addresses[n // REPORTED], report=reports[n // REPORTED], seen_at=one.sealed_at)
            for n, one in enumerate(items)
        ],
    )


def _log(items: Sequence[Any], people: Sequence[str]) -> None:
    _make(
        View,
        [
            View(person=people[-one.pk % len(people)], subject=one.public_id,
                 kind=View.REVEAL if -one.pk % WAITS_FIRST else View.GLIMPSE, size=1, grant=f"ballast{one.pk}",
                 granted_at=one.sealed_at, shown_at=one.sealed_at, seconds=20.0)
            for one in items
        ],
    )  # fmt: skip
    _make(
        Record,
        [
            Record(uuid=f"aud_{one.pk}", at=one.sealed_at, actor=people[-one.pk % len(people)], action="item_assessed",
                   subject=one.public_id, digest="0" * 64)
            for one in items
        ],
    )  # fmt: skip


def rows() -> int:
    """Return how many rows lie in these tables."""
    return sum(model._default_manager.count() for model in TABLES)
