"""Confirmed finds are told to the sweep, which visits their page sooner."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.intake.models import SweptPage
from openhotline.intake.services.end_sweep import end_sweep
from openhotline.intake.services.note_visit import Visit, note_visit
from openhotline.intake.services.set_confirmed import set_confirmed
from openhotline.intake.states import VisitState
from sweeping import begun

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(operator: Person, manager: Person, now: datetime) -> SweptPage:
    """A page that was visited once, now."""
    sweep = begun(actor=operator, second=manager, now=now, addresses=["https://one.example/"])
    return note_visit(page_id=sweep.pages.get().pk, visit=Visit(VisitState.NEW, 3), actor="test", now=now)


def told(page: SweptPage, many: int, now: datetime) -> SweptPage:
    """Tell how many are confirmed, and return the page as it is then."""
    set_confirmed(counts={page.address_id: many}, actor="test", now=now)
    return SweptPage.objects.get(pk=page.pk)


def test_it_is_due_sooner(page: SweptPage, now: datetime) -> None:
    assert told(page, 3, now).due_at == now + timedelta(hours=6)


def test_never_in_the_past(page: SweptPage, now: datetime) -> None:
    later = now + timedelta(hours=20)
    assert told(page, 3, later).due_at == later


def test_told_again_nothing_changes_and_nothing_is_written(page: SweptPage, now: datetime) -> None:
    told(page, 3, now)
    assert set_confirmed(counts={page.address_id: 3, 99: 1}, actor="test", now=now) == 0
    assert Record.objects.filter(action="confirmed_finds_noted").count() == 1


def test_of_a_sweep_that_has_ended_only_the_count_is_kept(page: SweptPage, operator: Person, now: datetime) -> None:
    end_sweep(sweep_id=page.sweep_id, actor=operator, now=now)
    after = told(page, 2, now)
    assert (after.confirmed, after.due_at) == (2, None)
