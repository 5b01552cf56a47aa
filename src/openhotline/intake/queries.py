"""Reading reports, receipts, addresses and collections."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from openhotline.core.crypto import DoesNotOpen, open_from_the_door, receipt_lookup
from openhotline.core.errors import Missing
from openhotline.intake.models import Address, Collection, Find, Partner, PartnerReport, Report, ReportedAddress
from openhotline.intake.models.receipt import next_change, read_words, receipt_word
from openhotline.intake.states import FindState, Lane, ReportState, Word

PAGE = 200
_LANES = {Lane.URGENT: 0, Lane.ORDINARY: 1, Lane.QUARANTINE: 2}


@dataclass(frozen=True)
class ReceiptFacts:
    """All that a receipt ever says to anybody outside: a word of a fixed timetable."""

    word: Word
    received_at: datetime
    next_change: datetime | None


@dataclass(frozen=True)
class ReportedLine:
    """One address of a report as the desk sees it: what was typed, what it was read as, or why not."""

    typed: str
    canonical: str
    refusal: str
    address: Address | None


@dataclass(frozen=True)
class ReportFacts:
    """A report opened for the desk."""

    report: Report
    lines: tuple[ReportedLine, ...]
    details: dict[str, str]


@dataclass(frozen=True)
class CollectionFacts:
    """How far the import of a collection is: finds by state, and the first refusals."""

    collection: Collection
    counts: dict[FindState, int]
    refusals: tuple[Find, ...]

    @property
    def registered(self) -> int:
        """Return how many finds are there, whatever became of them."""
        return sum(self.counts.values())


def report_by_words(words: str, now: datetime) -> ReceiptFacts | None:
    """Return what the receipt with these words says now, None when no report has them.

    It reads when the report came in and nothing else. Raises NotAReceipt for words that were never a receipt.
    """
    key = receipt_lookup(read_words(words))
    moments = Report.objects.filter(receipt=key).values_list("received_at", "started_at").first()
    return None if moments is None else _receipt_facts(moments[0] or moments[1], now)


def receipt_of(report: Report, now: datetime) -> ReceiptFacts:
    """Return what the receipt of a report says now."""
    return _receipt_facts(report.received_at or report.started_at, now)


def stage_of(partner: Partner, report: str, now: datetime) -> ReceiptFacts:
    """Return what a partner is told of a report it sent. Raises Missing for any other, there or not."""
    # PostgreSQL takes no NUL, and no id of ours has one.
    rows = PartnerReport.objects.filter(partner=partner, report__public_id=report.replace("\0", ""))
    moment = rows.values_list("report__received_at", flat=True).first()
    if moment is None:
        raise Missing("You have sent no report with this id. Look at the id in the answer that you were given.")
    return _receipt_facts(moment, now)


def _receipt_facts(moment: datetime, now: datetime) -> ReceiptFacts:
    return ReceiptFacts(receipt_word(moment, now), moment, next_change(moment, now))


def report_by_id(public_id: str) -> Report | None:
    """Return a report by outside id."""
    return Report.objects.filter(public_id=public_id).first()


def report_page(public_id: str) -> ReportFacts | None:
    """Return a report with its addresses and details opened: for the desk, never for the public door."""
    report = report_by_id(public_id)
    if report is None:
        return None
    rows = report.addresses.select_related("address").order_by("position")
    return ReportFacts(report, tuple(_line(row) for row in rows), _details(report))


def _line(row: ReportedAddress) -> ReportedLine:
    canonical = row.address.canonical if row.address else ""
    return ReportedLine(_opened(bytes(row.sealed)), canonical, row.refusal, row.address)


def _opened(sealed: bytes) -> str:
    if not sealed:
        return "(no longer kept as it was typed)"
    try:
        return open_from_the_door(sealed)
    except DoesNotOpen:
        return "(cannot be opened with this installation's intake key)"


def _details(report: Report) -> dict[str, str]:
    if report.details is None:
        return {}
    try:
        content: dict[str, Any] = json.loads(open_from_the_door(bytes(report.details)))
    except (DoesNotOpen, ValueError):
        return {"more": "(cannot be opened with this installation's intake key)"}
    return {name: str(text) for name, text in content.items()}


def reports_waiting() -> list[Report]:
    """Return reports that a person has to look at: urgent ones in any state, and those without a usable address."""
    for_a_person = Report.objects.filter(state=ReportState.FOR_A_PERSON)
    urgent = Report.objects.filter(lane=Lane.URGENT).exclude(state=ReportState.FOR_A_PERSON)
    rows = [*for_a_person.order_by("-started_at")[:PAGE], *urgent.order_by("-started_at")[:PAGE]]
    return sorted(rows, key=lambda report: (_LANES[Lane(report.lane)], report.started_at))[:PAGE]


def latest_reports(limit: int = PAGE) -> list[Report]:
    """Return the newest reports with how many addresses each has (``address_count``)."""
    return list(_counted().order_by("-started_at", "-pk")[:limit])


def _counted() -> QuerySet[Report]:
    return Report.objects.annotate(address_count=Count("addresses"))


def reports_of_address(address_id: int) -> list[Report]:
    """Return the reports that named an address, oldest first."""
    return list(Report.objects.filter(addresses__address=address_id).distinct().order_by("started_at")[:PAGE])


def count_reports() -> dict[ReportState, int]:
    """Return how many reports stand in each state, none left out."""
    counted = dict(Report.objects.values_list("state").annotate(Count("pk")).order_by())
    return {state: counted.get(state, 0) for state in ReportState}


def find_page(collection: Collection) -> CollectionFacts:
    """Return the finds of a collection by state, with the first refusals."""
    counted = dict(collection.finds.values_list("state").annotate(Count("pk")).order_by())
    refusals = collection.finds.filter(state=FindState.REFUSED).order_by("number")[:PAGE]
    return CollectionFacts(collection, {state: counted.get(state, 0) for state in FindState}, tuple(refusals))


def collections() -> list[Collection]:
    """Return all collections, newest first."""
    return list(Collection.objects.order_by("-opened_at", "-pk"))
