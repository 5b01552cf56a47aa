"""An operator records the authority to fetch."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Authority
from openhotline.accounts.queries import latest_authority

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "in_force"), [(0, True), (364, True), (365, False), (-1, False)])
def test_it_holds_from_its_beginning_to_its_end(
    authority: Authority,
    now: datetime,
    days: int,
    in_force: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert (latest_authority(now + timedelta(days=days)) == authority) is in_force


def test_production_does_not_fetch_under_a_practice_authority(
    authority: Authority, now: datetime, settings: LazySettings
) -> None:
    settings.PRACTICE = False
    assert latest_authority(now) is None
