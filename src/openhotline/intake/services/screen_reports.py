"""Received addresses are opened, read, made canonical and folded with those already there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import DoesNotOpen, open_from_the_door
from openhotline.core.events import publish
from openhotline.core.net.addresses import ParsedAddress, parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.intake.events import AddressScreened
from openhotline.intake.models import Address, Report, ReportedAddress
from openhotline.intake.states import ReportState, Standing

WHAT_THE_DOOR_SEALED = "The address cannot be opened with this installation's intake key. An operator has to look."


@dataclass(frozen=True)
class _Reading:
    """One reported address and what came of reading it: parsed, or a sentence."""

    row: ReportedAddress
    parsed: ParsedAddress | None
    refusal: str


def screen_reports(*, ids: Sequence[int], now: datetime, actor: str = "step:screen_reports") -> None:
    """Give each reported address its Address or a sentence, and move its report on.

    A report without one usable address goes to a person. Addresses that were decided before are not announced
    again. Reports that are not waiting to be screened are left as they are.
    """
    rows = ReportedAddress.objects.filter(report_id__in=ids, report__state=ReportState.RECEIVED)
    readings = [_read(row) for row in rows.order_by("report_id", "position")]
    with transaction.atomic():
        reports = list(Report.objects.select_for_update().filter(pk__in=ids, state=ReportState.RECEIVED))
        if not reports:
            return
        waiting = {report.pk for report in reports}
        readings = [reading for reading in readings if reading.row.report_id in waiting]
        found = Address.objects.keep([r.parsed for r in readings if r.parsed], now=now)
        _write(readings, found)
        _move_on(reports, {r.row.report_id for r in readings if r.parsed})
        record(actor=actor, action="reports_screened", subject="reports", now=now, ids=sorted(waiting))
        publish(AddressScreened(ids=_undecided(found)), now=now)


def _read(row: ReportedAddress) -> _Reading:
    try:
        return _Reading(row, parse(open_from_the_door(bytes(row.sealed))), "")
    except AddressInvalid as error:
        return _Reading(row, None, str(error))
    except DoesNotOpen:
        return _Reading(row, None, WHAT_THE_DOOR_SEALED)


def _write(readings: Sequence[_Reading], found: dict[str, Address]) -> None:
    for reading in readings:
        reading.row.address = found[reading.parsed.canonical] if reading.parsed else None
        reading.row.refusal = reading.refusal[:300]
    ReportedAddress.objects.bulk_update([r.row for r in readings], ["address", "refusal"], batch_size=200)


def _move_on(reports: Sequence[Report], usable: set[int]) -> None:
    for report in reports:
        report.state = ReportState.SCREENED if report.pk in usable else ReportState.FOR_A_PERSON
    Report.objects.bulk_update(reports, ["state"], batch_size=200)


def _undecided(found: dict[str, Address]) -> tuple[int, ...]:
    return tuple(sorted(address.pk for address in found.values() if address.standing != Standing.DECIDED))
