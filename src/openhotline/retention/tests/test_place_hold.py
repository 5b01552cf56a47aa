"""Something must be kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.retention.models import Hold
from openhotline.retention.policies import check_not_held
from openhotline.retention.queries import held_subjects
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold(now: datetime) -> Callable[..., Hold]:
    """Place a hold for ten days."""

    def place(**other: object) -> Hold:
        fields = {
            "subject": "itm_a",
            "cause": HoldCause.POLICE,
            "reference": "Case 7, DC Somebody",
            "until": now + timedelta(days=10),
            "actor": "per_a",
            "now": now,
        }
        return place_hold(**fields | other)

    return place


def test_what_is_held_must_not_be_destroyed(hold: Callable[..., Hold], now: datetime) -> None:
    hold()
    with pytest.raises(NotNow, match=r"under a legal hold \(police\) until 01 December 2026"):
        check_not_held("itm_a", now)
    check_not_held("itm_b", now)
    assert "under a legal hold (police)" in held_subjects(now)["itm_a"]


def test_a_hold_ends_by_itself(hold: Callable[..., Hold], now: datetime) -> None:
    hold()
    check_not_held("itm_a", now + timedelta(days=10))
    assert held_subjects(now + timedelta(days=10)) == {}


def test_the_same_cause_again_prolongs_it(hold: Callable[..., Hold], now: datetime) -> None:
    assert hold().pk == hold(until=now + timedelta(days=20)).pk
    assert Hold.objects.get().until == now + timedelta(days=20)


def test_two_causes_are_two_holds(hold: Callable[..., Hold]) -> None:
    hold(), hold(cause=HoldCause.COMPLAINT)
    assert Hold.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "sentence"),
    [({"subject": "per_a"}, "reports .* and items"), ({"until": datetime(2026, 11, 21).astimezone()}, "still to come")],
)
def test_what_cannot_be_held_is_refused(hold: Callable[..., Hold], other: dict[str, object], sentence: str) -> None:
    with pytest.raises(NotNow, match=sentence):
        hold(**other)


def test_a_hold_is_not_made_shorter_by_placing_it_again(hold: Callable[..., Hold], now: datetime) -> None:
    hold()
    with pytest.raises(NotNow, match="shorter"):
        hold(until=now + timedelta(days=1))


def test_the_log_knows_that_and_not_for_whom(hold: Callable[..., Hold]) -> None:
    hold()
    row = Record.objects.get(action="hold_placed")
    assert (row.actor, row.subject, row.detail) == ("per_a", "itm_a", {"cause": "police"})


def test_planted_a_check_that_looks_at_no_hold_would_let_it_go(
    hold: Callable[..., Hold], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold()
    monkeypatch.setattr("openhotline.retention.policies.Hold.objects.in_force", lambda _now: Hold.objects.none())
    check_not_held("itm_a", now)
