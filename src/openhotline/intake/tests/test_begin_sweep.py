"""A sweep begins once two people agreed on exactly it."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import AuthorityMissing, NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.models import SweptPage
from openhotline.intake.services.begin_sweep import begin_sweep
from openhotline.intake.states import SweepState
from sweeping import agreed, begun, drafted

pytestmark = pytest.mark.django_db


def test_every_page_is_due(operator: Person, manager: Person, now: datetime) -> None:
    sweep = begun(actor=operator, second=manager, now=now)
    assert (sweep.state, sweep.begun_at) == (SweepState.RUNNING, now)
    assert SweptPage.objects.due(now).count() == 3


def test_one_person_is_not_enough(operator: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now)
    with pytest.raises(NotApproved):
        begin_sweep(sweep_id=sweep.pk, actor=operator, now=now)
    with pytest.raises(NeedsTwoPeople):
        agreed(sweep, second=operator, now=now)
    assert not SweptPage.objects.due(now).exists()


def test_what_was_changed_after_it_was_signed_does_not_begin(operator: Person, manager: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now)
    agreed(sweep, second=manager, now=now)
    sweep.pages.first().delete()
    with pytest.raises(NotApproved):
        begin_sweep(sweep_id=sweep.pk, actor=operator, now=now)


def test_a_sweep_begins_once(operator: Person, manager: Person, now: datetime) -> None:
    sweep = begun(actor=operator, second=manager, now=now)
    with pytest.raises(NotNow, match="running"):
        begin_sweep(sweep_id=sweep.pk, actor=operator, now=now)


def test_one_whose_time_is_over_does_not_begin(operator: Person, manager: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now)
    with pytest.raises(AuthorityMissing, match="its authority ended"):
        begin_sweep(sweep_id=sweep.pk, actor=operator, now=now + timedelta(days=10))


def test_an_analyst_begins_none(operator: Person, manager: Person, analyst: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now)
    agreed(sweep, second=manager, now=now)
    with pytest.raises(NotAllowed):
        begin_sweep(sweep_id=sweep.pk, actor=analyst, now=now)
