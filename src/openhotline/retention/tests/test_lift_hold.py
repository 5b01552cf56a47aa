"""What was held may go its way again."""

from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import Missing
from openhotline.retention.policies import check_not_held
from openhotline.retention.services.lift_hold import lift_hold
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db


def placed(now: datetime) -> str:
    until = now + timedelta(days=10)
    hold = place_hold(subject="rep_a", cause=HoldCause.COURT, reference="7", until=until, actor="per_a", now=now)
    return hold.public_id


def test_a_lifted_hold_holds_no_more(now: datetime) -> None:
    lift_hold(hold=placed(now), actor="per_b", now=now)
    check_not_held("rep_a", now)
    assert Record.objects.get(action="hold_lifted").actor == "per_b"


def test_it_is_lifted_once(now: datetime) -> None:
    name = placed(now)
    lift_hold(hold=name, actor="per_b", now=now)
    with pytest.raises(Missing, match="no hold"):
        lift_hold(hold=name, actor="per_b", now=now)


def test_after_it_was_lifted_it_can_be_placed_again(now: datetime) -> None:
    lift_hold(hold=placed(now), actor="per_b", now=now)
    assert placed(now)
