"""Looks to start from."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.exposure.models import View


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
