"""One report whole, beside its steps."""

from dataclasses import dataclass, replace

from django.db.models import Q

from openhotline.assessment.models import Decided, Decision
from openhotline.assessment.states import DecisionState
from openhotline.evidence.models import Capture, Item, Sighting
from openhotline.evidence.states import UNREADABLE_SENTENCES, CaptureState, UnreadableReason
from openhotline.intake.models import Report
from openhotline.triage.models import Selection
from openhotline.triage.states import REASON_SENTENCES, Reason, SelectionState

MOST = 200
CAPTURE_WORDS = {
    CaptureState.CAPTURED: "Captured",
    CaptureState.REFUSED: "Refused",
    CaptureState.FAILED: "Nothing came in",
}


@dataclass(frozen=True)
class ItemLine:
    """Where one picture of a report stands, in words; never what it shows."""

    public_id: str
    state: str
    tag: str
    sentence: str


def captures_of(report: Report) -> list[tuple[str, str, str]]:
    """Return (address, how it ended, sentence) of every attempt to capture an address of the report."""
    rows = Capture.objects.filter(address__reported__report=report).select_related("address").order_by("pk")
    return [
        (
            row.address.canonical,
            CAPTURE_WORDS[CaptureState(row.state)],
            row.sentence or f"{row.files} file{'s' if row.files != 1 else ''}",
        )
        for row in rows[:MOST]
    ]


def report_lines(report: Report) -> list[ItemLine]:
    """Return where each picture of the report stands, in the order in which it came in."""
    addresses = report.addresses.values("address_id")
    rows = Sighting.objects.filter(Q(report=report) | Q(address__in=addresses) | Q(page__in=addresses))
    items = Item.objects.filter(sightings__in=rows).distinct().select_related("selection").order_by("pk")[:MOST]
    keys = [item.pk for item in items]
    decided = set(Decided.objects.filter(item__in=keys).values_list("item_id", flat=True))
    soon = Decision.objects.filter(item__in=keys, state=DecisionState.PROVISIONAL).values_list("item_id", flat=True)
    provisional = set(soon)
    return [_line(item, decided, provisional) for item in items]


def _line(item: Item, decided: set[int], provisional: set[int]) -> ItemLine:
    if item.pk in decided:
        return ItemLine(item.public_id, "Decided", "done", "")
    if item.pk in provisional:
        return ItemLine(item.public_id, "Decided", "now", "Can be undone for a moment.")
    selection = getattr(item, "selection", None)
    line = _sorted_line(item.public_id, selection)
    if not item.unreadable_reason:
        return line
    sentence = UNREADABLE_SENTENCES[UnreadableReason(item.unreadable_reason)]
    if selection is None or selection.state == SelectionState.SET_ASIDE:
        return replace(line, state="Cannot be read", tag="wrong", sentence=sentence)
    # A person decides on it all the same, and sees there why it cannot be shown.
    return replace(line, sentence=f"{sentence} {line.sentence}")


def _sorted_line(name: str, selection: Selection | None) -> ItemLine:
    if selection is None:
        return ItemLine(name, "Sealed", "waiting", "Waits for examination.")
    if selection.state == SelectionState.UNSORTED:
        return ItemLine(name, "For a sorting sheet", "waiting", "A person sorts it first.")
    aside = selection.state == SelectionState.SET_ASIDE
    why = REASON_SENTENCES[Reason(selection.reason)]
    return ItemLine(name, "Set aside" if aside else "In the queue", "done" if aside else "now", why)
