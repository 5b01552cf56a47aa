"""Looks to start from."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.exposure.models import View
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.redeem_view import redeem_view


@pytest.fixture
def looked(analyst: Person, now: datetime) -> Callable[..., View]:
    """Note that the analyst looked: ``looked(minutes_ago, seconds)``; seconds None: the end was never reported."""

    def look(minutes_ago: float, seconds: float | None, **more: object) -> View:
        at = now - timedelta(minutes=minutes_ago)
        fields = {"kind": View.REVEAL, "size": 100, "subject": "itm_a", "person": analyst.public_id, "shown_at": at}
        return View.objects.create(
            grant=str(View.objects.count()), granted_at=at, seconds=seconds, **{**fields, **more}
        )

    return look


@pytest.fixture
def on_screen(analyst: Person, now: datetime) -> str:
    """The token of a look that is on a screen since now."""
    token = grant_view(subject="itm_a", kind=View.REVEAL, size=900, session="s", actor=analyst, now=now)
    redeem_view(token=token, subject="itm_a", session="s", actor=analyst, now=now)
    return token
