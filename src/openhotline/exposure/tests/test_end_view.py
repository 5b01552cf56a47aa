"""A look is over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing
from openhotline.exposure.models import View
from openhotline.exposure.services.end_view import end_view
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.redeem_view import redeem_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(analyst: Person, now: datetime) -> dict[str, Any]:
    """A look that was shown now, and the call that ends it ten seconds later."""
    token = grant_view(subject="itm_a", kind=View.REVEAL, size=900, session="s", actor=analyst, now=now)
    redeem_view(token=token, subject="itm_a", session="s", actor=analyst, now=now)
    return {"token": token, "session": "s", "actor": analyst, "now": now + timedelta(seconds=10)}


@pytest.mark.parametrize(("claimed", "counted"), [(3.5, 3.5), (99, 10), (-1, 0)])
def test_a_look_counts_what_was_said_but_never_more_than_has_passed(
    shown: dict[str, Any], claimed: float | None, counted: float
) -> None:
    assert end_view(**shown, seconds=claimed).seconds == counted


@pytest.mark.parametrize(("claimed", "kept"), [(400, 400), (9_000_000, 900), (None, 900), (-4, 0)])
def test_a_size_can_only_be_smaller(shown: dict[str, Any], claimed: float | None, kept: int) -> None:
    assert end_view(**shown, seconds=1, size=claimed).size == kept


def test_the_first_report_counts(shown: dict[str, Any]) -> None:
    end_view(**shown, seconds=4)
    assert end_view(**shown, seconds=1).seconds == 4
    assert Record.objects.filter(action="view_ended").count() == 1


def test_nobody_ends_anothers_look(shown: dict[str, Any], other_analyst: Person) -> None:
    with pytest.raises(Missing):
        end_view(**shown | {"actor": other_analyst}, seconds=1)
    with pytest.raises(Missing):
        end_view(**shown | {"session": "another"}, seconds=1)
    assert View.objects.get().seconds is None


def test_a_look_that_was_never_shown_has_no_end(analyst: Person, now: datetime) -> None:
    token = grant_view(subject="itm_a", kind=View.REVEAL, size=900, session="s", actor=analyst, now=now)
    with pytest.raises(Missing):
        end_view(token=token, session="s", actor=analyst, now=now, seconds=1)
