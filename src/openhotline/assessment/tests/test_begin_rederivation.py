"""A pass begins, goes on, or takes the place of another."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError

from openhotline.accounts.models import Person
from openhotline.assessment.models import Rederivation
from openhotline.assessment.services.begin_rederivation import begin_rederivation
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.law.queries import rules

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 21)


def test_a_pass_names_its_law_and_its_day(senior: Person, now: datetime) -> None:
    begun = begin_rederivation(as_of=DAY, actor=senior, now=now)
    assert (begun.law_version, begun.as_of, begun.state) == (rules().version, DAY, "running")


def test_the_same_again_takes_up_the_one_that_runs(senior: Person, now: datetime) -> None:
    first = begin_rederivation(as_of=DAY, actor=senior, now=now)
    assert begin_rederivation(as_of=DAY, actor=senior, now=now) == first
    assert list(Record.objects.filter(subject=first.public_id).order_by("pk").values_list("action", flat=True)) == [
        "rederivation_begun",
        "rederivation_taken_up",
    ]


def test_another_day_supersedes_it(senior: Person, now: datetime) -> None:
    begin_rederivation(as_of=DAY, actor=senior, now=now)
    begin_rederivation(as_of=date(2026, 11, 22), actor=senior, now=now)
    assert list(Rederivation.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "running"]


def test_an_analyst_begins_none(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="an operator, senior analyst or manager does"):
        begin_rederivation(as_of=DAY, actor=analyst, now=now)


def test_the_database_holds_one_running_pass_at_most(senior: Person, now: datetime) -> None:
    begin_rederivation(as_of=DAY, actor=senior, now=now)
    with pytest.raises(IntegrityError):
        Rederivation.objects.create(law_version="other", as_of=DAY, begun_at=now)
