"""The first of two people asks for releases by the clock, within limits."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import Misconfigured, NotAllowed, NotNow
from openhotline.hashlists.models import Member, Routine
from openhotline.hashlists.services.draft_routine import draft_routine
from openhotline.hashlists.states import SealedKind

pytestmark = pytest.mark.django_db
KIND = SealedKind.ADDRESSES
HALF_DAY = timedelta(hours=12)
MakeMember = Callable[..., Member]
Show = Callable[..., int]
Begin = Callable[..., Routine]


def test_it_is_approved_for_a_month_at_most_and_never_without_sites_for_canaries(
    senior: Person, now: datetime, settings: object
) -> None:
    with pytest.raises(NotNow, match="31 days"):
        draft_routine(kind=KIND, most_new=1, until=now + timedelta(days=32), actor=senior, now=now)
    settings.CANARY_SITES = ()  # type: ignore[attr-defined] # pytest-django's
    with pytest.raises(Misconfigured, match="CANARY_SITES"):
        draft_routine(kind=KIND, most_new=1, until=now + timedelta(days=1), actor=senior, now=now)


def test_an_analyst_asks_for_none(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        draft_routine(kind=KIND, most_new=1, until=now + timedelta(days=1), actor=analyst, now=now)
    assert not Routine.objects.exists()
