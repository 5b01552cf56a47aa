"""One person is enough to stop what goes out by the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.hashlists.models import Member, Routine
from openhotline.hashlists.services.end_routine import end_routine
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.states import SealedKind

pytestmark = pytest.mark.django_db
KIND = SealedKind.ADDRESSES
HALF_DAY = timedelta(hours=12)
MakeMember = Callable[..., Member]
Show = Callable[..., int]
Begin = Callable[..., Routine]


def test_one_person_stops_it_and_it_is_logged(show: Show, begin: Begin, senior: Person, now: datetime) -> None:
    show()
    begin()
    assert [end_routine(kind=KIND, actor=senior, now=now) for _ in range(2)] == [1, 0]
    assert release_sealed(kind=KIND, actor="step:test", now=now) is None
    assert Record.objects.filter(action="routine_ended").count() == 1
