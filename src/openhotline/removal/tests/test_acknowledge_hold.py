"""The police acknowledge a hold."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import Missing
from openhotline.removal.models import Removal
from openhotline.removal.services.acknowledge_hold import acknowledge_hold
from openhotline.removal.services.hold_removals import hold_removals

pytestmark = pytest.mark.django_db


def test_the_first_acknowledgement_and_the_last_reference_are_kept(
    due: Callable[[int], list[Removal]], senior: Person, now: datetime
) -> None:
    (removal,) = due(1)
    (hold,) = hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    acknowledge_hold(hold=hold.pk, reference="", actor=senior, now=now)
    told = acknowledge_hold(hold=hold.pk, reference="  OP 12\n34 ", actor=senior, now=now + timedelta(hours=1))
    assert (told.acknowledged_at, told.reference) == (now, "OP 12 34")
    with pytest.raises(Missing):
        acknowledge_hold(hold=0, reference="", actor=senior, now=now)
