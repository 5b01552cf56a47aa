"""What waits because everybody was too many goes on by the clock, as fast as the limit allows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from limits import parse_many

from openhotline.audit.models import Record
from openhotline.core import limits
from openhotline.core.models import Event
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.services import release_in_turn as operation
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.release_in_turn import EVERYBODY, release_in_turn
from openhotline.intake.services.start_report import Over, start_report
from openhotline.intake.states import Lane, Source, Why

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Hold = Callable[..., Report]


@pytest.fixture(autouse=True)
def ten_an_hour(settings: Any) -> None:
    """A limit of everybody that a test can reach."""
    settings.FLOOD = settings.FLOOD | {"most": tuple(parse_many("10/hour"))}


@pytest.fixture
def hold(db: None, now: datetime) -> Hold:
    """Send a report that goes over a limit."""

    def held(why: Why = Why.DOOR, at: datetime = now, *, sent: bool = True) -> Report:
        report, _ = start_report(
            addresses=["a.example"],
            source=Source.PUBLIC,
            idempotency=None,
            practice=True,
            now=at,
            over=Over(why, "s1"),
        )
        return complete_report(report=report, details={}, urgent=False, now=at) if sent else report

    return held


def flood(now: datetime, many: int = 10) -> None:
    """So many came in, and a window began."""
    limits.count(parse_many("10/hour"), EVERYBODY, now=now, cost=many)


def announced() -> list[int]:
    """Which reports go on, in their order."""
    return [pk for event in Event.objects.filter(kind="ReportReceived").order_by("pk") for pk in event.ids]


def test_while_the_flood_lasts_nothing_goes_on(hold: Hold, now: datetime) -> None:
    hold()
    flood(now)
    assert release_in_turn(now=now + HOUR / 2) == 0
    assert announced() == []


def test_when_it_is_over_what_waited_goes_on_without_anybody(hold: Hold, now: datetime) -> None:
    report = hold()
    flood(now)
    assert release_in_turn(now=now + HOUR) == 1
    report.refresh_from_db()
    assert report.lane == Lane.ORDINARY
    assert announced() == [report.pk]
    assert not Quarantined.objects.exists()
    assert Record.objects.get(action="quarantine_released").actor == "step:release_in_turn"


def test_the_oldest_goes_first(hold: Hold, now: datetime) -> None:
    late, early = hold(at=now + HOUR / 4), hold(at=now)
    flood(now, many=4)
    release_in_turn(now=now + HOUR / 2)
    assert announced() == [early.pk]
    assert Quarantined.objects.get().pk == late.pk


def test_no_more_goes_on_than_the_limit_and_those_who_come_keep_their_share(hold: Hold, now: datetime) -> None:
    """Half of the hour has gone by: half of the limit is left for who comes in the other half."""
    for _ in range(12):
        hold()
    flood(now, many=2)
    half = now + HOUR / 2
    assert release_in_turn(now=half) == 3
    assert release_in_turn(now=half) == 0
    assert all(limits.count(parse_many("10/hour"), EVERYBODY, now=half) for _ in range(5))


def test_what_one_sender_sent_too_much_of_waits_for_a_person(hold: Hold, now: datetime) -> None:
    hold(Why.SENDER)
    hold(Why.BUDGET)
    assert release_in_turn(now=now + HOUR) == 0


def test_one_that_is_still_written_waits_until_it_is_sent(hold: Hold, now: datetime) -> None:
    report = hold(sent=False)
    assert release_in_turn(now=now) == 0
    complete_report(report=report, details={}, urgent=False, now=now)
    assert release_in_turn(now=now) == 1


def test_planted_without_the_room_a_flood_goes_on_at_once(
    hold: Hold, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        hold()
    flood(now)
    monkeypatch.setattr(operation.limits, "room", lambda *_, **__: 1_000)
    assert release_in_turn(now=now) == 12
