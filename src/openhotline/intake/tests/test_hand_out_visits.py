"""Pages that are due are given to workers: one a site, and not too many."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.core.models import Event
from openhotline.intake.models import Sweep, SweptPage
from openhotline.intake.services import hand_out_visits as module
from openhotline.intake.services.hand_out_visits import hand_out_visits
from sweeping import begun

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweep(operator: Person, manager: Person, now: datetime) -> Sweep:
    """Two pages of one site and one of another."""
    return begun(actor=operator, second=manager, now=now)


def hand_out(now: datetime) -> int:
    """Do it as the tick does."""
    return hand_out_visits(actor="step:tick", now=now)


def test_one_page_of_each_site_goes_out_and_each_alone(sweep: Sweep, now: datetime) -> None:
    assert hand_out(now) == 2
    announced = [row.ids for row in Event.objects.filter(kind="VisitsDue").order_by("pk")]
    first, _, third = sweep.pages.order_by("pk")
    assert announced == [[first.pk], [third.pk]]


def test_what_is_under_way_is_not_given_out_again_until_it_is_lost(sweep: Sweep, now: datetime) -> None:
    assert [hand_out(now), hand_out(now + timedelta(minutes=29))] == [2, 0]
    assert hand_out(now + timedelta(minutes=30)) == 2


def test_no_more_than_so_many_are_under_way(sweep: Sweep, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNDER_WAY", 1)
    assert [hand_out(now), hand_out(now)] == [1, 0]


def test_after_its_authority_has_ended_nothing_goes_out(sweep: Sweep, now: datetime) -> None:
    assert hand_out(sweep.until - timedelta(seconds=1)) == 2
    SweptPage.objects.update(handed_at=None)
    assert hand_out(sweep.until) == 0


def test_nothing_due_writes_nothing(sweep: Sweep, now: datetime) -> None:
    SweptPage.objects.update(due_at=now + timedelta(hours=1))
    assert hand_out(now) == 0
    assert not Event.objects.filter(kind="VisitsDue").exists()
