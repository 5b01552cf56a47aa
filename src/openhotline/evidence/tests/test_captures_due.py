"""An address that could not be captured falls due again, for as long as there is hope."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Authority
from openhotline.evidence.models import Capture
from openhotline.evidence.queries import MOST_FAILURES, captures_due
from openhotline.evidence.services.capture_addresses import capture_addresses
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Address

pytestmark = pytest.mark.django_db
REFUSED, FAILED, CAPTURED = CaptureState.REFUSED, CaptureState.FAILED, CaptureState.CAPTURED
HOUR = timedelta(hours=1)


@pytest.fixture
def page(keep_address: Callable[[str], Address]) -> Address:
    """A page that was reported."""
    return keep_address("https://board.example/page")


@pytest.fixture
def ended(page: Address, now: datetime) -> Callable[..., None]:
    """Note how attempts ended, one an hour, the last of them two hours ago."""

    def ending(*states: CaptureState, authority: str = "aut-1") -> None:
        for ago, state in zip(range(len(states) + 1, 1, -1), states, strict=True):
            at = now - ago * HOUR
            Capture.objects.create(address=page, state=state, authority=authority, started_at=at, ended_at=at)

    return ending


def test_what_failed_falls_due_after_an_hour(
    ended: Callable[..., None], page: Address, authority: Authority, now: datetime
) -> None:
    ended(FAILED)
    assert captures_due(now - HOUR - timedelta(seconds=1)) == []
    assert captures_due(now) == [page.pk]


def test_after_five_failures_it_is_given_up(
    ended: Callable[..., None], page: Address, authority: Authority, now: datetime
) -> None:
    ended(*[FAILED] * (MOST_FAILURES - 1))
    assert captures_due(now) == [page.pk]
    Capture.objects.create(address=page, state=FAILED, started_at=now, ended_at=now)
    assert captures_due(now + 2 * HOUR) == []


@pytest.mark.parametrize("states", [(FAILED, CAPTURED), (CAPTURED, FAILED)])
def test_what_was_captured_never_falls_due(
    ended: Callable[..., None], authority: Authority, now: datetime, states: tuple[CaptureState, ...]
) -> None:
    ended(*states)
    assert captures_due(now) == []


def test_an_address_that_may_not_be_fetched_never_falls_due(
    ended: Callable[..., None], authority: Authority, now: datetime
) -> None:
    """It was refused although an authority was in force: that does not change by waiting."""
    ended(FAILED, REFUSED)
    assert captures_due(now) == []


def test_what_was_refused_for_want_of_an_authority_waits_for_one(
    ended: Callable[..., None], page: Address, authority: Authority, now: datetime
) -> None:
    ended(REFUSED, authority="")
    assert captures_due(authority.expires_at) == []
    assert captures_due(now) == [page.pk]


def test_the_longest_waiting_come_first_and_only_so_many(
    ended: Callable[..., None],
    page: Address,
    keep_address: Callable[[str], Address],
    authority: Authority,
    now: datetime,
) -> None:
    older, at = keep_address("https://board.example/older"), now - 9 * HOUR
    ended(FAILED)
    Capture.objects.create(address=older, state=FAILED, authority="aut-1", started_at=at, ended_at=at)
    assert captures_due(now) == [older.pk, page.pk]
    assert captures_due(now, limit=1) == [older.pk]


def test_once_an_authority_is_recorded_nothing_needs_to_be_waited_for(
    site: Any, keep_address: Callable[[str], Address], request: pytest.FixtureRequest, now: datetime
) -> None:
    """The site was not asked before, so the hour between two attempts is nobody's."""
    site.pages = {"/": ("text/html", b"<!doctype html>")}
    page = keep_address(f"{site.origin}/")
    assert capture_addresses(ids=[page.pk], now=now, clock=lambda: now)[0].state == REFUSED
    request.getfixturevalue("authority")
    assert capture_addresses(ids=captures_due(now), now=now, clock=lambda: now)[0].state == CAPTURED
    assert captures_due(now + 2 * HOUR) == []
