"""What a receipt says depends on the time since the report came in, and on nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.core.crypto import receipt_lookup
from openhotline.intake.models import Report
from openhotline.intake.models.receipt import NotAReceipt, next_change, receipt_word, words_from
from openhotline.intake.queries import receipt_of, report_with_words
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source, Word


@pytest.mark.parametrize(
    ("age", "word", "next_after"),
    [
        (timedelta(0), Word.RECEIVED, timedelta(hours=24)),
        (timedelta(hours=23, minutes=59), Word.RECEIVED, timedelta(hours=24)),
        (timedelta(hours=24), Word.WORKED_ON, timedelta(days=14)),
        (timedelta(days=13, hours=23), Word.WORKED_ON, timedelta(days=14)),
        (timedelta(days=14), Word.FINISHED, None),
        (timedelta(days=4000), Word.FINISHED, None),
    ],
)
def test_the_timetable(now: datetime, age: timedelta, word: Word, next_after: timedelta | None) -> None:
    assert receipt_word(now, now + age) == word
    assert next_change(now, now + age) == (now + next_after if next_after else None)


@pytest.mark.django_db
def test_the_words_find_the_report(now: datetime) -> None:
    _, words = start_report(addresses=["example.org"], source=Source.PUBLIC, idempotency=None, practice=True, now=now)
    report = report_with_words(f" {words.title()} ")
    assert report is not None
    assert receipt_of(report, now + timedelta(days=2)).word == Word.WORKED_ON


@pytest.mark.django_db
def test_words_of_no_report_find_nothing() -> None:
    assert report_with_words(words_from(7)) is None


@pytest.mark.django_db
def test_words_with_a_slip_are_told_before_anything_is_looked_up(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), pytest.raises(NotAReceipt):
        report_with_words("abacus abacus abacus abacus abacus zoo")


@pytest.mark.django_db
def test_the_database_holds_no_words(now: datetime) -> None:
    """Only their keyed hash."""
    report, words = start_report(addresses=[], source=Source.PUBLIC, idempotency=None, practice=True, now=now)
    kept = Report.objects.get(pk=report.pk)
    assert kept.receipt == receipt_lookup(words)
    assert not any(word in str(vars(kept)) for word in [words, *words.split()] if len(word) > 5)
