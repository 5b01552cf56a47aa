"""A partner that takes its time with one message still gets the next one signed for the moment it is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from openhotline import journey

SLOW = timedelta(seconds=10)


def test_each_message_is_signed_for_its_own_moment(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    clock, said = [now], list[tuple[Sequence[int], datetime]]()

    def slow(*, ids: Sequence[int], actor: str, now: datetime) -> int:
        said.append((ids, now))
        clock[0] += SLOW
        return 1

    monkeypatch.setattr(journey, "clock_now", lambda: clock[0])
    monkeypatch.setattr(journey, "send_webhooks", slow)
    journey._tell((1, 2, 3))
    assert said == [([1], now), ([2], now + SLOW), ([3], now + 2 * SLOW)]
