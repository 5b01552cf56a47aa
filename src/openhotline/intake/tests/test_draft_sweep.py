"""A sweep is drafted: which addresses, how often, under whose authority; nothing is fetched."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import ApprovalState, Purpose
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.models import Address, Sweep, SweptPage
from openhotline.intake.services.draft_sweep import SweepAuthority, draft_sweep
from openhotline.intake.services.end_sweep import end_sweep
from openhotline.intake.states import SweepState
from sweeping import ADDRESSES, drafted

pytestmark = pytest.mark.django_db


def test_it_names_each_address_once_and_waits_for_a_second_person(operator: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now, addresses=[*ADDRESSES, "HTTPS://one.example:443/a"])
    assert (sweep.state, sweep.pages.count()) == (SweepState.DRAFTED, 3)
    assert not SweptPage.objects.exclude(due_at=None).exists()
    approval = approval_of(Purpose.SWEEP, sweep.public_id)
    assert approval is not None
    assert (approval.state, approval.manifest_sha256) == (ApprovalState.ASKED, sweep.manifest_sha256())


def test_pages_of_one_site_are_known_as_such_without_its_name(operator: Person, now: datetime) -> None:
    sweep = drafted(actor=operator, now=now)
    hosts = list(sweep.pages.order_by("pk").values_list("host", flat=True))
    assert hosts[0] == hosts[1] != hosts[2]
    assert "one.example" not in "".join(hosts)


def test_drafted_again_it_is_written_over_and_the_approval_is_void(operator: Person, now: datetime) -> None:
    first = drafted(actor=operator, now=now).manifest_sha256()
    again = drafted(actor=operator, now=now, addresses=["https://three.example/"])
    assert (Sweep.objects.count(), again.addresses()) == (1, ["https://three.example/"])
    assert again.manifest_sha256() != first


@pytest.mark.parametrize("change", ["name", "every_hours", "approver", "instrument", "until", "jurisdiction"])
def test_another_authority_or_schedule_is_another_thing_to_sign(operator: Person, now: datetime, change: str) -> None:
    sweep = drafted(actor=operator, now=now)
    before = sweep.manifest_sha256()
    other = {"every_hours": 7, "until": now + timedelta(days=11)}
    setattr(sweep, change, other.get(change, "other"))
    assert sweep.manifest_sha256() != before


def test_an_address_that_cannot_be_read_is_told_by_its_place_and_never_repeated(
    operator: Person, now: datetime
) -> None:
    with pytest.raises(NotNow, match="Address 2 of the list") as refused:
        drafted(actor=operator, now=now, addresses=["https://one.example/", "ftp://secret-place.example/"])
    assert "secret-place" not in str(refused.value)
    assert not Sweep.objects.exists()


def test_an_address_is_in_one_sweep_at_a_time(operator: Person, now: datetime) -> None:
    first = drafted(actor=operator, now=now)
    with pytest.raises(NotNow, match="Address 1 of the list is in another sweep"):
        drafted(actor=operator, now=now, addresses=ADDRESSES[:1], name="second")
    end_sweep(sweep_id=first.pk, actor=operator, now=now)
    assert drafted(actor=operator, now=now, addresses=ADDRESSES[:1], name="second").pages.count() == 1


@pytest.mark.parametrize("until", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
def test_an_authority_ends_on_a_day_within_a_year(operator: Person, now: datetime, until: timedelta) -> None:
    authority = SweepAuthority("Office", "Agreement", "GB", now + until)
    with pytest.raises(NotNow, match="within a year"):
        draft_sweep(name="a", addresses=ADDRESSES, every_hours=24, authority=authority, actor=operator, now=now)


@pytest.mark.parametrize("missing", ["approver", "instrument", "jurisdiction"])
def test_nobody_sweeps_without_saying_who_allows_it(operator: Person, now: datetime, missing: str) -> None:
    told = {"approver": "Office", "instrument": "Agreement", "jurisdiction": "GB"} | {missing: " "}
    with pytest.raises(NotNow):
        draft_sweep(
            name="a",
            addresses=ADDRESSES,
            every_hours=24,
            authority=SweepAuthority(**told, until=now + timedelta(days=1)),
            actor=operator,
            now=now,
        )


@pytest.mark.parametrize("hours", [0, -3, 721])
def test_a_schedule_is_between_an_hour_and_a_month(operator: Person, now: datetime, hours: int) -> None:
    with pytest.raises(NotNow, match="every 1 to 720 hours"):
        drafted(actor=operator, now=now, every_hours=hours)


def test_an_empty_list_is_none(operator: Person, now: datetime) -> None:
    with pytest.raises(NotNow, match="0 addresses"):
        drafted(actor=operator, now=now, addresses=[])


def test_an_analyst_keeps_no_sweeps(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        drafted(actor=analyst, now=now)


def test_the_log_holds_no_address(operator: Person, now: datetime) -> None:
    drafted(actor=operator, now=now)
    row = Record.objects.get(action="sweep_drafted")
    assert row.detail["addresses"] == 3
    assert Address.objects.count() == 3
    assert "example" not in str(row.detail)
