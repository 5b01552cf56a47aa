"""What a visit brought is noted, and the next one follows by the published rule."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.intake.models import SweptPage
from openhotline.intake.models.sweep import LONGEST, MOST_OFTEN, SHORTEST, wait_after
from openhotline.intake.services.note_visit import Visit, note_visit
from openhotline.intake.states import VisitState
from sweeping import begun

HOURS = st.integers(1, 720).map(lambda hours: timedelta(hours=hours))
COUNTS = st.integers(0, 100_000)


@pytest.fixture
def page(operator: Person, manager: Person, now: datetime) -> SweptPage:
    """A page that is due, to be visited every 24 hours."""
    sweep = begun(actor=operator, second=manager, now=now, addresses=["https://one.example/"])
    return sweep.pages.get()


def visited(page: SweptPage, state: VisitState, now: datetime, files: int = 0) -> SweptPage:
    """Note a visit."""
    return note_visit(page_id=page.pk, visit=Visit(state, files, "It went so."), actor="test", now=now)


@pytest.mark.django_db
def test_the_next_visit_is_as_far_off_as_the_sweep_says(page: SweptPage, now: datetime) -> None:
    noted = visited(page, VisitState.NEW, now, files=3)
    assert (noted.due_at, noted.visits, noted.found) == (now + timedelta(hours=24), 1, 3)
    assert Record.objects.get(action="page_visited").detail == {"kind": "new", "files": 3}


@pytest.mark.django_db
def test_each_failure_in_a_row_doubles_the_wait_and_one_that_works_ends_that(page: SweptPage, now: datetime) -> None:
    waits = [visited(page, VisitState.FAILED, now).due_at - now for _ in range(5)]
    assert waits == [timedelta(hours=24 * times) for times in (2, 4, 8, 8, 8)]
    assert visited(page, VisitState.NOTHING_NEW, now).due_at == now + timedelta(hours=24)


@pytest.mark.django_db
def test_one_that_was_refused_counts_as_none(page: SweptPage, now: datetime) -> None:
    visited(page, VisitState.FAILED, now)
    noted = visited(page, VisitState.REFUSED, now)
    assert (noted.visits, noted.failures) == (1, 1)


@given(HOURS, COUNTS, COUNTS)
def test_the_rule_keeps_its_bounds(every: timedelta, visits: int, confirmed: int) -> None:
    wait = wait_after(every, visits=visits, confirmed=confirmed, failures=0)
    assert max(SHORTEST, every / MOST_OFTEN) <= wait <= every


@given(HOURS, COUNTS, COUNTS, COUNTS)
def test_more_confirmed_finds_never_mean_later(every: timedelta, visits: int, few: int, more: int) -> None:
    few, more = sorted((few, more))
    with_few, with_more = (wait_after(every, visits=visits, confirmed=n, failures=0) for n in (few, more))
    assert with_more <= with_few


@given(HOURS, COUNTS, COUNTS, st.integers(1, 1_000))
def test_a_page_that_fails_is_never_hurried(every: timedelta, visits: int, confirmed: int, failures: int) -> None:
    wait = wait_after(every, visits=visits, confirmed=confirmed, failures=failures)
    assert every <= wait <= LONGEST


def test_a_page_that_turned_quiet_loses_its_haste() -> None:
    """Three finds early on make four times as often; a hundred visits later nothing of it is left."""
    day = timedelta(hours=24)
    assert wait_after(day, visits=1, confirmed=3, failures=0) == day / 4
    assert wait_after(day, visits=100, confirmed=3, failures=0) == day
