"""The undo window closes."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided, Outcome, Turn
from openhotline.assessment.queries import confirmed_items, outcome_counts
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.tests.conftest import NO_CHILD, OPENED, PHOTOGRAPH_LIKE, Give, Select
from openhotline.core.models import Event

pytestmark = pytest.mark.django_db


def _publish(now: datetime) -> int:
    return publish_decisions(actor="step:test", now=now + timedelta(seconds=31))


def test_inside_the_window_nothing_is_published(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    give(analyst, NO_CHILD)
    assert publish_decisions(actor="step:test", now=now + timedelta(seconds=29)) == 0
    assert not Event.objects.filter(kind="ItemDecided").exists()


def test_every_jurisdiction_has_its_outcome(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    give(analyst, NO_CHILD)
    _publish(now)
    assert set(Outcome.objects.values_list("jurisdiction", flat=True)) == {"GB-EAW", "GB-SCT", "GB-NIR"}


def test_a_decision_covers_its_part(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0), (1, 10), (1, 20))
    give(analyst, NO_CHILD)
    _publish(now)
    assert list(Decided.objects.order_by("item_id").values_list("distance", flat=True)) == [0, 10]


def test_what_was_not_determined_does_not_spread(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0), (1, 10))
    give(analyst, OPENED)
    _publish(now)
    assert Decided.objects.count() == 1
    assert Turn.objects.filter(state="waiting").count() == 1


def test_planted_bug_if_everything_spread_the_test_above_would_fail(
    select: Select, give: Give, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rule replaced by *yes*, the undetermined decision covers its neighbour."""
    monkeypatch.setattr("openhotline.assessment.services.publish_decisions.spreads", lambda _outcome: True)
    select((1, 0), (1, 10))
    give(analyst, OPENED)
    _publish(now)
    assert Decided.objects.count() == 2


def test_only_criminal_outcomes_are_confirmed(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    criminal, _ = select((1, 0), (2, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(analyst, NO_CHILD)
    give(other_analyst, PHOTOGRAPH_LIKE)
    _publish(now)
    assert confirmed_items(list(Decided.objects.values_list("decision_id", flat=True))) == [criminal.pk]
    assert outcome_counts() == {"not_criminal": 1, "pseudo_photograph B": 1}


def test_publishing_twice_publishes_once(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    give(analyst, NO_CHILD)
    assert [_publish(now), _publish(now)] == [1, 0]
