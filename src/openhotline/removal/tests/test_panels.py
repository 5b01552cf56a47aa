"""The desk's report page says how removal goes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.removal.models import Removal
from openhotline.removal.panels import removals_panel
from openhotline.removal.queries.clocks import Clock, clocks

pytestmark = pytest.mark.django_db


def test_a_removal_is_told_without_its_address(due: Callable[[int], list[Removal]]) -> None:
    (removal,) = due(1)
    shown = removals_panel([removal.address_id])
    assert "a notice is due" in shown
    assert "Practice Hosting" in shown
    assert removal.address.public_id in shown
    assert "127.0.0.1" not in shown


def test_nothing_to_remove_is_said() -> None:
    assert "No address of this report" in removals_panel([])


def test_both_clocks_run_from_the_report_and_from_the_notice(
    noticed: Callable[[int], list[Removal]], now: datetime
) -> None:
    assert clocks()["notice"].median is None
    one, two = noticed(2)
    gone = {"state": "gone", "gone_at": now + timedelta(hours=5)}
    Removal.objects.filter(pk=one.pk).update(reported_at=now - timedelta(hours=1), **gone)
    Removal.objects.filter(pk=two.pk).update(reported_at=now - timedelta(hours=3), first_noticed_at=None, **gone)
    found = clocks()
    assert found["report"] == Clock(2, timedelta(hours=7), timedelta(hours=8))
    assert found["notice"] == Clock(1, timedelta(hours=5), timedelta(hours=5))
