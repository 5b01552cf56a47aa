"""A grant is used."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.redeem_view import NOT_GOOD, redeem_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(analyst: Person, now: datetime) -> dict[str, Any]:
    """What a good redemption of a fresh grant is called with."""
    token = grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", actor=analyst, now=now)
    return {"token": token, "subject": "itm_a", "session": "s", "actor": analyst, "now": now}


def test_a_grant_works_within_thirty_seconds(given: dict[str, Any], now: datetime) -> None:
    view = redeem_view(**{**given, "now": now + timedelta(seconds=29)})
    assert view.shown_at == now + timedelta(seconds=29)


def test_a_grant_works_once(given: dict[str, Any]) -> None:
    redeem_view(**given)
    with pytest.raises(NotNow, match="was used"):
        redeem_view(**given)


@pytest.mark.parametrize("other", [{"session": "another"}, {"subject": "itm_b"}, {"token": "guessed"}])
def test_a_grant_works_for_nothing_else(given: dict[str, Any], other: dict[str, str]) -> None:
    with pytest.raises(NotNow, match=NOT_GOOD):
        redeem_view(**given | other)


def test_a_grant_works_for_nobody_else(given: dict[str, Any], other_analyst: Person) -> None:
    with pytest.raises(NotNow, match=NOT_GOOD):
        redeem_view(**given | {"actor": other_analyst})


def test_a_grant_is_too_old_after_thirty_seconds(given: dict[str, Any], now: datetime) -> None:
    with pytest.raises(NotNow, match=NOT_GOOD):
        redeem_view(**given | {"now": now + timedelta(seconds=31)})
    assert View.objects.get().shown_at is None


def test_planted_a_grant_that_stays_unmarked_would_work_twice(given: dict[str, Any]) -> None:
    redeem_view(**given)
    View.objects.update(shown_at=None)
    assert redeem_view(**given)
