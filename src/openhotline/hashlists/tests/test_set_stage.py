"""A stream is tried with a share of its entries."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.hashlists.services.set_stage import set_stage
from openhotline.hashlists.states import Stream, in_stage

pytestmark = pytest.mark.django_db


def test_a_share_is_set_again_and_again(senior: Person, now: datetime) -> None:
    for percent in (10, 100):
        assert set_stage(stream=Stream.ORDINARY, percent=percent, actor=senior, now=now).percent == percent


def test_who_is_in_a_share_is_in_every_larger_one() -> None:
    for name in map(str, range(200)):
        reached = [in_stage(name, percent) for percent in range(101)]
        assert reached == sorted(reached)
        assert (reached[0], reached[100]) == (False, True)


def test_no_share_and_nobody_who_may_not(senior: Person, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotNow, match="101 is no share"):
        set_stage(stream=Stream.ORDINARY, percent=101, actor=senior, now=now)
    with pytest.raises(NotAllowed):
        set_stage(stream=Stream.ORDINARY, percent=1, actor=analyst, now=now)
