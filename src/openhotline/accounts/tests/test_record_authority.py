"""An operator records the authority to fetch."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from openhotline.accounts.models import Authority
from openhotline.accounts.queries import latest_authority
from openhotline.accounts.services.record_authority import record_authority
from openhotline.audit.models import Record

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


def _another(now: datetime, *, days: int) -> Authority:
    return record_authority(
        scope="less", jurisdiction="GB", approver="Office", expires_at=now + timedelta(days=days), practice=True,
        actor="test", now=now,
    )  # fmt: skip


def test_a_newer_one_takes_its_place_for_good(authority: Authority, now: datetime) -> None:
    """A shorter one, recorded to stop the hotline, does not bring the longer one back at its end."""
    shorter = _another(now, days=1)
    assert latest_authority(now) == shorter
    assert latest_authority(now + timedelta(days=1)) is None
    assert [row.detail for row in Record.objects.filter(action="authority_recorded").order_by("pk")] == [
        {"voided": 0},
        {"voided": 1},
    ]


def test_two_are_never_live(authority: Authority, now: datetime) -> None:
    """The database itself refuses it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Authority.objects.create(scope="x", jurisdiction="GB", approver="o", valid_from=now, expires_at=now)
