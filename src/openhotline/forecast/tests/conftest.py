"""A manager, and a hotline at which something came in."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.triage.services.triage_items import triage_items

Come = Callable[[int], None]


@pytest.fixture
def come(make_item: MakeItem, now: datetime) -> Come:
    """Let pictures come in and be triaged."""

    def do(many: int) -> None:
        triage_items(ids=[make_item(seed=seed).pk for seed in range(many)], actor="step:test", now=now)

    return do
