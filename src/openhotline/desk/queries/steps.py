"""The eleven steps of a report, read from the rows of every stage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet

from openhotline.assessment.models import Assessment, Decided, Decision
from openhotline.assessment.models import Outcome as OutcomeRow
from openhotline.assessment.states import DecisionState, Opinion
from openhotline.evidence.models import Capture, Item, Sighting
from openhotline.evidence.states import CaptureState, ItemState
from openhotline.hashlists.models import Entry
from openhotline.intake.models import Report
from openhotline.intake.queries import receipt_of
from openhotline.intake.states import ReportState, Word
from openhotline.referral.models import ReferredItem
from openhotline.referral.states import ReferralState
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState
from openhotline.triage.models import Selection
from openhotline.triage.states import SelectionState

DONE, NOW, WAITING = "done", "now", "waiting"


@dataclass(frozen=True)
class Step:
    """One step: ``state`` is done, now or waiting; ``route`` names the page of the desk where it is now."""

    label: str
    state: str
    note: str = ""
    route: str = ""


@dataclass(frozen=True)
class _Told:
    """What a stage says of its own part."""

    done: bool
    note: str = ""


class _Way:
    """A report with what the stages hold of it, each read once."""

    def __init__(self, report: Report, now: datetime) -> None:
        self.report, self.now = report, now

    @cached_property
    def addresses(self) -> list[int]:
        return [key for key in self.report.addresses.values_list("address_id", flat=True) if key is not None]

    @cached_property
    def items(self) -> dict[int, str]:
        rows = Sighting.objects.filter(
            Q(report=self.report) | Q(address_id__in=self.addresses) | Q(page_id__in=self.addresses)
        )
        return dict(Item.objects.filter(sightings__in=rows).values_list("pk", "state"))

    @cached_property
    def selections(self) -> dict[int, str]:
        return dict(Selection.objects.filter(item__in=self.items).values_list("item_id", "state"))

    @cached_property
    def selected(self) -> list[int]:
        return [item for item, state in self.selections.items() if state == SelectionState.SELECTED]

    @cached_property
    def covered(self) -> set[int]:
        return set(Decided.objects.filter(item__in=self.selected).values_list("item_id", flat=True))

    @cached_property
    def provisional(self) -> set[int]:
        rows = Decision.objects.filter(item__in=self.selected, state=DecisionState.PROVISIONAL)
        return set(rows.values_list("item_id", flat=True))

    @cached_property
    def confirmed(self) -> list[int]:
        decisions = Decided.objects.filter(item__in=self.selected).values_list("decision_id", "item_id")
        criminal = OutcomeRow.objects.filter(jurisdiction=settings.JURISDICTION, criminal=True)
        yes = set(criminal.filter(decision__in=[one for one, _ in decisions]).values_list("decision_id", flat=True))
        return [item for decision, item in decisions if decision in yes]

    @cached_property
    def sighted(self) -> QuerySet[Sighting]:
        return Sighting.objects.filter(item__in=self.confirmed, address__isnull=False)


def steps_of(report: Report, now: datetime) -> list[Step]:
    """Return the eleven steps in order. What is not done is *now* when everything it waits for is done.

    Listing, removal and referral run side by side once all is decided; telling follows a timetable of its own.
    """
    way = _Way(report, now)
    steps: list[Step] = []
    reached = True
    for label, route, look in _STEPS:
        told = look(way) if reached else _Told(done=False)
        done = reached and told.done
        steps.append(Step(label, DONE if done else NOW if reached else WAITING, told.note, route))
        if label not in _SIDE_BY_SIDE:
            reached = done
    return [*steps, *_last(way, all_done=all(step.state == DONE for step in steps))]


def _last(way: _Way, *, all_done: bool) -> tuple[Step, Step]:
    word = receipt_of(way.report, way.now).word
    counted = Step("Counted", DONE if all_done else WAITING, "In every figure" if all_done else "", "numbers")
    told = DONE if word == Word.FINISHED else NOW
    return counted, Step("Told", told, f"The receipt says “{word.value}”")


def _received(way: _Way) -> _Told:
    return _Told(way.report.state != ReportState.STARTED, f"From: {way.report.source}")


def _screened(way: _Way) -> _Told:
    if way.report.state == ReportState.FOR_A_PERSON:
        return _Told(done=bool(way.addresses), note="A person has to look: no usable address")
    return _Told(way.report.state == ReportState.SCREENED, _count(len(way.addresses), "address", "addresses"))


def _captured(way: _Way) -> _Told:
    rows = (
        Capture.objects.filter(address__in=way.addresses).order_by("pk").values_list("address_id", "state", "sentence")
    )
    latest = {address: (state, sentence) for address, state, sentence in rows}
    wrong = [sentence for state, sentence in latest.values() if state != CaptureState.CAPTURED]
    done = len(latest) == len(set(way.addresses))
    return _Told(done, wrong[0] if wrong else _count(len(way.items), "picture"))


def _examined(way: _Way) -> _Told:
    unread = sum(state == ItemState.UNREADABLE for state in way.items.values())
    done = ItemState.SEALED not in way.items.values()
    return _Told(done, f"{unread} cannot be read" if unread else "")


def _triaged(way: _Way) -> _Told:
    unsorted = sum(state == SelectionState.UNSORTED for state in way.selections.values())
    done = not unsorted and len(way.selections) == len(way.items)
    return _Told(done, f"{unsorted} on a sorting sheet" if unsorted else f"{len(way.selected)} selected")


def _assessed(way: _Way) -> _Told:
    if not way.selected:
        return _Told(done=True, note="Nothing to assess")
    decided = len(way.covered | way.provisional)
    asked = Assessment.objects.filter(item__in=way.selected, undone_at=None).exclude(item__in=way.covered)
    second = asked.filter(opinion=Opinion.FIRST).exclude(item__in=way.provisional).count()
    more = f"; {second} waiting for another opinion" if second else ""
    soon = "; can be undone for a moment" if way.provisional - way.covered else ""
    return _Told(len(way.covered) == len(way.selected), f"{decided} of {len(way.selected)} decided{more}{soon}")


def _listed(way: _Way) -> _Told:
    if not way.confirmed:
        return _Told(done=True, note="Nothing to list")
    entries = Entry.objects.filter(item__in=way.confirmed).values("item").distinct().count()
    return _Told(entries == len(way.confirmed), f"{entries} of {len(way.confirmed)} on the list")


def _removed(way: _Way) -> _Told:
    wanted = way.sighted.values_list("address_id", flat=True).distinct().count()
    if not wanted:
        return _Told(done=True, note="Nothing to remove")
    states = list(Removal.objects.filter(address__in=way.sighted.values("address_id")).values_list("state", flat=True))
    gone = states.count(RemovalState.GONE)
    noticed = states.count(RemovalState.NOTICED)
    return _Told(gone == wanted, f"{noticed + gone} of {wanted} noticed, {gone} gone")


def _referred(way: _Way) -> _Told:
    if not way.confirmed:
        return _Told(done=True, note="Nothing to refer")
    rows = ReferredItem.objects.filter(item__in=way.confirmed).exclude(referral__state=ReferralState.DRAFTED)
    built = rows.count()
    return _Told(built == len(way.confirmed), f"{built} of {len(way.confirmed)} in a sealed package")


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


_SIDE_BY_SIDE = {"Listed", "Removed", "Referred"}
_STEPS: tuple[tuple[str, str, Callable[[_Way], _Told]], ...] = (
    ("Received", "desk_report", _received),
    ("Screened", "desk_report", _screened),
    ("Captured", "desk_report", _captured),
    ("Examined", "desk_report", _examined),
    ("Triaged", "desk_sheet", _triaged),
    ("Assessed", "desk_queue", _assessed),
    ("Listed", "desk_lists", _listed),
    ("Removed", "desk_removals", _removed),
    ("Referred", "desk_referrals", _referred),
)
