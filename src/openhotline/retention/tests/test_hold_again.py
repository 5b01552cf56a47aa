"""After a restore legal holds hold again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.retention.models import Hold
from openhotline.retention.policies import check_not_held
from openhotline.retention.services.hold_again import hold_again
from openhotline.retention.services.lift_hold import lift_hold
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db


def certificate(until: datetime) -> dict[str, Any]:
    return {"subject": "itm_a", "cause": "police", "until": until.isoformat()}


@pytest.fixture
def taken(now: datetime) -> dict[str, dict[str, Any]]:
    """A hold that was placed since the backup, and prolonged."""
    return {f"hld_a@{days}": certificate(now + timedelta(days=days)) for days in (10, 20)}


def test_what_was_held_must_not_be_destroyed(taken: dict[str, dict[str, Any]], now: datetime) -> None:
    assert [hold_again(taken=taken, actor="test", now=now) for _ in range(2)] == [2, 0]
    with pytest.raises(NotNow, match="under a legal hold"):
        check_not_held("itm_a", now)
    one = Hold.objects.get()
    assert (one.public_id, one.until) == ("hld_a", now + timedelta(days=20))
    assert Record.objects.filter(action="holds_placed_again").count() == 1


def test_planted_bug_without_it_nothing_holds(taken: dict[str, dict[str, Any]], now: datetime) -> None:
    hold_again(taken={}, actor="test", now=now)
    check_not_held("itm_a", now)


def test_one_that_was_lifted_before_the_backup_stays_lifted(now: datetime) -> None:
    end = now + timedelta(days=10)
    held = place_hold(subject="itm_a", cause=HoldCause.POLICE, reference="x", until=end, actor="per_a", now=now)
    lift_hold(hold=held.public_id, actor="per_a", now=now)
    assert hold_again(taken={f"{held.public_id}@1": certificate(end)}, actor="test", now=now) == 0
    check_not_held("itm_a", now)


def test_one_that_is_over_is_not_placed(taken: dict[str, dict[str, Any]], now: datetime) -> None:
    assert hold_again(taken=taken, actor="test", now=now + timedelta(days=30)) == 0
