"""What the retention table ends goes at its time; what is held stays; receipts tell nobody of a hold."""

from datetime import timedelta

import pytest

from journeys.road import PAGE, Road
from openhotline import due
from openhotline.audit.models import Record
from openhotline.endings.queries import due_for_people
from openhotline.evidence.models import Item
from openhotline.exposure.models import View
from openhotline.intake.models import Report, ReportedAddress
from openhotline.retention.queries import held_subjects, record_classes
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

TWO_YEARS = timedelta(days=731)


def end(road: Road) -> None:
    """Let two years pass and the table take effect."""
    due.end_records(road.now + TWO_YEARS)


def told() -> list[bool]:
    return [row.details is not None for row in Report.objects.order_by("pk")]


@pytest.fixture
def finished(road: Road) -> Road:
    """A report whose pictures were decided, and one look."""
    road.report(road.site.origin + PAGE, details={"more": "seen on Monday"})
    road.settle()
    road.decide_all()
    person, now = road.cast.analysts[0].public_id, road.now
    View.objects.create(person=person, subject="itm_a", kind=View.REVEAL, size=9, grant="x", granted_at=now)
    return road


def test_after_its_time_what_was_told_is_gone(finished: Road) -> None:
    assert told() == [True]
    end(finished)
    assert told() == [False]
    assert {bytes(row.sealed) for row in ReportedAddress.objects.all()} == {b""}
    assert not View.objects.exists()
    assert Report.objects.get().receipt is None
    assert Item.objects.count() == 3


def test_a_hold_on_an_item_keeps_the_report_that_led_to_it(finished: Road) -> None:
    later = finished.now + timedelta(days=3000)
    item = Item.objects.order_by("pk").first()
    assert item is not None
    place_hold(
        subject=item.public_id, cause=HoldCause.POLICE, reference="7", until=later, actor="per_a", now=finished.now
    )
    end(finished)
    assert told() == [True]


def test_a_hold_does_not_show_in_the_receipt(finished: Road) -> None:
    """The receipt of a held report ends with all others."""
    report = Report.objects.get()
    later = finished.now + timedelta(days=3000)
    place_hold(
        subject=report.public_id, cause=HoldCause.COURT, reference="7", until=later, actor="per_a", now=finished.now
    )
    end(finished)
    report.refresh_from_db()
    assert (report.details is not None, report.receipt) == (True, None)


def test_evidence_is_listed_as_due_and_never_ends_by_itself(finished: Road) -> None:
    moment = finished.now + TWO_YEARS
    item = Item.objects.order_by("pk").first()
    assert item is not None
    place_hold(
        subject=item.public_id, cause=HoldCause.POLICE, reference="7", until=moment + TWO_YEARS, actor="per_a",
        now=finished.now,
    )  # fmt: skip
    end(finished)
    due = {one.name: one for one in due_for_people(record_classes().values(), held_subjects(moment), moment)}
    assert (due["evidence"].due, due["evidence"].held, len(due["evidence"].first)) == (3, 1, 2)
    assert item.public_id not in due["evidence"].first


def test_the_log_counts_what_ended_and_names_nobody(finished: Road) -> None:
    end(finished)
    rows = Record.objects.filter(action__in=["reporters_forgotten", "receipts_forgotten", "looks_deleted"])
    assert {(row.actor, row.count) for row in rows} == {("step:tick", 1)}
    assert {row.subject for row in rows} == {"reports", "looks"}


def test_it_is_looked_at_once_an_hour(finished: Road) -> None:
    hourly = due.Seldom(timedelta(hours=1), lambda _now: 1)
    moments = [finished.now + timedelta(minutes=minutes) for minutes in (0, 59, 60, 61)]
    assert [hourly(moment) for moment in moments] == [1, 0, 1, 0]
