"""Receipts end, on one timetable for everybody."""

from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core.crypto import receipt_lookup
from openhotline.intake.models import Report
from openhotline.intake.models.receipt import read_words, words_from
from openhotline.intake.queries import report_with_words
from openhotline.intake.services.forget_receipts import forget_receipts
from openhotline.intake.states import ReportState

pytestmark = pytest.mark.django_db


def received(now: datetime, number: int, **other: object) -> str:
    """Make a report of 400 days ago; return the words of its receipt."""
    words = words_from(number)
    at = now - timedelta(days=400)
    fields = {"source": "public", "state": ReportState.SCREENED, "started_at": at, "received_at": at}
    Report.objects.create(**fields | {"receipt": receipt_lookup(read_words(words)), "idempotency": words} | other)
    return words


def forget(now: datetime) -> int:
    return forget_receipts(before=now - timedelta(days=365), actor="step:tick", now=now)


def test_after_its_time_a_receipt_is_not_known(now: datetime) -> None:
    words = received(now, 1)
    assert report_with_words(words) is not None
    assert forget(now) == 1
    assert report_with_words(words) is None
    assert Report.objects.get().idempotency is None


@pytest.mark.parametrize("state", list(ReportState))
def test_it_depends_on_nothing_but_the_moment(now: datetime, state: ReportState) -> None:
    """Neither on where the report stands nor, having no argument for it, on a hold."""
    received(now, 1, state=state)
    assert forget(now) == 1


def test_a_younger_one_stays(now: datetime) -> None:
    received(now, 1, received_at=now - timedelta(days=364))
    assert forget(now) == 0


def test_the_log_counts_and_says_no_more(now: datetime) -> None:
    received(now, 1), received(now, 2)
    forget(now)
    row = Record.objects.get(action="receipts_forgotten")
    assert (row.subject, row.count, row.detail) == ("reports", 2, {})
