"""A sweep ends at once, by one person."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.models import SweptPage
from openhotline.intake.services.end_sweep import end_sweep
from openhotline.intake.states import SweepState
from sweeping import begun, drafted

pytestmark = pytest.mark.django_db


def test_nothing_of_it_is_due_any_more(operator: Person, manager: Person, senior: Person, now: datetime) -> None:
    sweep = begun(actor=operator, second=manager, now=now)
    ended = end_sweep(sweep_id=sweep.pk, actor=senior, now=now)
    assert (ended.state, ended.ended_at) == (SweepState.ENDED, now)
    assert not SweptPage.objects.due(now).exists()


def test_a_draft_is_dropped_in_the_same_way_and_nothing_ends_twice(operator: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now)
    end_sweep(sweep_id=sweep.pk, actor=operator, now=now)
    with pytest.raises(NotNow, match="ended"):
        end_sweep(sweep_id=sweep.pk, actor=operator, now=now)


def test_an_analyst_ends_none(operator: Person, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        end_sweep(sweep_id=drafted(actor=operator, now=now).pk, actor=analyst, now=now)
