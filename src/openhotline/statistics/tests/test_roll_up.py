"""The counts of days are kept, and are what a recount says."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from openhotline.assessment.models import Decision, Outcome, OutcomeChange, Rederivation
from openhotline.audit.models import Record
from openhotline.evidence.models import Sighting
from openhotline.exposure.models import View
from openhotline.intake.models import Address, Report
from openhotline.removal.models import Removal
from openhotline.statistics.models import DayCount, RolledUp
from openhotline.statistics.queries import by_month, recount, rolled, rolled_until, unlike
from openhotline.statistics.services import roll_up as module
from openhotline.statistics.services.roll_up import roll_up

pytestmark = pytest.mark.django_db
Decide = Callable[..., Decision]
DAY = timedelta(days=1)
TODAY = date(2026, 11, 21)


def kept(name: str, day: date = TODAY) -> dict[str, int]:
    """What is kept of one series on one day, by part."""
    return {part: value for (_, _, part), value in rolled(day, day + DAY, [name]).items()}


def everything_agrees() -> bool:
    return unlike(date(2020, 1, 1), date(2030, 1, 1)) == []


def test_a_day_is_counted_with_every_series(decide: Decide, now: datetime) -> None:
    item = decide("pseudo_photograph", "A", ai_involvement="wholly_synthetic", commercial="yes").item
    decide("not_criminal", "", criminal=False, ai_involvement="none_seen")
    Sighting.objects.create(item=item, seen_at=now)
    Report.objects.create(source="public", started_at=now, received_at=now)
    View.objects.create(
        person="per_x", subject="itm_x", kind=View.REVEAL, size=1, grant="g", granted_at=now, shown_at=now
    )
    roll_up(actor="step:tick", now=now)
    assert kept("found") == {"": 3}
    assert kept("decided") == {"pseudo_photograph A": 1, "not_criminal": 1}
    assert kept("confirmed") == {"wholly_synthetic": 1}
    assert kept("commercial") == {"yes": 1}
    assert (kept("reports"), kept("looks"), kept("seconds")) == ({"public": 1}, {"reveal": 1}, {"people": 120})
    assert everything_agrees()


def test_ai_involvement_that_was_not_recorded_is_not_determined(decide: Decide, now: datetime) -> None:
    decide()
    decide(ai_involvement="not_determined")
    decide(ai_involvement="none_seen")
    roll_up(actor="step:tick", now=now)
    assert kept("involvement") == {"not_determined": 2, "none_seen": 1}


def test_how_long_an_address_took_is_counted_from_its_first_notice(decide: Decide, now: datetime) -> None:
    """The host was written to once more an hour before: that does not make the removal a fast one."""
    for number, hours in enumerate((3, 24, 100, 1000)):
        address = Address.objects.create(lookup=str(number), raw="x", canonical="x", first_seen_at=now)
        Removal.objects.create(
            address=address, state="gone", opened_at=now, gone_at=now, noticed_at=now - timedelta(hours=1),
            first_noticed_at=now - timedelta(hours=hours),
        )  # fmt: skip
    roll_up(actor="step:tick", now=now)
    assert kept("gone") == {"1_day": 2, "7_days": 1, "longer": 1}


def test_the_first_call_counts_all_there_is(decide: Decide, now: datetime) -> None:
    """An installation that is older than these counts has them after one call."""
    decide(at=now - 1000 * DAY)
    decide(at=now)
    roll_up(actor="step:tick", now=now)
    assert everything_agrees()


def test_a_second_call_changes_and_records_nothing(decide: Decide, now: datetime) -> None:
    decide()
    assert roll_up(actor="step:tick", now=now) > 0
    assert roll_up(actor="step:tick", now=now + timedelta(minutes=10)) == 0
    assert Record.objects.filter(action="days_counted").count() == 1


def test_what_came_late_for_yesterday_is_counted(decide: Decide, now: datetime) -> None:
    roll_up(actor="step:tick", now=now)
    decide(at=now - DAY)
    roll_up(actor="step:tick", now=now)
    assert kept("found", TODAY - DAY) == {"": 1}


def test_changed_law_moves_what_was_decided_long_ago(decide: Decide, now: datetime) -> None:
    long_ago = now - 900 * DAY
    old = decide(at=long_ago)
    roll_up(actor="step:tick", now=long_ago)
    roll_up(actor="step:tick", now=now)
    Outcome.objects.filter(decision=old).update(kind="prohibited_image", category="")
    going = Rederivation.objects.create(law_version="2", as_of=TODAY, begun_at=now)
    OutcomeChange.objects.create(
        rederivation=going, decision=old, jurisdiction="GB-EAW", kind_after="prohibited_image", changed_at=now
    )
    roll_up(actor="step:tick", now=now)
    assert kept("decided", long_ago.date()) == {"prohibited_image": 1}
    assert everything_agrees()


def test_whatever_else_was_corrected_is_found_within_a_years_months(decide: Decide, now: datetime) -> None:
    decide(at=now - 300 * DAY)
    roll_up(actor="step:tick", now=now - 299 * DAY)
    roll_up(actor="step:tick", now=now)
    Decision.objects.update(facts={"ai_involvement": "training_data"})
    assert not everything_agrees()
    for _ in range(13):
        roll_up(actor="step:tick", now=now)
    assert everything_agrees()


def test_a_clock_that_was_set_back_loses_no_day(decide: Decide, now: datetime) -> None:
    """It ran three days ahead and counted there; then it was set right."""
    decide(at=now + 3 * DAY)
    roll_up(actor="step:tick", now=now + 3 * DAY)
    decide(at=now)
    roll_up(actor="step:tick", now=now)
    assert everything_agrees()
    assert rolled_until() == now


def test_midnight_is_of_the_day_that_begins(decide: Decide, now: datetime) -> None:
    decide(at=datetime(2026, 11, 21, tzinfo=UTC))
    decide(at=datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=UTC))
    roll_up(actor="step:tick", now=now)
    assert (kept("found"), kept("found", TODAY - DAY)) == ({"": 1}, {"": 1})


def test_what_came_since_the_last_call_is_no_difference(decide: Decide, now: datetime) -> None:
    """The worker has not come by yet: nothing that is kept is wrong."""
    decide(at=now)
    roll_up(actor="step:tick", now=now)
    report = Report.objects.create(source="public", started_at=now, received_at=now + timedelta(minutes=5))
    assert everything_agrees()
    Report.objects.filter(pk=report.pk).update(received_at=now)
    assert not everything_agrees()


def test_months_are_their_days(decide: Decide, now: datetime) -> None:
    decide(at=now)
    decide(at=now - 5 * DAY)
    roll_up(actor="step:tick", now=now, whole=(date(2026, 11, 1), date(2026, 12, 1)))
    assert by_month(date(2026, 11, 1), date(2026, 12, 1))[date(2026, 11, 1), "found", ""] == 2


def test_an_empty_month_has_no_rows_and_agrees(now: datetime) -> None:
    assert roll_up(actor="step:tick", now=now) == 0
    assert (DayCount.objects.count(), RolledUp.objects.count(), everything_agrees()) == (0, 1, True)


def test_planted_a_roll_up_that_only_adds_is_seen(
    decide: Decide, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: what is no longer so stays."""
    decision = decide(ai_involvement="none_seen")
    roll_up(actor="step:tick", now=now)
    Decision.objects.filter(pk=decision.pk).update(facts={"ai_involvement": "training_data"})
    monkeypatch.setattr(module, "recount", lambda *asked: rolled(*asked) | recount(*asked))
    roll_up(actor="step:tick", now=now)
    assert not everything_agrees()
