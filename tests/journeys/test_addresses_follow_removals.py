"""The list of live addresses follows what removal sees: there while it is there, gone when it is gone, back with it."""

from datetime import timedelta

import pytest

from journeys.road import PAGE, RECHECK, Road
from openhotline.due import release_lists
from openhotline.hashlists.models import ListedAddress
from openhotline.hashlists.services.begin_routine import begin_routine
from openhotline.hashlists.services.draft_routine import draft_routine
from openhotline.hashlists.states import SealedKind
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]
KIND = SealedKind.ADDRESSES
SEEN = (RemovalState.HELD, RemovalState.NOTICED, RemovalState.GONE, RemovalState.NOTICED)


def test_what_is_gone_or_held_is_not_on_the_list_and_what_is_back_is(road: Road) -> None:
    keeper, second = road.cast.seniors
    until = road.now + timedelta(days=20)
    drafted = draft_routine(kind=KIND, most_new=50, until=until, actor=keeper, now=road.now)
    road.approve("routine", drafted.public_id, second)
    begin_routine(routine=drafted, actor=keeper, now=road.now)
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    road.settle()
    told = []
    for looks, state in enumerate(SEEN):
        Removal.objects.update(state=state)
        release_lists(road.now + (looks + 1) * RECHECK)
        told.append(ListedAddress.objects.exclude(streams=[]).count())
    watched = Removal.objects.count()
    assert told == [0, watched, 0, watched]
    assert watched > 0
