"""One batch of a pass: the outcomes of published decisions are derived again from recorded facts, without a view."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.errors import RederivationOver
from openhotline.assessment.events import OutcomesChanged
from openhotline.assessment.models import Decision, Outcome, OutcomeChange, Rederivation
from openhotline.assessment.policies import check_can_rederive
from openhotline.assessment.states import DecisionState, RederivationState
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.law.errors import FactsInvalid
from openhotline.law.models import Facts, RuleBook
from openhotline.law.models import Outcome as LawOutcome
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive

_CHANGED = ["as_of", "kind", "category", "criminal", "provision", "law_version", "trace"]
Recorded = tuple[tuple[str, str], ...]
Key = tuple[int, str]  # a decision and a jurisdiction


@dataclass(frozen=True)
class Batch:
    """What one batch did. ``unreadable`` names decisions whose facts the rules cannot read; they stay as they are."""

    examined: int
    changes: tuple[OutcomeChange, ...]
    unreadable: tuple[str, ...]
    finished: bool


@dataclass(frozen=True)
class _Row:
    """What is needed of a published decision."""

    pk: int
    public_id: str
    facts: Mapping[str, str]


def rederive_outcomes(*, rederivation_id: int, actor: Person, now: datetime, limit: int = 500) -> Batch:
    """Do the next ``limit`` decisions of a pass. An outcome that says the same stays, with the law it is of.

    Raises NotAllowed, and RederivationOver when the pass has ended or the rules are not those it began with.
    """
    check_can_rederive(actor)
    book = rules()
    with transaction.atomic():
        running = _running(rederivation_id, book)
        rows = _next(running.cursor, limit)
        held = _held(rows)
        fresh, unreadable = _derive(rows, held, book, running.as_of)
        changes = _write(running, fresh, held, now)
        _go_on(running, rows, len(changes), len(unreadable), finished=len(rows) < limit, now=now)
        record(
            actor=actor.public_id,
            action="outcomes_rederived",
            subject=running.public_id,
            ids=[row.public_id for row in rows],
            detail={"examined": len(rows), "new": len(changes), "unreadable": len(unreadable)},
            now=now,
        )
        if changes:
            publish(OutcomesChanged(ids=tuple(sorted({change.decision_id for change in changes}))), now=now)
    return Batch(len(rows), tuple(changes), tuple(unreadable), running.state == RederivationState.FINISHED)


def _running(pk: int, book: RuleBook) -> Rederivation:
    found = Rederivation.objects.select_for_update().get(pk=pk)
    if found.state != RederivationState.RUNNING:
        raise RederivationOver(f"This pass is {found.state}. Begin another: openhotline law rederive.")
    if found.law_version != book.version:
        raise RederivationOver(
            f"The rules changed while the pass ran: it began with {found.law_version}, now they are {book.version}. "
            "What was done stays. Begin again: openhotline law rederive."
        )
    return found


def _next(cursor: int, limit: int) -> list[_Row]:
    # Of a decision that ended most facts are gone: what the law said of them stays as it was counted.
    there = Decision.objects.filter(state=DecisionState.PUBLISHED, ended_at=None, pk__gt=cursor)
    decisions = there.order_by("pk")
    return [_Row(*values) for values in decisions.values_list("pk", "public_id", "facts")[:limit]]


def _held(rows: list[_Row]) -> dict[Key, Outcome]:
    outcomes = Outcome.objects.select_for_update().filter(decision_id__in=[row.pk for row in rows]).defer("trace")
    return {(one.decision_id, one.jurisdiction): one for one in outcomes}


def _derive(
    rows: list[_Row], held: Mapping[Key, Outcome], book: RuleBook, as_of: date
) -> tuple[list[Outcome], list[str]]:
    """The rows of outcomes that say something else than what is held, and the decisions that cannot be read."""
    # Also where no rule decides any more: what an earlier law said there may not stay.
    places = sorted({*book.deciding, *(place for _, place in held)})
    fresh: list[Outcome] = []
    unreadable: list[str] = []
    for row in rows:
        recorded = tuple(row.facts.items())
        asked = (place for place in places if place in book.deciding or (row.pk, place) in held)
        try:
            found = [_outcome(recorded, place, book, as_of) for place in asked]
        except FactsInvalid:
            unreadable.append(row.public_id)
            continue
        fresh += [Outcome.of(row.pk, one) for one in found if _differs(held.get((row.pk, one.jurisdiction)), one)]
    return fresh, unreadable


@lru_cache(maxsize=65_536)
def _outcome(recorded: Recorded, place: str, book: RuleBook, as_of: date) -> LawOutcome:
    """Few combinations of facts stand behind many decisions. A place without any rule left says nothing."""
    facts = _facts(recorded)
    if place not in book.jurisdictions:
        return LawOutcome.without_rules(place, as_of, book.version)
    return derive(facts, jurisdiction=place, as_of=as_of, rules=book)


@lru_cache(maxsize=4_096)
def _facts(recorded: Recorded) -> Facts:
    return Facts.from_dict(dict(recorded))


def _differs(held: Outcome | None, after: LawOutcome) -> bool:
    says = (str(after.kind), after.category or "", after.criminal, Outcome.cited(after))
    return held is None or held.says() != says


def _write(
    running: Rederivation, fresh: list[Outcome], held: Mapping[Key, Outcome], now: datetime
) -> list[OutcomeChange]:
    before = [held.get((row.decision_id, row.jurisdiction)) for row in fresh]
    known = [one.pk for one in before if one is not None]
    traces = dict(Outcome.objects.filter(pk__in=known).values_list("pk", "trace"))
    changes = [_change(running, old, row, traces, now) for old, row in zip(before, fresh, strict=True)]
    Outcome.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["decision", "jurisdiction"], update_fields=_CHANGED
    )
    return OutcomeChange.objects.bulk_create(changes)


def _change(
    running: Rederivation, before: Outcome | None, after: Outcome, traces: Mapping[int, list[object]], now: datetime
) -> OutcomeChange:
    change = OutcomeChange(
        rederivation=running,
        decision_id=after.decision_id,
        jurisdiction=after.jurisdiction,
        kind_after=after.kind,
        category_after=after.category,
        criminal_after=after.criminal,
        changed_at=now,
    )
    if before is not None:
        change.kind_before, change.category_before = before.kind, before.category
        change.criminal_before, change.provision_before = before.criminal, before.provision
        change.as_of_before, change.law_version_before = before.as_of, before.law_version
        change.trace_before = traces[before.pk]
    return change


def _go_on(
    running: Rederivation, rows: list[_Row], changed: int, unreadable: int, *, finished: bool, now: datetime
) -> None:
    running.cursor = rows[-1].pk if rows else running.cursor
    running.examined += len(rows)
    running.changed += changed
    running.unreadable += unreadable
    if finished:
        running.state, running.ended_at = RederivationState.FINISHED, now
    running.save(update_fields=["cursor", "examined", "changed", "unreadable", "state", "ended_at"])
