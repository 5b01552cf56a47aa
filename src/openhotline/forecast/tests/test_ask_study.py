"""A manager asks for a study; nobody else does, and not twice at once."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.models import Event
from openhotline.forecast.errors import StudyUnderWay
from openhotline.forecast.models import Study
from openhotline.forecast.services.ask_study import ask_study
from openhotline.forecast.states import StudyKind

pytestmark = pytest.mark.django_db


def test_a_study_is_kept_announced_and_recorded(manager: Person, now: datetime) -> None:
    study = ask_study(kind=StudyKind.CAPACITY, asks={"analysts": 3}, actor=manager, now=now)
    assert study.asks == {"analysts": 3}
    assert Event.objects.get(kind="StudiesAsked").ids == [study.pk]
    assert Record.objects.get(action="study_asked").subject == study.public_id


def test_an_analyst_asks_for_none(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="A manager makes forecasts"):
        ask_study(kind=StudyKind.CAPACITY, asks={}, actor=analyst, now=now)


def test_one_of_a_kind_at_a_time(manager: Person, now: datetime) -> None:
    ask_study(kind=StudyKind.CAPACITY, asks={}, actor=manager, now=now)
    with pytest.raises(StudyUnderWay):
        ask_study(kind=StudyKind.CAPACITY, asks={}, actor=manager, now=now)
    ask_study(kind=StudyKind.HASHLIST, asks={}, actor=manager, now=now)
    assert Study.objects.count() == 2
