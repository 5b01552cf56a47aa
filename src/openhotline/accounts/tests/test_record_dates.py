"""Vetting and training, and what they gate."""

from datetime import date, datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.accounts.queries import dates_running_out
from openhotline.accounts.services.record_dates import record_dates
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def dated(person: Person, manager: Person, now: datetime, vetted: int | None, trained: int | None) -> Person:
    """Record dates that are so many days from now."""
    days = [None if one is None else now.date() + timedelta(days=one) for one in (vetted, trained)]
    return record_dates(person_id=person.pk, vetted_until=days[0], trained_until=days[1], actor=manager, now=now)


@pytest.mark.parametrize(
    ("vetted", "trained", "sentence"),
    [
        (-1, 9, "Your vetting ran out on 20 November 2026."),
        (9, -1, "Your training ran out on 20 November 2026."),
        (None, 9, "No vetting is recorded for you."),
        (9, None, "No training is recorded for you."),
    ],
)
def test_without_both_nobody_assesses_and_a_sentence_says_which(
    analyst: Person, manager: Person, now: datetime, vetted: int | None, trained: int | None, sentence: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_can_assess(dated(analyst, manager, now, vetted, trained), now)
    assert sentence in str(refused.value)


def test_the_last_day_still_counts(analyst: Person, manager: Person, now: datetime) -> None:
    check_can_assess(dated(analyst, manager, now, 0, 0), now)


def test_what_runs_out_within_a_month_is_shown(analyst: Person, senior: Person, manager: Person, now: datetime) -> None:
    dated(analyst, manager, now, 20, 400)
    assert dates_running_out(now.date() + timedelta(days=30)) == [analyst]


def test_nobody_vouches_for_themselves(manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        dated(manager, manager, now, 9, 9)


def test_the_log_holds_no_dates(analyst: Person, manager: Person, now: datetime) -> None:
    record_dates(person_id=analyst.pk, vetted_until=date(2030, 1, 1), trained_until=None, actor=manager, now=now)
    assert Record.objects.get(action="dates_recorded").detail == {"vetting": True, "training": False}
