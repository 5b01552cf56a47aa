"""Scripted analysts look for a simulated time."""

from datetime import datetime
from typing import Any

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.exposure.models import View
from openhotline.exposure.services.add_simulated_views import SimulatedView, add_simulated_views

pytestmark = pytest.mark.django_db


@pytest.fixture
def views(now: datetime) -> list[SimulatedView]:
    """Two looks of 28 seconds."""
    return [SimulatedView("per_a", f"itm_{n}", View.REVEAL, 1000, 28.0, now) for n in range(2)]


def test_a_batch_is_written_labelled_and_recorded_once(views: list[SimulatedView], now: datetime) -> None:
    assert add_simulated_views(views=views, actor="practice", now=now) == 2
    assert set(View.objects.values_list("simulated", "seconds")) == {(True, 28.0)}
    assert Record.objects.get(action="views_simulated").count == 2


def test_production_refuses_to_simulate(views: list[SimulatedView], now: datetime, settings: Any) -> None:
    settings.PRACTICE = False
    with pytest.raises(NotAllowed):
        add_simulated_views(views=views, actor="practice", now=now)
    assert not View.objects.exists()
